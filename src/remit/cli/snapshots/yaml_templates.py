"""CloudFormation templates in YAML, as they would be written in JSON.

Short forms become long ones: `!Ref X` is `{"Ref": X}`, `!Sub X` is `{"Fn::Sub": X}`. As CloudFormation has it, there
are no aliases, no merges, no tags but those, and no dates: `2012-10-17` is a text. So nothing grows while it is read.
Source: AWS CloudFormation User Guide, "CloudFormation template format" and "Intrinsic function reference".
"""

from typing import Any

import yaml

# A template in S3 has at most a megabyte.
BYTES_MAX = 1_000_000
_DEPTH_MAX = 100
_PLAIN = frozenset({"Ref", "Condition"})
_FUNCTIONS = frozenset(
    {
        "And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "If", "ImportValue", "Join",
        "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
    }
)  # fmt: skip
_NOT_READ = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})


class YamlRefused(Exception):
    """No YAML that CloudFormation takes; a line for a person."""


# Whatever the library's functions take and give, its types do not say.
_safe: Any = yaml.SafeLoader


class _Loader(_safe):  # type: ignore[misc]  # same
    """Reads what CloudFormation reads."""

    def __init__(self, text: str) -> None:
        inherited: Any = super()
        inherited.__init__(text)
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        own: Any = self
        inherited: Any = super()
        if own.check_event(yaml.AliasEvent):
            line = own.peek_event().start_mark.line + 1
            raise YamlRefused(f"the YAML has an alias in line {line}; CloudFormation knows none")
        if self._depth >= _DEPTH_MAX:
            raise YamlRefused(f"the YAML is nested more than {_DEPTH_MAX} times")
        self._depth += 1
        try:
            return inherited.compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # the library's
        inherited: Any = super()
        found: dict[Any, Any] = inherited.construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            raise YamlRefused(f"a key is there twice below line {node.start_mark.line + 1}")
        if not all(isinstance(key, str) for key in found):
            raise YamlRefused(f"a key is no text below line {node.start_mark.line + 1}")
        return found


_resolvers: Any = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_READ]
    for first, resolvers in _safe.yaml_implicit_resolvers.items()
}


def _function(loader: Any, name: str, node: Any) -> dict[str, Any]:
    """Write a short form out."""
    if name not in _PLAIN | _FUNCTIONS:
        raise YamlRefused(f"CloudFormation has no !{name} (line {node.start_mark.line + 1})")
    argument: Any
    match node:
        case yaml.ScalarNode():
            argument = loader.construct_scalar(node)
        case yaml.SequenceNode():
            argument = loader.construct_sequence(node, deep=True)
        case _:
            argument = loader.construct_mapping(node, deep=True)
    return {name if name in _PLAIN else f"Fn::{name}": argument}


_loader: Any = _Loader
_loader.yaml_implicit_resolvers = _resolvers
_loader.add_multi_constructor("!", _function)


def load(text: str) -> Any:
    """Return what *text* says, as JSON would.

    Raises:
        YamlRefused: it cannot be read, or says something that no template may.
    """
    if len(text) > BYTES_MAX:
        raise YamlRefused(f"a YAML template has at most {BYTES_MAX:,} characters")
    try:
        return _loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "" if mark is None else f" (line {mark.line + 1})"
        raise YamlRefused(f"not YAML: {error.problem}{line}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise YamlRefused(f"not YAML: {error}") from None
