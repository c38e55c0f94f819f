"""Commitments applied to one hour of usage: reservations, then Savings Plans; the owner first, then who shares.

Source: EC2 user guide, "How Reserved Instance discounts are applied"; Savings Plans user guide, "How Savings Plans
apply to your usage"; Billing user guide, "Reserved Instances and Savings Plans discount sharing"; reference, 2.2 to 2.4
and 5.5. `docs/billing.md`, "One hour", tells it in order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
from remit.billing.commitments.sharing import Sharing
from remit.billing.engine.pieces import Part, Piece, order
from remit.billing.lines import Pricing
from remit.billing.money import ZERO


class _Commitment(Protocol):
    """What reservations and plans have in common here."""

    @property
    def owner(self) -> str: ...


C = TypeVar("C", bound=_Commitment)


class Offer(NamedTuple):
    """A piece that a commitment could cover.

    Attributes:
        cost: of a unit of the piece, in what the commitment counts: units of size, or USD.
        saving: USD a unit that covering it spares.
        rank: what orders the pieces of one account.
    """

    piece: Piece
    cost: Fraction
    saving: Fraction
    rank: tuple[Fraction, ...]


class Pot:
    """What is left of a commitment in one hour."""

    __slots__ = ("left", "total")

    def __init__(self, total: Fraction) -> None:
        self.total = total
        self.left = total

    @property
    def used(self) -> Fraction:
        """What was taken."""
        return self.total - self.left


def cover(
    hour: datetime,
    pieces: Sequence[Piece],
    reservations: Sequence[Reservation],
    plans: Sequence[SavingsPlan],
    sharing: Sharing,
) -> dict[str, Pot]:
    """Decide which of *pieces*, all of one payer and one clock hour, the commitments cover.

    Args:
        reservations, plans: of that payer's accounts; those not active in the hour are left out here.

    Returns:
        id of a commitment to what was used of it: normalized units or reserved hours, and USD.
    """
    pots: dict[str, Pot] = {}
    open_pieces = [piece for piece in pieces if piece.product is not None and piece.left > 0]
    accounts = frozenset(piece.account for piece in open_pieces)
    active = sorted((one for one in reservations if one.active(hour)), key=lambda one: (one.start, one.reservation_id))
    for zonal in (True, False):
        alike = [one for one in active if bool(one.zone) is zonal]
        for one in alike:
            pots[one.reservation_id] = Pot(one.units_each * one.count)
        _apply(alike, accounts, sharing, pots, lambda one: one.reservation_id, _reserved(open_pieces), _reserve)
    in_force = sorted((one for one in plans if one.active(hour)), key=lambda one: (one.start, one.plan_id))
    for kind in PlanKind:
        of_kind = [one for one in in_force if one.kind is kind]
        for plan in of_kind:
            pots[plan.plan_id] = Pot(plan.commitment)
        _apply(of_kind, accounts, sharing, pots, lambda one: one.plan_id, _planned(open_pieces), _save)
    return pots


def _apply(
    commitments: Sequence[C],
    accounts: frozenset[str],
    sharing: Sharing,
    pots: Mapping[str, Pot],
    id_of: Callable[[C], str],
    offers_of: Callable[[C], list[Offer]],
    part_of: Callable[[C, Offer, Fraction], Part],
) -> None:
    """Serve the owners of all commitments first, then round by round those with whom they share."""
    offers = [offers_of(one) for one in commitments]
    for one, could in zip(commitments, offers, strict=True):
        own = [offer for offer in could if offer.piece.account == one.owner]
        _take(one, pots[id_of(one)], sorted(own, key=_within), part_of)
    rounds = [sharing.rounds(one.owner, accounts, id_of(one)) for one in commitments]
    ordered = [_largest_saving_first(could) if of_one else [] for could, of_one in zip(offers, rounds, strict=True)]
    for number in range(max(map(len, rounds), default=0)):
        for one, could, of_one in zip(commitments, ordered, rounds, strict=True):
            if number < len(of_one):
                _take(
                    one, pots[id_of(one)], [offer for offer in could if offer.piece.account in of_one[number]], part_of
                )


def _take(commitment: C, pot: Pot, offers: Iterable[Offer], part_of: Callable[[C, Offer, Fraction], Part]) -> None:
    for offer in offers:
        if pot.left <= 0:
            return
        quantity = _fitting(offer, pot.left)
        if quantity > 0:
            offer.piece.take(part_of(commitment, offer, quantity))
            pot.left -= quantity * offer.cost


def _fitting(offer: Offer, left: Fraction) -> Fraction:
    return offer.piece.left if not offer.cost else min(offer.piece.left, left / offer.cost)


def _within(offer: Offer) -> tuple[object, ...]:
    return (*offer.rank, *order(offer.piece))


def _largest_saving_first(offers: Sequence[Offer]) -> list[Offer]:
    """Order accounts by what they would save if all that they still pay themselves were covered."""
    by_account: dict[str, list[Offer]] = {}
    for offer in sorted(offers, key=_within):
        by_account.setdefault(offer.piece.account, []).append(offer)
    saving = {
        account: sum((offer.piece.left * offer.saving for offer in of_account), ZERO)
        for account, of_account in by_account.items()
    }
    return [
        offer for account in sorted(by_account, key=lambda one: (-saving[one], one)) for offer in by_account[account]
    ]


def _reserved(pieces: Sequence[Piece]) -> Callable[[Reservation], list[Offer]]:
    def offers(one: Reservation) -> list[Offer]:
        """Smallest size first."""
        found: list[Offer] = []
        for piece in pieces:
            product = piece.product
            if product is not None and one.matches(product) and (not one.zone or one.zone == piece.zone_id):
                units = one.units_of(product)
                found.append(Offer(piece, units, piece.list_rate, (units,)))
        return found

    return offers


def _reserve(one: Reservation, offer: Offer, quantity: Fraction) -> Part:
    effective = one.effective_hourly * quantity * offer.cost / one.units_each
    return Part(Pricing.RESERVED, quantity, ZERO, effective, one.reservation_id)


def _planned(pieces: Sequence[Piece]) -> Callable[[SavingsPlan], list[Offer]]:
    def offers(plan: SavingsPlan) -> list[Offer]:
        """Highest saving percentage first, then the lowest rate of the plan."""
        found: list[Offer] = []
        for piece in pieces:
            rate = plan.rate(piece.product) if piece.product is not None and piece.price is not None else None
            if rate is not None:
                listed = piece.list_rate
                saving = listed - rate
                found.append(Offer(piece, rate, saving, (-(saving / listed if listed else ZERO), rate)))
        return found

    return offers


def _save(plan: SavingsPlan, offer: Offer, quantity: Fraction) -> Part:
    return Part(Pricing.SAVINGS_PLAN, quantity, offer.piece.list_rate, quantity * offer.cost, plan.plan_id)
