"""A consolidated bill with three mistakes, for the lab about it.

The same attempt has the same bill, so what is right can be told from it again.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from remit.compliance.learning.attempts import Attempt

_SERVICES = {
    "AmazonEC2": ("hours", Decimal("0.0416")),
    "AmazonS3": ("GB-months", Decimal("0.0230")),
    "AmazonRDS": ("hours", Decimal("0.1150")),
    "AWSLambda": ("GB-seconds x 1000", Decimal("0.0167")),
    "AmazonDynamoDB": ("million requests", Decimal("1.2500")),
}
_CENT = Decimal("0.01")


class _Line(NamedTuple):
    account: str
    service: str
    unit: str
    quantity: int
    rate: Decimal
    cost: Decimal

    @property
    def right(self) -> Decimal:
        return (self.quantity * self.rate).quantize(_CENT)


class Bill(NamedTuple):
    """A bill, and what is wrong with it."""

    text: str
    stranger: str
    line: int
    subtotal: str
    total: Decimal


def bill_of(attempt: Attempt) -> Bill:
    """Return the bill of an attempt."""
    dice = Random(f"{attempt.seed} bill")  # noqa: S311  # reproducible by design
    members = list(attempt.accounts.values())
    stranger = f"{dice.randrange(10**11, 10**12)}"
    while stranger in members:
        stranger = f"{dice.randrange(10**11, 10**12)}"
    accounts = [*members, stranger]
    dice.shuffle(accounts)
    lines = [_line(dice, account, service) for account in accounts for service in dice.sample(list(_SERVICES), 3)]
    wrong = dice.choice([number for number, one in enumerate(lines) if one.account != stranger])
    lines[wrong] = lines[wrong]._replace(cost=lines[wrong].cost + Decimal(dice.randint(1, 40)))
    off = dice.choice([account for account in members if account != lines[wrong].account])
    rows = ["line,account,service,quantity,unit,rate,cost"]
    printed = Decimal()
    number = 0
    for account in accounts:
        subtotal = Decimal()
        for one in (one for one in lines if one.account == account):
            number += 1
            subtotal += one.cost
            rows.append(f"{number},{account},{one.service},{one.quantity},{one.unit},{one.rate},{one.cost}")
        subtotal -= Decimal("10.00") if account == off else Decimal()
        printed += subtotal
        rows.append(f",{account},SUBTOTAL,,,,{subtotal}")
    rows.append(f",,TOTAL,,,,{printed}")
    total = sum((one.right for one in lines if one.account != stranger), Decimal())
    return Bill("\n".join(rows) + "\n", stranger, wrong + 1, off, total)


def bill_file(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the file of the bill."""
    del drawn
    return {name: bill_of(attempt).text.encode()}


def _line(dice: Random, account: str, service: str) -> _Line:
    unit, rate = _SERVICES[service]
    line = _Line(account, service, unit, dice.randint(300, 9_000), rate, Decimal())
    return line._replace(cost=line.right)
