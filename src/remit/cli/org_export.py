"""`remit org export`."""

import os
from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.importing import chosen_account
from remit.cli.options import data_option, open_store
from remit.cli.organization_files import written
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.organizations import ORGANIZATIONS, Organization, organization_of
from remit.directory.organizations.descriptions import Description, describe
from remit.store import Answer, Transaction

_YAML, _JSON = "yaml", "json"


def chosen_organization(tx: Transaction, account: str | None) -> Organization:
    """Return the organization that a command is about: that of the account it names, or the only one.

    Raises:
        Failed: there is none, or there are several and no account is named.
    """
    if account is None:
        every = tx.all(ORGANIZATIONS)
        if len(every) == 1:
            return every[0]
        if every:
            raise Failed(f"the store holds {len(every)} organizations; say which one with --account", REFUSED)
        raise Failed("the store holds no organization: make one with CreateOrganization or `remit org import`", REFUSED)
    found = organization_of(tx, chosen_account(tx, account))
    if found is None:
        raise Failed(f"account {account} is in no organization", REFUSED)
    return found


@framed("export", "remit org export organization.yaml")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--account", help="An account of the organization; needed when the store holds several.")
@click.option(
    "--format", "format_", type=click.Choice([_YAML, _JSON]), help="By the name of FILE by default, else YAML."
)
@data_option
@json_option
def export(*, file: Path | None, account: str | None, format_: str | None, data: Path | None, as_json: bool) -> None:
    """Write an organization to FILE, or to standard output: units, accounts, policies, attachments, delegations.

    The same organization is written the same way each time. Closed accounts are left out.
    """
    _, database = open_store(None, data)
    described = run(database, lambda tx: Answer(_described(tx, account)))
    is_json = as_json or format_ == _JSON or (format_ is None and file is not None and file.suffix == ".json")
    text = written(described, as_json=is_json)
    if file is None:
        click.echo(text, nl=False)
        return
    write_whole(file, text)
    Say.line(f"Wrote {file}.")


def _described(tx: Transaction, account: str | None) -> Description:
    return describe(tx, chosen_organization(tx, account))


def write_whole(file: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        Failed: it cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        raise Failed(f"cannot write {file}: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
