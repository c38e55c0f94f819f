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


ARTIFACT_SETTINGS = Kind("artifact-settings", ArtifactSettings)


def subscription_of(tx: Transaction, account: AccountId) -> Subscription:
    """Return whether *account* is told; it is not unless it asked for it."""
    found = tx.get(ARTIFACT_SETTINGS, account)
    return Subscription.NOT_SUBSCRIBED if found is None else found.subscription
