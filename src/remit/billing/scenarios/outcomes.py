"""A scenario billed, and compared with what it expects.

A number is equal exactly, unless the expectation says to how many places it is rounded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from remit.billing.categories.rules import Category, split, values
from remit.billing.commitments.changes import Counted, Exchange, Value, exchange, footprint, modifiable
from remit.billing.commitments.reservations import Reservation
from remit.billing.engine.inputs import CommitmentUse, Inputs
from remit.billing.engine.month import Bill, bill, payers
from remit.billing.lines import Line
from remit.billing.money import ZERO, exact, text
from remit.billing.scenarios.commitments import CountForm, ExchangeForm, ValueForm
from remit.billing.scenarios.expectations import LinesForm
from remit.billing.scenarios.form import MemberForm, ScenarioForm
from remit.billing.scenarios.reading import categories_of, inputs_of, management
from remit.billing.scenarios.times import ScenarioMistake, moment

_METRICS = (
    "quantity", "normalized", "list_cost", "unblended", "blended", "amortized", "net_unblended", "net_amortized",
)  # fmt: skip
_CHOICES: Mapping[str, Callable[[Line], object]] = {
    "account": attrgetter("account"),
    "service": attrgetter("service"),
    "usage_type": attrgetter("usage_type"),
    "operation": attrgetter("operation"),
    "region": attrgetter("region"),
    "zone": attrgetter("zone"),
    "resource": attrgetter("resource"),
    "line_type": attrgetter("line_type"),
    "pricing": attrgetter("pricing"),
    "instance": attrgetter("instance_type"),
    "sku": attrgetter("sku"),
    "tier": attrgetter("tier"),
    "commitment": attrgetter("commitment"),
    "credit": attrgetter("credit"),
    "seller": attrgetter("seller"),
}


class Difference(NamedTuple):
    """Something that is not as expected."""

    what: str
    expected: str
    found: str


class Billed(NamedTuple):
    """A scenario, and what the engine makes of it.

    Attributes:
        bills: by payer.
        categories: each after those that it asks for.
    """

    form: ScenarioForm
    inputs: Inputs
    bills: Mapping[str, Bill]
    categories: Sequence[Category]

    @property
    def bill(self) -> Bill:
        """The organization's bill."""
        return self.bills[management(self.form)]

    def names(self) -> dict[str, str]:
        """Return the names of accounts that have one."""
        organization = self.form.organization
        members: Mapping[str, MemberForm | None] = organization.members if organization else {}
        return {account: member.name for account, member in members.items() if member and member.name}


def bill_scenario(form: ScenarioForm) -> Billed:
    """Bill what *form* writes.

    Raises:
        ScenarioMistake: something in it does not fit together.
    """
    inputs = inputs_of(form)
    everybody = dict.fromkeys((management(form), *payers(inputs)))
    return Billed(form, inputs, {payer: bill(inputs, payer) for payer in everybody}, categories_of(form))


def differences(billed: Billed) -> list[Difference]:
    """Return what is not as the scenario expects."""
    return [
        found
        for compare in (_lines, _sums, _commitments, _credits, _free, _categories, _changes)
        for found in compare(billed)
    ]


def _number(
    what: str, expected: Decimal | None, found: Fraction | None, rounded: int | None = None
) -> Iterator[Difference]:
    if expected is None:
        return
    if found is None:
        yield Difference(what, str(expected), "nothing")
        return
    wanted = exact(expected)
    near = wanted == found if rounded is None else abs(wanted - found) <= Fraction(1, 2 * 10**rounded)
    if not near:
        yield Difference(what, format(expected, "f"), text(found))


def _lines(billed: Billed) -> Iterator[Difference]:
    for number, wanted in enumerate(billed.form.expect.lines, 1):
        chosen = chosen_lines(billed, wanted)
        what = f"lines {number} ({_choice(wanted)})"
        if wanted.lines is not None and len(chosen) != wanted.lines:
            yield Difference(f"{what}: lines", str(wanted.lines), str(len(chosen)))
        for metric in _METRICS:
            total: Fraction = sum((getattr(line, metric) for line in chosen), ZERO)
            yield from _number(f"{what}: {metric}", getattr(wanted, metric), total, wanted.rounded)
        if wanted.rate is not None:
            rates = {line.rate for line in chosen}
            one = rates.pop() if len(rates) == 1 else None
            yield from _number(f"{what}: rate", wanted.rate, one, wanted.rounded)
        if wanted.blended_rate is not None:
            quantity: Fraction = sum((line.quantity for line in chosen), ZERO)
            blended: Fraction = sum((line.blended for line in chosen), ZERO)
            rate = blended / quantity if quantity else None
            yield from _number(f"{what}: blended_rate", wanted.blended_rate, rate, wanted.rounded)


def _choice(wanted: LinesForm) -> str:
    chosen = [
        f"{key} {getattr(wanted, key)}" for key in ("payer", *_CHOICES, "day") if getattr(wanted, key) is not None
    ]
    chosen += [f"tag {key} {value}" for key, value in wanted.tag.items()]
    chosen += [f"category {key} {value}" for key, value in wanted.category.items()]
    return ", ".join(chosen) or "all"


def chosen_lines(billed: Billed, wanted: LinesForm) -> list[Line]:
    """Return the lines that *wanted* chooses.

    Raises:
        ScenarioMistake: its day is none.
    """
    payer = wanted.payer or management(billed.form)
    lines = billed.bills[payer].lines if payer in billed.bills else ()
    day = moment(wanted.day, billed.form.month).date() if wanted.day else None
    names = billed.names()
    return [
        line
        for line in lines
        if all(getattr(wanted, key) in (None, of(line)) for key, of in _CHOICES.items())
        and (day is None or line.start.date() == day)
        and all(line.tags.get(key, "") == value for key, value in wanted.tag.items())
        and (not wanted.category or wanted.category.items() <= values(line, billed.categories, names).items())
    ]


def _sums(billed: Billed) -> Iterator[Difference]:
    expect = billed.form.expect
    for metric, expected in expect.totals.items():
        total: Fraction = sum((getattr(line, metric) for line in billed.bill.lines), ZERO)
        yield from _number(f"total {metric}", expected, total)
    for payer, expected in expect.payers.items():
        of_payer = billed.bills.get(payer)
        yield from _number(f"bill of {payer}", expected, _total(of_payer) if of_payer else ZERO)
    if expect.separate is not None:
        alone = billed.inputs._replace(memberships=())
        apart: Fraction = sum((_total(bill(alone, payer)) for payer in payers(alone)), ZERO)
        yield from _number("separate accounts", expect.separate, apart)
    if expect.unpriced is not None and len(billed.bill.unpriced) != expect.unpriced:
        yield Difference("unpriced lines", str(expect.unpriced), str(len(billed.bill.unpriced)))


def _total(one: Bill) -> Fraction:
    return sum((line.unblended for line in one.lines), ZERO)


def _commitments(billed: Billed) -> Iterator[Difference]:
    reservations = {one.reservation_id: one for one in billed.inputs.reservations}
    for name, wanted in billed.form.expect.commitments.items():
        known = name in reservations or name in {plan.plan_id for plan in billed.inputs.savings_plans}
        if not known:
            raise ScenarioMistake(f"expect.commitments: no commitment is called {name}")
        use = billed.bill.commitments.get(name, CommitmentUse(name))
        for metric, found in _measures(use, reservations.get(name)):
            yield from _number(f"{name}: {metric}", getattr(wanted, metric), found, wanted.rounded)


def _measures(use: CommitmentUse, one: Reservation | None) -> Iterator[tuple[str, Fraction | None]]:
    yield "total", use.total
    yield "used", use.used
    yield "unused", use.unused
    yield "utilization", use.used / use.total * 100 if use.total else None
    yield "unused_hours", use.unused / one.units_each if one else None
    yield "list_value", one.list_value if one else None
    yield "effective_hourly", one.effective_hourly if one else None
    yield "effective_daily", one.effective_hourly * 24 if one else None


def _credits(billed: Billed) -> Iterator[Difference]:
    expect = billed.form.expect
    used: dict[str, Fraction] = {}
    for use in billed.bill.credit_uses:
        used[use.credit_id] = used.get(use.credit_id, ZERO) + use.amount
    amounts = {one.credit_id: one.amount for one in billed.inputs.credits}
    for name, expected in expect.credits_left.items():
        if name not in amounts:
            raise ScenarioMistake(f"expect.credits_left: no credit is called {name}")
        yield from _number(f"left of credit {name}", expected, amounts[name] - used.get(name, ZERO))
    if expect.applications is None:
        return
    uses = billed.bill.credit_uses
    if len(uses) != len(expect.applications):
        yield Difference("applications of credits", str(len(expect.applications)), str(len(uses)))
    for number, (wanted, use) in enumerate(zip(expect.applications, uses, strict=False), 1):
        expected_words = " ".join(filter(None, (wanted.credit, wanted.account, wanted.service)))
        found_words = " ".join(
            filter(None, (use.credit_id, use.account if wanted.account else "", use.service if wanted.service else ""))
        )
        if expected_words != found_words:
            yield Difference(f"application {number}", expected_words, found_words)
        yield from _number(f"application {number}", wanted.amount, use.amount)


def _free(billed: Billed) -> Iterator[Difference]:
    for name, expected in billed.form.expect.free.items():
        if name not in billed.bill.free:
            raise ScenarioMistake(f"expect.free: no offer is called {name}")
        yield from _number(f"used of {name}", expected, billed.bill.free[name])


def _categories(billed: Billed) -> Iterator[Difference]:
    names = billed.names()
    for name, wanted in billed.form.expect.categories.items():
        category = next((one for one in billed.categories if one.name == name), None)
        if category is None:
            raise ScenarioMistake(f"expect.categories: no cost category is called {name}")
        costs: dict[str, Fraction] = {}
        for line in billed.bill.lines:
            value = values(line, billed.categories, names).get(name, "")
            costs[value] = costs.get(value, ZERO) + line.unblended
        found = split(costs, category.splits)
        for value, expected in wanted.items():
            yield from _number(f"{name} {value or 'without a value'}", expected, found.get(value, ZERO))


def _changes(billed: Billed) -> Iterator[Difference]:
    commitments, expect = billed.form.commitments, billed.form.expect
    modifications = {one.id: one for one in commitments.modifications}
    for name, wanted in expect.modifications.items():
        if name not in modifications:
            raise ScenarioMistake(f"expect.modifications: no modification is called {name}")
        before, after = (tuple(map(_counted, of)) for of in (modifications[name].before, modifications[name].after))
        allowed = modifiable(before, after)
        if allowed != wanted.allowed:
            yield Difference(f"{name}: allowed", str(wanted.allowed).lower(), str(allowed).lower())
        yield from _number(f"{name}: footprint before", wanted.before, footprint(before))
        yield from _number(f"{name}: footprint after", wanted.after, footprint(after))
    exchanges = {one.id: one for one in commitments.exchanges}
    for name, result in expect.exchanges.items():
        if name not in exchanges:
            raise ScenarioMistake(f"expect.exchanges: no exchange is called {name}")
        received = _exchanged(exchanges[name])
        if received.count != result.count:
            yield Difference(f"{name}: count", str(result.count), str(received.count))
        yield from _number(f"{name}: due", result.due, received.due)


def _counted(one: CountForm) -> Counted:
    return Counted(one.instance, one.count, one.platform)


def _exchanged(one: ExchangeForm) -> Exchange:
    hours = exact(one.hours)
    given = [_value(form, hours) for form in one.give]
    return exchange(
        Value(
            sum((value.upfront * form.count for value, form in zip(given, one.give, strict=True)), ZERO),
            sum((value.total * form.count for value, form in zip(given, one.give, strict=True)), ZERO),
        ),
        _value(one.take, hours),
    )


def _value(form: ValueForm, hours: Fraction) -> Value:
    upfront = exact(form.upfront)
    return Value(upfront, exact(form.value) if form.value is not None else upfront + exact(form.hourly) * hours)
