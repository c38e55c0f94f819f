"""From a policy's text to the form that backends read.

What is refused here could not be evaluated: wrong shapes, unknown elements, unknown operators. What a policy type asks
for beyond that, and AWS's words for it, is in `acceptance`.
Source: `policy-evaluation` reference, 1.1 (G1 to G10), 1.2 (V1 to V3), C2 to C5; `iam-sts` reference, section 9.
"""

from collections.abc import Callable
from typing import TypeVar

from remit.policy.language.document import (
    Condition,
    Document,
    Effect,
    Element,
    PrincipalEntry,
    Principals,
    PrincipalType,
    Span,
    Spans,
    Statement,
    Version,
)
from remit.policy.language.operators import Operator, Qualifier, operand, operator_named
from remit.policy.language.patterns import action_pattern, resource_pattern
from remit.policy.language.source import Array, DocumentMalformed, Node, Object, Scalar, Text, read

__all__ = ["DocumentMalformed", "parse"]

T = TypeVar("T")

_TOP = frozenset({"Version", "Id", "Statement"})
_ELEMENTS = {element.value: element for element in Element}
_EFFECTS = {effect.value: effect for effect in Effect}
_PRINCIPAL_TYPES = {kind.value: kind for kind in PrincipalType}
_NOT_BOTH = (
    (Element.ACTION, Element.NOT_ACTION),
    (Element.RESOURCE, Element.NOT_RESOURCE),
    (Element.PRINCIPAL, Element.NOT_PRINCIPAL),
)


def parse(text: str) -> Document:
    """Read a policy document.

    Raises:
        DocumentMalformed: it cannot be read, or says something that has no meaning.
    """
    root = _object(read(text), "a policy document")
    for key, _ in root.members:
        if key.value not in _TOP:
            raise DocumentMalformed(f"unknown element `{key.value}`", key.start)
    version = _version(root.get("Version"))
    id_node = root.get("Id")
    statement_node = root.get("Statement")
    nodes = statement_node.items if isinstance(statement_node, Array) else (statement_node,)
    if not nodes or statement_node is None:
        raise DocumentMalformed("a policy needs a statement", root.start)
    return Document(
        version=version,
        id="" if id_node is None else _text(id_node, "Id"),
        statements=tuple(_statement(_object(node, "a statement"), version) for node in nodes if node is not None),
        text=text,
    )


def _version(node: Node | None) -> Version:
    if node is None:
        return Version.V2008
    written = _text(node, "Version")
    if written not in list(Version):
        raise DocumentMalformed(f"unknown version `{written}`", node.start)
    return Version(written)


def _statement(node: Object, version: Version) -> Statement:
    elements: dict[Element, Node] = {}
    for key, value in node.members:
        element = _ELEMENTS.get(key.value)
        if element is None:
            raise DocumentMalformed(f"unknown element `{key.value}`", key.start)
        elements[element] = value
    for one, other in _NOT_BOTH:
        if one in elements and other in elements:
            raise DocumentMalformed(f"{one} and {other} in one statement", node.start)
    if Element.ACTION not in elements and Element.NOT_ACTION not in elements:
        raise DocumentMalformed("a statement needs Action or NotAction", node.start)

    def entries(element: Element, read_entry: Callable[[str], T]) -> tuple[T, ...]:
        if element not in elements:
            return ()
        found = tuple(read_entry(text.value) for text in _texts(elements[element], element))
        if not found:
            raise DocumentMalformed(f"{element} is an empty list", elements[element].start)
        return found

    def principals(element: Element) -> Principals | None:
        return _principals(elements[element], element) if element in elements else None

    conditions, condition_spans = _conditions(elements.get(Element.CONDITION), version)
    return Statement(
        spans=Spans(
            statement=Span(node.start, node.end),
            elements=tuple((element, Span(value.start, value.end)) for element, value in elements.items()),
            conditions=condition_spans,
        ),
        effect=_effect(node, elements.get(Element.EFFECT)),
        sid=_text(elements[Element.SID], Element.SID) if Element.SID in elements else "",
        principal=principals(Element.PRINCIPAL),
        not_principal=principals(Element.NOT_PRINCIPAL),
        actions=entries(Element.ACTION, action_pattern),
        not_actions=entries(Element.NOT_ACTION, action_pattern),
        resources=entries(Element.RESOURCE, lambda text: resource_pattern(text, variables=version.has_variables)),
        not_resources=entries(
            Element.NOT_RESOURCE, lambda text: resource_pattern(text, variables=version.has_variables)
        ),
        conditions=conditions,
    )


def _effect(statement: Object, node: Node | None) -> Effect:
    if node is None:
        raise DocumentMalformed("a statement needs an Effect", statement.start)
    written = _text(node, Element.EFFECT)
    if written not in _EFFECTS:
        raise DocumentMalformed(f"unknown effect `{written}`", node.start)
    return _EFFECTS[written]


def _principals(node: Node, element: Element) -> Principals:
    if isinstance(node, Text):
        if node.value != "*":
            raise DocumentMalformed(f"{element} is neither `*` nor an object", node.start)
        return Principals(is_everyone=True)
    entries: list[PrincipalEntry] = []
    for key, value in _object(node, str(element)).members:
        kind = _PRINCIPAL_TYPES.get(key.value)
        if kind is None:
            raise DocumentMalformed(f"unknown principal type `{key.value}`", key.start)
        entries += [PrincipalEntry(kind, text.value) for text in _texts(value, key.value)]
    return Principals(tuple(entries))


def _conditions(node: Node | None, version: Version) -> tuple[tuple[Condition, ...], tuple[Span, ...]]:
    conditions: list[Condition] = []
    spans: list[Span] = []
    for name, block in _object(node, Element.CONDITION).members if node is not None else ():
        keys = _object(block, f"the block of `{name.value}`").members
        found = operator_named(name.value)
        if found is None:
            # AWS stores an unknown operator over an empty block, which says nothing (`iam-sts` reference, section 9).
            if keys:
                raise DocumentMalformed(f"unknown operator `{name.value}`", name.start)
            continue
        for key, values in keys:
            conditions.append(_condition(found, key, values, version))
            spans.append(Span(key.start, values.end))
    return tuple(conditions), tuple(spans)


def _condition(found: tuple[Qualifier, Operator, bool], key: Text, values: Node, version: Version) -> Condition:
    qualifier, operator, if_exists = found
    written = [_scalar(value, key.value) for value in (values.items if isinstance(values, Array) else (values,))]
    return Condition(
        qualifier=qualifier,
        operator=operator,
        if_exists=if_exists,
        key=key.value.lower(),
        name=key.value,
        values=tuple(operand(operator, text, variables=version.has_variables) for text in written),
    )


def _object(node: Node, what: str) -> Object:
    if not isinstance(node, Object):
        raise DocumentMalformed(f"{what} must be an object", node.start)
    return node


def _text(node: Node, what: str) -> str:
    if not isinstance(node, Text):
        raise DocumentMalformed(f"{what} must be a string", node.start)
    return node.value


def _texts(node: Node, what: str) -> list[Text]:
    items = node.items if isinstance(node, Array) else (node,)
    for item in items:
        if not isinstance(item, Text):
            raise DocumentMalformed(f"{what} must be a string or a list of strings", item.start)
    return [item for item in items if isinstance(item, Text)]


def _scalar(node: Node, what: str) -> str:
    """Read a condition value: numbers and truth values are the text they stand for (G4)."""
    if not isinstance(node, Text | Scalar) or (isinstance(node, Scalar) and node.is_null):
        raise DocumentMalformed(f"a value of `{what}` must be a string, a number, true or false", node.start)
    return node.value
