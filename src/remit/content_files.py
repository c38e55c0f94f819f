"""Content files as people write them; a mistake is told with the file, the line and what to do about it."""

import re
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
import yaml

from remit.yaml_files import BoundedLoader, FileUnreadable, load_yaml

T = TypeVar("T")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]")
_LINE = re.compile(r"^line (\d+): ")
_FENCE = "---"


class ContentMistake(Exception):
    """A content file says something that it must not: `FILE:LINE: what; what to do`."""

    def __init__(self, file: str, line: int, what: str, remedy: str) -> None:
        super().__init__(f"{file}:{line}: {what}; {remedy}")
        self.file, self.line, self.what, self.remedy = file, line, what, remedy


class Located(NamedTuple):
    """What YAML says, and where.

    Attributes:
        text: as it was written.
        first_line: of *text* within its file, from 1.
    """

    file: str
    text: str
    first_line: int

    def as_form(self, form: type[T], loader_class: type[BoundedLoader] | None = None) -> T:
        """Return what the YAML says, as *form*.

        Args:
            loader_class: which scalars there are, where they are not those of other content files.

        Raises:
            ContentMistake: it is no YAML, or has another form.
        """
        try:
            value: Any = load_yaml(self.text, loader_class) if loader_class else load_yaml(self.text)
        except FileUnreadable as error:
            found = _LINE.match(str(error))
            line = int(found[1]) if found else 1
            raise ContentMistake(
                self.file, self.first_line + line - 1, _LINE.sub("", str(error)), "write it as YAML 1.2"
            ) from None
        try:
            return msgspec.convert(value, form)
        except msgspec.ValidationError as error:
            place = _PLACE.match(str(error))
            what, path = (place["what"], place["path"] or "") if place else (str(error), "")
            raise ContentMistake(
                self.file, self.line(path), what, "compare it with the form that `remit schema` prints"
            ) from None

    def line(self, path: str) -> int:
        """Return the line in the file where *path*, such as `.items[2].kind`, stands, or the nearest that is there."""
        node: Any = yaml.compose(self.text, Loader=yaml.SafeLoader)  # pyright: ignore[reportUnknownMemberType]
        line = node.start_mark.line if node is not None else 0
        for key, index in _STEP.findall(path):
            if isinstance(node, yaml.MappingNode):
                for name, value in node.value:
                    if name.value == key:
                        node, line = value, name.start_mark.line
                        break
                else:
                    break
            elif isinstance(node, yaml.SequenceNode) and index.isdecimal() and int(index) < len(node.value):
                node = node.value[int(index)]
                line = node.start_mark.line
            else:
                break
        return self.first_line + int(line)


def read_text(file: Path) -> str:
    """Read a content file.

    Raises:
        ContentMistake: it cannot be read, or is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ContentMistake(file.name, 1, f"cannot be read: {error.strerror}", "name a file that is there") from None
    except UnicodeDecodeError as error:
        raise ContentMistake(file.name, 1, f"not UTF-8 at byte {error.start}", "save it as UTF-8") from None


def yaml_of(file: Path) -> Located:
    """Read a file that is YAML."""
    return Located(file.name, read_text(file), 1)


def front_matter(file: str, text: str) -> tuple[Located, str, int]:
    """Take a document apart: its front matter, its body, and the line where the body begins.

    Raises:
        ContentMistake: there is no front matter.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise ContentMistake(file, 1, "no front matter", f"begin with a line `{_FENCE}`, then YAML, then `{_FENCE}`")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            body = "\n".join(lines[number + 1 :])
            return Located(file, "\n".join(lines[1:number]), 2), body, number + 2
    raise ContentMistake(file, 1, "front matter that does not end", f"close it with a line `{_FENCE}`")
