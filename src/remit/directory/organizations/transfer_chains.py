"""Chains of transfers: who pays for the one that pays.

Organization A transfers to B, B to C: the chain has two levels, and C pays for both. A chain that would come back to
where it began is one of endless levels.
Source: `organizations` reference, 4.6; AWS Billing User Guide, "Billing transfer quotas".
"""

from datetime import datetime

from remit.directory.facts import Quota
from remit.directory.organizations.facts import Constraint, ConstraintBroken
from remit.directory.organizations.organization import ORGANIZATIONS, Organization
from remit.directory.organizations.transfers import RESPONSIBILITY_TRANSFERS, ResponsibilityTransfer
from remit.store import Transaction


def _agreed(tx: Transaction, index: str, key: str, *, at: datetime) -> list[ResponsibilityTransfer]:
    return [one for one in tx.select(RESPONSIBILITY_TRANSFERS, index, key) if one.is_agreed(at)]


def payers(tx: Transaction, organization: Organization, *, at: datetime) -> list[Organization]:
    """Return the organizations that pay for *organization*."""
    found = _agreed(tx, "source", organization.account, at=at)
    ids = [one.organization for one in found if one.source_organization == organization.id]
    return [payer for id_ in ids if (payer := tx.get(ORGANIZATIONS, id_)) is not None]


def _sources(tx: Transaction, organization: Organization, *, at: datetime) -> list[Organization]:
    found = _agreed(tx, "payer", organization.id, at=at)
    return [source for one in found if (source := tx.get(ORGANIZATIONS, one.source_organization)) is not None]


def upstream(tx: Transaction, organization: Organization, *, at: datetime) -> list[Organization]:
    """Return everybody that pays for *organization*, directly or through others, the nearest first."""
    found: dict[str, Organization] = {}
    waiting = payers(tx, organization, at=at)
    while waiting:
        payer = waiting.pop(0)
        if payer.id not in found:
            found[payer.id] = payer
            waiting += payers(tx, payer, at=at)
    return list(found.values())


def _levels_above(tx: Transaction, organization: Organization, *, at: datetime) -> int:
    return max((1 + _levels_above(tx, payer, at=at) for payer in payers(tx, organization, at=at)), default=0)


def _levels_below(tx: Transaction, organization: Organization, *, at: datetime) -> int:
    return max((1 + _levels_below(tx, source, at=at) for source in _sources(tx, organization, at=at)), default=0)


def _transfers_below(tx: Transaction, organization: Organization, *, at: datetime) -> int:
    return sum(1 + _transfers_below(tx, source, at=at) for source in _sources(tx, organization, at=at))


def check_chain(tx: Transaction, payer: Organization, source: Organization, *, at: datetime) -> None:
    """Look whether *payer* may come to pay for *source*.

    Raises:
        ConstraintBroken: the chain would have too many levels, or too many transfers.
    """
    above = [payer, *upstream(tx, payer, at=at)]
    # INVARIANT: no chain comes back to where it began, so that walking along one ends.
    if any(one.id == source.id for one in above):
        raise ConstraintBroken(Constraint.TRANSFER_LEVELS)
    levels = _levels_above(tx, payer, at=at) + 1 + _levels_below(tx, source, at=at)
    if levels > payer.limit(Quota.TRANSFER_LEVELS):
        raise ConstraintBroken(Constraint.TRANSFER_LEVELS)
    more = 1 + _transfers_below(tx, source, at=at)
    if any(_transfers_below(tx, one, at=at) + more > one.limit(Quota.TRANSFERS_IN_CHAIN) for one in above):
        raise ConstraintBroken(Constraint.TRANSFERS_IN_CHAIN)
