"""What is wrong with a merged policy: what single policies cannot show.

A policy may leave out what another one adds, and two that are right may be too much together; so this is asked of the
merged policy. What is wrong is told by its path; the rest of the policy stays in force.
Source: Organizations API reference, EffectivePolicyValidationError; the form of messages and paths from the example of
the event EffectivePolicyValidation in the User Guide, "Understanding AWS Organizations log file entries".
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import cast

import msgspec

from remit.policy.management.kinds import Kind
from remit.policy.management.shapes import ANY_LENGTH, Listing, Section, Setting, Shape
from remit.policy.management.tree import Node, Source


class ErrorCode(StrEnum):
    """What kind of thing is wrong."""

    KEY_REQUIRED = "KEY_REQUIRED"
    ELEMENTS_TOO_FEW = "ELEMENTS_TOO_FEW"
    ELEMENTS_TOO_MANY = "ELEMENTS_TOO_MANY"
    CROSS_ATTRIBUTE_VALIDATION = "CROSS_ATTRIBUTE_VALIDATION"


class ValidationError(msgspec.Struct, frozen=True):
    """Something in a merged policy that cannot be enforced.

    Attributes:
        path: keys from the outermost one, with `/` between them.
        sources: the policies that contributed, root first.
    """

    code: ErrorCode
    message: str
    path: str
    sources: tuple[Source, ...]


def validation_errors(root: Node, kind: Kind) -> Iterator[ValidationError]:
    """Find what is wrong, in the order of the document."""
    for _, node in root.inhabited():
        yield from _node(node, kind.shape, (node.name,))


def _node(node: Node, shape: Shape, path: tuple[str, ...]) -> Iterator[ValidationError]:
    if not _is_limited(shape):
        return
    if isinstance(shape, Section):
        yield from _section(node, shape, path)
    elif isinstance(shape, Listing) and isinstance(node.value, list):
        yield from _length(node, len(cast(list[object], node.value)), shape.length, path)


def _section(node: Node, shape: Section, path: tuple[str, ...]) -> Iterator[ValidationError]:
    below = dict(node.inhabited())
    for name in shape.required:
        if name not in below:
            yield _error(ErrorCode.KEY_REQUIRED, f"'{name}' is missing", path, node)
    yield from _length(node, len(below), shape.length, path)
    crossing: Mapping[str, str] = shape.crossing(node) if shape.crossing is not None else {}
    if crossing:
        fields = ",".join(f"{name}({value})" for name, value in crossing.items())
        message = f"Dependent fields {fields} in policy block {node.name} are invalid when used together"
        yield _error(ErrorCode.CROSS_ATTRIBUTE_VALIDATION, message, path, node)
    for name, inner in below.items():
        known = shape.keys.get(name, shape.others)
        if known is not None:
            yield from _node(inner, known, (*path, inner.name))


def _is_limited(shape: Shape) -> bool:
    """Say whether a merged policy may break anything there; most of what a policy says cannot."""
    known = _LIMITED.get(id(shape))
    if known is None:
        match shape:
            case Setting():
                known = False
            case Listing():
                known = shape.length != ANY_LENGTH
            case Section():
                inner = [*shape.keys.values(), *([shape.others] if shape.others is not None else [])]
                known = bool(shape.required or shape.crossing) or shape.length != ANY_LENGTH
                known = known or any(map(_is_limited, inner))
        _LIMITED[id(shape)] = known
    return known


# Shapes are made once and stay, so that their identity is enough.
_LIMITED: dict[int, bool] = {}


def _length(node: Node, length: int, limits: tuple[int, int], path: tuple[str, ...]) -> Iterator[ValidationError]:
    least, most = limits
    if length < least:
        message = f"'{node.name}' is less than the allowed minimum limit {least}"
        yield _error(ErrorCode.ELEMENTS_TOO_FEW, message, path, node)
    elif length > most:
        message = f"'{node.name}' exceeds the allowed maximum limit {most}"
        yield _error(ErrorCode.ELEMENTS_TOO_MANY, message, path, node)


def _error(code: ErrorCode, message: str, path: tuple[str, ...], node: Node) -> ValidationError:
    return ValidationError(code, message, "/".join(path), tuple(sorted(node.contributors())))
