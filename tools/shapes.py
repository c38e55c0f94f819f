"""Write the types of the services' inputs and outputs, from the models that drive the wire.

    python tools/shapes.py

For each service that Remit answers: `src/remit/services/NAME/shapes.pyi`, a `TypedDict` for each structure that an
operation takes, gives or contains. At run time a shape is a plain mapping; `shapes.py` beside it says so. Run twice it
writes the same bytes.
"""

import keyword
import sys
from collections.abc import Iterator
from pathlib import Path

from remit.wire.models import Field, ServiceModel, load

SERVICES = Path(__file__).parents[1] / "src" / "remit" / "services"
_SCALARS = {
    "string": "str",
    "character": "str",
    "boolean": "bool",
    "integer": "int",
    "long": "int",
    "short": "int",
    "bigdecimal": "float",
    "biginteger": "int",
    "float": "float",
    "double": "float",
    "timestamp": "datetime",
    "blob": "bytes",
}
RUN_TIME = '''"""Shapes of the service's inputs and outputs: plain mappings at run time, typed in `shapes.pyi`."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Any shape is a mapping."""
    if name.startswith("_"):
        raise AttributeError(name)
    return dict
'''


def main() -> int:
    """Write the files of every service; return the exit status."""
    for folder in sorted(path.parent for path in SERVICES.glob("*/registry.py")):
        model = load(folder.name.replace("_", "-"))
        (folder / "shapes.pyi").write_text(stub(model), encoding="utf-8")
        (folder / "shapes.py").write_text(RUN_TIME, encoding="utf-8")
    return 0


def stub(model: ServiceModel) -> str:
    """Return the text of a service's `shapes.pyi`."""
    body = "\n".join(line for name in sorted(_reachable(model)) for line in _structure(model, name)).rstrip()
    kinds = [kind for kind in ("Mapping", "Sequence") if f"{kind}[" in body]
    imports = [f"from collections.abc import {', '.join(kinds)}"] if kinds else []
    if "datetime" in body:
        imports.append("from datetime import datetime")
    words = [word for word in ("Any", "NotRequired", "TypedDict") if word in body]
    imports.append(f"from typing import {', '.join(words)}")
    head = f'"""Shapes of `{model.name}`, {model.metadata.api_version}. Written by `tools/shapes.py`; do not edit."""'
    return f"{head}\n\n" + "\n".join(imports) + "\n\n" + body + "\n"


def _reachable(model: ServiceModel) -> set[str]:
    found: set[str] = set()
    waiting = [
        ref.shape for operation in model.operations.values() for ref in (operation.input, operation.output) if ref
    ]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        shape = model.shapes[name]
        if shape.type == "structure":
            found.add(name)
        waiting += [ref.shape for ref in shape.members.values()]
        waiting += [ref.shape for ref in (shape.member, shape.value) if ref is not None]
    return found


def _structure(model: ServiceModel, name: str) -> Iterator[str]:
    members = model.members(name)
    required = model.shapes[name].required
    typed = {member: _type(model, field) for member, field in members.items()}
    if any(keyword.iskeyword(member) for member in members):
        yield f'{name} = TypedDict("{name}", {{'
        for member, text in typed.items():
            yield f'    "{member}": {text if member in required else f"NotRequired[{text}]"},'
        yield "})"
        return
    yield f"class {name}(TypedDict):"
    for member, text in typed.items():
        yield f"    {member}: {text if member in required else f'NotRequired[{text}]'}"
    if not members:
        yield "    pass"
    yield ""


def _type(model: ServiceModel, field: Field) -> str:
    match field.shape.type:
        case "structure":
            return "Any" if field.shape.document else field.shape_name
        case "list":
            return f"Sequence[{_type(model, model.element(field.shape))}]"
        case "map":
            key, value = model.entry(field.shape)
            return f"Mapping[{_type(model, key)}, {_type(model, value)}]"
        case kind:
            return _SCALARS[kind]


if __name__ == "__main__":
    sys.exit(main())
