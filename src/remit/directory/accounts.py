"""Accounts: what everything else belongs to. Each has one root user, who is not an IAM user.

Source: IAM User Guide, "AWS account root user"; AWS Organizations User Guide, "Managing accounts"; `organizations`
reference, 4.2.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class AccountState(StrEnum):
    """Where an account is in its life, by the API's words."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"


# In these an account's credentials are good.
USABLE = frozenset({AccountState.ACTIVE, AccountState.PENDING_CLOSURE})


class JoinedMethod(StrEnum):
    """How an account came into its organization."""

    INVITED = "INVITED"
    CREATED = "CREATED"


class Membership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An account's place in an organization. It ends with the membership, so nothing of it outlives it.

    Attributes:
        organization: its id.
        parent: id of the root or unit that the account is in.
        attached: type of policy -> ids of the policies attached to the account, oldest attachment first; a type that is
            not there has what is attached to everything (`organizations.policies.DEFAULTS`).
        tags: that the organization gave the account.
    """

    organization: str
    parent: str
    method: JoinedMethod
    joined_at: datetime
    attached: Mapping[str, tuple[str, ...]] = {}
    tags: Mapping[str, str] = {}


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An account.

    Attributes:
        id, account: the same twelve digits: an account belongs to itself.
        email: of the root user; unique in the store, without regard to case.
        name: for people.
        bootstrap_keys: ids of the access keys made at founding; a reset brings them back.
        alias: another name for the account in the URL where its users sign in; no other account has it.
        membership: in the organization it is in, as its management account or a member; None when in none.
        state: anything but `ACTIVE` only in an organization.
        closed_at: when it was closed; None while it is not.
        token_version: of the session tokens that the global endpoint of STS gives, 1 or 2.
    """

    id: AccountId
    email: str
    name: str
    created_at: datetime
    bootstrap_keys: tuple[str, ...] = ()
    alias: str = ""
    token_version: int = 1
    membership: Membership | None = None
    state: AccountState = AccountState.ACTIVE
    closed_at: datetime | None = None

    @property
    def account(self) -> AccountId:
        """The account it belongs to: itself."""
        return self.id

    @property
    def organization(self) -> str:
        """The id of the organization it is in; empty when in none."""
        return "" if self.membership is None else self.membership.organization


def _policies(account: Account) -> list[tuple[str, str]]:
    """Return (organization, policy) for each policy of an organization that was attached to the account itself."""
    membership = account.membership
    if membership is None:
        return []
    return [(membership.organization, id_) for ids in membership.attached.values() for id_ in ids]


ACCOUNTS = Kind(
    "account",
    Account,
    unique={"email": lambda account: account.email.lower(), "alias": lambda account: account.alias or None},
    groups={
        "all": lambda _: ("all",),
        "organization": lambda account: () if account.membership is None else (account.membership.organization,),
        "parent": lambda account: () if account.membership is None else (account.membership.parent,),
        "policy": _policies,
        "closing": lambda account: () if account.closed_at is None else (account.organization,),
    },
    order=lambda account: f"{account.created_at if account.membership is None else account.membership.joined_at}",
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


def first_account(tx: Transaction) -> Account:
    """Return the account that was founded with the store: it speaks for whoever runs the server."""
    return min(tx.all(ACCOUNTS), key=lambda account: (account.created_at, account.id))


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


def set_email(tx: Transaction, account: Account, email: str) -> None:
    """Give the root user of *account* another e-mail address, which no other account has."""
    tx.put(ACCOUNTS, msgspec.structs.replace(account, email=email))


def set_name(tx: Transaction, account: Account, name: str) -> None:
    """Give *account* another name."""
    tx.put(ACCOUNTS, msgspec.structs.replace(account, name=name))


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
