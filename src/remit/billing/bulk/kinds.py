"""Kinds of lines: what is sold, what it is taken from, and the tier; a number each, and what lines of it say."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled
from remit.billing.ledger.line_files import copied
from remit.billing.ledger.rated_usage import KIND_COLUMNS
from remit.billing.lines import LineType, Pricing
from remit.billing.money import ZERO, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What usage was taken from -> its place in a kind's number, type of line and kind of price.
_CODES = {
    "T": (0, LineType.USAGE, Pricing.ON_DEMAND),
    "F": (1, LineType.USAGE, Pricing.FREE_TIER),
    "U": (2, LineType.USAGE, Pricing.UNPRICED),
    "R": (3, LineType.DISCOUNTED_USAGE, Pricing.RESERVED),
    "S": (4, LineType.SAVINGS_PLAN_COVERED_USAGE, Pricing.SAVINGS_PLAN),
    "N": (5, LineType.USAGE, Pricing.NONE),
}
_BY_PLACE = {place: code for code, (place, _, _) in _CODES.items()}
_PLACES, _NUMBERS = 8, 10_000_000


class Kind(NamedTuple):
    """A kind of lines.

    Attributes:
        code: `T` on demand, `F` free, `U` unpriced, `R` reserved, `S` covered by a plan, `N` slots of a reservation.
        number: of the tier (0 where there are none), of the offer, of the pot, or of the Capacity Reservation.
    """

    sid: int
    code: str
    number: int

    @property
    def value(self) -> int:
        """The number that stands for it."""
        return (self.sid * _PLACES + _CODES[self.code][0]) * _NUMBERS + self.number


def kind_of(value: int) -> Kind:
    """Return the kind that a number stands for."""
    place, number = divmod(value, _NUMBERS)
    sid, place = divmod(place, _PLACES)
    return Kind(sid, _BY_PLACE[place], number)


def kind_sql(sid: str, code: str, number: str) -> str:
    """Write `Kind.value` of columns."""
    places = " ".join(f"WHEN '{letter}' THEN {place}" for letter, (place, _, _) in _CODES.items())
    return f"(CAST({sid} AS BIGINT) * {_PLACES} + CASE {code} {places} END) * {_NUMBERS} + {number}"


def line_type_of(kind: Kind) -> LineType:
    """Return which lines a kind's are."""
    return _CODES[kind.code][1]


def plain(item: Sold) -> Kind:
    """Return the kind of usage that nothing but its price concerns."""
    if item.slots is not None:
        return Kind(item.sid, "N", item.slots)
    return Kind(item.sid, "U" if item.price is None else "T", 0)


class KindsFile:
    """What lines of each kind say, as a file.

    Args:
        commitments: number of a pot to the id of its commitment.
        offers, capacity: ids of free offers and of Capacity Reservations, in their order.
    """

    def __init__(
        self,
        payer: str,
        period: str,
        sold: Sequence[Sold],
        commitments: Mapping[int, str],
        offers: Sequence[str],
        capacity: Sequence[str],
    ) -> None:
        self._bill = payer, period
        self._sold, self._commitments, self._offers, self._capacity = sold, commitments, offers, capacity

    def write(self, connection: "DuckDBPyConnection", work: Path, kinds: Sequence[Kind], path: Path) -> None:
        """Write the file of *kinds*."""
        filled(connection, work, "kinds", KIND_COLUMNS, map(self._row, kinds))
        copied(connection, "SELECT * FROM kinds", path)

    def _row(self, kind: Kind) -> list[object]:
        return [kind.value, *(self._said(kind)[column] for column in KIND_COLUMNS if column != "kind")]

    def _said(self, kind: Kind) -> dict[str, object]:
        item = self._sold[kind.sid]
        attributes: Mapping[str, str] = item.product.attributes if item.product else {}
        _, line_type, pricing = _CODES[kind.code]
        service, usage_type, operation, region, unit = item.usage
        return {
            "payer": self._bill[0],
            "period": self._bill[1],
            "line_type": line_type,
            "service": service,
            "usage_type": usage_type,
            "operation": operation,
            "region": region,
            "product_family": item.product.family if item.product else "",
            "instance_type": attributes.get("instanceType", ""),
            "platform": attributes.get("operatingSystem", ""),
            "tenancy": attributes.get("tenancy", ""),
            "sku": item.product.sku if item.product else "",
            "unit": item.price.unit if item.price else unit,
            "pricing": pricing,
            "tier": kind.number if kind.code == "T" else 0,
            "rate": text(self._rate(kind, item)),
            "commitment": self._commitments[kind.number] if kind.code in "RS" else "",
            "description": self._description(kind),
        }

    def _rate(self, kind: Kind, item: Sold) -> Fraction:
        if kind.code == "T" and kind.number and item.price:
            return item.price.tiers[kind.number - 1].price
        return item.list_rate if kind.code in "TS" else ZERO

    def _description(self, kind: Kind) -> str:
        match kind.code:
            case "U":
                return "no price is known"
            case "F":
                return f"free: {self._offers[kind.number]}"
            case "N":
                return f"slots of {self._capacity[kind.number]}"
            case "T":
                return f"tier {kind.number}" if kind.number else "on demand"
            case _:
                return f"covered by {self._commitments[kind.number]}"
