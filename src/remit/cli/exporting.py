"""`remit export`."""

from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.importing import chosen_account
from remit.cli.options import data_option, open_store
from remit.cli.snapshots import terraform
from remit.directory.snapshots import take
from remit.store import Answer

_AWS, _TERRAFORM = "aws", "terraform"


@click.command("export", cls=Framed, example="remit export --account 123456789012 > details.json")
@click.option("--account", help="Whose entities; needed when the store holds several accounts.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([_AWS, _TERRAFORM]),
    default=_AWS,
    show_default=True,
    help="As `aws iam get-account-authorization-details` writes them, or a Terraform configuration in JSON.",
)
@data_option
def command(*, account: str | None, format_: str, data: Path | None) -> None:
    """Write the users, groups, roles and policies of an account to standard output, without keys and passwords."""
    _, database = open_store(None, data)
    snapshot = run(database, lambda tx: Answer(take(tx, chosen_account(tx, account))))
    if format_ == _TERRAFORM:
        click.echo(terraform.write(snapshot), nl=False)
    else:
        click.echo(msgspec.json.format(msgspec.json.encode(snapshot), indent=2).decode())
