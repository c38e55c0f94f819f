"""Credits: money that pays for usage before anybody is charged, until it is used up or over.

What was used of a credit is kept by month, so that a month that is billed again takes back what it took before.
INVARIANT: what is used of a credit in all months together is never more than its amount, and all changes of it are
made by the store's one writer, so this holds however many bills are made at once.
Source: AWS Billing user guide, "Applying AWS credits"; API reference, CreditData, SplitCredit and TransferCredit;
`consolidated-billing` reference, section 5.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec

from remit.directory.billing.facts import Hindered, Missing, Taken, Thing, Unfit
from remit.ids import AccountId
from remit.store import Kind, Transaction

_ID_DIGITS = 10
PORTION_MIN = Decimal(100)
# A credit and all that were split from it, and from those.
SPLIT_MAX = 100
_ZERO = Decimal(0)
_PLACES = 18


class Credit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A credit.

    Attributes:
        id: digits.
        account: who owns it.
        amount: in US dollars, when it was issued.
        type: `Promotion`, `Refund`, `TrueUp`.
        products: codes of the services it pays for; empty for all.
        purchases: types of lines it pays for beside usage, by the words of the Cost and Usage Report.
        starts_at, ends_at: end exclusive.
        split_from, root: the credit it is a part of, and the first of all that it comes from; empty for none.
        is_split: it was split: what is left of it is in others.
    """

    id: str
    account: AccountId
    amount: Decimal
    starts_at: datetime
    ends_at: datetime
    description: str
    issued_at: datetime
    type: str = "Promotion"
    products: tuple[str, ...] = ()
    purchases: tuple[str, ...] = ()
    split_from: str = ""
    root: str = ""
    is_split: bool = False
    moved_out: Decimal = _ZERO

    @property
    def family(self) -> str:
        """The id of the credit that all its portions come from."""
        return self.root or self.id


class Use(msgspec.Struct, frozen=True):
    """What a credit paid of the usage of a service by an account."""

    account: AccountId
    service: str
    amount: Decimal


class CreditMonth(msgspec.Struct, frozen=True, kw_only=True):
    """What was used of a credit on the bill of a month.

    Attributes:
        account: whose bill it is: the payer.
        period: `2026-03`.
        is_final: whether the month is closed.
    """

    id: str
    account: AccountId
    credit: str
    period: str
    is_final: bool
    uses: tuple[Use, ...]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum((use.amount for use in self.uses), _ZERO)


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A code that redeems to a credit, once for each account; *id* is the code.

    Attributes:
        account: who offers it: the one that runs the server.
        days: how long the credit lasts.
        ends_at: when the code is over.
    """

    id: str
    account: AccountId
    amount: Decimal
    description: str
    days: int
    ends_at: datetime
    products: tuple[str, ...] = ()
    redeemed: tuple[AccountId, ...] = ()


CREDITS = Kind(
    "credit",
    Credit,
    groups={"account": lambda credit: (credit.account,), "family": lambda credit: (credit.family,)},
)
CREDIT_MONTHS = Kind(
    "credit-month",
    CreditMonth,
    groups={"credit": lambda month: (month.credit,), "bill": lambda month: ((month.account, month.period),)},
)
PROMOTIONS = Kind("promotion", Promotion)


def new_credit_id(tx: Transaction) -> str:
    """Invent an id that no credit has."""
    while True:
        id_ = str(10 ** (_ID_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_ID_DIGITS - 1)))
        if tx.get(CREDITS, id_) is None:
            return id_


def used(tx: Transaction, credit: Credit, *, is_final: bool | None = None) -> Decimal:
    """Return what was used of *credit*; with *is_final* on closed months, or on open ones, only."""
    months = tx.select(CREDIT_MONTHS, "credit", credit.id)
    return sum((month.total for month in months if is_final is None or month.is_final is is_final), _ZERO)


def remaining(tx: Transaction, credit: Credit) -> Decimal:
    """Return what closed bills left of *credit*."""
    return credit.amount - credit.moved_out - used(tx, credit, is_final=True)


def available(tx: Transaction, credit: Credit) -> Decimal:
    """Return what is left of *credit*, when open bills are taken off as well."""
    return credit.amount - credit.moved_out - used(tx, credit)


def credits_of(tx: Transaction, accounts: Sequence[AccountId]) -> list[Credit]:
    """Return the credits that *accounts* own, the oldest first."""
    found = [credit for account in accounts for credit in tx.select(CREDITS, "account", account)]
    return sorted(found, key=lambda credit: (credit.issued_at, credit.id))


def known_credit(tx: Transaction, accounts: Sequence[AccountId], id_: str) -> Credit:
    """Return the credit with an id.

    Raises:
        Missing: none of *accounts* owns one.
    """
    found = tx.get(CREDITS, id_)
    if found is None or found.account not in accounts:
        raise Missing(Thing.CREDIT, id_)
    return found


def is_settled(tx: Transaction, payer: AccountId, period: str) -> bool:
    """Say whether what the closed bill of a month used of credits is kept, for good."""
    return any(month.is_final for month in tx.select(CREDIT_MONTHS, "bill", (payer, period)))


def record_uses(
    tx: Transaction,
    payer: AccountId,
    period: str,
    uses: Mapping[str, Sequence[tuple[AccountId, str, Decimal | Fraction]]],
    *,
    is_final: bool,
) -> None:
    """Keep what the bill of a month used of each credit, in the place of what it had used before.

    Args:
        uses: id of a credit -> account, service, and how much was paid.

    Raises:
        Missing: there is no such credit.
        Hindered: more was used of a credit than it has, or the month was closed: nothing is kept.
    """
    before = {month.credit: month for month in tx.select(CREDIT_MONTHS, "bill", (payer, period))}
    if any(month.is_final for month in before.values()):
        raise Hindered(Thing.CREDIT, period, f"The bill of {period} is closed.")
    for month in before.values():
        tx.delete(CREDIT_MONTHS, month)
    for id_, parts in uses.items():
        credit = tx.get(CREDITS, id_)
        if credit is None:
            raise Missing(Thing.CREDIT, id_)
        kept = tuple(Use(account, service, _decimal(amount)) for account, service, amount in parts)
        month = CreditMonth(
            id=f"{payer}:{period}:{id_}", account=payer, credit=id_, period=period, is_final=is_final, uses=kept
        )
        left = available(tx, credit)
        if month.total > left:
            raise Hindered(Thing.CREDIT, id_, f"The bill of {period} uses {month.total} of it, and {left} is left.")
        tx.put(CREDIT_MONTHS, month)


def _decimal(amount: Decimal | Fraction) -> Decimal:
    return amount if isinstance(amount, Decimal) else Decimal(round(amount * 10**_PLACES)).scaleb(-_PLACES)


def issue(tx: Transaction, credit: Credit) -> Credit:
    """Give an account a credit.

    Raises:
        Unfit: it is worth nothing, or over before it begins.
        Taken: another one has its id.
    """
    if credit.amount <= 0:
        raise Unfit("amount", "A credit must be worth more than nothing.")
    if credit.ends_at <= credit.starts_at:
        raise Unfit("endDate", "A credit must end after it starts.")
    if tx.get(CREDITS, credit.id) is not None:
        raise Taken(Thing.CREDIT, credit.id)
    tx.put(CREDITS, credit)
    return credit


def offer(tx: Transaction, promotion: Promotion) -> Promotion:
    """Make a code that redeems to a credit.

    Raises:
        Unfit: it would be worth nothing.
        Taken: there is such a code.
    """
    if promotion.amount <= 0 or promotion.days <= 0:
        raise Unfit("amount", "A promotion must be worth more than nothing, for at least a day.")
    if tx.get(PROMOTIONS, promotion.id) is not None:
        raise Taken(Thing.PROMOTION, promotion.id)
    tx.put(PROMOTIONS, promotion)
    return promotion


def redeem(tx: Transaction, account: AccountId, code: str, *, at: datetime) -> Credit:
    """Turn a code into a credit of *account*.

    Raises:
        Unfit: there is no such code, it is over, or the account redeemed it before.
    """
    promotion = tx.get(PROMOTIONS, code)
    if promotion is None or at >= promotion.ends_at:
        raise Unfit("promoCode", "The promotional code is not valid, or has expired.")
    if account in promotion.redeemed:
        raise Unfit("promoCode", "The promotional code was redeemed by this account before.")
    tx.put(PROMOTIONS, msgspec.structs.replace(promotion, redeemed=(*promotion.redeemed, account)))
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    credit = Credit(
        id=new_credit_id(tx),
        account=account,
        amount=promotion.amount,
        starts_at=midnight,
        ends_at=midnight + timedelta(days=promotion.days),
        description=promotion.description,
        issued_at=at,
        products=promotion.products,
    )
    return issue(tx, credit)


def check_split(tx: Transaction, credit: Credit, portions: Sequence[tuple[Decimal, str]], *, at: datetime) -> Decimal:
    """Look whether a credit can be split into *portions*, amount and description; return what is left of it.

    Raises:
        Hindered: it is over or was split, or there would be too many portions.
        Unfit: a portion is too small, or they do not add up to what is left.
    """
    left = available(tx, credit)
    _check_usable(credit, left, at)
    if any(amount < PORTION_MIN for amount, _ in portions):
        raise Unfit("portions", f"Each portion must be at least {PORTION_MIN}.00 USD.")
    if sum((amount for amount, _ in portions), _ZERO) != left:
        raise Unfit("portions", f"The portions must add up to the available balance, {left:f} USD.")
    if tx.count(CREDITS, "family", credit.family) + len(portions) > SPLIT_MAX:
        raise Hindered(Thing.CREDIT, credit.id, f"A credit and those split from it may be {SPLIT_MAX} at most.")
    return left


def split(tx: Transaction, credit: Credit, portions: Sequence[tuple[Decimal, str]], *, at: datetime) -> list[Credit]:
    """Put what is left of *credit* into new credits, one for each of *portions*; what open bills use stays with it.

    Raises:
        Hindered, Unfit: as `check_split` does.
    """
    left = check_split(tx, credit, portions, at=at)
    tx.put(CREDITS, msgspec.structs.replace(credit, is_split=True, moved_out=credit.moved_out + left))
    made: list[Credit] = []
    for amount, description in portions:
        part = msgspec.structs.replace(
            credit,
            id=new_credit_id(tx),
            amount=amount,
            description=description or credit.description,
            split_from=credit.id,
            root=credit.family,
            moved_out=_ZERO,
        )
        tx.put(CREDITS, part)
        made.append(part)
    return made


def transfer(tx: Transaction, credit: Credit, account: AccountId, *, at: datetime, is_dry: bool = False) -> Decimal:
    """Make *account* the owner of *credit*, but for a dry run; return what is left of it.

    Raises:
        Hindered: it is over, used up or was split, or the account owns it.
    """
    left = available(tx, credit)
    _check_usable(credit, left, at)
    if credit.account == account:
        raise Hindered(Thing.CREDIT, credit.id, f"Account {account} owns the credit.")
    if not is_dry:
        tx.put(CREDITS, msgspec.structs.replace(credit, account=account))
    return left


def _check_usable(credit: Credit, left: Decimal, at: datetime) -> None:
    if credit.is_split:
        raise Hindered(Thing.CREDIT, credit.id, "The credit was split.")
    if at >= credit.ends_at:
        raise Hindered(Thing.CREDIT, credit.id, "The credit has ended.")
    if left <= 0:
        raise Hindered(Thing.CREDIT, credit.id, "The credit has no available balance.")
