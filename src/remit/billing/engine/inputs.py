"""What a month's bill is made of.

Source: reference, 1 to 6.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import SavingsPlan
from remit.billing.commitments.sharing import Sharing
from remit.billing.lines import LineType
from remit.billing.money import ZERO
from remit.billing.months import Month
from remit.billing.prices.products import PriceList
from remit.billing.usage import Usage

_NONE: Mapping[str, str] = {}


class Membership(NamedTuple):
    """A time in which *payer* pays for *account*; outside of any, an account pays for itself.

    Attributes:
        since: None for as long as anybody remembers.
        until: not included; None while it lasts.
    """

    account: str
    payer: str
    since: datetime | None = None
    until: datetime | None = None


class Charge(NamedTuple):
    """A line whose amount is known already: a subscription, something of the marketplace, a refund.

    Attributes:
        net: after discounts; None where it has none.
    """

    charge_id: str
    account: str
    service: str
    amount: Fraction
    start: datetime
    end: datetime
    line_type: LineType = LineType.FEE
    usage_type: str = ""
    region: str = ""
    net: Fraction | None = None
    seller: str = "AWS"
    description: str = ""
    tags: Mapping[str, str] = _NONE


class FreeOffer(NamedTuple):
    """A quantity that costs nothing, once a month for the whole organization.

    Attributes:
        usage_types: which take part together; a `*` stands for anything.
    """

    offer_id: str
    service: str
    usage_types: tuple[str, ...]
    quantity: Fraction
    since: datetime | None = None
    until: datetime | None = None


class Discount(NamedTuple):
    """A private rate: so many hundredths less.

    Attributes:
        percent: of the unblended cost.
        services, skus, accounts: where it holds; empty for everywhere.
        line_types: which lines it lowers.
    """

    discount_id: str
    percent: Fraction
    services: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    line_types: frozenset[LineType] = frozenset((LineType.USAGE,))
    since: datetime | None = None
    until: datetime | None = None


class Credit(NamedTuple):
    """An amount that pays charges.

    Attributes:
        amount: USD that is left at the beginning of the month.
        services: which it pays; empty for all.
        issued, expires: moments; it pays for months that begin before *expires*.
        pays: kinds of lines beyond usage and recurring fees that it pays.
        marketplace: whether it pays other sellers.
        accounts: whom it pays for beside its owner, whatever is shared; None where sharing decides.
    """

    credit_id: str
    owner: str
    amount: Fraction
    issued: datetime
    expires: datetime
    services: frozenset[str] = frozenset()
    pays: frozenset[LineType] = frozenset()
    marketplace: bool = False
    accounts: frozenset[str] | None = None


class TaxRate(NamedTuple):
    """A tax on what a seller asks of accounts.

    Attributes:
        percent: of the charges after discounts and credits.
        accounts: empty for all.
        services: that are taxed; empty for all.
    """

    name: str
    percent: Fraction
    seller: str = "AWS"
    accounts: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()


class SupportBasis(StrEnum):
    """On whose usage charges a support charge is computed."""

    ORGANIZATION = "ORGANIZATION"
    ACCOUNT = "ACCOUNT"


class SupportPlan(NamedTuple):
    """A support plan: the larger of a minimum and a share of the charges, which falls as they grow.

    Attributes:
        accounts: enrolled ones.
        bands: (up to USD, percent) in order; the last has no end.
        basis: all enrolled accounts together, each then bearing its part, or each by itself.
    """

    plan: str
    service: str
    accounts: frozenset[str]
    minimum: Fraction
    bands: tuple[tuple[Fraction | None, Fraction], ...]
    basis: SupportBasis = SupportBasis.ACCOUNT


class Inputs(NamedTuple):
    """Everything that decides the bills of a month.

    Attributes:
        late: records of closed months, with the month that each belongs to; they are billed now, at the price of their
            time, without commitments, and fill tiers first.
        zones: (account, name of a zone) to the id of the physical one; a name that is not there is its own id.
    """

    month: Month
    prices: PriceList
    usage: Sequence[Usage] = ()
    charges: Sequence[Charge] = ()
    memberships: Sequence[Membership] = ()
    reservations: Sequence[Reservation] = ()
    savings_plans: Sequence[SavingsPlan] = ()
    capacity: Sequence[CapacityReservation] = ()
    sharing: Mapping[str, Sharing] = {}
    free: Sequence[FreeOffer] = ()
    discounts: Sequence[Discount] = ()
    credits: Sequence[Credit] = ()
    taxes: Sequence[TaxRate] = ()
    support: Sequence[SupportPlan] = ()
    zones: Mapping[tuple[str, str], str] = {}
    late: Sequence[tuple[Usage, str]] = ()

    def sharing_of(self, payer: str) -> Sharing:
        """Return the preferences of the management account *payer*."""
        return self.sharing.get(payer, Sharing())


class Families:
    """Who pays for an account at which time."""

    def __init__(self, memberships: Sequence[Membership]) -> None:
        self._times: dict[str, list[Membership]] = {}
        for membership in memberships:
            self._times.setdefault(membership.account, []).append(membership)

    def payer(self, account: str, moment: datetime) -> str:
        """Return who pays for *account* at *moment*."""
        for one in self._times.get(account, ()):
            if (one.since is None or one.since <= moment) and (one.until is None or moment < one.until):
                return one.payer
        return account

    def changes(self, account: str) -> list[datetime]:
        """Return the moments at which another begins to pay."""
        return sorted(
            moment for one in self._times.get(account, ()) for moment in (one.since, one.until) if moment is not None
        )


class CreditUse(NamedTuple):
    """What was taken of a credit."""

    credit_id: str
    account: str
    service: str
    sku: str
    amount: Fraction


class CommitmentUse(NamedTuple):
    """What became of a commitment in the month.

    Attributes:
        total: promised, in reserved hours, for flexible reservations in normalized units, or in USD.
        used: of it.
        unused: of it.
    """

    commitment: str
    total: Fraction = ZERO
    used: Fraction = ZERO

    @property
    def unused(self) -> Fraction:
        """What nobody used."""
        return self.total - self.used
