"""The first start: the first account, its root user, and one administrator for everyday work.

As AWS advises, nobody needs the root user's key: the administrator's is shown once and written to `credentials` in the
data folder, in the form of an AWS credentials file, mode 0600.
"""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from remit.directory import ACCOUNTS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import Account, create_account
from remit.directory.artifact.samples import put_samples
from remit.directory.attachments import attach, policy_by_arn
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.users import create_user
from remit.endpoint.settings import Settings
from remit.ids import AccountId, Secret, new_account_id
from remit.store import Answer, Database, StoreUnusable, Transaction

ADMINISTRATOR = "admin"


class Credentials(msgspec.Struct, frozen=True):
    """A long-term key with its secret, and whose it is."""

    account: AccountId
    user: str
    access_key_id: str
    secret: Secret


class Founded(msgspec.Struct, frozen=True):
    """What was founded. *administrator* is None when none was asked for, or the account was there already."""

    account: Account
    is_new: bool
    administrator: Credentials | None


def found(database: Database, settings: Settings, at: datetime) -> Founded:
    """Make the first account, unless the store has accounts.

    Raises:
        StoreError: it could not be stored.
    """

    def work(tx: Transaction) -> Answer[Founded]:
        accounts = sorted(tx.all(ACCOUNTS), key=lambda account: account.created_at)
        if accounts:
            return Answer(Founded(accounts[0], is_new=False, administrator=None))
        account = create_account(
            tx,
            AccountId(settings.account_id) if settings.account_id else new_account_id(),
            email=settings.root_email,
            name="remit",
            at=at,
        )
        if settings.samples:
            put_samples(tx, account.id)
        keys: list[str] = []
        if settings.root_access_key_id:
            given = (settings.root_access_key_id, Secret(settings.root_secret_access_key))
            key, _ = create_access_key(tx, account.id, account.id, at=at, given=given)
            keys.append(key.id)
        administrator = add_administrator(tx, account.id, at) if settings.admin else None
        if administrator is not None:
            keys.append(administrator.access_key_id)
        account = msgspec.structs.replace(account, bootstrap_keys=tuple(keys))
        tx.put(ACCOUNTS, account)
        return Answer(Founded(account, is_new=True, administrator=administrator))

    return database.run(work)


def add_administrator(tx: Transaction, account: AccountId, at: datetime) -> Credentials:
    """Make a user who may do everything in *account*, with an access key."""
    user = create_user(tx, account, ADMINISTRATOR, path="/", at=at, tags={})
    attach(tx, user, policy_by_arn(tx, account, ADMINISTRATOR_ACCESS))
    key, secret = create_access_key(tx, account, user.id, at=at)
    return Credentials(account, ADMINISTRATOR, key.id, secret)


def write_credentials(path: Path, credentials: Credentials, profile: str = "default") -> None:
    """Add *credentials* to the AWS credentials file at *path*, in a section called *profile*; the file gets mode 0600.

    Raises:
        StoreUnusable: the file cannot be written.
    """
    text = (
        f"[{profile}]\naws_access_key_id = {credentials.access_key_id}\n"
        f"aws_secret_access_key = {credentials.secret.reveal()}\n"
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    except OSError as error:
        raise StoreUnusable(f"cannot write {path}: {error.strerror}") from None
