"""Which documents AWS stores as management policies.

AWS answers every refusal with one text, "The provided policy document does not meet the requirements of the specified
policy type."; what is said here is for whoever has to find the place. Sizes are the store's matter.
Source: Organizations User Guide, the page "policy syntax and examples" of each type; `organizations` reference, 10.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from remit.policy.management.documents import Unreadable, read
from remit.policy.management.kinds import KINDS, Kind, ManagementPolicyType
from remit.policy.management.operators import ALL, CONTROL, CONTROLS, NONE, PREFIX, Allowed, Operator
from remit.policy.management.shapes import Listing, Section, Setting, Shape

_LISTS = (Operator.APPEND, Operator.REMOVE)
_BITS = {Operator.ASSIGN: Allowed.ASSIGN, Operator.APPEND: Allowed.APPEND, Operator.REMOVE: Allowed.REMOVE}
# Of a key that is not known: whatever is written there.
_ANYTHING = Section(is_open=True)

# Where something stands: keys from the top.
_Path = tuple[str, ...]


def acceptance_failure(document_text: str, policy_type: ManagementPolicyType) -> str | None:
    """Say what is wrong with a document first, and where; None if AWS stores it as *policy_type*."""
    kind = KINDS[policy_type]
    try:
        document = read(document_text)
    except Unreadable as error:
        return str(error)
    return next(_document(document, kind), None)


def _document(document: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    if len(document) != 1 or next(iter(document)).lower() not in kind.outermost:
        yield f"the outermost key has to be `{kind.outermost[0]}`, and the only one"
        return
    key, written = next(iter(document.items()))
    yield from _node(written, kind.shape, (key,), kind)


def _node(written: Any, shape: Shape, path: _Path, kind: Kind) -> Iterator[str]:
    if not isinstance(written, dict):
        yield _said(path, "a value needs an operator")
        return
    node = cast(dict[str, Any], written)
    yield from _operators(node, path, kind)
    if shape is _ANYTHING:
        for key, value in node.items():
            if not key.startswith(PREFIX):
                yield from _node(value, _ANYTHING, (*path, key), kind)
    elif isinstance(shape, Section):
        yield from _section(node, shape, path, kind)
    else:
        yield from _setting(node, shape, path, kind)


def _operators(node: Mapping[str, Any], path: _Path, kind: Kind) -> Iterator[str]:
    for key, value in node.items():
        if not key.startswith(PREFIX):
            continue
        if key == CONTROL:
            yield from _control(value, path)
        elif key not in list(Operator) or not kind.operators & _BITS[Operator(key)]:
            yield _said(path, f"`{key}` is no operator of this policy type")
        elif key in _LISTS and not isinstance(value, list):
            yield _said(path, f"`{key}` takes a list")


def _control(value: Any, path: _Path) -> Iterator[str]:
    names = cast("list[object]", value) if isinstance(value, list) else []
    known = [name for name in names if isinstance(name, str) and name in CONTROLS]
    if not names or len(set(known)) < len(names):
        yield _said(path, f"`{CONTROL}` takes a list of `{ALL}`, `{NONE}` or operators")
    elif NONE in names and len(names) > 1:
        yield _said(path, f"`{NONE}` stands alone")


def _section(node: Mapping[str, Any], shape: Section, path: _Path, kind: Kind) -> Iterator[str]:
    for key, value in node.items():
        if key in list(Operator):
            yield _said(path, f"`{key}` stands at a setting")
        if key.startswith(PREFIX):
            continue
        inner = shape.keys.get(key.lower())
        if inner is None and shape.others is not None and (not shape.names or re.fullmatch(shape.names, key)):
            inner = shape.others
        if inner is None and shape.is_open:
            inner = _ANYTHING
        if inner is None:
            yield _said(path, f"`{key}` is no key here")
        else:
            yield from _node(value, inner, (*path, key), kind)


def _setting(node: Mapping[str, Any], shape: Setting | Listing, path: _Path, kind: Kind) -> Iterator[str]:
    for key, value in node.items():
        if key == CONTROL:
            continue
        if not key.startswith(PREFIX):
            yield from _beside(key, value, path, kind)
        elif isinstance(shape, Setting):
            if key in _LISTS:
                yield _said(path, f"`{key}` is for lists")
            else:
                yield from _value(value, shape, path)
        elif not isinstance(value, list):
            yield _said(path, f"`{key}` takes a list")
        else:
            for item in cast("list[object]", value):
                yield from _value(item, shape.of, path)


def _beside(key: str, value: Any, path: _Path, kind: Kind) -> Iterator[str]:
    """Let a setting of a tag policy stand inside another one of the same tag, as in AWS's own example."""
    tag = kind.shape.others
    inner = tag.keys.get(key.lower()) if kind is KINDS[ManagementPolicyType.TAG] and isinstance(tag, Section) else None
    if inner is None:
        yield _said(path, f"`{key}` is no operator")
    else:
        yield from _node(value, inner, (*path[:-1], key), kind)


def _value(value: Any, shape: Setting, path: _Path) -> Iterator[str]:
    text = _text(value)
    if text is None:
        yield _said(path, "a single value is asked for")
    elif shape.one_of and text not in shape.one_of:
        yield _said(path, f"`{text}` is not one of {', '.join(sorted(shape.one_of))}")
    elif shape.pattern and not re.fullmatch(shape.pattern, text):
        yield _said(path, f"`{text}` has not the form that is asked for")
    elif shape.number is not None and not _is_within(text, shape.number):
        yield _said(path, f"`{text}` is no integer from {shape.number[0]} to {shape.number[1]}")
    elif not shape.characters[0] <= len(text) <= shape.characters[1]:
        yield _said(path, f"`{text}` has not {shape.characters[0]} to {shape.characters[1]} characters")
    elif shape.is_key and text.lower() != path[-2].lower():
        yield _said(path, f"`{text}` is not `{path[-2]}`, in whatever case")


def _text(value: Any) -> str | None:
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case _:
            return None


def _is_within(text: str, limits: tuple[int, int]) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", text) is not None and limits[0] <= int(text) <= limits[1]


def _said(path: _Path, what: str) -> str:
    return f"{'/'.join(path)}: {what}"
