"""What credits pay, worked out by hand: beside `naive.py`, whose bill they pay.

Source: reference, 5.1 to 5.3; Billing user guide, "Applying AWS credits".
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Credit, Inputs

ZERO = Fraction(0)
# Account, service, SKU, which is empty for fees: to what is owed for it.
Owed = dict[tuple[str, str, str], Fraction]


class Paid(NamedTuple):
    """What a credit paid; *sku* is empty for fees."""

    credit: str
    account: str
    service: str
    sku: str
    amount: Fraction


def spend(inputs: Inputs, payer: str, payer_of: Callable[[str, datetime], str], owed: Owed) -> list[Paid]:
    """Return what credits pay of *owed*, in order: soonest expiry, fewest services, oldest first."""
    # A month's pool is of those who were members when its first second was over.
    pool = [
        one
        for one in inputs.credits
        if payer_of(one.owner, inputs.month.start + timedelta(seconds=1)) == payer
        and one.issued < inputs.month.end
        and one.expires > inputs.month.start
    ]
    paid: list[Paid] = []
    for one in sorted(pool, key=lambda one: (one.expires, len(one.services) or 10**9, one.issued, one.credit_id)):
        paid += spend_one(inputs.sharing.get(payer, Sharing()), one, owed)
    return paid


def spend_one(sharing: Sharing, credit: Credit, owed: Owed) -> Iterable[Paid]:
    left = credit.amount
    eligible = {
        key: amount
        for key, amount in owed.items()
        if amount > 0 and key[1] in (credit.services or {key[1]}) and turn(sharing, credit, key[0]) is not None
    }
    by_account: dict[str, Fraction] = {}
    by_service: dict[tuple[str, str], Fraction] = {}
    for (account, service, _), amount in eligible.items():
        by_account[account] = by_account.get(account, ZERO) + amount
        by_service[account, service] = by_service.get((account, service), ZERO) + amount
    order = sorted(
        eligible,
        key=lambda key: (
            turn(sharing, credit, key[0]),
            -by_account[key[0]],
            key[0],
            -by_service[key[0], key[1]],
            key[1],
            -eligible[key],
            key[2],
        ),
    )
    for key in order:
        amount = min(left, owed[key])
        if amount:
            owed[key] -= amount
            left -= amount
            yield Paid(credit.credit_id, *key, amount)


def turn(sharing: Sharing, credit: Credit, account: str) -> int | None:
    """Say when the credit pays for *account*: 0 for its owner's charges, 1 and 2 after; None for never."""
    if account == credit.owner:
        return 0
    if credit.accounts is not None:
        return 1 if account in credit.accounts else None
    if not sharing.credits or account in sharing.credits_off or credit.owner in sharing.credits_off:
        return None
    if sharing.credit_mode == SharingMode.ORGANIZATION:
        return 1
    group = sharing.credit_groups.get(credit.owner)
    if group is not None and sharing.credit_groups.get(account) == group:
        return 1
    return None if sharing.credit_mode == SharingMode.RESTRICTED else 2
