"""Tax: a line for each account and seller, of what is left after discounts and credits.

Source: reference, 1.7 and 2.7.
"""

from collections.abc import Sequence
from fractions import Fraction

from remit.billing.engine.inputs import TaxRate
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, cents, text
from remit.billing.months import Month


def lines_of(rates: Sequence[TaxRate], lines: Sequence[Line], payer: str, month: Month) -> list[Line]:
    """Return the taxes on *lines*."""
    found: list[Line] = []
    for tax in rates:
        bases: dict[str, Fraction] = {}
        for line in lines:
            if (
                line.line_type is not LineType.TAX
                and line.seller == tax.seller
                and (not tax.accounts or line.account in tax.accounts)
                and (not tax.services or line.service in tax.services)
            ):
                bases[line.account] = bases.get(line.account, ZERO) + line.net_unblended
        for account, base in sorted(bases.items()):
            amount = base * tax.percent / 100
            if amount > 0:
                found.append(
                    Line(
                        f"{month}/{payer}/tax/{tax.name}/{tax.seller}/{account}", payer, account, str(month),
                        month.start, month.end, LineType.TAX, tax.name, "", rate=tax.percent / 100, unblended=amount,
                        blended=amount, amortized=amount, net_unblended=amount, net_amortized=amount,
                        seller=tax.seller, description=f"{text(tax.percent)} percent of {cents(base)} USD",
                    )
                )  # fmt: skip
    return found
