"""Reservations that a scenario modifies and exchanges, compared with what it expects of them."""

from collections.abc import Iterator
from fractions import Fraction

from remit.billing.commitments.changes import (
    Counted,
    Exchange,
    Term,
    Value,
    exchange,
    exchangeable,
    footprint,
    merged,
    modifiable,
)
from remit.billing.money import ZERO, exact
from remit.billing.scenarios.commitments import CountForm, ExchangeForm, ValueForm
from remit.billing.scenarios.differences import Difference, of_number
from remit.billing.scenarios.expectations import ExchangeExpectation
from remit.billing.scenarios.form import ScenarioForm
from remit.billing.scenarios.times import ScenarioMistake, moment


def of_changes(form: ScenarioForm) -> Iterator[Difference]:
    """Return what modifications and exchanges come to that *form* does not expect.

    Raises:
        ScenarioMistake: it expects something of one that is not there.
    """
    yield from _modifications(form)
    exchanges = {one.id: one for one in form.commitments.exchanges}
    for name, wanted in form.expect.exchanges.items():
        if name not in exchanges:
            raise ScenarioMistake(f"expect.exchanges: no exchange is called {name}")
        yield from _exchange(exchanges[name], wanted, form.month)


def _modifications(form: ScenarioForm) -> Iterator[Difference]:
    modifications = {one.id: one for one in form.commitments.modifications}
    for name, wanted in form.expect.modifications.items():
        if name not in modifications:
            raise ScenarioMistake(f"expect.modifications: no modification is called {name}")
        before, after = (tuple(map(_counted, of)) for of in (modifications[name].before, modifications[name].after))
        yield from _same(f"{name}: allowed", wanted.allowed, modifiable(before, after))
        yield from of_number(f"{name}: footprint before", wanted.before, footprint(before))
        yield from of_number(f"{name}: footprint after", wanted.after, footprint(after))


def _exchange(one: ExchangeForm, wanted: ExchangeExpectation, in_month: str) -> Iterator[Difference]:
    if wanted.count is not None or wanted.due is not None:
        received = _exchanged(one)
        yield from _same(f"{one.id}: count", wanted.count, received.count)
        yield from of_number(f"{one.id}: due", wanted.due, received.due)
    given = [_term(form, in_month) for form in one.give]
    years, expires = merged(given)
    yield from _same(f"{one.id}: allowed", wanted.allowed, exchangeable(given, _term(one.take, in_month)))
    yield from _same(f"{one.id}: years", wanted.years, years)
    expected = moment(wanted.expires, in_month) if wanted.expires else None
    yield from _same(f"{one.id}: expires", expected and f"{expected:%Y-%m-%d}", expires and f"{expires:%Y-%m-%d}")


def _same(what: str, wanted: object, found: object) -> Iterator[Difference]:
    if wanted is not None and wanted != found:
        yield Difference(what, str(wanted).lower(), str(found).lower())


def _term(form: ValueForm, in_month: str) -> Term:
    expires = moment(form.expires, in_month) if form.expires else None
    return Term(form.years, expires, form.payment, exact(form.hourly))


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
