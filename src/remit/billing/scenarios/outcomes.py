"""A scenario billed, and compared with what it expects."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

import msgspec

from remit.billing.categories.rules import Category, split, values
from remit.billing.commitments.reservations import OfferingClass, Reservation
from remit.billing.commitments.savings_plans import SavingsPlan
from remit.billing.engine.inputs import CommitmentUse, Credit, Inputs
from remit.billing.engine.month import Bill, bill, payers
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO
from remit.billing.scenarios.changes import of_changes
from remit.billing.scenarios.differences import Difference, of_number
from remit.billing.scenarios.expectations import ExpectForm, LaterForm, LinesForm
from remit.billing.scenarios.form import MemberForm, ScenarioForm
from remit.billing.scenarios.measures import measures
from remit.billing.scenarios.products import EC2
from remit.billing.scenarios.reading import categories_of, inputs_of, management
from remit.billing.scenarios.times import ScenarioMistake, clock_hour, moment, month

_METRICS = (
    "quantity", "normalized", "list_cost", "unblended", "blended", "amortized", "net_unblended", "net_amortized",
)  # fmt: skip
_COVERED = (LineType.DISCOUNTED_USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE)
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
    return _billed(form, inputs_of(form), categories_of(form))


def _billed(form: ScenarioForm, everything: Inputs, categories: Sequence[Category]) -> Billed:
    at = everything.month
    inputs = everything._replace(
        usage=tuple(one for one in everything.usage if one.start < at.end and at.start < one.end)
    )
    everybody = dict.fromkeys((management(form), *payers(inputs)))
    return Billed(form, inputs, {payer: bill(inputs, payer) for payer in everybody}, categories)


def differences(billed: Billed) -> list[Difference]:
    """Return what is not as the scenario expects."""
    return [*_of_month(billed), *of_changes(billed.form), *_later(billed)]


def _of_month(billed: Billed) -> Iterator[Difference]:
    for compare in (_lines, _sums, _commitments, _credits, _free, _categories):
        yield from compare(billed)


def _later(billed: Billed) -> Iterator[Difference]:
    """Bill the months up to the last one that is asked for, one after the other, and compare those that are."""
    wanted = {month(name): later for name, later in billed.form.expect.months.items()}
    at, everything = billed.inputs.month, inputs_of(billed.form)
    if any(later <= at for later in wanted):
        raise ScenarioMistake(f"expect.months: write months after {at}")
    while wanted and at < max(wanted):
        at = at.after
        billed = _billed(billed.form, everything._replace(month=at, credits=_left(billed)), billed.categories)
        if at in wanted:
            expect = _expected(wanted[at])
            for found in _of_month(billed._replace(form=msgspec.structs.replace(billed.form, expect=expect))):
                yield found._replace(what=f"{at}: {found.what}")


def _expected(later: LaterForm) -> ExpectForm:
    return ExpectForm(**{name: getattr(later, name) for name in later.__struct_fields__})


def _left(billed: Billed) -> tuple[Credit, ...]:
    used: dict[str, Fraction] = {}
    for one in billed.bills.values():
        for use in one.credit_uses:
            used[use.credit_id] = used.get(use.credit_id, ZERO) + use.amount
    return tuple(one._replace(amount=one.amount - used.get(one.credit_id, ZERO)) for one in billed.inputs.credits)


def _lines(billed: Billed) -> Iterator[Difference]:
    for number, wanted in enumerate(billed.form.expect.lines, 1):
        chosen = chosen_lines(billed, wanted)
        what = f"lines {number} ({_choice(wanted)})"
        if wanted.lines is not None and len(chosen) != wanted.lines:
            yield Difference(f"{what}: lines", str(wanted.lines), str(len(chosen)))
        for metric in _METRICS:
            yield from of_number(f"{what}: {metric}", getattr(wanted, metric), _sum(chosen, metric), wanted.rounded)
        if wanted.rate is not None:
            rates = {line.rate for line in chosen}
            one = rates.pop() if len(rates) == 1 else None
            scaled = None if one is None else one * wanted.per
            yield from of_number(f"{what}: rate", wanted.rate, scaled, wanted.rounded)
        for ratio, found in _ratios(chosen, wanted.per):
            yield from of_number(f"{what}: {ratio}", getattr(wanted, ratio), found, wanted.rounded)


def _ratios(lines: Sequence[Line], per: int) -> Iterator[tuple[str, Fraction | None]]:
    quantity = _sum(lines, "quantity")
    yield "blended_rate", _sum(lines, "blended") / quantity * per if quantity else None
    yield "normalization_factor", _sum(lines, "normalized") / quantity if quantity else None
    of_type = {kind: [line for line in lines if line.line_type is kind] for kind in (LineType.USAGE, *_COVERED)}
    open_, reserved, planned = (_sum(found, "quantity") for found in of_type.values())
    usage = open_ + reserved + planned
    yield "coverage", (reserved + planned) / usage * 100 if usage else None
    open_spend, planned_spend = (
        _sum(of_type[kind], "list_cost") for kind in (LineType.USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE)
    )
    spend = open_spend + planned_spend
    yield "spend_coverage", planned_spend / spend * 100 if spend else None
    listed = _sum(lines, "list_cost")
    yield "savings", (listed - _sum(lines, "amortized")) / listed * 100 if listed else None


def _sum(lines: Iterable[Line], metric: str) -> Fraction:
    return sum((getattr(line, metric) for line in lines), ZERO)


def _choice(wanted: LinesForm) -> str:
    chosen = [
        f"{key} {getattr(wanted, key)}"
        for key in ("payer", *_CHOICES, "day", "hour")
        if getattr(wanted, key) is not None
    ]
    chosen += [f"tag {key} {value}" for key, value in wanted.tag.items()]
    chosen += [f"category {key} {value}" for key, value in wanted.category.items()]
    return ", ".join(chosen) or "all"


def chosen_lines(billed: Billed, wanted: LinesForm) -> list[Line]:
    """Return the lines that *wanted* chooses.

    Raises:
        ScenarioMistake: its day or hour is none.
    """
    payer = wanted.payer or management(billed.form)
    lines = billed.bills[payer].lines if payer in billed.bills else ()
    day = moment(wanted.day, billed.form.month).date() if wanted.day else None
    hour = clock_hour(moment(wanted.hour, billed.form.month)) if wanted.hour else None
    names = billed.names()
    return [
        line
        for line in lines
        if all(getattr(wanted, key) in (None, of(line)) for key, of in _CHOICES.items())
        and (day is None or line.start.date() == day)
        and (hour is None or clock_hour(line.start) == hour)
        and all(line.tags.get(key, "") == value for key, value in wanted.tag.items())
        and (not wanted.category or wanted.category.items() <= values(line, billed.categories, names).items())
    ]


def _sums(billed: Billed) -> Iterator[Difference]:
    expect = billed.form.expect
    for metric, expected in expect.totals.items():
        yield from of_number(f"total {metric}", expected, _sum(billed.bill.lines, metric))
    for payer, expected in expect.payers.items():
        of_payer = billed.bills.get(payer)
        yield from of_number(f"bill of {payer}", expected, _total(of_payer) if of_payer else ZERO)
    if expect.separate is not None or expect.saved is not None:
        alone = billed.inputs._replace(memberships=())
        apart: Fraction = sum((_total(bill(alone, payer)) for payer in payers(alone)), ZERO)
        yield from of_number("separate accounts", expect.separate, apart)
        yield from of_number("saved", expect.saved, apart - _total(billed.bill))
    for region, expected in expect.list_values.items():
        yield from of_number(f"list value of {region}", expected, _list_value(billed.inputs, region))
    if expect.unpriced is not None and len(billed.bill.unpriced) != expect.unpriced:
        yield Difference("unpriced lines", str(expect.unpriced), str(len(billed.bill.unpriced)))


def _total(one: Bill) -> Fraction:
    return _sum(one.lines, "unblended")


def _list_value(inputs: Inputs, region: str) -> Fraction:
    """Return what opens discounts on further reservations: of all accounts together.

    Source: EC2 user guide, "Reserved Instance discount pricing tiers".
    """
    return sum(
        (
            one.list_value
            for one in inputs.reservations
            if one.service == EC2
            and one.region == region
            and one.offering_class is OfferingClass.STANDARD
            and one.start < inputs.month.end
            and inputs.month.start < one.end
        ),
        ZERO,
    )


def _commitments(billed: Billed) -> Iterator[Difference]:
    inputs = billed.inputs
    known: dict[str, Reservation | SavingsPlan] = {
        **{one.reservation_id: one for one in inputs.reservations},
        **{plan.plan_id: plan for plan in inputs.savings_plans},
    }
    for name, wanted in billed.form.expect.commitments.items():
        if name not in known:
            raise ScenarioMistake(f"expect.commitments: no commitment is called {name}")
        use = billed.bill.commitments.get(name, CommitmentUse(name))
        covered = [line for line in billed.bill.lines if line.commitment == name and line.line_type in _COVERED]
        for metric, found in measures(use, known[name], _sum(covered, "list_cost")).items():
            yield from of_number(f"{name}: {metric}", getattr(wanted, metric), found, wanted.rounded)


def _credits(billed: Billed) -> Iterator[Difference]:
    expect = billed.form.expect
    used: dict[str, Fraction] = {}
    for use in billed.bill.credit_uses:
        used[use.credit_id] = used.get(use.credit_id, ZERO) + use.amount
    amounts = {one.credit_id: one.amount for one in billed.inputs.credits}
    for name, expected in expect.credits_left.items():
        if name not in amounts:
            raise ScenarioMistake(f"expect.credits_left: no credit is called {name}")
        yield from of_number(f"left of credit {name}", expected, amounts[name] - used.get(name, ZERO))
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
        yield from of_number(f"application {number}", wanted.amount, use.amount)


def _free(billed: Billed) -> Iterator[Difference]:
    for name, expected in billed.form.expect.free.items():
        if name not in billed.bill.free:
            raise ScenarioMistake(f"expect.free: no offer is called {name}")
        yield from of_number(f"used of {name}", expected, billed.bill.free[name])


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
            yield from of_number(f"{name} {value or 'without a value'}", expected, found.get(value, ZERO))
