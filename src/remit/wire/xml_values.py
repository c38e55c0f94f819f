"""Values as XML elements: the output of the query protocol, and later of rest-xml.

Lists are elements named `member` in one of their own name, or repeated elements when flattened; maps are `entry`
elements that hold `key` and `value`. Members without a value are left out.
INVARIANT: what leaves is well-formed XML 1.0, whatever a text holds: characters that XML cannot carry become U+FFFD.
Source: Smithy, "XML bindings"; Extensible Markup Language 1.0, sections 2.2 and 2.11.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from remit.wire import scalars, timestamps
from remit.wire.models import Field, ServiceModel

Writer = Callable[[Any], str]

_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A reader of XML turns a bare carriage return into a line feed (section 2.11), so it travels as a reference.
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}


def escaped(text: str) -> str:
    """Write a text as the content of an element."""
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda match: _REFERENCES.get(match[0], "\ufffd"), text)


class XmlWriter:
    """Makes the writers of one service's output shapes; each gives the elements inside a structure."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._structures: dict[str, Writer] = {}

    def structure(self, name: str) -> Writer:
        """Make the writer of a structure's content: its members' elements one after the other.

        The writer raises KeyError for a member that the model does not have: a bug of whoever made the value.
        """
        if name in self._structures:
            return self._structures[name]
        members: dict[str, Writer] = {}

        def write(value: Mapping[str, Any]) -> str:
            return "".join([members[member](item) for member, item in value.items() if item is not None])

        self._structures[name] = write
        for member, field in self._model.members(name).items():
            members[member] = self._member(member, field)
        return write

    def _member(self, member: str, field: Field) -> Writer:
        """Make the writer of whole elements: the tags and what is between them."""
        name = field.wire_name or member
        if field.flattened and field.shape.type == "list":
            element = self._model.element(field.shape)
            write_element = _tagged(element.wire_name or name, self._content(element))
            return lambda items: "".join(map(write_element, items))
        if field.flattened and field.shape.type == "map":
            return self._entries(field, name)
        return _tagged(name, self._content(field))

    def _content(self, field: Field) -> Writer:
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                element = self._model.element(field.shape)
                write_element = _tagged(element.wire_name or "member", self._content(element))
                return lambda items: "".join(map(write_element, items))
            case "map":
                return self._entries(field, "entry")
            case "string" | "character":
                return escaped
            case "timestamp" if field.timestamp_format in ("", timestamps.ISO8601):
                # IAM and STS give whole seconds, and clients compare the dates they were given.
                return timestamps.write_iso8601
            case _:
                return scalars.writer(field, timestamps.ISO8601)

    def _entries(self, field: Field, name: str) -> Writer:
        key, value = self._model.entry(field.shape)
        write_key = _tagged(key.wire_name or "key", self._content(key))
        write_value = _tagged(value.wire_name or "value", self._content(value))
        opening, closing = f"<{name}>", f"</{name}>"
        return lambda entries: "".join(
            [f"{opening}{write_key(key)}{write_value(item)}{closing}" for key, item in entries.items()]
        )


def _tagged(name: str, content: Writer) -> Writer:
    opening, closing = f"<{name}>", f"</{name}>"
    return lambda value: f"{opening}{content(value)}{closing}"
