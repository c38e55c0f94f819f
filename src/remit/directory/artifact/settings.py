"""What an account wants of Artifact: whether it is told of what happens. Source: `artifact` reference, section 8."""

from enum import StrEnum

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction


class Subscription(StrEnum):
    """Whether an account is told."""

    SUBSCRIBED = "SUBSCRIBED"
    NOT_SUBSCRIBED = "NOT_SUBSCRIBED"


class ArtifactSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of an account; *id* is the account's."""

    id: str
    account: AccountId
    subscription: Subscription


ARTIFACT_SETTINGS = Kind(
    "artifact-settings",
    ArtifactSettings,
    groups={"told": lambda settings: (True,) if settings.subscription is Subscription.SUBSCRIBED else ()},
)


def subscription_of(tx: Transaction, account: AccountId) -> Subscription:
    """Return whether *account* is told; it is not unless it asked for it."""
    found = tx.get(ARTIFACT_SETTINGS, account)
    return Subscription.NOT_SUBSCRIBED if found is None else found.subscription


def is_subscribed(tx: Transaction, account: AccountId) -> bool:
    """Whether *account* asked to be told of what happens."""
    return subscription_of(tx, account) is Subscription.SUBSCRIBED


def subscribed_accounts(tx: Transaction) -> list[AccountId]:
    """Return the accounts that asked to be told of what happens, in no particular order."""
    return [settings.account for settings in tx.select(ARTIFACT_SETTINGS, "told", True)]
