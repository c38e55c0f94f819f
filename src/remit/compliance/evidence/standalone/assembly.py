"""The verifier as one file, made of the modules of this package; and the page that does the same in a browser."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_PACKAGE = "remit.compliance.evidence.standalone"
MODULES = ("curve", "tree", "archive", "attestation", "checking", "proofs", "replaying", "program")


@cache
def program() -> bytes:
    """Return `verify.py`: one file, standard library only."""
    trees = {name: ast.parse((_FOLDER / f"{name}.py").read_text(encoding="utf-8")) for name in MODULES}
    about = ast.get_docstring(trees["program"])
    parts = [f'#!/usr/bin/env python3\n"""{about}\n"""\n\nfrom __future__ import annotations\n']
    parts.append("\n".join(_imports(trees.values())) + "\n")
    parts += [_section(name, tree) for name, tree in trees.items()]
    parts.append('if __name__ == "__main__":\n    sys.exit(main())\n')
    return "\n".join(parts).encode()


@cache
def page() -> bytes:
    """Return `verify.html`."""
    return (_FOLDER / "verify.html").read_bytes()


def _imports(trees: Iterable[ast.Module]) -> Iterator[str]:
    """Yield what the modules import from the standard library, each module and name once."""
    modules: set[str] = set()
    names: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.Import):
            modules |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith((_PACKAGE, "__future__")):
            names.setdefault(node.module, set()).update(one.name for one in node.names)
    yield from (f"import {module}" for module in sorted(modules))
    yield from (f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names))


def _section(name: str, tree: ast.Module) -> str:
    """Return a module's text without its imports, its docstring as a comment."""
    lines = (_FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()
    rest = [node for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]
    about = "" if name == "program" else "\n".join(f"# {line}".rstrip() for line in _about(tree))
    return f"\n# {'-' * 20} {name} {'-' * 20}\n{about}\n\n" + "\n".join(lines[rest[0].lineno - 1 :]) + "\n"


def _about(tree: ast.Module) -> list[str]:
    return (ast.get_docstring(tree) or "").splitlines()
