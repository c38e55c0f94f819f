"""Input of the query protocol: a flat form whose names spell a tree, `Tags.member.1.Key=team`.

Lists are `NAME.member.N`, or `NAME.N` when flattened; maps are `NAME.entry.N.key` and `.value`; an empty list is
`NAME=`. Numbers begin at 1 and leave nothing out, so no list can be longer than the form. Names that the model does not
know are ignored, as AWS ignores them. A name given twice is refused: which of the two counts must not be a matter of
taste.
Source: `iam-sts` reference, section 1.1; Smithy, "AWS query protocol". "Start of ...", "Unexpected ... termination" are
the words of AWS's services under this protocol.
"""

from collections.abc import Callable
from typing import Any, cast

from remit.errors import MalformedInput
from remit.wire import forms, scalars, timestamps
from remit.wire.models import Field, ServiceModel, Shape

# The deepest non-recursive input of any query service has fewer than ten levels; each costs two or three names.
DEPTH_MAX = 40

Node = Any  # str | dict[str, Node]; a recursive alias would make every reader below cast
Reader = Callable[[Node], Any]


def tree(form: list[tuple[str, str]]) -> dict[str, Node]:
    """Spell the form out as nested dicts; a text at each leaf.

    Raises:
        MalformedInput: a name is given twice, has a value and parts as well, or has more than DEPTH_MAX parts.
    """
    root: dict[str, Node] = {}
    for name, value in form:
        if "." in name:
            _graft(root, name, value)
        elif name in root:
            raise MalformedInput(f"the parameter is given twice: `{name}`")
        else:
            root[name] = value
    return root


def _graft(root: dict[str, Node], name: str, value: str) -> None:
    *parts, last = name.split(".", DEPTH_MAX)
    if "." in last:
        raise MalformedInput(f"a parameter's name has more than {DEPTH_MAX} parts")
    node = root
    for part in parts:
        child: Node = node.get(part)
        if child is None:
            child = node[part] = {}
        elif type(child) is str:
            raise MalformedInput(f"the parameter is given twice: `{name}`")
        node = child
    if last in node:
        raise MalformedInput(f"the parameter is given twice: `{name}`")
    node[last] = value


class FormReader:
    """Makes the readers of one service's input shapes."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._structures: dict[str, Reader] = {}

    def input(self, shape_name: str) -> Callable[[list[tuple[str, str]]], dict[str, Any]]:
        """Make the reader of an operation's input: from the pairs of the form to members by the model's names."""
        read = self.structure(shape_name)
        return lambda form: read(tree(form))

    def structure(self, name: str) -> Reader:
        """Make the reader of a structure."""
        if name in self._structures:
            return self._structures[name]
        members: dict[str, tuple[str, Reader]] = {}

        def read(node: Node) -> dict[str, Any]:
            if type(node) is str:
                raise MalformedInput("Unexpected complex element termination")
            found: dict[str, Any] = {}
            for key, child in node.items():
                member = members.get(key)
                if member is not None:
                    found[member[0]] = member[1](child)
            return found

        self._structures[name] = read
        for member, field in self._model.members(name).items():
            reader = (member, self._of(field))
            members[field.wire_name or member] = reader
            if field.flattened and field.shape.type == "list" and (key := self._model.element(field.shape).wire_name):
                # The elements go by their own name; an empty list still goes by the member's.
                members[key] = reader
        return read

    def _of(self, field: Field) -> Reader:
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                return self._list(field.shape, flattened=field.flattened)
            case "map":
                return self._map(field.shape, flattened=field.flattened)
            case _:
                return _scalar(field)

    def _list(self, shape: Shape, *, flattened: bool) -> Reader:
        element = self._model.element(shape)
        key = "" if flattened else element.wire_name or "member"
        read_element = self._of(element)

        def read(node: Node) -> list[Any]:
            return [read_element(child) for child in _numbered(node, key)]

        return read

    def _map(self, shape: Shape, *, flattened: bool) -> Reader:
        key_field, value_field = self._model.entry(shape)
        key = "" if flattened else "entry"
        key_name, value_name = key_field.wire_name or "key", value_field.wire_name or "value"
        read_key, read_value = self._of(key_field), self._of(value_field)

        def read(node: Node) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for entry in _numbered(node, key):
                if type(entry) is str or key_name not in entry or value_name not in entry:
                    raise MalformedInput(f"a map's entry needs `{key_name}` and `{value_name}`")
                name = read_key(entry[key_name])
                if name in found:
                    raise MalformedInput(f"a map has the key twice: `{name}`")
                found[name] = read_value(entry[value_name])
            return found

        return read


def _numbered(node: Node, key: str) -> list[Node]:
    """List the children 1, 2, 3 ... of a node, or of its child *key*; an empty text is an empty list."""
    if key and type(node) is not str:
        if len(node) != 1 or key not in node:
            raise MalformedInput(f"a list's elements are named `{key}.1`, `{key}.2` and so on")
        node = node[key]
        if type(node) is str:
            raise MalformedInput("Unexpected list element termination")
    if type(node) is str:
        if node:
            raise MalformedInput("Unexpected list element termination")
        return []
    try:
        elements = cast("dict[str, Node]", node)
        return [elements[str(number)] for number in range(1, len(elements) + 1)]
    except KeyError as missing:
        raise MalformedInput(
            f"a list's elements are numbered from 1 without gaps; {missing.args[0]} is missing"
        ) from None


def _scalar(field: Field) -> Reader:
    read_text = scalars.reader(field, timestamps.ISO8601)

    def read(node: Node) -> Any:
        if type(node) is not str:
            raise MalformedInput("Start of structure or map found where not expected.")
        return node if read_text is None else read_text(node)

    return read


def read_form(query: str, body: bytes) -> list[tuple[str, str]]:
    """Read the parameters of a request, which may be behind the `?`, in the body, or both."""
    found = forms.pairs(body) if body else []
    return found + forms.pairs(query) if query else found
