"""`remit account`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory import ACCOUNTS
from remit.directory.accounts import Account, AccountState, create_account, known_account
from remit.directory.facts import DirectoryFact
from remit.directory.organizations.closures import reopen
from remit.endpoint.founding import Credentials, add_administrator, write_credentials
from remit.ids import AccountId, account_id, new_account_id
from remit.store import Answer, Database, StoreError, Transaction, Work

T = TypeVar("T")


@click.group("account")
def command() -> None:
    """Make, list and reopen accounts. One server holds any number."""


@command.command("create", cls=Framed, example="remit account create --name billing --email root@billing.example")
@click.option("--id", "id_", help="The account's id, twelve digits; a random one by default.")
@click.option("--email", required=True, help="The root user's e-mail address.")
@click.option("--name", default="", help="A name for people.")
@click.option("--no-admin", is_flag=True, help="Make no administrator user.")
@data_option
@json_option
def create(*, id_: str | None, email: str, name: str, no_admin: bool, data: Path | None, as_json: bool) -> None:
    """Make an account, with a root user and an administrator whose key is shown once."""
    try:
        chosen = new_account_id() if id_ is None else account_id(id_)
    except ValueError as error:
        raise Failed(str(error), REFUSED) from None
    settings, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[tuple[Account, Credentials | None]]:
        at = datetime.now(UTC)
        account = create_account(tx, chosen, email=email, name=name, at=at)
        return Answer((account, None if no_admin else add_administrator(tx, account.id, at)))

    account, administrator = run(database, work)
    if administrator is not None:
        write_credentials(settings.data / "credentials", administrator, profile=account.id)
    if as_json:
        Say.json(
            {
                "account": account.id,
                "email": account.email,
                "access_key_id": None if administrator is None else administrator.access_key_id,
                "secret_access_key": None if administrator is None else administrator.secret.reveal(),
            }
        )
        return
    Say.line(f"Account {account.id}, root user {account.email}.")
    if administrator is not None:
        Say.line(f"Administrator `{administrator.user}`, shown this once:")
        Say.line(f"  AWS_ACCESS_KEY_ID={administrator.access_key_id}")
        Say.line(f"  AWS_SECRET_ACCESS_KEY={administrator.secret.reveal()}")


@command.command("list", cls=Framed, example="remit account list --json")
@data_option
@json_option
def list_accounts(*, data: Path | None, as_json: bool) -> None:
    """List the accounts."""
    _, database = open_store(None, data)
    accounts = run(database, lambda tx: Answer(sorted(tx.all(ACCOUNTS), key=_created_at)))
    if as_json:
        Say.json([{"account": a.id, "name": a.name, "email": a.email, "created_at": a.created_at} for a in accounts])
    else:
        Say.table(
            ("account", "name", "root user", "since"),
            [(a.id, a.name, a.email, f"{a.created_at:%Y-%m-%d}") for a in accounts],
        )


@command.command("reopen", cls=Framed, example="remit account reopen 222222222222")
@click.argument("id_", metavar="ID")
@data_option
@json_option
def reopen_account(*, id_: str, data: Path | None, as_json: bool) -> None:
    """Make an account active again that its organization closed, as AWS's support does within ninety days."""
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Account]:
        account = known_account(tx, AccountId(id_))
        if account.state is not AccountState.CLOSED:
            raise Failed(f"account {id_} is {account.state}, and only a closed one can be reopened", REFUSED)
        return Answer(reopen(tx, account))

    account = run(database, work)
    if as_json:
        Say.json({"account": account.id, "state": account.state})
    else:
        Say.line(f"Account {account.id} is {account.state}.")


def _created_at(account: Account) -> tuple[datetime, AccountId]:
    return account.created_at, account.id


def run(database: Database, work: Work[T]) -> T:
    """Run *work* on the store and let go of it.

    Raises:
        Failed: the directory says no, or the store cannot be written.
    """
    try:
        return database.run(work)
    except DirectoryFact as fact:
        raise Failed(str(fact), REFUSED) from None
    except StoreError as error:
        raise Failed(str(error)) from None
    finally:
        database.close_now()
