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
        kept: of what is left of the piece, what the commitment may not cover.
    """

    piece: Piece
    cost: Fraction
    saving: Fraction
    rank: tuple[Fraction, ...]
    kept: Fraction = ZERO

    @property
    def left(self) -> Fraction:
        """What could be covered still."""
        return self.piece.left - self.kept


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

    Instances that run come before slots of Capacity Reservations that nobody uses; zonal reservations cover neither
    those nor what runs in a slot. Plans of one kind are a group: of all pairs of plan and usage the one that saves most
    in percent comes first.

    Args:
        reservations, plans: of that payer's accounts; those not active in the hour are left out here. Of plans that
            save the same on something, the one that stands first here comes first.

    Returns:
        id of a commitment to what was used of it: normalized units or reserved hours, and USD.
    """
    pots: dict[str, Pot] = {}
    open_pieces = [piece for piece in pieces if piece.product is not None and piece.left > 0]
    accounts = frozenset(piece.account for piece in open_pieces)
    running, idle = (
        [piece for piece in open_pieces if not piece.is_idle],
        [piece for piece in open_pieces if piece.is_idle],
    )
    active = sorted((one for one in reservations if one.active(hour)), key=lambda one: (one.start, one.reservation_id))
    for zonal in (True, False):
        alike = [one for one in active if bool(one.zone) is zonal]
        for one in alike:
            pots[one.reservation_id] = Pot(one.units_each * one.count)
        for those in (running,) if zonal else (running, idle):
            _apply(alike, accounts, sharing, pots, lambda one: one.reservation_id, _reserved(those), _reserve)
    in_force = [one for one in plans if one.active(hour)]
    for kind in PlanKind:
        of_kind = [one for one in in_force if one.kind is kind]
        for plan in of_kind:
            pots[plan.plan_id] = Pot(plan.commitment)
        for those in (running, idle):
            _apply(
                of_kind, accounts, sharing, pots, lambda one: one.plan_id, _planned(those), _save, is_group=True
            )  # fmt: skip
    return pots


def _apply(
    commitments: Sequence[C],
    accounts: frozenset[str],
    sharing: Sharing,
    pots: Mapping[str, Pot],
    id_of: Callable[[C], str],
    offers_of: Callable[[C], list[Offer]],
    part_of: Callable[[C, Offer, Fraction], Part],
    *,
    is_group: bool = False,
) -> None:
    """Serve the owners of all commitments first, then round by round those with whom they share.

    Args:
        is_group: whether of all pairs of a commitment and what it could cover the one of the first rank comes first;
            else each commitment is used up before the next.
    """
    offers = [offers_of(one) for one in commitments]

    def serve(could: Iterable[Iterable[tuple[int, Offer]]]) -> None:
        pairs = [(place, number, offer) for number, of_one in enumerate(could) for place, offer in of_one]
        if is_group:
            pairs.sort(key=lambda pair: (pair[0], pair[2].rank, pair[1], order(pair[2].piece)))
        for _, number, offer in pairs:
            _take(commitments[number], pots[id_of(commitments[number])], offer, part_of)

    serve(
        [(0, offer) for offer in sorted(of_one, key=_within) if offer.piece.account == one.owner]
        for one, of_one in zip(commitments, offers, strict=True)
    )
    most = _most(offers) if is_group else {}
    rounds = [sharing.rounds(one.owner, accounts, id_of(one)) for one in commitments]
    ordered = [
        _largest_saving_first(could, most) if of_one else [] for could, of_one in zip(offers, rounds, strict=True)
    ]
    for number in range(max(map(len, rounds), default=0)):
        serve(
            [placed for placed in could if number < len(of_one) and placed[1].piece.account in of_one[number]]
            for could, of_one in zip(ordered, rounds, strict=True)
        )


def _take(commitment: C, pot: Pot, offer: Offer, part_of: Callable[[C, Offer, Fraction], Part]) -> None:
    quantity = _fitting(offer, pot.left) if pot.left > 0 else ZERO
    if quantity > 0:
        offer.piece.take(part_of(commitment, offer, quantity))
        pot.left -= quantity * offer.cost


def _fitting(offer: Offer, left: Fraction) -> Fraction:
    return offer.left if not offer.cost else min(offer.left, left / offer.cost)


def _within(offer: Offer) -> tuple[object, ...]:
    return (*offer.rank, *order(offer.piece))


def _most(offers: Iterable[Iterable[Offer]]) -> dict[int, Fraction]:
    """Return what covering a unit of each piece spares at most, by the piece's identity."""
    most: dict[int, Fraction] = {}
    for could in offers:
        for offer in could:
            most[id(offer.piece)] = max(most.get(id(offer.piece), offer.saving), offer.saving)
    return most


def _largest_saving_first(offers: Iterable[Offer], most: Mapping[int, Fraction]) -> list[tuple[int, Offer]]:
    """Order accounts by what they would save if all that they still pay themselves were covered, as well as can be."""
    by_account: dict[str, list[Offer]] = {}
    for offer in sorted(offers, key=_within):
        by_account.setdefault(offer.piece.account, []).append(offer)
    saving = {
        account: sum((offer.left * most.get(id(offer.piece), offer.saving) for offer in of_account), ZERO)
        for account, of_account in by_account.items()
    }
    return [
        (place, offer)
        for place, account in enumerate(sorted(by_account, key=lambda one: (-saving[one], one)))
        for offer in by_account[account]
    ]


def _reserved(pieces: Sequence[Piece]) -> Callable[[Reservation], list[Offer]]:
    def offers(one: Reservation) -> list[Offer]:
        """Smallest size first."""
        found: list[Offer] = []
        for piece in pieces:
            product = piece.product
            if product is not None and one.matches(product) and (not one.zone or one.zone == piece.zone_id):
                units = one.units_of(product)
                found.append(Offer(piece, units, piece.list_rate, (units,), piece.slotted if one.zone else ZERO))
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
