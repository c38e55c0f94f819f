"""JSON with positions, for explanations: why a text is no policy, and where in it a statement stands.

Stricter than most readers, as policies need it: no key twice in an object, no characters that policies may not hold, no
deep nesting, nothing after the end. Numbers, `true` and `false` keep the text they were written as. `json_values` reads
the same texts faster and without positions.
Source: `policy-evaluation` reference, G2, G4, G8; RFC 8259.
"""

import re

import msgspec

# A policy's values lie seven deep at most.
DEPTH_MAX = 32

FORBIDDEN = re.compile(r"[^\t\n\r\x20-\xff]")
_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)"')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_PLAIN_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class DocumentMalformed(ValueError):
    """A text that is no policy document.

    Attributes:
        reason: what is wrong, for a person.
        offset: of the character where it was noticed.
    """

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} (character {offset})")
        self.reason = reason
        self.offset = offset


class Text(msgspec.Struct, frozen=True, gc=False):
    """A string."""

    start: int
    end: int
    value: str


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A number, `true`, `false` or `null`, as the text it was written as (G4)."""

    start: int
    end: int
    value: str

    @property
    def is_null(self) -> bool:
        """Whether it is `null`, which stands for nothing in a policy."""
        return self.value == "null"


class Array(msgspec.Struct, frozen=True):
    """A list."""

    start: int
    end: int
    items: tuple["Node", ...]


class Object(msgspec.Struct, frozen=True):
    """An object; its members in the order in which they are written."""

    start: int
    end: int
    members: tuple[tuple[Text, "Node"], ...]

    def get(self, name: str) -> "Node | None":
        """Return the value of a member."""
        return next((value for key, value in self.members if key.value == name), None)


Node = Text | Scalar | Array | Object

# How to get to a value from the top: names of members and places in lists.
Path = tuple[str | int, ...]


def read(text: str) -> Node:
    """Read a text that is one JSON value.

    Raises:
        DocumentMalformed: it is not, or not one that a policy may hold.
    """
    forbidden = FORBIDDEN.search(text)
    if forbidden is not None:
        raise DocumentMalformed("a character that policies may not hold", forbidden.start())
    reader = _Reader(text)
    node = reader.value(0)
    end = reader.skip_blank()
    if end < len(text):
        raise DocumentMalformed("something after the end of the document", end)
    return node


def find(root: Node, path: Path) -> Node:
    """Return the value at *path*, or the one nearest to it that there is."""
    node = root
    for step in path:
        match node:
            case Object() if isinstance(step, str) and node.get(step) is not None:
                node = node.get(step) or node
            case Array() if isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            case _:
                break
    return node


class _Reader:
    """Reads from left to right and never goes back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def skip_blank(self) -> int:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def value(self, depth: int) -> Node:
        start = self.skip_blank()
        if depth > DEPTH_MAX:
            raise DocumentMalformed("nested too deeply", start)
        match self._text[start : start + 1]:
            case "{":
                return self._object(start, depth)
            case "[":
                return self._array(start, depth)
            case '"':
                return self._string(start)
            case _:
                found = _NUMBER.match(self._text, start) or _WORD.match(self._text, start)
                if found is None:
                    raise DocumentMalformed("a JSON value is missing", start)
                self._at = found.end()
                return Scalar(start, found.end(), found[0])

    def _take(self, expected: str) -> str:
        """Take one character out of *expected*."""
        at = self.skip_blank()
        found = self._text[at : at + 1]
        if not found or found not in expected:
            raise DocumentMalformed(f"expected one of {' '.join(expected)}", at)
        self._at = at + 1
        return found

    def _is_closed_at_once(self, bracket: str) -> bool:
        self._at += 1
        at = self.skip_blank()
        if self._text[at : at + 1] != bracket:
            return False
        self._at = at + 1
        return True

    def _array(self, start: int, depth: int) -> Array:
        items: list[Node] = []
        if not self._is_closed_at_once("]"):
            items.append(self.value(depth + 1))
            while self._take(",]") == ",":
                items.append(self.value(depth + 1))
        return Array(start, self._at, tuple(items))

    def _object(self, start: int, depth: int) -> Object:
        members: list[tuple[Text, Node]] = []
        names: set[str] = set()
        if not self._is_closed_at_once("}"):
            more = ","
            while more == ",":
                key = self._string(self.skip_blank())
                if key.value in names:
                    raise DocumentMalformed(f"the key `{key.value}` stands twice in one object", key.start)
                names.add(key.value)
                self._take(":")
                members.append((key, self.value(depth + 1)))
                more = self._take(",}")
        return Object(start, self._at, tuple(members))

    def _string(self, start: int) -> Text:
        found = _STRING.match(self._text, start)
        if found is None:
            raise DocumentMalformed("a string is missing or not closed", start)
        self._at = found.end()
        written = found[1]
        return Text(start, found.end(), _unescaped(written, start) if "\\" in written else written)


def _unescaped(written: str, start: int) -> str:
    def character(escape: re.Match[str]) -> str:
        found = chr(int(escape[1], 16)) if escape[1] else _PLAIN_ESCAPES.get(escape[2], "")
        if not found or (found < " " and found not in "\t\n\r"):
            raise DocumentMalformed(f"the escape `{escape[0]}` is not allowed", start)
        return found

    value = _ESCAPE.sub(character, written)
    if _SURROGATE.search(value) is None:
        return value
    # A character beyond U+FFFF is written as two surrogates; one of them alone is no character.
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise DocumentMalformed("half a surrogate pair", start) from None
