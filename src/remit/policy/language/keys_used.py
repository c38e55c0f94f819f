"""Which condition keys a document asks for: those of its conditions, and those of its variables.

Source: `policy-evaluation` reference, S4; `iam-sts` reference, "Policy simulator".
"""

from collections.abc import Iterator

from remit.policy.language.document import Condition, Document
from remit.policy.language.operators import ArnOperand, TextOperand
from remit.policy.language.variables import Template, Variable


def keys_used(document: Document) -> tuple[str, ...]:
    """Return the keys in the order in which they stand, each once, in the spelling that is used first."""
    first: dict[str, str] = {}
    for name in _names(document):
        first.setdefault(name.lower(), name)
    return tuple(first.values())


def _names(document: Document) -> Iterator[str]:
    for statement in document.statements:
        for pattern in (*statement.resources, *statement.not_resources):
            for segment in pattern.segments:
                yield from _variables(segment)
        for condition in statement.conditions:
            yield condition.name
            for template in _templates(condition):
                yield from _variables(template)


def _templates(condition: Condition) -> Iterator[Template]:
    for value in condition.values:
        match value:
            case TextOperand():
                yield value.template
            case ArnOperand():
                yield from value.parts
            case _:
                pass


def _variables(template: Template) -> Iterator[str]:
    return (part.name for part in template if isinstance(part, Variable))
