"""The invoice of a month: what the payer owes, by account and service, tax apart; every table adds up as printed.

A line is rounded to cents, half to even; a total is the sum of what was not rounded, rounded at its end. Where the two
differ, a line says so. Usage without a price is listed, never a zero.

An invoice is in US dollars. It may be due in another currency, at the fixed rate of its month: then each amount is
converted before it is rounded, once, to what that currency has as cents, and the amounts in US dollars stay.

Source: reference, 1.7, 9 and 10.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.money import ZERO, rounded

SELLER = "Remit"


class Kind(StrEnum):
    """What a line of an invoice is about, in the order in which they stand."""

    CHARGES = "Charges"
    DISCOUNTS = "Discounts"
    REFUNDS = "Refunds"
    CREDITS = "Credits"
    TAX = "Tax"


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


class Fee(NamedTuple):
    """A part of the charges that is no usage: of a reservation, a plan, a purchase, a support plan."""

    account: str
    service: str
    amount: Fraction


class Row(NamedTuple):
    """A row of a table as it is printed."""

    label: str
    amount: Decimal


class Payment(NamedTuple):
    """A currency that an invoice is printed in.

    Attributes:
        rate: how much of it is a US dollar.
        rate_text: the rate as it was given.
        digits: how many places its amounts have.
        carried: as that of an invoice, in this currency.
    """

    currency: str
    rate: Fraction
    rate_text: str
    digits: int
    carried: Decimal = Decimal(0)

    def rounded(self, usd: Fraction) -> Decimal:
        """Return what an amount of US dollars comes to."""
        return rounded(usd * self.rate, self.digits)


DOLLARS = Payment("USD", Fraction(1), "1", 2)


class Invoice(NamedTuple):
    """An invoice.

    Attributes:
        is_final: False while the month is open: the figures are estimates then.
        at: the first moment after the month.
        receiver: to whom it is addressed: the payer, or the receiver of an invoice unit.
        unit: the name of the invoice unit; empty for what belongs to none.
        names: id of an account -> name.
        charges: in order of account, kind, seller and service; the receiver's own first.
        fees: what of the charges is no usage.
        carried: what rounding of all invoices of the month leaves to this one, so that they add up to the whole.
        payment: the currency that it is due in, where that is another than US dollars.
    """

    number: str
    period: str
    is_final: bool
    at: datetime
    payer: str
    receiver: str
    unit: str
    bill_to: tuple[str, ...]
    names: Mapping[str, str]
    charges: tuple[Charge, ...]
    unpriced: tuple[Unpriced, ...]
    fees: tuple[Fee, ...] = ()
    carried: Decimal = Decimal("0.00")
    payment: Payment | None = None

    @property
    def total(self) -> Decimal:
        """What is owed."""
        return self.total_in(self.dollars)

    @property
    def dollars(self) -> Payment:
        """The currency that all is reckoned in, with what this invoice carries."""
        return DOLLARS._replace(carried=self.carried)

    def total_in(self, payment: Payment) -> Decimal:
        """Return what is owed, in a currency."""
        return payment.rounded(sum((charge.amount for charge in self.charges), ZERO)) + payment.carried

    def of_account(self, account: str) -> tuple[Charge, ...]:
        """Return the lines of one account."""
        return tuple(charge for charge in self.charges if charge.account == account)

    @property
    def accounts(self) -> list[str]:
        """Accounts with lines or unpriced usage; the receiver first."""
        found = {charge.account for charge in self.charges} | {one.account for one in self.unpriced}
        return sorted(found, key=lambda account: (account != self.receiver, account))


def adding_up(
    amounts: Iterable[tuple[str, Fraction]], carried: Decimal = Decimal(0), payment: Payment = DOLLARS
) -> tuple[list[Row], Decimal]:
    """Return rows as they are printed, a row for rounding where there is a difference, and the total that they have.

    Args:
        amounts: in US dollars, not rounded.
        carried: is in the total beside the amounts, in the currency that is printed.
        payment: the currency that is printed.
    """
    exact = list(amounts)
    rows = [Row(label, payment.rounded(amount)) for label, amount in exact]
    total = payment.rounded(sum((amount for _, amount in exact), ZERO)) + carried
    difference = total - sum((row.amount for row in rows), Decimal(0))
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
