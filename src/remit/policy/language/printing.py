"""From a parsed document back to text.

`to_json` prints what a document says, `normal_form` what it means: two documents with one normal form decide alike.
Source: `policy-evaluation` reference, 1.1.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from remit.policy.language.document import Condition, Document, Element, Principals, Statement

_Json = dict[str, Any]


def to_json(document: Document, *, indent: int | None = None) -> str:
    """Print *document*, so that parsing it again gives the same; *indent* as for `json.dumps`."""
    top: _Json = {"Version": str(document.version)}
    if document.id:
        top["Id"] = document.id
    top["Statement"] = [_statement(statement) for statement in document.statements]
    return json.dumps(top, indent=indent)


def normal_form(document: Document) -> str:
    """Print *document* without what has no bearing on decisions.

    Left out are `Id` and `Sid`; sorted and each once are statements, entries and values; in lower case are actions and
    condition keys, which compare without regard to it.
    """
    statements = {json.dumps(_normal_statement(statement), sort_keys=True) for statement in document.statements}
    return json.dumps(
        {"Version": str(document.version), "Statement": [json.loads(statement) for statement in sorted(statements)]},
        sort_keys=True,
    )


def _statement(statement: Statement) -> _Json:
    printed: _Json = {"Sid": statement.sid} if statement.sid else {}
    printed["Effect"] = str(statement.effect)
    for element, principals in (
        (Element.PRINCIPAL, statement.principal),
        (Element.NOT_PRINCIPAL, statement.not_principal),
    ):
        if principals is not None:
            printed[element] = _principals(principals)
    for element, patterns in (
        (Element.ACTION, statement.actions),
        (Element.NOT_ACTION, statement.not_actions),
        (Element.RESOURCE, statement.resources),
        (Element.NOT_RESOURCE, statement.not_resources),
    ):
        if patterns:
            printed[element] = _short([pattern.text for pattern in patterns])
    if statement.conditions:
        printed[Element.CONDITION] = _conditions(statement.conditions)
    return printed


def _principals(principals: Principals) -> Any:
    if principals.is_everyone:
        return "*"
    names: dict[str, list[str]] = {}
    for entry in principals.entries:
        names.setdefault(str(entry.type), []).append(entry.name)
    return {kind: _short(found) for kind, found in names.items()}


def _conditions(conditions: Sequence[Condition]) -> _Json:
    blocks: _Json = {}
    last, block = "", _Json()
    for condition in conditions:
        # Two conditions on one key are AND, and one block cannot hold both: a second block has another spelling.
        if condition.operator_name != last or condition.name in block:
            last, block = condition.operator_name, {}
            blocks[_unused_spelling(last, blocks)] = block
        block[condition.name] = _short([value.text for value in condition.values])
    return blocks


def _unused_spelling(name: str, used: Iterable[str]) -> str:
    """Return *name* with the case of its letters changed, if that is needed to make it another key (C3)."""
    spelling, number = name, 0
    while spelling in used:
        number += 1
        bits = f"{number:0{len(name)}b}"[::-1]
        spelling = "".join(letter.swapcase() if bit == "1" else letter for letter, bit in zip(name, bits, strict=True))
    return spelling


def _short(texts: Sequence[str]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _normal_statement(statement: Statement) -> _Json:
    printed = _statement(statement)
    printed.pop("Sid", None)
    for element in (Element.ACTION, Element.NOT_ACTION):
        if element in printed:
            printed[element] = _sorted([text.lower() for text in _long(printed[element])])
    for element in (Element.RESOURCE, Element.NOT_RESOURCE):
        if element in printed:
            printed[element] = _sorted(_long(printed[element]))
    for element in (Element.PRINCIPAL, Element.NOT_PRINCIPAL):
        if isinstance(printed.get(element), dict):
            printed[element] = {kind: _sorted(_long(names)) for kind, names in printed[element].items()}
    if statement.conditions:
        printed[Element.CONDITION] = _normal_conditions(statement.conditions)
    return printed


def _normal_conditions(conditions: Sequence[Condition]) -> _Json:
    distinct = sorted(
        {(condition.operator_name, condition.key, _distinct(condition)): condition for condition in conditions}.items()
    )
    blocks: _Json = {}
    last, block = "", _Json()
    for (name, key, values), _ in distinct:
        if name != last or key in block:
            last, block = name, {}
            blocks[_unused_spelling(name, blocks)] = block
        block[key] = list(values)
    return blocks


def _distinct(condition: Condition) -> tuple[str, ...]:
    return tuple(sorted({value.text for value in condition.values}))


def _long(texts: Any) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _sorted(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts))
