"""Which values have to be tried of the condition keys of some statements, together.

Keys are taken apart each for itself. Where a variable in a statement stands for a key that is not settled, what one
key is compared with depends on another: then values are tried that would make them equal, and the answer is no longer
exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from remit.compliance.checks.proofs.values import Cells, Domain, admits, cells
from remit.policy import ContextValue, Statement
from remit.policy.language.document import Condition
from remit.policy.language.operators import ArnOperand, TextOperand
from remit.policy.language.variables import Template, Variable, resolved
from remit.policy.language.wildcards import Wildcard

_TOGETHER = frozenset({"aws:currenttime", "aws:epochtime"})
_ARN_SEPARATOR = ":"


class Choices(NamedTuple):
    """What to try.

    Attributes:
        values: condition key, in lower case -> its values; None for no value.
        inexact: keys of which not every case is among them.
    """

    values: dict[str, tuple[ContextValue | None, ...]]
    inexact: tuple[str, ...]


def choices(
    statements: Sequence[Statement], domains: Mapping[str, Domain], known: Mapping[str, ContextValue], resource: str
) -> Choices:
    """Return the values to try.

    Args:
        domains: of the keys that are not settled.
        known: the others.
        resource: the ARN of what is acted on; variables that name resources stand for its parts.
    """
    conditions = [one for statement in statements for one in statement.conditions]
    parts = [part for piece in resource.split(_ARN_SEPARATOR) for part in piece.split("/") if part]
    variables = dict.fromkeys(
        part.key
        for template in _templates(statements)
        for part in template
        if isinstance(part, Variable) and part.key in domains
    )
    found = {
        key: cells(key, [one for one in conditions if one.key == key], domain, known) for key, domain in domains.items()
    }
    for key in variables:
        found[key] = _with(found[key], parts, domains[key])
    for key, domain in domains.items():
        equal = [text for one in conditions if one.key == key for text in _equal(one, found, variables, known)]
        found[key] = _with(found[key], equal, domain)
    inexact = {key: None for key, one in found.items() if not one.is_complete} | variables
    if domains.keys() >= _TOGETHER:
        inexact |= dict.fromkeys(sorted(_TOGETHER))
    return Choices({key: one.values for key, one in found.items()}, tuple(inexact))


def _templates(statements: Sequence[Statement]) -> Iterator[Template]:
    for statement in statements:
        for pattern in (*statement.resources, *statement.not_resources):
            yield from pattern.segments
        for condition in statement.conditions:
            yield from _operand_templates(condition)


def _operand_templates(condition: Condition) -> Iterator[Template]:
    for operand in condition.values:
        match operand:
            case TextOperand(template=template):
                yield template
            case ArnOperand(parts=parts):
                yield from parts
            case _:
                pass


def _equal(
    condition: Condition, found: Mapping[str, Cells], variables: Mapping[str, None], known: Mapping[str, ContextValue]
) -> Iterator[str]:
    """Return texts that fit a condition when a variable in it stands for one of its values to try."""
    for operand in condition.values:
        templates = [operand.template] if isinstance(operand, TextOperand) else []
        if isinstance(operand, ArnOperand):
            templates = list(operand.parts)
        used = {part.key for template in templates for part in template if isinstance(part, Variable)}
        for key in used.intersection(variables):
            for value in found[key].values:
                if isinstance(value, str):
                    read = [resolved(template, {**known, key: value}) for template in templates]
                    if all(one is not None for one in read):
                        yield _ARN_SEPARATOR.join(
                            "".join("x" if isinstance(piece, Wildcard) else piece for piece in one or ())
                            for one in read
                        )


def _with(cells: Cells, texts: Sequence[str], domain: Domain) -> Cells:
    """Add texts that the key can have to its values to try."""
    more = [text for text in texts if admits(domain, text)]
    return Cells(tuple(dict.fromkeys((*cells.values, *more))), cells.is_complete)
