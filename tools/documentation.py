"""Write the tables of the documentation that code knows: operations, settings, condition keys, commands.

    python tools/documentation.py

Each table stands between two marks in its page; the text around it is written by hand. Run twice it writes the same
bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from remit.authz.condition_keys import CONDITION_KEYS
from remit.authz.operations import Also, operations
from remit.cli import root
from remit.endpoint.compose import SERVICES
from remit.endpoint.settings import SETTINGS
from remit.wire import Wire

DOCS = Path(__file__).parents[1] / "docs"


def main() -> int:
    """Write every table; return the exit status."""
    _write("coverage.md", "operations", _operations())
    _write("authorization.md", "authorization", _authorization())
    _write("settings.md", "settings", _settings())
    _write("condition-keys.md", "keys", _keys())
    _write("commands.md", "commands", _commands())
    return 0


def _write(page: str, name: str, lines: Iterator[str]) -> None:
    path = DOCS / page
    begin, end = f"<!-- {name}: written by tools/documentation.py -->", f"<!-- end of {name} -->"
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise LookupError(f"{page} has no marks for `{name}`")
    path.write_text("\n".join([before + begin, "", *lines, "", end + after]), encoding="utf-8")


def _operations() -> Iterator[str]:
    wire = Wire(SERVICES)
    for name, service in SERVICES.items():
        every = wire.operations(name)
        answered = [operation for operation in every if operation in service.handlers]
        missing = [operation for operation in every if operation not in service.handlers]
        yield f"## {name}: {len(answered)} of {len(every)} operations"
        yield ""
        yield "Answered: " + ", ".join(answered) + "."
        yield ""
        if missing:
            yield "Not yet: " + ", ".join(missing) + "."
            yield ""


def _authorization() -> Iterator[str]:
    for service, known in operations().items():
        yield f"## {service}"
        yield ""
        yield "| operation | action | resource | condition keys | further actions |"
        yield "| --- | --- | --- | --- | --- |"
        for name, operation in sorted(known.items()):
            resource = "needs no permission" if operation.is_free else operation.resource or "`*`"
            keys = ", ".join(f"`{key}`" for key in operation.keys)
            further = "; ".join(f"`{also.action}` {_when(also)}" for also in operation.also)
            yield f"| {name} | `{operation.action}` | {resource} | {keys} | {further} |"
        yield ""


def _when(also: Also) -> str:
    reasons = [f"with {' or '.join(also.when)}"] if also.when else []
    if also.session:
        reasons.append(f"from a session with {also.session}")
    return " or ".join(reasons)


def _settings() -> Iterator[str]:
    yield "| setting | variable | default | what it does |"
    yield "| --- | --- | --- | --- |"
    for setting in SETTINGS:
        default = "" if setting.default in (None, "", {}) else f"`{str(setting.default).lower()}`"
        yield f"| `{setting.name}` | `{setting.variable}` | {default} | {setting.help} |"


def _keys() -> Iterator[str]:
    yield "| key | value |"
    yield "| --- | --- |"
    for key, source in CONDITION_KEYS.items():
        yield f"| `{key}` | {source} |"


def _commands() -> Iterator[str]:
    context = click.Context(root, info_name="remit")
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        if command is None:
            raise LookupError(name)
        yield from _command(command, click.Context(command, info_name=name, parent=context))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _command(found, click.Context(found, info_name=name, parent=context))
        return
    yield f"## `{context.command_path}`"
    yield ""
    yield "```text"
    yield from (line.rstrip() for line in command.get_help(context).splitlines())
    yield "```"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
