"""IAM policies in Cedar's words, as far as Cedar has words for them.

One policy of Cedar's for a statement. Action and resource are texts in the context, since IAM compares texts with
patterns; `context.keys` has a record for each condition key: `all`, the values as a set, and for a single one `one`
and, if it is a whole number, `number`. What Cedar cannot say is refused: `?` in patterns, policy variables, texts
without regard to case, patterns over several values.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from remit.policy import ContextValue, Document, Statement
from remit.policy.language.document import Condition, Effect
from remit.policy.language.operators import Family, Operator, Qualifier, Relation


class Inexpressible(Exception):
    """Cedar has no words for it."""


def cedar(document: Document) -> str:
    """Return the policies of Cedar's that say what *document* does.

    Raises:
        Inexpressible: there are none.
    """
    return "\n".join(_policy(statement) for statement in document.statements)


def cedar_context(action: str, resource: str, context: Mapping[str, ContextValue]) -> dict[str, Any]:
    """Return the context that those policies ask for."""
    return {"action": action.lower(), "resource": resource, "keys": {key: _values(context[key]) for key in context}}


def _values(value: ContextValue) -> dict[str, Any]:
    if isinstance(value, tuple):
        return {"all": list(value)}
    number = {"number": int(value)} if value.isdecimal() and len(value) < len("9223372036854775807") else {}
    return {"all": [value], "one": value, **number}


def _policy(statement: Statement) -> str:
    if statement.principal is not None or statement.not_principal is not None:
        raise Inexpressible("a statement of a resource policy")
    actions = [pattern.text.lower() for pattern in statement.actions or statement.not_actions]
    resources = [pattern.text for pattern in statement.resources or statement.not_resources]
    parts = [
        _any(actions, "context.action", negated=not statement.actions),
        _any(resources, "context.resource", negated=not statement.resources),
        *map(_condition, statement.conditions),
    ]
    effect = "permit" if statement.effect is Effect.ALLOW else "forbid"
    return f"{effect}(principal, action, resource) when {{ {' && '.join(f'({part})' for part in parts)} }};"


def _any(patterns: list[str], value: str, *, negated: bool) -> str:
    found = " || ".join(_like(value, pattern) for pattern in patterns)
    return f"!({found})" if negated else found


def _like(value: str, pattern: str) -> str:
    if "?" in pattern:
        raise Inexpressible(pattern)
    return f"{value} like {_quoted(pattern)}" if "*" in pattern else f"{value} == {_quoted(pattern)}"


def _quoted(text: str) -> str:
    if "${" in text or not text.isascii() or not text.isprintable():
        raise Inexpressible(text)
    return json.dumps(text)


def _condition(condition: Condition) -> str:
    values = f"context.keys[{_quoted(condition.key)}]"
    has = f"context.keys has {_quoted(condition.key)}"
    texts = [value.text for value in condition.values]
    operator = condition.operator
    if operator.family is Family.NULL:
        wanted = {text.lower() for text in texts}
        return " || ".join([*([f"!({has})"] if "true" in wanted else []), *([has] if "false" in wanted else [])])
    if condition.qualifier is not Qualifier.NONE:
        return _of_several(condition, values, has)
    fits = " || ".join(_compared(operator, values, text) for text in texts) or "false"
    if operator.negated:
        return f"!({has}) || !({fits})"
    return f"!({has}) || ({fits})" if condition.if_exists else f"{has} && ({fits})"


def _of_several(condition: Condition, values: str, has: str) -> str:
    if condition.operator.family is not Family.STRING or condition.operator.negated:
        raise Inexpressible(condition.operator_name)
    wanted = f"[{', '.join(_quoted(value.text) for value in condition.values)}]"
    if condition.qualifier is Qualifier.ALL:
        return f"!({has}) || {wanted}.containsAll({values}.all)"
    return f"{has} && {values}.all.containsAny({wanted})"


def _compared(operator: Operator, values: str, text: str) -> str:
    compare = _COMPARE.get(operator.family)
    if compare is None:
        raise Inexpressible(operator.name)
    return compare(values, text, operator.relation)


def _number(values: str, text: str, relation: Relation) -> str:
    if not text.isdecimal():
        raise Inexpressible(text)
    return f"{values} has number && {values}.number {_SIGNS[relation]} {text}"


_SIGNS = {relation: "==" if relation is Relation.EQUAL else str(relation) for relation in Relation}
_COMPARE: dict[Family, Callable[[str, str, Relation], str]] = {
    Family.STRING: lambda values, text, _: f"{values}.one == {_quoted(text)}",
    Family.STRING_LIKE: lambda values, text, _: _like(f"{values}.one", text),
    Family.BOOL: lambda values, text, _: f"{values}.one == {_quoted(text.lower())}",
    Family.ARN: lambda values, text, _: _like(f"{values}.one", text),
    Family.NUMERIC: _number,
    Family.IP: lambda values, text, _: f"ip({values}.one).isInRange(ip({_quoted(text)}))",
    Family.DATE: lambda values, text, relation: f"datetime({values}.one) {_SIGNS[relation]} datetime({_quoted(text)})",
}
