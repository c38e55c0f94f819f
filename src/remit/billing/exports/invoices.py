"""The invoices of months: one for the payer, and one for each invoice unit that has charges; they add up to the bill.

The lines of an account that is in a unit are on the unit's invoice, all others on the payer's. Each invoice rounds its
total to cents; what they miss of the rounded total of the whole is on the payer's, as rounding; in each currency.
Source: AWS Billing user guide, "Customizing your invoice preferences with Invoice Configuration"; reference, 9 and 10.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from remit.billing.exports.invoice import DOLLARS, Charge, Fee, Invoice, Kind, Payment, Unpriced
from remit.billing.lines import LineType
from remit.billing.money import ZERO
from remit.billing.months import begin_of, month_after
from remit.directory.billing.addressing import Addressing
from remit.directory.billing.invoice_units import InvoiceUnit
from remit.directory.billing.payment_currencies import PaymentCurrency
from remit.request import BilledMonth, Bills

_KIND = (
    "CASE line_type WHEN 'Tax' THEN 'Tax' WHEN 'Credit' THEN 'Credits' WHEN 'Refund' THEN 'Refunds'"
    " WHEN 'PrivateRateDiscount' THEN 'Discounts' ELSE 'Charges' END"
)
_FEES = (
    LineType.FEE,
    LineType.RI_FEE,
    LineType.SAVINGS_PLAN_RECURRING_FEE,
    LineType.SAVINGS_PLAN_UPFRONT_FEE,
)
_MONTH = "strftime(\"start\", '%Y-%m')"
_CHARGES = f"""SELECT {_MONTH} AS period, account, {_KIND} AS kind, list_contains(?, line_type) AS is_fee, seller,
 service, corrects, sum(unblended)
 FROM costs WHERE pricing <> 'Unpriced' GROUP BY ALL HAVING sum(unblended) <> 0"""
_UNPRICED = f"""SELECT {_MONTH} AS period, account, service, usage_type, sum(quantity), unit
 FROM costs WHERE pricing = 'Unpriced' GROUP BY ALL ORDER BY ALL"""
_NUMBER = re.compile(r"R-([0-9]{4})(0[1-9]|1[0-2])-([0-9]{12})(?:-([a-z0-9]+))?", re.ASCII)
_KINDS = {kind: number for number, kind in enumerate(Kind)}


class Numbered(NamedTuple):
    """What the number of an invoice says; *unit* is the end of the ARN of an invoice unit, or empty."""

    period: str
    payer: str
    unit: str


def invoice_number(period: str, payer: str, unit: str = "") -> str:
    """Return the number of a payer's invoice for a month, or of that of an invoice unit: there is one."""
    return "-".join(filter(None, ("R", period.replace("-", ""), payer, unit)))


def numbered(number: str) -> Numbered | None:
    """Return what the number of an invoice says; None if it is none."""
    found = _NUMBER.fullmatch(number)
    return None if found is None else Numbered(f"{found[1]}-{found[2]}", found[3], found[4] or "")


def invoices_of(bills: Bills, months: Sequence[BilledMonth], to: Addressing) -> list[Invoice]:
    """Return the invoices of months of the payer, by month: its own first, then those of units by number.

    A payer has an invoice even for nothing, a unit does not. It takes long.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    periods = [month.period for month in months]
    charges: dict[str, list[Charge]] = {}
    fees: dict[str, list[Fee]] = {}
    unpriced: dict[str, list[Unpriced]] = {}
    if periods:
        for row in bills.rows(to.payer, periods, _CHARGES, [list(_FEES)]):
            period, account, kind, is_fee, seller, service, corrects, amount = row
            charge = Charge(account, Kind(kind), seller, service, corrects, Fraction(amount))
            charges.setdefault(period, []).append(charge)
            if is_fee:
                fees.setdefault(period, []).append(Fee(account, service, Fraction(amount)))
        for period, account, service, usage_type, quantity, unit in bills.rows(to.payer, periods, _UNPRICED, []):
            one = Unpriced(account, service, usage_type, Fraction(quantity), unit)
            unpriced.setdefault(period, []).append(one)
    return [
        invoice
        for month in months
        for invoice in split(
            _whole(
                month,
                to,
                _added(charges.get(month.period, ())),
                tuple(sorted(fees.get(month.period, ()))),
                tuple(unpriced.get(month.period, ())),
            ),
            to.units_before(_decided_at(month)),
            to,
        )
    ]


def _decided_at(month: BilledMonth) -> datetime:
    """Return when it was, or will be, decided who gets which invoice of a month."""
    end = _end(month.period)
    return end if month.closed_at is None else min(end, month.closed_at)


def _end(period: str) -> datetime:
    return begin_of(month_after(period))


def _added(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    """Add up charges that differ in nothing but whether they are fees; what comes to nothing is left out."""
    found: dict[Charge, Fraction] = {}
    for charge in charges:
        key = charge._replace(amount=ZERO)
        found[key] = found.get(key, ZERO) + charge.amount
    return tuple(key._replace(amount=amount) for key, amount in found.items() if amount)


def _whole(
    month: BilledMonth,
    to: Addressing,
    charges: tuple[Charge, ...],
    fees: tuple[Fee, ...],
    unpriced: tuple[Unpriced, ...],
) -> Invoice:
    """Return a month as one invoice."""
    return Invoice(
        number=invoice_number(month.period, to.payer),
        period=month.period,
        is_final=month.is_closed,
        at=_end(month.period),
        payer=to.payer,
        receiver=to.payer,
        unit="",
        bill_to=to.bill_to(to.payer),
        names=to.names,
        charges=_in_order(charges, to.payer),
        unpriced=unpriced,
        fees=fees,
        payment=_payment(to.currencies.get(month.period)),
    )


def _payment(held: PaymentCurrency | None) -> Payment | None:
    return None if held is None else Payment(held.currency, held.factor, held.rate, held.digits)


def _in_order(charges: Iterable[Charge], receiver: str) -> tuple[Charge, ...]:
    return tuple(sorted(charges, key=lambda one: (one.account != receiver, one.account, _KINDS[one.kind], *one[2:])))


def split(whole: Invoice, units: Sequence[InvoiceUnit], to: Addressing) -> list[Invoice]:
    """Split an invoice: what is the payer's own, and one for each unit that has lines, by number.

    The totals add up to that of *whole*.
    """
    of_units = [part for unit in units if (part := _part(whole, unit, to)).charges or part.unpriced]
    gone = frozenset(account for unit in units for account in unit.linked)
    rest = _only(whole, lambda account: account not in gone)
    own = rest._replace(carried=_left(whole, [rest, *of_units], DOLLARS))
    if whole.payment is not None:
        own = own._replace(
            payment=whole.payment._replace(carried=_left(whole, [rest, *of_units], whole.payment)),
        )
    return [own, *sorted(of_units, key=lambda part: part.number)]


def _left(whole: Invoice, parts: Iterable[Invoice], payment: Payment) -> Decimal:
    """Return what the totals of parts miss of the total of the whole, in a currency."""
    return whole.total_in(payment) - sum((part.total_in(payment) for part in parts), Decimal(0))


def _part(whole: Invoice, unit: InvoiceUnit, to: Addressing) -> Invoice:
    accounts = frozenset(unit.linked)
    part = _only(whole, lambda account: account in accounts)
    return part._replace(
        number=invoice_number(whole.period, whole.payer, unit.short_id),
        receiver=unit.receiver,
        unit=unit.name,
        bill_to=to.bill_to(unit.receiver),
        charges=_in_order(part.charges, unit.receiver),
    )


def _only(whole: Invoice, is_in: Callable[[str], bool]) -> Invoice:
    return whole._replace(
        charges=tuple(one for one in whole.charges if is_in(one.account)),
        unpriced=tuple(one for one in whole.unpriced if is_in(one.account)),
        fees=tuple(one for one in whole.fees if is_in(one.account)),
    )


def numbers_of(month: BilledMonth, to: Addressing) -> Mapping[str, str]:
    """Return account -> the number of the invoice that its lines of a month are on, for accounts in units."""
    return {
        account: invoice_number(month.period, to.payer, unit.short_id)
        for unit in to.units_before(_decided_at(month))
        for account in unit.linked
    }
