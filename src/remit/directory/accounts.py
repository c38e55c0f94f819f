"""Accounts: what everything else belongs to. Each has one root user, who is not an IAM user.

Source: IAM User Guide, "AWS account root user".
"""

from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An account.

    Attributes:
        id, account: the same twelve digits: an account belongs to itself.
        email: of the root user; unique in the store, without regard to case.
        name: for people.
        bootstrap_keys: ids of the access keys made at founding; a reset brings them back.
        alias: another name for the account in the URL where its users sign in; no other account has it.
        organization: id of the organization it is in, as its management account or a member; empty when in none.
        token_version: of the session tokens that the global endpoint of STS gives, 1 or 2.
    """

    id: AccountId
    email: str
    name: str
    created_at: datetime
    bootstrap_keys: tuple[str, ...] = ()
    organization: str = ""
    alias: str = ""
    token_version: int = 1

    @property
    def account(self) -> AccountId:
        """The account it belongs to: itself."""
        return self.id


ACCOUNTS = Kind(
    "account",
    Account,
    unique={"email": lambda account: account.email.lower(), "alias": lambda account: account.alias or None},
    groups={
        "all": lambda _: ("all",),
        "organization": lambda account: (account.organization,) if account.organization else (),
    },
)


def known_account(tx: Transaction, id_: AccountId) -> Account:
    """Find an account by its id.

    Raises:
        NotFound: the store has none of that id.
    """
    found = tx.get(ACCOUNTS, id_)
    if found is None:
        raise NotFound(Noun.ACCOUNT, id_)
    return found


def create_account(tx: Transaction, id_: AccountId, *, email: str, name: str, at: datetime) -> Account:
    """Make an account, with its root user and nothing else.

    Raises:
        AlreadyExists: the id or the e-mail address is taken.
    """
    if tx.get(ACCOUNTS, id_) is not None:
        raise AlreadyExists(Noun.ACCOUNT, id_)
    if tx.find(ACCOUNTS, "email", email.lower()) is not None:
        raise AlreadyExists(Noun.ACCOUNT, email)
    account = Account(id=id_, email=email, name=name, created_at=at)
    tx.put(ACCOUNTS, account)
    return account


def set_alias(tx: Transaction, account: Account, alias: str) -> None:
    """Give *account* an alias, in the place of the one it has.

    Raises:
        AlreadyExists: another account has it.
    """
    taken = tx.find(ACCOUNTS, "alias", alias)
    if taken is not None and taken.id != account.id:
        raise AlreadyExists(Noun.ACCOUNT_ALIAS, alias)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, alias=alias))


def remove_alias(tx: Transaction, account: Account, alias: str) -> None:
    """Take its alias from *account*.

    Raises:
        NotFound: it has none, or another one.
    """
    if account.alias != alias:
        raise NotFound(Noun.ACCOUNT_ALIAS, alias)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, alias=""))
