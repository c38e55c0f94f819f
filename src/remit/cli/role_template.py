"""`remit role-template`."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory import ROLE_TEMPLATES
from remit.directory.role_templates import RoleTemplate, add_template, described_template
from remit.store import Answer, Transaction


@click.group("role-template")
def command() -> None:
    """Add, list and remove what AcquireRole makes roles from."""


@command.command("add", cls=Framed, example="remit role-template add builder.json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def add(*, file: Path, data: Path | None) -> None:
    """Add the template that a JSON file describes, in the place of one with its ARN."""
    try:
        described = described_template(file.read_bytes())
    except (ValueError, msgspec.DecodeError) as error:
        raise Failed(f"{file}: {error}", REFUSED) from None
    _, database = open_store(None, data)
    template = run(database, lambda tx: Answer(add_template(tx, described, at=datetime.now(UTC))))
    Say.line(f"Role template {template.arn}, {len(template.versions)} versions.")


@command.command("list", cls=Framed, example="remit role-template list --json")
@data_option
@json_option
def list_templates(*, data: Path | None, as_json: bool) -> None:
    """List the templates."""
    _, database = open_store(None, data)
    templates = run(database, lambda tx: Answer(sorted(tx.all(ROLE_TEMPLATES), key=_arn)))
    if as_json:
        Say.json([{"arn": one.arn, "enabled": one.enabled, "versions": len(one.versions)} for one in templates])
    else:
        Say.table(
            ("template", "enabled", "versions"),
            [(one.arn, "yes" if one.enabled else "no", str(len(one.versions))) for one in templates],
        )


@command.command("remove", cls=Framed, example="remit role-template remove arn:aws:iam::aws:role-template/s/t:1")
@click.argument("arn")
@data_option
def remove(*, arn: str, data: Path | None) -> None:
    """Remove a template; the roles that were made from it stay."""
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[bool]:
        template = tx.get(ROLE_TEMPLATES, arn)
        if template is not None:
            tx.delete(ROLE_TEMPLATES, template)
        return Answer(template is not None)

    if not run(database, work):
        raise Failed(f"no role template `{arn}`", REFUSED)
    Say.line(f"Removed {arn}.")


def _arn(template: RoleTemplate) -> str:
    return template.arn
