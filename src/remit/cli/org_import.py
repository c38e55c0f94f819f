"""`remit org import`."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.importing import chosen_account
from remit.cli.options import data_option, open_store
from remit.cli.organization_files import read_description
from remit.cli.output import Failed, Say, json_option
from remit.directory import ACCOUNTS
from remit.directory.accounts import Account, known_account
from remit.directory.organizations import ORGANIZATIONS
from remit.directory.organizations.descriptions import Description, ResourcePolicyPart, content_text
from remit.directory.organizations.imports import (
    RESOURCE_POLICY,
    Imported,
    management_account,
    put_organization,
)
from remit.directory.organizations.putting import DescriptionRefused
from remit.endpoint.settings import Settings
from remit.errors import ServiceError
from remit.services.organizations.events import departed, joined
from remit.services.organizations.resource_policy import check_resource_policy
from remit.store import Answer, Transaction
from remit.yaml_files import FileUnreadable

USED_WRONGLY = 2


@framed("import", "remit org import organization.yaml --dry-run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", help="The management account; by default the one that FILE names, else the only one.")
@click.option(
    "--exact", is_flag=True, help="Remove what FILE does not name: units, accounts, policies, attachments, tags."
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@data_option
@json_option
def import_(*, file: Path, account: str | None, exact: bool, dry_run: bool, data: Path | None, as_json: bool) -> None:
    """Make the organization in the store what FILE says, all of it or nothing, and say what was changed.

    Where there is none yet it is made, its accounts with it. A second import changes nothing.
    """
    description = described_in(file)
    settings, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Imported]:
        done = put(tx, description, account, settings, exact=exact, at=datetime.now(UTC))
        if dry_run:
            tx.rollback()
        return Answer(done, tuple(tx.records))

    done = run(database, work)
    if as_json:
        Say.json(
            {
                "organization": done.organization.id,
                "dry_run": dry_run,
                "changes": [msgspec.to_builtins(change) for change in done.changes],
            }
        )
        return
    for change in done.changes:
        Say.line(f"{change.verb:<8} {change.thing}{f': {change.details}' if change.details else ''}")
    count = len(done.changes)
    verb = "would change" if dry_run else "changed"
    Say.line(f"{count or 'no'} {'thing' if count == 1 else 'things'} {verb} in organization {done.organization.id}")


def described_in(file: Path) -> Description:
    """Read a file that describes an organization.

    Raises:
        Failed: it is none.
    """
    try:
        return read_description(file)
    except FileUnreadable as error:
        raise Failed(str(error), USED_WRONGLY) from None


def put(
    tx: Transaction, description: Description, account: str | None, settings: Settings, *, exact: bool, at: datetime
) -> Imported:
    """Make of the organization in the store what *description* says.

    Raises:
        DirectoryFact: something stands against it; what was changed until then has to be taken back.
    """
    management = _management(tx, description, account, at)
    done = put_organization(tx, description, management, at=at, exact=exact, quotas=settings.org_quotas)
    is_put = any(change.thing == RESOURCE_POLICY for change in done.changes)
    if is_put and isinstance(description.resource_policy, ResourcePolicyPart):
        try:
            check_resource_policy(tx, done.organization, content_text(description.resource_policy.content))
        except ServiceError as error:
            raise DescriptionRefused(f"the resource policy: {error.message}") from None
    for one in done.joined:
        joined(tx, done.organization, known_account(tx, one.id), at=at)
    for one in done.left:
        departed(tx, done.organization, one, "REMOVED", at=at)
    return done


def _management(tx: Transaction, description: Description, named: str | None, at: datetime) -> Account:
    if named is not None:
        return known_account(tx, chosen_account(tx, named))
    found = management_account(tx, description, at=at)
    if found is not None:
        return found
    every = tx.all(ORGANIZATIONS)
    if len(every) == 1:
        return known_account(tx, every[0].account)
    accounts = tx.all(ACCOUNTS)
    if len(accounts) == 1:
        return accounts[0]
    raise Failed("nothing says which account manages the organization: name it with --account", USED_WRONGLY)
