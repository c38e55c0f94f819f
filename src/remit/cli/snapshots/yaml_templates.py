"""CloudFormation templates in YAML, as they would be written in JSON.

Short forms become long ones: `!Ref X` is `{"Ref": X}`, `!Sub X` is `{"Fn::Sub": X}`. As CloudFormation has it, there
are no aliases, no merges, no tags but those, and no dates: `2012-10-17` is a text. So nothing grows while it is read.
Source: AWS CloudFormation User Guide, "CloudFormation template format" and "Intrinsic function reference".
"""

from typing import Any

import yaml

from remit.yaml_files import BoundedLoader, FileUnreadable, load_yaml

# A template in S3 has at most a megabyte.
BYTES_MAX = 1_000_000
_PLAIN = frozenset({"Ref", "Condition"})
_FUNCTIONS = frozenset(
    {
        "And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "If", "ImportValue", "Join",
        "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
    }
)  # fmt: skip
_NOT_READ = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})


class _Loader(BoundedLoader):
    """Reads what CloudFormation reads."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # the library's
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if not all(isinstance(key, str) for key in found):
            raise FileUnreadable(f"line {node.start_mark.line + 1}: a key is no text")
        return found


# Whatever the library's tables hold, its types do not say.
_safe: Any = yaml.SafeLoader
_resolvers: Any = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_READ]
    for first, resolvers in _safe.yaml_implicit_resolvers.items()
}


def _function(loader: Any, name: str, node: Any) -> dict[str, Any]:
    """Write a short form out."""
    if name not in _PLAIN | _FUNCTIONS:
        raise FileUnreadable(f"line {node.start_mark.line + 1}: CloudFormation has no !{name}")
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
        FileUnreadable: it cannot be read, or says something that no template may.
    """
    if len(text) > BYTES_MAX:
        raise FileUnreadable(f"a YAML template has at most {BYTES_MAX:,} characters")
    return load_yaml(text, _Loader)
