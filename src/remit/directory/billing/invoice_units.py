"""Invoice units: accounts of an organization whose charges are on an invoice of their own, for a receiver of their own.

An account is in one unit at most. What a unit was before each change is kept, for questions about a moment that is
over: it is a version with a beginning and an end. A month's invoices follow the units as its last moment finds them.
Source: AWS Billing user guide, "Customizing your invoice preferences with Invoice Configuration"; API reference,
CreateInvoiceUnit, UpdateInvoiceUnit and `AsOf`; limits that AWS does not publish are ours (`docs/choices-billing.md`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.billing.payers import family_of
from remit.ids import AccountId, new_invoice_unit_id
from remit.store import Kind, Transaction

UNITS_MAX = 500


class InvoiceUnit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit as it is now, or as it was when it was deleted; *id* is its ARN, *account* the management account.

    Attributes:
        receiver: who gets the invoice; never another one.
        linked: the accounts whose charges are on it.
        tax_inheritance_disabled: is kept and shown; taxes here are those of each account anyway.
        since: when it became what it is.
    """

    id: str
    account: AccountId
    name: str
    receiver: AccountId
    linked: tuple[str, ...]
    created_at: datetime
    since: datetime
    description: str = ""
    tax_inheritance_disabled: bool = False
    deleted_at: datetime | None = None
    tags: Mapping[str, str] = {}

    @property
    def short_id(self) -> str:
        """What ends the numbers of its invoices."""
        return self.id.rpartition("/")[2]


class FormerUnit(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit was until a moment, exclusive."""

    id: str
    account: AccountId
    unit: InvoiceUnit
    until: datetime


def _names(unit: InvoiceUnit) -> tuple[str, str] | None:
    return (unit.account, unit.name) if unit.deleted_at is None else None


INVOICE_UNITS = Kind(
    "invoice-unit",
    InvoiceUnit,
    unique={"name": _names},
    groups={
        "account": lambda unit: (unit.account,),
        "live": lambda unit: (unit.account,) if unit.deleted_at is None else (),
        "linked": lambda unit: unit.linked if unit.deleted_at is None else (),
        "receiver": lambda unit: (unit.receiver,),
    },
    order=lambda unit: unit.id,
)
FORMER_UNITS = Kind("former-invoice-unit", FormerUnit, groups={"unit": lambda former: (former.unit.id,)})


def known_unit(tx: Transaction, account: AccountId, arn: str, at: datetime | None = None) -> InvoiceUnit:
    """Return a unit of *account* as it is, or as it was *at* a moment.

    Raises:
        Missing: there is none, or there was none then.
    """
    found = tx.get(INVOICE_UNITS, arn)
    if found is None or found.account != account:
        raise Missing(Thing.INVOICE_UNIT, arn)
    then = _now(found) if at is None else _then(tx, found, at)
    if then is None:
        raise Missing(Thing.INVOICE_UNIT, arn)
    return then


def units_of(tx: Transaction, account: AccountId, at: datetime | None = None) -> list[InvoiceUnit]:
    """Return the units of *account* as they are, or as they were *at* a moment, by ARN."""
    every = tx.select(INVOICE_UNITS, "account" if at is not None else "live", account)
    found = [_now(unit) if at is None else _then(tx, unit, at) for unit in every]
    return sorted((unit for unit in found if unit is not None), key=lambda unit: unit.id)


def _now(unit: InvoiceUnit) -> InvoiceUnit | None:
    return unit if unit.deleted_at is None else None


def _then(tx: Transaction, unit: InvoiceUnit, at: datetime) -> InvoiceUnit | None:
    return unit_at(unit, tx.select(FORMER_UNITS, "unit", unit.id), at)


def unit_at(unit: InvoiceUnit, former: Sequence[FormerUnit], at: datetime) -> InvoiceUnit | None:
    """Return what *unit* was at a moment; None before it was made and after it was deleted.

    Args:
        former: what it was before.
    """
    if at < unit.created_at or (unit.deleted_at is not None and unit.deleted_at <= at):
        return None
    was = [one for one in former if at < one.until]
    return min(was, key=lambda one: one.until).unit if was else unit


def create_unit(tx: Transaction, unit: InvoiceUnit) -> None:
    """Keep a new unit.

    Raises:
        Taken: another has its name.
        Full: the account has as many as it may.
        Missing: the receiver or an account is none of the organization.
        Hindered: an account is in another unit.
    """
    if tx.find(INVOICE_UNITS, "name", _names(unit)) is not None:
        raise Taken(Thing.INVOICE_UNIT, unit.name)
    if tx.count(INVOICE_UNITS, "live", unit.account) >= UNITS_MAX:
        raise Full(Thing.INVOICE_UNIT, UNITS_MAX)
    family = frozenset(family_of(tx, unit.account))
    if unit.receiver not in family:
        raise Missing(Thing.INVOICE_RECEIVER, unit.receiver)
    _check_linked(tx, unit, family)
    tx.put(INVOICE_UNITS, unit)


def update_unit(tx: Transaction, unit: InvoiceUnit, changed: InvoiceUnit, at: datetime) -> None:
    """Put *changed* in the place of *unit*, whose accounts are asked about only if they are others.

    Raises:
        Missing: an account is none of the organization.
        Hindered: an account is in another unit.
    """
    if changed.linked != unit.linked:
        _check_linked(tx, changed, frozenset(family_of(tx, unit.account)))
    _remember(tx, unit, at)
    tx.put(INVOICE_UNITS, msgspec.structs.replace(changed, since=at))


def delete_unit(tx: Transaction, unit: InvoiceUnit, at: datetime) -> None:
    """End a unit: it is still there for questions about the time before."""
    tx.put(INVOICE_UNITS, msgspec.structs.replace(unit, deleted_at=at))


def _remember(tx: Transaction, unit: InvoiceUnit, at: datetime) -> None:
    if unit.since < at:  # what was for no time at all, nobody can ask for
        id_ = f"{unit.id}@{unit.since.timestamp():.6f}"
        tx.put(FORMER_UNITS, FormerUnit(id=id_, account=unit.account, unit=unit, until=at))


def _check_linked(tx: Transaction, unit: InvoiceUnit, family: frozenset[str]) -> None:
    if not unit.linked:
        raise Unfit("Rule", "An invoice unit has at least one linked account.")
    for account in unit.linked:
        if account not in family:
            raise Missing(Thing.ACCOUNT, account)
        for other in tx.select(INVOICE_UNITS, "linked", account):
            if other.account == unit.account and other.id != unit.id:
                reason = f"Account {account} is in the invoice unit {other.name} already."
                raise Hindered(Thing.INVOICE_UNIT, other.id, reason)


def new_arn(account: AccountId, partition: str) -> str:
    """Invent the ARN of a unit."""
    return f"arn:{partition}:invoicing::{account}:invoice-unit/{new_invoice_unit_id()}"
