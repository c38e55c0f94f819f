"""What was used of free offers in the current month, and what will be until it ends.

An offer is used by all that counts toward it: what it gave, and what of the same usage types was paid at On-Demand
prices since. A commitment's usage counts for none, as none is asked to give it.
Source: Free Tier API reference, `FreeTierUsage`; reference, 2.5; what AWS leaves open: `docs/choices-billing.md`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import NamedTuple

from remit.billing.analysis.forecasts import DAYS_MAX, TooFewDays, fitted
from remit.billing.analysis.fragments import every
from remit.billing.analysis.questions import Part, within
from remit.billing.engine.inputs import FreeOffer
from remit.billing.ledger import ledger_folder
from remit.billing.monthly.terms import TERMS, agreed, read_terms
from remit.billing.months import begin_of, month_after, months_between
from remit.request import Bills

_LEVEL = 80
_USED = """SELECT date_trunc('day', "start") AS day, service, usage_type, unit, sum(quantity) FROM costs
WHERE {} AND line_type = 'Usage' AND pricing IN ('FreeTier', 'OnDemand') AND corrects = '' AND list_contains(?, service)
GROUP BY ALL ORDER BY ALL"""


class FreeUse(NamedTuple):
    """How much of an offer was used.

    Attributes:
        unit: of the usage; empty where nothing was used yet, or things of several units.
        actual: since the month began; it may be more than the offer gives.
        forecast: what it will be when the month ends.
    """

    offer: FreeOffer
    unit: str
    actual: Decimal
    forecast: float


def free_uses(bills: Bills, part: Part, at: datetime) -> list[FreeUse]:
    """Return what was used of each offer that is in force in the month of a moment, by id; it takes long.

    Raises:
        LedgerError: the ledger cannot be read.
        ScenarioMistake: the terms cannot be read.
    """
    period = f"{at:%Y-%m}"
    first, end = begin_of(period), begin_of(month_after(period))
    offers = [
        offer
        for offer in _offers(bills, part, period)
        if (offer.since is None or offer.since < end) and (offer.until is None or first < offer.until)
    ]
    if not offers:
        return []
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    time = within(min(first, today - timedelta(days=DAYS_MAX)), end)
    condition = every([time, part.condition])
    services = sorted({offer.service for offer in offers})
    months = months_between(min(first, today - timedelta(days=DAYS_MAX)), end)
    rows = bills.rows(part.payer, months, _USED.format(condition.text), [*condition.values, services])
    found = [(day.date(), service, usage_type, unit, amount) for day, service, usage_type, unit, amount in rows]
    return [_use(offer, found, first.date(), today.date(), end.date()) for offer in offers]


def _offers(bills: Bills, part: Part, period: str) -> list[FreeOffer]:
    form = read_terms(ledger_folder(bills.data, part.payer) / TERMS)
    if form is None:
        return []
    return sorted(agreed(form, period, part.payer, list(part.known.names)).free, key=lambda offer: offer.offer_id)


def _use(
    offer: FreeOffer, rows: Sequence[tuple[date, str, str, str, Decimal]], first: date, today: date, end: date
) -> FreeUse:
    days: dict[date, Decimal] = {}
    units: set[str] = set()
    for day, service, usage_type, unit, amount in rows:
        if service == offer.service and _is_in_force(offer, day) and _is_of(offer, usage_type):
            days[day] = days.get(day, Decimal(0)) + amount
            units.add(unit)
    actual = sum((amount for day, amount in days.items() if first <= day < end), Decimal(0))
    unit = units.pop() if len(units) == 1 else ""
    return FreeUse(offer, unit, actual, _forecast(days, actual, first, today, end))


def _is_in_force(offer: FreeOffer, day: date) -> bool:
    return (offer.since is None or offer.since.date() <= day) and (offer.until is None or day < offer.until.date())


def _is_of(offer: FreeOffer, usage_type: str) -> bool:
    return any(fnmatchcase(usage_type, pattern) for pattern in offer.usage_types)


def _forecast(days: Mapping[date, Decimal], actual: Decimal, first: date, today: date, end: date) -> float:
    """Return what the month is expected to come to: by the days that were, or, while they are few, by their mean.

    Today is forecast as a whole: what it came to so far is a part of that.
    """
    before = float(sum((amount for day, amount in days.items() if first <= day < today), Decimal(0)))
    try:
        rest = fitted({day: float(amount) for day, amount in days.items()}, today).between(today, end, _LEVEL).mean
    except TooFewDays:
        count = (today - first).days
        rest = before / count * (end - today).days if count else 0.0
    return max(float(actual), before + rest)
