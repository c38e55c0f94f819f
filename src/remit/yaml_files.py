"""Files that people write, in YAML or JSON, and YAML that is written the same way each time.

YAML is read as its version 1.2 has it, so far as it matters: `no` and `on` are texts, and so are dates and numbers that
begin with a zero, such as account ids; only true, false and null are themselves. There are no aliases, so nothing grows
while it is read, and no key is there twice.
Source: YAML 1.2.2, 10.3, "Core Schema".
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import yaml

BYTES_MAX = 16 * 1024 * 1024
_DEPTH_MAX = 100
_WIDTH = 100
_PLAIN = (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
)

# The library takes these for ends of lines, and would lose them.
_BREAKS = re.compile("[\x85\u2028\u2029]")


class FileUnreadable(Exception):
    """A file that cannot be read, or says nothing that has the form; a line for a person."""


class BoundedLoader(yaml.SafeLoader):
    """Reads YAML that cannot grow while it is read."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Read one value, that is no alias and not too deep."""
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]  # the library's
            raise FileUnreadable(f"line {line}: aliases are not read")
        if self._depth >= _DEPTH_MAX:
            raise FileUnreadable(f"nested more than {_DEPTH_MAX} times")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # the library's
        """Make an object, whose keys are all different."""
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            raise FileUnreadable(f"line {node.start_mark.line + 1}: a key is there twice")
        return found


class _Loader(BoundedLoader):
    """Reads what people write."""


class ExactLoader(BoundedLoader):
    """Reads numbers with a point as the decimal numbers that they write."""

    def construct_number(self, node: Any) -> Decimal:
        """Return the number that *node* writes."""
        return Decimal(self.construct_scalar(node))


class _Dumper(yaml.SafeDumper):
    """Writes what `_Loader` reads."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002  # the library's
        del indentless
        super().increase_indent(flow, False)


def _text(dumper: Any, text: str) -> Any:
    """Write a text of several lines as its lines, and a long one on one, where YAML can."""
    style = '"' if _BREAKS.search(text) else "|" if "\n" in text or len(text) > _WIDTH else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


for _class in (_Loader, ExactLoader, _Dumper):
    _class.yaml_implicit_resolvers = {}
    for _tag, _pattern, _first in _PLAIN:
        _class.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))  # pyright: ignore[reportUnknownMemberType]  # the library's
ExactLoader.add_constructor("tag:yaml.org,2002:float", ExactLoader.construct_number)
_Dumper.add_representer(str, _text)


def read_file(path: Path) -> Any:
    """Read a file: JSON if it is JSON, else YAML.

    Raises:
        FileUnreadable: it cannot be read, or is neither.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"cannot read {path}: {error.strerror}") from None
    if len(content) > BYTES_MAX:
        raise FileUnreadable(f"{path}: larger than {BYTES_MAX:,} bytes")
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if path.suffix == ".json":
            raise FileUnreadable(f"{path}: not JSON: {error}") from None
    try:
        return load_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileUnreadable(f"{path} is not UTF-8") from None
    except FileUnreadable as error:
        raise FileUnreadable(f"{path}: {error}") from None


def load_yaml(text: str, loader_class: type[BoundedLoader] = _Loader) -> Any:
    """Return what *text* says.

    Args:
        loader_class: which forms of scalars and which tags there are.

    Raises:
        FileUnreadable: it is no YAML, or more than is read.
    """
    try:
        loader = loader_class(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise FileUnreadable(f"{'' if mark is None else f'line {mark.line + 1}: '}{error.problem}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise FileUnreadable(f"not YAML: {' '.join(str(error).split())}") from None


def dump_yaml(value: Any) -> str:
    """Write *value*, made of objects, lists, texts and numbers, as YAML; the same value is written the same way."""
    written: str = yaml.dump(  # pyright: ignore[reportUnknownMemberType]  # the library's
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    return written
