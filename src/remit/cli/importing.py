"""`remit import`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.snapshots.reading import FormatUnknown, read
from remit.directory import ACCOUNTS
from remit.directory.imports import Put, put
from remit.ids import AccountId
from remit.store import Answer, Transaction


@click.command("import", cls=Framed, example="remit import details.json --account 123456789012")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", help="Whose the entities will be; needed when the store holds several accounts.")
@click.option("--skip-existing", is_flag=True, help="Leave out what has the name of something that is there.")
@data_option
@json_option
def command(*, file: Path, account: str | None, skip_existing: bool, data: Path | None, as_json: bool) -> None:
    """Put users, groups, roles and policies from a file into an account, all of them or none.

    The file is what `aws iam get-account-authorization-details` wrote, a credential report, a CloudFormation template
    in JSON or YAML, or what `terraform show -json` wrote. Keys and passwords are in none of them.
    """
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Put]:
        chosen = chosen_account(tx, account)
        try:
            snapshot = read(file.read_bytes(), chosen)
        except FormatUnknown as error:
            raise Failed(f"{file}: {error}", REFUSED) from None
        return Answer(put(tx, chosen, snapshot, at=datetime.now(UTC), skip_existing=skip_existing))

    done = run(database, work)
    if as_json:
        Say.json(
            {
                "users": done.users,
                "groups": done.groups,
                "roles": done.roles,
                "policies": done.policies,
                "skipped": list(done.skipped),
            }
        )
        return
    Say.line(f"Put {done.users} users, {done.groups} groups, {done.roles} roles and {done.policies} policies.")
    for one in done.skipped:
        Say.line(f"  there already: {one}")


def chosen_account(tx: Transaction, named: str | None) -> AccountId:
    """Return the account that a command is about: the one it names, or the only one.

    Raises:
        Failed: there is no such account, or there are several and none is named.
    """
    ids = sorted(account.id for account in tx.all(ACCOUNTS))
    if named is None and len(ids) == 1:
        return ids[0]
    if named is None:
        raise Failed(f"the store holds {len(ids)} accounts; say which one with --account", REFUSED)
    if named not in ids:
        raise Failed(f"no account `{named}`", REFUSED)
    return AccountId(named)
