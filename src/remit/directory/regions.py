"""Regions: which there are, and which of them an account may use.

An account has the regions of old without asking, and opts in to newer ones. A change takes its time, by the server's
clock; nothing has to happen for it to be done.

    DISABLED -> ENABLING -> ENABLED -> DISABLING -> DISABLED

A region can be used while it is being disabled, and not yet while it is being enabled.
Source: AWS Account Management reference guide, "Enable or disable AWS Regions in your account"; how long it takes, and
what can be used meanwhile, as AWS was recorded in September 2026.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import resources

import msgspec

from remit.directory.facts import NotFound, Noun, Quota, RegionRefused, limit
from remit.directory.organizations import organization_of
from remit.ids import AccountId
from remit.store import Kind, Transaction

_REGIONS = msgspec.json.decode(
    resources.files("remit.directory").joinpath("data/regions.json").read_bytes(), type=dict[str, dict[str, bool]]
)
# The regions of every partition that an account does not have by itself: asked on each request.
OPT_IN_REGIONS = frozenset(
    region for regions in _REGIONS.values() for region, is_opt_in in regions.items() if is_opt_in
)


class OptStatus(StrEnum):
    """Whether an account has a region."""

    ENABLED = "ENABLED"
    ENABLING = "ENABLING"
    DISABLING = "DISABLING"
    DISABLED = "DISABLED"
    ENABLED_BY_DEFAULT = "ENABLED_BY_DEFAULT"


_ENDS_AS = {OptStatus.ENABLING: OptStatus.ENABLED, OptStatus.DISABLING: OptStatus.DISABLED}
_TAKES = {OptStatus.ENABLING: timedelta(minutes=2), OptStatus.DISABLING: timedelta(seconds=45)}
_USABLE = frozenset({OptStatus.ENABLED, OptStatus.DISABLING, OptStatus.ENABLED_BY_DEFAULT})


class Opted(msgspec.Struct, frozen=True):
    """The last change of a region: what it was, and when it began."""

    status: OptStatus
    at: datetime

    def status_at(self, at: datetime) -> OptStatus:
        """Return the status at an instant."""
        return self.status if at < self.at + _TAKES[self.status] else _ENDS_AS[self.status]


class RegionOpts(msgspec.Struct, frozen=True, kw_only=True):
    """The regions that an account ever changed, by name; there is one of these at most, with the account's id."""

    id: str
    account: AccountId
    regions: dict[str, Opted]


REGION_OPTS = Kind("region_opts", RegionOpts)


def region_statuses(tx: Transaction, account: AccountId, partition: str, at: datetime) -> dict[str, OptStatus]:
    """Return the status of every region of *partition*, by name."""
    opted = _opted(tx, account)
    return {region: _status(region, opted, at) for region in _REGIONS[partition]}


def is_region(region: str, partition: str) -> bool:
    """Whether *partition* has a region of that name."""
    return region in _REGIONS[partition]


def region_status(tx: Transaction, account: AccountId, partition: str, region: str, at: datetime) -> OptStatus:
    """Return the status of *region*.

    Raises:
        NotFound: *partition* has no such region.
    """
    if region not in _REGIONS[partition]:
        raise NotFound(Noun.REGION, region)
    return _status(region, _opted(tx, account), at)


def is_region_usable(tx: Transaction, account: AccountId, region: str, at: datetime) -> bool:
    """Whether *account* may send requests to *region*; to one that nobody knows it may."""
    return region not in OPT_IN_REGIONS or _status(region, _opted(tx, account), at) in _USABLE


def enable_region(tx: Transaction, account: AccountId, partition: str, region: str, at: datetime) -> None:
    """Begin to enable *region*.

    Raises:
        NotFound: *partition* has no such region.
        RegionRefused: the region is not disabled.
        QuotaExceeded: too many regions of the account, or of its organization, are being changed.
    """
    _change(tx, account, partition, region, at, OptStatus.DISABLED, OptStatus.ENABLING)


def disable_region(tx: Transaction, account: AccountId, partition: str, region: str, at: datetime) -> None:
    """Begin to disable *region*.

    Raises:
        NotFound: *partition* has no such region.
        RegionRefused: the region is not enabled, or every account has it.
        QuotaExceeded: as for `enable_region`.
    """
    _change(tx, account, partition, region, at, OptStatus.ENABLED, OptStatus.DISABLING)


def _change(
    tx: Transaction,
    account: AccountId,
    partition: str,
    region: str,
    at: datetime,
    before: OptStatus,
    after: OptStatus,
) -> None:
    status = region_status(tx, account, partition, region, at)
    if status is not before:
        raise RegionRefused(account, region, is_changing=status in _TAKES)
    limit(Quota.REGION_OPTS, _changing(_opted(tx, account), at) + 1)
    limit(Quota.REGION_OPTS_IN_ORGANIZATION, _changing_in_organization(tx, account, at) + 1)
    opted = {**_opted(tx, account), region: Opted(after, at)}
    tx.put(REGION_OPTS, RegionOpts(id=account, account=account, regions=opted))


def _changing(opted: Mapping[str, Opted], at: datetime) -> int:
    return sum(one.status_at(at) in _TAKES for one in opted.values())


def _changing_in_organization(tx: Transaction, account: AccountId, at: datetime) -> int:
    organization = organization_of(tx, account)
    if organization is None:
        return 0
    return sum(
        changing
        for opts in tx.all(REGION_OPTS)
        if (changing := _changing(opts.regions, at)) and organization_of(tx, opts.account) == organization
    )


def _opted(tx: Transaction, account: AccountId) -> Mapping[str, Opted]:
    found = tx.get(REGION_OPTS, account)
    return {} if found is None else found.regions


def _status(region: str, opted: Mapping[str, Opted], at: datetime) -> OptStatus:
    if region not in OPT_IN_REGIONS:
        return OptStatus.ENABLED_BY_DEFAULT
    found = opted.get(region)
    return OptStatus.DISABLED if found is None else found.status_at(at)
