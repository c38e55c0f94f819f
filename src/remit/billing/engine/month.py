"""The bill of a month, from its inputs: the order of the steps is the order of the rules.

This is the definition: plain, and compared for ever with the faster way over columns that a ledger takes.
Source: reference, 2.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from remit.billing.commitments.savings_plans import in_turn
from remit.billing.engine import blending, capacity, discounts, fees, support, taxes, tiers
from remit.billing.engine import credits as credits_of
from remit.billing.engine.coverage import cover
from remit.billing.engine.inputs import Charge, CommitmentUse, CreditUse, Families, Inputs
from remit.billing.engine.pieces import Piece, by_hour, cut, order
from remit.billing.engine.writing import lines_of
from remit.billing.lines import Line, LineType, Pricing
from remit.billing.money import ZERO


class Bill(NamedTuple):
    """What a payer owes for a month.

    Attributes:
        lines: in the order of usage, fees, charges, support, credits, tax.
        commitments: id to what became of it: units of size, reserved hours or USD.
        credit_uses: what credits paid.
        free: id of an offer to what was used of it.
    """

    payer: str
    period: str
    lines: tuple[Line, ...]
    commitments: Mapping[str, CommitmentUse]
    credit_uses: tuple[CreditUse, ...]
    free: Mapping[str, Fraction]

    @property
    def unpriced(self) -> tuple[Line, ...]:
        """Lines for which no price is known."""
        return tuple(line for line in self.lines if line.pricing is Pricing.UNPRICED)


def payers(inputs: Inputs) -> list[str]:
    """Return who gets a bill: everybody who pays for usage, a charge or a commitment in the month."""
    families = Families(inputs.memberships)
    month = inputs.month
    found: set[str] = set()
    for account in {
        *(usage.account for usage in inputs.usage),
        *(usage.account for usage, _ in inputs.late),
        *(charge.account for charge in inputs.charges),
        *(one.owner for one in inputs.reservations),
        *(one.owner for one in inputs.savings_plans),
        *(one.owner for one in inputs.capacity),
        *(one.account for one in inputs.memberships),
    }:
        moments = [month.start, *(moment for moment in families.changes(account) if month.start < moment < month.end)]
        found.update(families.payer(account, moment) for moment in moments)
    return sorted(found)


def bill(inputs: Inputs, payer: str) -> Bill:
    """Return the bill of *payer*."""
    families = Families(inputs.memberships)
    period = str(inputs.month)
    pieces = cut(inputs, families, payer)
    pieces, uses = _hour_by_hour(inputs, families, payer, pieces)
    free = tiers.give(pieces, inputs.free)
    tiers.rate(pieces)
    usage = blending.blended([line for piece in pieces for line in lines_of(piece, payer, period)])
    usage = discounts.discounted(usage, inputs.discounts)
    beyond = beyond_usage(inputs, families, payer, usage, uses)
    return Bill(payer, period, (*usage, *beyond.lines), uses, beyond.credit_uses, free)


class Beyond(NamedTuple):
    """What is on a bill beside usage: fees, charges, support, credits, taxes, in that order."""

    lines: list[Line]
    credit_uses: tuple[CreditUse, ...]


def beyond_usage(
    inputs: Inputs, families: Families, payer: str, usage: Sequence[Line], uses: Mapping[str, CommitmentUse]
) -> Beyond:
    """Return what is on the bill of *payer* beside *usage*.

    Args:
        usage: what usage comes to; lines may stand for many of one account, product and type.
        uses: what became of each commitment.
    """
    lines = list(fees.fees(inputs, families, payer, {commitment: use.used for commitment, use in uses.items()}))
    lines = discounts.discounted(lines, inputs.discounts)
    lines += [
        _charged(one, payer, str(inputs.month))
        for one in inputs.charges
        if families.payer(one.account, one.start) == payer
    ]
    enrolled = [
        plan._replace(
            accounts=frozenset(one for one in plan.accounts if families.payer(one, inputs.month.start) == payer)
        )
        for plan in inputs.support
    ]
    lines += support.lines_of([plan for plan in enrolled if plan.accounts], [*usage, *lines], payer, inputs.month)
    spendable = credits_of.pool(inputs.credits, families, payer, inputs.month)
    spent = credits_of.use(spendable, [*usage, *lines], inputs.sharing_of(payer))
    lines += credits_of.lines_of(spent, payer, inputs.month)
    lines += taxes.lines_of(inputs.taxes, [*usage, *lines], payer, inputs.month)
    return Beyond(lines, tuple(spent))


def _hour_by_hour(
    inputs: Inputs, families: Families, payer: str, pieces: list[Piece]
) -> tuple[list[Piece], dict[str, CommitmentUse]]:
    """Apply what was committed to, and return all pieces with what became of each commitment."""
    sharing = inputs.sharing_of(payer)
    plans = in_turn(inputs.savings_plans, inputs.prices.products)
    hourly: dict[datetime, list[Piece]] = {
        hour: list(found)
        for hour, found in groupby(
            (piece for piece in pieces if piece.product is not None and by_hour(piece.product) and not piece.corrects),
            attrgetter("hour"),
        )
    }
    uses = dict(promised(inputs, families, payer))
    hours = set(hourly)
    for one in inputs.capacity:
        hours.update(fees.hours_paid(inputs, families, payer, one.owner, one.start, one.end))
    added: list[Piece] = []
    for hour in sorted(hours):
        of_hour = hourly.get(hour, [])
        slots = [one for one in inputs.capacity if families.payer(one.owner, hour) == payer]
        beside = capacity.fill(hour, of_hour, slots, inputs.prices)
        added += beside
        pots = cover(
            hour,
            [*of_hour, *beside],
            [one for one in inputs.reservations if families.payer(one.owner, hour) == payer],
            [plan for plan in plans if families.payer(plan.owner, hour) == payer],
            sharing,
        )
        for commitment, pot in pots.items():
            use = uses[commitment]
            uses[commitment] = use._replace(used=use.used + pot.used)
    return (sorted([*pieces, *added], key=order) if added else pieces), uses


def promised(inputs: Inputs, families: Families, payer: str) -> Iterator[tuple[str, CommitmentUse]]:
    """Return what is there to be used in the hours of the month, of which nothing is used yet."""
    for one in inputs.reservations:
        hours = fees.hours_paid(inputs, families, payer, one.owner, one.start, one.end)
        if hours:
            yield one.reservation_id, CommitmentUse(one.reservation_id, one.units_each * one.count * len(hours))
    for plan in inputs.savings_plans:
        hours = fees.hours_paid(inputs, families, payer, plan.owner, plan.start, plan.end)
        if hours:
            yield plan.plan_id, CommitmentUse(plan.plan_id, plan.commitment * len(hours))


def _charged(charge: Charge, payer: str, period: str) -> Line:
    net = charge.amount if charge.net is None else charge.net
    amortized = ZERO if charge.line_type is LineType.SAVINGS_PLAN_UPFRONT_FEE else charge.amount
    return Line(
        f"{period}/{payer}/charge/{charge.charge_id}", payer, charge.account, period, charge.start, charge.end,
        charge.line_type, charge.service, charge.usage_type, region=charge.region, quantity=Fraction(1),
        rate=charge.amount, list_cost=charge.amount, unblended=charge.amount, blended=charge.amount,
        amortized=amortized, net_unblended=net, net_amortized=amortized + net - charge.amount, seller=charge.seller,
        tags=charge.tags, description=charge.description,
    )  # fmt: skip
