"""A scenario as the engine takes it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from remit.billing.categories.rules import Category, CategoryMistake, in_order
from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import SavingsPlan
from remit.billing.commitments.sharing import BenefitSharing, Sharing
from remit.billing.engine.inputs import (
    Charge,
    Credit,
    Discount,
    FreeOffer,
    Inputs,
    Membership,
    SupportPlan,
    TaxRate,
)
from remit.billing.money import ZERO, exact
from remit.billing.months import Month
from remit.billing.prices.products import PriceList, PriceMistake
from remit.billing.scenarios.categories import category
from remit.billing.scenarios.commitments import CapacityForm
from remit.billing.scenarios.form import CreditForm, MemberForm, ScenarioForm, UsageForm
from remit.billing.scenarios.products import EC2, Sold, attributes, products, sold
from remit.billing.scenarios.times import ScenarioMistake, clock_hour, moment, month
from remit.billing.usage import Usage
from remit.content_files import ContentMistake, yaml_of
from remit.yaml_files import ExactLoader

_YEAR = timedelta(days=365)
_HOUR = timedelta(hours=1)
_STEPS = {"hour": _HOUR, "day": timedelta(days=1)}


def read_scenario(file: Path) -> ScenarioForm:
    """Read a scenario.

    Raises:
        ScenarioMistake: it cannot be read or has another form; told with file and line.
    """
    try:
        return yaml_of(file).as_form(ScenarioForm, ExactLoader)
    except ContentMistake as error:
        raise ScenarioMistake(str(error)) from None


def inputs_of(form: ScenarioForm) -> Inputs:
    """Return what the engine takes.

    Raises:
        ScenarioMistake: something does not fit together.
    """
    return _Reading(form).inputs()


def categories_of(form: ScenarioForm) -> list[Category]:
    """Return the cost categories, each after those that it asks for.

    Raises:
        ScenarioMistake: one asks for a category that is not there, or for itself.
    """
    try:
        return in_order([category(one, form.month) for one in form.cost_categories])
    except CategoryMistake as error:
        raise ScenarioMistake(str(error)) from None


def management(form: ScenarioForm) -> str:
    """Return the management account."""
    return form.organization.management if form.organization else "management"


class _Reading:
    """Takes a scenario apart."""

    def __init__(self, form: ScenarioForm) -> None:
        self.form = form
        self.month: Month = month(form.month)
        self.payer = management(form)
        self.mentioned = self._mentioned()
        try:
            self.prices = PriceList(products(form))
        except PriceMistake as error:
            raise ScenarioMistake(str(error)) from None
        self.by_sku = {product.sku: product for product in self.prices.products}

    def inputs(self) -> Inputs:
        """Return the whole."""
        form = self.form
        return Inputs(
            self.month,
            self.prices,
            tuple(self._usage()),
            tuple(self._charges()),
            tuple(self._memberships()),
            tuple(self._reservations()),
            tuple(self._plans()),
            tuple(self._capacity()),
            {self.payer: self._sharing()},
            tuple(
                FreeOffer(
                    one.id or f"free-{number}", one.service, tuple(one.usage_types), exact(one.quantity),
                    self._maybe(one.since), self._maybe(one.until),
                )
                for number, one in enumerate(form.free, 1)
            ),
            tuple(
                Discount(
                    one.id, exact(one.percent), frozenset(one.services), frozenset(one.skus),
                    frozenset(map(self._account, one.accounts)), frozenset(one.line_types), self._maybe(one.since),
                    self._maybe(one.until),
                )
                for one in form.discounts
            ),
            tuple(map(self._credit, form.credits)),
            tuple(
                TaxRate(
                    one.name, exact(one.percent), one.seller, frozenset(map(self._account, one.accounts)),
                    frozenset(one.services),
                )
                for one in form.taxes
            ),
            tuple(
                SupportPlan(
                    one.plan, one.service, frozenset(map(self._account, one.accounts)) or frozenset(self.mentioned),
                    exact(one.minimum),
                    tuple((_exact_or_none(band.up_to), exact(band.percent)) for band in one.bands),
                    one.basis,
                )
                for one in form.support
            ),
            dict(self._zones()),
        )  # fmt: skip

    def _mentioned(self) -> dict[str, None]:
        """Return the accounts: those of the organization, or without one all that are mentioned."""
        form = self.form
        if form.organization is not None:
            return dict.fromkeys((self.payer, *form.organization.members))
        commitments = form.commitments
        return dict.fromkeys(
            (
                self.payer,
                *(one.account for one in form.usage),
                *(one.account for one in form.charges),
                *(one.owner for one in commitments.reservations),
                *(one.owner for one in commitments.savings_plans),
                *(one.owner for one in commitments.capacity_reservations),
                *(one.owner for one in form.credits if one.owner),
            )
        )

    def _account(self, name: str) -> str:
        if name not in self.mentioned:
            raise ScenarioMistake(f"account {name} is not in the organization; name it under `organization.members`")
        return name

    def _moment(self, text: str) -> datetime:
        return moment(text, self.form.month)

    def _maybe(self, text: str | None) -> datetime | None:
        return None if text is None else self._moment(text)

    def _memberships(self) -> Iterator[Membership]:
        organization = self.form.organization
        members: Mapping[str, MemberForm | None] = organization.members if organization else {}
        for account in self.mentioned:
            if account != self.payer:
                member = members.get(account)
                yield Membership(
                    account,
                    self.payer,
                    self._maybe(member.joined) if member else None,
                    self._maybe(member.left) if member else None,
                )

    def _zones(self) -> Iterator[tuple[tuple[str, str], str]]:
        organization = self.form.organization
        if organization is None:
            return
        for account, zones in (
            (self.payer, organization.zones),
            *((account, member.zones) for account, member in organization.members.items() if member),
        ):
            for name, zone_id in zones.items():
                yield (account, name), zone_id

    def _sharing(self) -> Sharing:
        if self.form.organization is None:
            return Sharing()
        form = self.form.organization.sharing
        return Sharing(
            frozenset(map(self._account, form.off)),
            form.mode,
            self._groups(form.groups),
            form.credits,
            frozenset(map(self._account, form.credits_off)),
            form.credit_mode,
            self._groups(form.credit_groups),
            {
                commitment: BenefitSharing(frozenset(map(self._account, one.accounts)), one.mode == "RESTRICTED")
                for commitment, one in form.benefits.items()
            },
        )

    def _groups(self, groups: Mapping[str, list[str]]) -> dict[str, str]:
        return {self._account(account): group for group, accounts in groups.items() for account in accounts}

    def _usage(self) -> Iterator[Usage]:
        for number, one in enumerate(self.form.usage):
            name = one.id or f"usage-{number:06d}"
            for repeated, (start, end) in enumerate(self._times(one)):
                yield self._record(one, f"{name}-{repeated:05d}" if one.each else name, start, end)

    def _times(self, one: UsageForm) -> Iterator[tuple[datetime, datetime]]:
        start, end = self._span(one.start, one.end, one.hours)
        if one.each is None:
            if one.until is not None:
                raise ScenarioMistake("`until` is the end of what `each` repeats; write `end`")
            yield start, end
            return
        step, last = _STEPS[one.each], self._maybe(one.until) or self.month.end
        while start < last:
            yield start, start + step
            start += step

    def _span(self, start: str | None, end: str | None, hours: int | None) -> tuple[datetime, datetime]:
        if end is not None and hours is not None:
            raise ScenarioMistake("write `end` or `hours`, not both")
        first = self._maybe(start) or self.month.start
        last = self._maybe(end) or first + (hours or 1) * _HOUR
        if last <= first:
            raise ScenarioMistake(f"ends at {last:%Y-%m-%dT%H:%MZ}, before it begins")
        return first, last

    def _record(self, one: UsageForm, name: str, start: datetime, end: datetime) -> Usage:
        key, unit = self._meant(one)
        quantity = one.quantity
        if quantity is not None:
            amount = exact(quantity)
        elif one.instance:
            hours = Fraction(one.seconds, 3600) if one.seconds is not None else Fraction((end - start) // _HOUR)
            amount = hours * one.count
        else:
            raise ScenarioMistake(f"usage of {key.usage_type}: write `quantity`")
        return Usage(
            name, self._account(one.account), key.service, key.usage_type, key.operation, key.region, start, end,
            amount, one.unit or unit, one.zone, one.resource, one.tags,
        )  # fmt: skip

    def _meant(self, one: UsageForm) -> tuple[Sold, str]:
        if one.sku:
            product = self.by_sku.get(one.sku)
            if product is None:
                raise ScenarioMistake(f"no price has the sku {one.sku}; write it under `prices`")
            unit = product.prices[0].unit if product.prices else ""
            return Sold(product.service, product.usage_type, product.operation, product.region), unit
        key = sold(one, self.form.region)
        return key, "Hrs" if one.instance else ""

    def _charges(self) -> Iterator[Charge]:
        for number, one in enumerate(self.form.charges):
            start = self._maybe(one.start) or self.month.start
            yield Charge(
                one.id or f"charge-{number:04d}", self._account(one.account), one.service, exact(one.amount), start,
                start + _HOUR, one.line_type, one.usage_type, one.region, None if one.net is None else exact(one.net),
                one.seller, "", one.tags,
            )  # fmt: skip

    def _term(self, start: str | None, end: str | None, years: int) -> tuple[datetime, datetime]:
        """Return a term in clock hours: that of the purchase counts whole, that in which the term ends does not.

        Source: EC2 user guide, "Modify Reserved Instances": what is modified at 9:15 PM counts from 9:00 PM on.
        """
        first = clock_hour(self._maybe(start) or self.month.start)
        last = clock_hour(self._maybe(end) or first + years * _YEAR)
        if last <= first:
            raise ScenarioMistake(f"a term from {start or self.form.month} to {end} has no clock hour")
        return first, last

    def _reservations(self) -> Iterator[Reservation]:
        for number, one in enumerate(self.form.commitments.reservations, 1):
            given = attributes(one)
            if "instanceType" not in given:
                raise ScenarioMistake("a reservation without `instance`")
            if one.hourly is not None and one.monthly is not None:
                raise ScenarioMistake("a reservation: write `hourly` or `monthly`, not both")
            hourly = exact(one.hourly) if one.hourly is not None else ZERO
            if one.monthly is not None:
                hourly = exact(one.monthly) / self.month.hours
            yield Reservation(
                one.id or f"reservation-{number}", self._account(one.owner), one.service or EC2,
                one.region or self.form.region, given, one.count, *self._term(one.start, one.end, one.years),
                self._zone(one.owner, one.zone), one.offering_class, one.payment, exact(one.upfront), hourly,
            )  # fmt: skip

    def _zone(self, account: str, zone: str) -> str:
        return dict(self._zones()).get((account, zone), zone)

    def _plans(self) -> Iterator[SavingsPlan]:
        for number, one in enumerate(self.form.commitments.savings_plans, 1):
            yield SavingsPlan(
                one.id or f"savings-plan-{number}", self._account(one.owner), one.type, exact(one.commitment),
                *self._term(one.start, one.end, one.years), one.family, one.region or self.form.region, one.payment,
                _exact_values(one.rates),
            )  # fmt: skip

    def _capacity(self) -> Iterator[CapacityReservation]:
        for number, one in enumerate(self.form.commitments.capacity_reservations, 1):
            yield self._slots(one, one.id or f"cr-{number}")

    def _slots(self, one: CapacityForm, name: str) -> CapacityReservation:
        start, end = self._span(one.start, one.end, one.hours)
        return CapacityReservation(
            name, self._account(one.owner), one.region or self.form.region, self._zone(one.owner, one.zone),
            attributes(one), one.slots, start, end, frozenset(map(self._account, one.shared_with)),
        )  # fmt: skip

    def _credit(self, one: CreditForm) -> Credit:
        expires = self._moment(one.expires)
        if len(one.expires) == len("2026-12"):
            expires = month(one.expires).end
        return Credit(
            one.id, self._account(one.owner) if one.owner else self.payer, exact(one.amount), self._moment(one.issued),
            expires, frozenset(one.services), frozenset(one.pays), one.marketplace,
            None if one.shared_with is None else frozenset(map(self._account, one.shared_with)),
        )  # fmt: skip


def _exact_values(numbers: Mapping[str, Decimal]) -> dict[str, Fraction]:
    return {key: exact(value) for key, value in numbers.items()}


def _exact_or_none(number: Decimal | None) -> Fraction | None:
    return None if number is None else exact(number)
