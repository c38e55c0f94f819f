"""The invoice of a month: what the payer owes, by account and service, tax apart; every table adds up as printed.

A line is rounded to cents, half to even; a total is the sum of what was not rounded, rounded at its end. Where the two
differ, a line says so. Usage without a price is listed, never a zero.

Source: reference, 1.7, 9 and 10.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.ledger import Ledger, Month, MonthState
from remit.billing.ledger.months import month_after
from remit.billing.money import ZERO, cents

SELLER = "Remit"


class Kind(StrEnum):
    """What a line of an invoice is about, in the order in which they stand."""

    CHARGES = "Charges"
    DISCOUNTS = "Discounts"
    REFUNDS = "Refunds"
    CREDITS = "Credits"
    TAX = "Tax"


_KIND = (
    "CASE line_type WHEN 'Tax' THEN 'Tax' WHEN 'Credit' THEN 'Credits' WHEN 'Refund' THEN 'Refunds'"
    " WHEN 'PrivateRateDiscount' THEN 'Discounts' ELSE 'Charges' END"
)


class Charge(NamedTuple):
    """A line.

    Attributes:
        corrects: the closed month that it belongs to; empty for the month of the invoice.
        amount: USD, not rounded.
    """

    account: str
    kind: Kind
    seller: str
    service: str
    corrects: str
    amount: Fraction


class Unpriced(NamedTuple):
    """Usage that has no price, and is not in any sum."""

    account: str
    service: str
    usage_type: str
    quantity: Fraction
    unit: str


class Row(NamedTuple):
    """A row of a table as it is printed."""

    label: str
    amount: Decimal


class Invoice(NamedTuple):
    """An invoice.

    Attributes:
        is_final: False while the month is open: the figures are estimates then.
        at: the first moment after the month.
        names: id of an account -> name.
        charges: in order of account, kind, seller and service.
    """

    number: str
    period: str
    is_final: bool
    at: datetime
    payer: str
    bill_to: tuple[str, ...]
    names: Mapping[str, str]
    charges: tuple[Charge, ...]
    unpriced: tuple[Unpriced, ...]

    @property
    def total(self) -> Decimal:
        """What is owed."""
        return cents(sum((charge.amount for charge in self.charges), ZERO))

    def of_account(self, account: str) -> tuple[Charge, ...]:
        """Return the lines of one account."""
        return tuple(charge for charge in self.charges if charge.account == account)

    @property
    def accounts(self) -> list[str]:
        """Accounts with lines or unpriced usage; the payer first."""
        found = {charge.account for charge in self.charges} | {one.account for one in self.unpriced}
        return sorted(found, key=lambda account: (account != self.payer, account))


def invoice_number(period: str, payer: str) -> str:
    """Return the number of a payer's invoice for a month: there is one."""
    return f"R-{period.replace('-', '')}-{payer}"


def invoice_of(ledger: Ledger, month: Month, payer: str, names: Mapping[str, str], bill_to: tuple[str, ...]) -> Invoice:
    """Make the invoice of a month.

    Raises:
        LedgerDamaged: a file is missing, or not what was written.
    """
    with ledger.open_lines([month.period]) as opened:
        charges = opened.connection.execute(
            f"SELECT account, {_KIND} AS kind, seller, service, corrects, sum(unblended) FROM lines"
            " WHERE pricing != 'Unpriced' GROUP BY ALL HAVING sum(unblended) != 0 OR count_if(unblended != 0) > 0"
        ).fetchall()
        unpriced = opened.connection.execute(
            "SELECT account, service, usage_type, sum(quantity), unit FROM lines WHERE pricing = 'Unpriced'"
            " GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    kinds = {kind: number for number, kind in enumerate(Kind)}
    lines = [
        Charge(account, Kind(kind), seller, service, corrects, Fraction(amount))
        for account, kind, seller, service, corrects, amount in charges
    ]
    return Invoice(
        number=invoice_number(month.period, payer),
        period=month.period,
        is_final=month.state is MonthState.CLOSED,
        at=datetime.fromisoformat(f"{month_after(month.period)}-01").replace(tzinfo=UTC),
        payer=payer,
        bill_to=bill_to or (names.get(payer, ""), f"Account {payer}"),
        names=names,
        charges=tuple(sorted(lines, key=lambda one: (one.account != payer, one.account, kinds[one.kind], *one[2:]))),
        unpriced=tuple(
            Unpriced(account, service, usage_type, Fraction(quantity), unit)
            for account, service, usage_type, quantity, unit in unpriced
        ),
    )


def adding_up(amounts: Iterable[tuple[str, Fraction]]) -> tuple[list[Row], Decimal]:
    """Return rows as they are printed, a row for rounding where there is a difference, and the total that they have."""
    exact = list(amounts)
    rows = [Row(label, cents(amount)) for label, amount in exact]
    total = cents(sum((amount for _, amount in exact), ZERO))
    difference = total - sum((row.amount for row in rows), Decimal("0.00"))
    if difference:
        rows.append(Row("Rounding", difference))
    return rows, total


def summed(charges: Iterable[Charge], label: Mapping[str, str] | str) -> list[tuple[str, Fraction]]:
    """Add lines up.

    Args:
        label: the attribute of a line by which, `kind`, `service` or `account`; or names for accounts.
    """
    found: dict[str, Fraction] = {}
    for charge in charges:
        key = str(getattr(charge, label)) if isinstance(label, str) else _called(charge.account, label)
        found[key] = found.get(key, ZERO) + charge.amount
    return list(found.items())


def _called(account: str, names: Mapping[str, str]) -> str:
    name = names.get(account, "")
    return f"{account} {name}".strip()
