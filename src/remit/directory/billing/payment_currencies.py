"""In which currency the invoices of a payer's months are due, at which rate; US dollars where nobody said another.

A month has one fixed rate, which is said before the month is closed: an invoice is never made again with another.
Source: AWS Billing user guide, "Managing your payment currency preference"; Invoicing API reference,
`CurrencyExchangeDetails`; reference, section 9. AWS has the preference in its console only.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction

USD = "USD"
_DIGITS = 2
# How many places amounts have in currencies that have not two. Source: ISO 4217, minor units.
_OTHER_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class PaymentCurrency(msgspec.Struct, frozen=True, kw_only=True):
    """The currency of a month's invoices; *id* is payer and month.

    Attributes:
        period: `2026-03`.
        currency: ISO 4217, three letters.
        rate: how much of it is a US dollar; a decimal number above zero.
    """

    id: str
    account: AccountId
    period: str
    currency: str
    rate: str

    @property
    def factor(self) -> Fraction:
        """The rate as a number."""
        return Fraction(Decimal(self.rate))

    @property
    def digits(self) -> int:
        """How many places amounts have."""
        return _OTHER_DIGITS.get(self.currency, _DIGITS)


PAYMENT_CURRENCIES = Kind("payment-currency", PaymentCurrency, groups={"account": lambda held: (held.account,)})


def payment_currencies(tx: Transaction, payer: AccountId) -> Mapping[str, PaymentCurrency]:
    """Return month -> in which currency its invoices are due, for those that are not due in US dollars."""
    return {held.period: held for held in tx.select(PAYMENT_CURRENCIES, "account", payer)}


def set_payment_currency(tx: Transaction, payer: AccountId, period: str, currency: str, rate: Decimal) -> bool:
    """Let the invoices of a month that is not closed be due in a currency; say whether that is a change."""
    id_ = f"{payer}:{period}"
    before = tx.get(PAYMENT_CURRENCIES, id_)
    if currency == USD:
        if before is not None:
            tx.delete(PAYMENT_CURRENCIES, before)
        return before is not None
    made = PaymentCurrency(id=id_, account=payer, period=period, currency=currency, rate=f"{rate.normalize():f}")
    tx.put(PAYMENT_CURRENCIES, made)
    return made != before
