"""Cost allocation tags: which tags of resources are columns of a bill. Only the payer turns them on.

A tag counts from when it is active, and earlier months only after a backfill. Which there are, lines of bills tell.
Source: AWS Billing user guide, "Organizing and tracking costs using AWS cost allocation tags" and "Backfill cost
allocation tags"; `consolidated-billing` reference, section 6.
"""

from datetime import datetime, timedelta

import msgspec

from remit.directory.billing.cost_categories import months_before
from remit.directory.billing.facts import Full, Hindered, Thing, Unfit
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

AWS_PREFIX = "aws:"
ACTIVE_MAX = 500
BACKFILL_MONTHS_MAX = 12
_BETWEEN_BACKFILLS = timedelta(hours=24)


class AllocationTag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key of tags.

    Attributes:
        account: the payer.
        updated_at: when it was turned on or off last.
        active_since: from when on it counts; None while it is off.
    """

    id: str
    account: AccountId
    key: str
    updated_at: datetime
    active_since: datetime | None = None

    @property
    def is_aws(self) -> bool:
        """Whether AWS makes it."""
        return self.key.startswith(AWS_PREFIX)


class Backfill(msgspec.Struct, frozen=True, kw_only=True):
    """That the tags active then count from an earlier month on."""

    id: str
    account: AccountId
    starts_at: datetime
    requested_at: datetime


ALLOCATION_TAGS = Kind(
    "allocation-tag", AllocationTag, groups={"account": lambda tag: (tag.account,)}, order=lambda tag: tag.key
)
BACKFILLS = Kind(
    "allocation-tag-backfill",
    Backfill,
    groups={"account": lambda made: (made.account,)},
    order=lambda made: f"{made.requested_at.isoformat()}",
)


def allocation_tags(tx: Transaction, payer: AccountId) -> list[AllocationTag]:
    """Return the keys that were ever turned on, by key."""
    return sorted(tx.select(ALLOCATION_TAGS, "account", payer), key=lambda tag: tag.key)


def set_active(tx: Transaction, payer: AccountId, key: str, *, is_active: bool, at: datetime) -> None:
    """Turn a key on or off.

    Raises:
        Full: as many as may be are on.
    """
    id_ = f"{payer}:{key}"
    held = tx.get(ALLOCATION_TAGS, id_) or AllocationTag(id=id_, account=payer, key=key, updated_at=at)
    if is_active and held.active_since is None:
        on = sum(tag.active_since is not None for tag in tx.select(ALLOCATION_TAGS, "account", payer))
        if on >= ACTIVE_MAX:
            raise Full(Thing.ALLOCATION_TAG, ACTIVE_MAX)
        tx.put(ALLOCATION_TAGS, msgspec.structs.replace(held, active_since=at, updated_at=at))
    elif not is_active and held.active_since is not None:
        tx.put(ALLOCATION_TAGS, msgspec.structs.replace(held, active_since=None, updated_at=at))


def backfills(tx: Transaction, payer: AccountId) -> list[Backfill]:
    """Return what was asked for, the newest first."""
    found = tx.select(BACKFILLS, "account", payer)
    return sorted(found, key=lambda made: made.requested_at, reverse=True)


def backfill(tx: Transaction, payer: AccountId, starts_at: datetime, *, at: datetime) -> Backfill:
    """Let the tags that are active count from *starts_at* on.

    Raises:
        Unfit: it is not the first of a month, or more than a year ago, or to come.
        Hindered: another one was asked for within a day.
    """
    if starts_at != months_before(starts_at, 0):
        raise Unfit("BackfillFrom", "BackfillFrom must be the first instant of a month.")
    if not months_before(at, BACKFILL_MONTHS_MAX) <= starts_at <= at:
        raise Unfit("BackfillFrom", f"BackfillFrom must be within the last {BACKFILL_MONTHS_MAX} months.")
    last = next(iter(backfills(tx, payer)), None)
    if last is not None and at - last.requested_at < _BETWEEN_BACKFILLS:
        raise Hindered(Thing.BACKFILL, last.id, "Only one backfill can be requested within 24 hours.")
    made = Backfill(id=new_uuid(), account=payer, starts_at=starts_at, requested_at=at)
    tx.put(BACKFILLS, made)
    for tag in tx.select(ALLOCATION_TAGS, "account", payer):
        if tag.active_since is not None and starts_at < tag.active_since:
            tx.put(ALLOCATION_TAGS, msgspec.structs.replace(tag, active_since=starts_at))
    return made
