"""What differs from learner to learner: parameters, drawn with a seed, and put into a lab where it names them.

A lab names a parameter as `{{name}}`. A text that is nothing else becomes the value itself, a list or an object too;
within a longer text it is put in as text. A parameter may name those before it.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Annotated, Any, cast

import msgspec

_NAME = re.compile(r"\{\{([a-z][a-z0-9_.-]*)\}\}")


class ParameterUnknown(Exception):
    """A lab names a parameter that it does not have: a mistake in the lab."""


class _Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="draw"):
    """What every parameter is."""


class Choice(_Parameter, frozen=True, kw_only=True, tag="choice"):
    """One of several values."""

    of: Annotated[list[Any], msgspec.Meta(min_length=2)]


class Sample(_Parameter, frozen=True, kw_only=True, tag="sample"):
    """Some of several values, in a random order."""

    of: Annotated[list[Any], msgspec.Meta(min_length=2)]
    count: Annotated[int, msgspec.Meta(ge=1)]


class Number(_Parameter, frozen=True, kw_only=True, tag="number"):
    """A whole number, both ends included."""

    least: int
    most: int


class Name(_Parameter, frozen=True, kw_only=True, tag="name"):
    """A name that nobody else has: what it begins with, and four hexadecimal digits."""

    begins: str


Parameter = Choice | Sample | Number | Name


def draw(parameters: Mapping[str, Parameter], seed: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Draw every parameter; the same seed draws the same ones.

    Args:
        seed: of the learner's attempt; it was made by `secrets`, and is no secret afterwards.
        known: what else there is to be named, such as ids of accounts.
    """
    dice = Random(seed)  # noqa: S311  # reproducible by design; nobody is to be kept from computing it afterwards
    drawn = dict(known)
    for name, parameter in parameters.items():
        match parameter:
            case Choice():
                value: Any = dice.choice(parameter.of)
            case Sample():
                value = dice.sample(parameter.of, parameter.count)
            case Number():
                value = dice.randint(parameter.least, parameter.most)
            case Name():
                value = f"{parameter.begins}{dice.randrange(1 << 16):04x}"
        drawn[name] = fill(value, drawn)
    return drawn


def fill(value: Any, drawn: Mapping[str, Any]) -> Any:
    """Put parameters into every text of *value*, names of members included.

    Raises:
        ParameterUnknown: it names one that there is not.
    """
    if isinstance(value, str):
        whole = _NAME.fullmatch(value)
        if whole is not None:
            return _known(whole[1], drawn)
        return _NAME.sub(lambda found: str(_known(found[1], drawn)), value)
    if isinstance(value, list):
        return [fill(one, drawn) for one in cast("Sequence[Any]", value)]
    if isinstance(value, dict):
        return {fill(name, drawn): fill(one, drawn) for name, one in cast("Mapping[str, Any]", value).items()}
    return value


def _known(path: str, drawn: Mapping[str, Any]) -> Any:
    if path in drawn:
        return drawn[path]
    name, _, rest = path.partition(".")
    found = _inside(drawn.get(name), rest.split(".") if rest else [])
    if found is None:
        raise ParameterUnknown(f"a parameter that there is not: `{path}`")
    return found


def _inside(value: Any, steps: Sequence[str]) -> Any:
    """Return what a path leads to within a value; None where it leads nowhere."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(value, list):
        found = cast("Sequence[Any]", value)
        return _inside(found[int(step)], rest) if step.isdecimal() and int(step) < len(found) else None
    return _inside(cast("Mapping[str, Any]", value).get(step), rest) if isinstance(value, dict) else None
