"""From a policy's text to the form that backends read.

What is refused here could not be evaluated: wrong shapes, unknown elements, unknown operators. What a policy type asks
for beyond that, and AWS's words for it, is in `acceptance`.
Source: `policy-evaluation` reference, 1.1 (G1 to G10), 1.2 (V1 to V3), C2 to C5; `iam-sts` reference, section 9.
"""

from remit.policy.language.document import (
    Condition,
    Document,
    Effect,
    Element,
    PrincipalEntry,
    Principals,
    PrincipalType,
    Statement,
    Version,
)
from remit.policy.language.json_values import Number, Value, values
from remit.policy.language.operators import Operator, Qualifier, operand, operator_named
from remit.policy.language.patterns import ActionPattern, ResourcePattern
from remit.policy.language.source import DocumentMalformed, Object, Path, find, read

__all__ = ["DocumentMalformed", "parse"]

_TOP = frozenset({"Version", "Id", "Statement"})
_ELEMENTS = frozenset(Element)
_EFFECTS = {effect.value: effect for effect in Effect}
_VERSIONS = {version.value: version for version in Version}
_PRINCIPAL_TYPES = {kind.value: kind for kind in PrincipalType}
_NOT_BOTH = (
    (Element.ACTION, Element.NOT_ACTION),
    (Element.RESOURCE, Element.NOT_RESOURCE),
    (Element.PRINCIPAL, Element.NOT_PRINCIPAL),
)
_TRUTHS = {True: "true", False: "false"}


class _Misfit(Exception):
    """Something in the document that has no meaning, and the way to it; *key* for a member's name that has none."""

    def __init__(self, reason: str, *path: str | int, key: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: Path = path
        self.key = key


def parse(text: str) -> Document:
    """Read a policy document.

    Raises:
        DocumentMalformed: it cannot be read, or says something that has no meaning.
    """
    value = values(text)
    try:
        return _document(value, text)
    except _Misfit as misfit:
        raise DocumentMalformed(misfit.reason, _place(text, misfit)) from None


def _place(text: str, misfit: _Misfit) -> int:
    node = find(read(text), misfit.path)
    if misfit.key and isinstance(node, Object):
        return next((key.start for key, _ in node.members if key.value == misfit.key), node.start)
    return node.start


def _document(root: Value, text: str) -> Document:
    members = _members(root, "a policy document")
    for name in members:
        if name not in _TOP:
            raise _Misfit(f"unknown element `{name}`", key=name)
    version = Version.V2008
    if "Version" in members:
        written = _text(members["Version"], "Version")
        if written not in _VERSIONS:
            raise _Misfit(f"unknown version `{written}`", "Version")
        version = _VERSIONS[written]
    found = members.get("Statement", [])
    if found == []:
        raise _Misfit("a policy needs a statement")
    statements: list[Statement] = []
    for place, value in enumerate(found) if isinstance(found, list) else ((None, found),):
        try:
            statements.append(_statement(_members(value, "a statement"), version))
        except _Misfit as misfit:
            way = ("Statement",) if place is None else ("Statement", place)
            raise _Misfit(misfit.reason, *way, *misfit.path, key=misfit.key) from None
    return Document(
        version=version,
        id=_text(members["Id"], "Id") if "Id" in members else "",
        statements=tuple(statements),
        text=text,
    )


def _statement(members: dict[str, Value], version: Version) -> Statement:
    if not _ELEMENTS.issuperset(members):
        unknown = next(name for name in members if name not in _ELEMENTS)
        raise _Misfit(f"unknown element `{unknown}`", key=unknown)
    for one, other in _NOT_BOTH:
        if one in members and other in members:
            raise _Misfit(f"{one} and {other} in one statement")
    actions = _entries(members, Element.ACTION)
    not_actions = _entries(members, Element.NOT_ACTION)
    if not actions and not not_actions:
        raise _Misfit("a statement needs Action or NotAction")
    resources = _entries(members, Element.RESOURCE)
    not_resources = _entries(members, Element.NOT_RESOURCE)
    has_variables = version is Version.V2012
    return Statement(
        effect=_effect(members),
        sid=_text(members["Sid"], Element.SID) if "Sid" in members else "",
        principal=_principals(members, Element.PRINCIPAL),
        not_principal=_principals(members, Element.NOT_PRINCIPAL),
        actions=tuple(map(ActionPattern, actions)),
        not_actions=tuple(map(ActionPattern, not_actions)),
        resources=tuple([ResourcePattern(text, has_variables) for text in resources]),
        not_resources=tuple([ResourcePattern(text, has_variables) for text in not_resources]),
        conditions=_conditions(members["Condition"], version) if "Condition" in members else (),
    )


def _entries(members: dict[str, Value], element: Element) -> list[str]:
    if element not in members:
        return []
    found = _texts(members[element], element)
    if not found:
        raise _Misfit(f"{element} is an empty list", element)
    return found


def _effect(members: dict[str, Value]) -> Effect:
    if "Effect" not in members:
        raise _Misfit("a statement needs an Effect")
    written = _text(members["Effect"], Element.EFFECT)
    if written not in _EFFECTS:
        raise _Misfit(f"unknown effect `{written}`", Element.EFFECT)
    return _EFFECTS[written]


def _principals(members: dict[str, Value], element: Element) -> Principals | None:
    if element not in members:
        return None
    value = members[element]
    if type(value) is str:
        if value != "*":
            raise _Misfit(f"{element} is neither `*` nor an object", element)
        return Principals(is_everyone=True)
    entries: list[PrincipalEntry] = []
    for name, names in _members(value, element, element).items():
        kind = _PRINCIPAL_TYPES.get(name)
        if kind is None:
            raise _Misfit(f"unknown principal type `{name}`", element, key=name)
        entries += [PrincipalEntry(kind, text) for text in _texts(names, element, name)]
    return Principals(tuple(entries))


def _conditions(value: Value, version: Version) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for name, block in _members(value, Element.CONDITION, Element.CONDITION).items():
        keys = _members(block, f"the block of `{name}`", Element.CONDITION, name)
        found = operator_named(name)
        if found is not None:
            conditions += [_condition(found, key, written, version, name) for key, written in keys.items()]
        elif keys:
            # AWS stores an unknown operator over an empty block, which says nothing (`iam-sts` reference, section 9).
            raise _Misfit(f"unknown operator `{name}`", Element.CONDITION, key=name)
    return tuple(conditions)


def _condition(
    found: tuple[Qualifier, Operator, bool], key: str, written: Value, version: Version, block: str
) -> Condition:
    qualifier, operator, if_exists = found
    texts: list[str] = []
    for value in written if isinstance(written, list) else (written,):
        # Numbers and truth values are the text they stand for (G4).
        if isinstance(value, bool):
            texts.append(_TRUTHS[value])
        elif isinstance(value, str):
            texts.append(str(value))
        else:
            reason = f"a value of `{key}` must be a string, a number, true or false"
            raise _Misfit(reason, Element.CONDITION, block, key)
    return Condition(
        qualifier=qualifier,
        operator=operator,
        if_exists=if_exists,
        key=key.lower(),
        name=key,
        values=tuple([operand(operator, text, variables=version is Version.V2012) for text in texts]),
    )


def _members(value: Value, what: str, *path: str) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise _Misfit(f"{what} must be an object", *path)
    return value


def _text(value: Value, element: str) -> str:
    if not isinstance(value, str) or isinstance(value, Number):
        raise _Misfit(f"{element} must be a string", element)
    return value


def _texts(value: Value, *path: str) -> list[str]:
    """Return a string, or a list of strings, as a list."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if type(item) is not str:
            raise _Misfit(f"{path[-1]} must be a string or a list of strings", *path)
    return [item for item in items if isinstance(item, str)]
