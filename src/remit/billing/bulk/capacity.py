"""Slots of Capacity Reservations: how many there were in each hour, and in how many nothing ran.

Only records that fit a slot are looked at, by the engine itself.

Tables filled here:

    slots     records that nobody brought: usage_id, account, sid, zone, resource, start, end, q
    slotted   usage_id, account and start of what ran in slots, and how much of it

Source: as `engine.capacity`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.pieces import CUT, quantities
from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, moment
from remit.billing.engine import capacity
from remit.billing.engine.fees import hours_paid
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.engine.pieces import Piece, by_hour
from remit.billing.lines import Pricing
from remit.billing.money import ZERO, exact, text
from remit.billing.prices.products import Price, Tier
from remit.billing.usage import Usage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 10_000


def slots_of(
    connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str, sold: Sequence[Sold]
) -> list[Sold]:
    """Make `slots`, and return what they are sold as, beside *sold*."""
    families = Families(inputs.memberships)
    added: list[Piece] = []
    slotted: list[tuple[str, ...]] = []
    for hour, of_hour in _by_hour(connection, inputs, families, payer, sold):
        mine = [one for one in inputs.capacity if families.payer(one.owner, hour) == payer]
        added += capacity.fill(hour, of_hour, mine, inputs.prices)
        slotted += [
            (piece.usage.usage_id, piece.account, moment(piece.start), text(piece.slotted))
            for piece in of_hour
            if piece.slotted
        ]
    filled(
        connection, work, "slotted",
        {"usage_id": "VARCHAR", "account": "VARCHAR", "start": "TIMESTAMP", "kept": "DECIMAL(38,18)"}, slotted,
    )  # fmt: skip
    names = sorted(one.reservation_id for one in inputs.capacity)
    keys = {item.usage[:4]: item.key for item in sold}
    found: dict[tuple[object, ...], Sold] = {}
    records: list[tuple[str, ...]] = []
    for piece in added:
        usage = piece.usage
        named = usage.service, usage.usage_type, usage.operation, usage.region
        counted = names.index(piece.capacity) if piece.parts and piece.parts[0].pricing is Pricing.NONE else None
        item = found.setdefault(
            (named, counted, piece.price and piece.price.since),
            Sold(
                len(sold) + len(found), keys.setdefault(named, len(keys)), (*named, usage.unit), piece.start, piece.end,
                piece.product, piece.price if counted is None else _nothing(piece), slots=counted,
                is_idle=piece.is_idle,
            ),
        )  # fmt: skip
        records.append(
            (
                usage.usage_id, usage.account, str(item.sid), piece.zone_id, usage.resource, moment(piece.start),
                moment(piece.end), text(piece.quantity),
            )
        )  # fmt: skip
    filled(
        connection, work, "slots",
        {
            "usage_id": "VARCHAR", "account": "VARCHAR", "sid": "INTEGER", "zone": "VARCHAR", "resource": "VARCHAR",
            "start": "TIMESTAMP", "end": "TIMESTAMP", "q": quantities(record[-1] for record in records),
        },
        records,
    )  # fmt: skip
    return list(found.values())


def _nothing(piece: Piece) -> Price:
    """Return the price of slots as such, in the unit of what runs in them."""
    unit = piece.price.unit if piece.price else piece.usage.unit
    return Price(piece.start, None, unit, (Tier(ZERO, None, ZERO),))


def _by_hour(
    connection: "DuckDBPyConnection", inputs: Inputs, families: Families, payer: str, sold: Sequence[Sold]
) -> Iterator[tuple[datetime, list[Piece]]]:
    """Return the hours in which there are slots, each with the usage that may run in them; one hour is in memory."""
    hours: set[datetime] = set()
    for one in inputs.capacity:
        hours.update(hours_paid(inputs, families, payer, one.owner, one.start, one.end))
    for hour, of_hour in groupby(_pieces(connection, inputs, sold), attrgetter("hour")):
        if hour in hours:
            hours.remove(hour)
            yield hour, list(of_hour)
    for hour in sorted(hours):
        yield hour, []


def _pieces(connection: "DuckDBPyConnection", inputs: Inputs, sold: Sequence[Sold]) -> Iterator[Piece]:
    if not inputs.capacity:
        return
    fitting = {
        item.sid: item
        for item in sold
        if (product := item.product) is not None
        and by_hour(product)
        and any(one.matches(product) for one in inputs.capacity)
    }
    wanted = " AND ".join(
        f"{column} IN (SELECT unnest(${number}))" for number, column in enumerate(("sid", "account", "zone"), 1)
    )
    columns = 'usage_id, account, sid, zone, start, "end", CAST(q AS VARCHAR)'
    reading = connection.cursor().execute(
        f"SELECT {columns} FROM known WHERE hourly AND {wanted} UNION ALL SELECT {columns} FROM ({CUT}) WHERE {wanted} "
        "ORDER BY start",
        [
            sorted(fitting),
            sorted({account for one in inputs.capacity for account in (one.owner, *one.accounts)}),
            sorted({one.zone for one in inputs.capacity}),
        ],
    )
    while records := reading.fetchmany(_FETCHED):
        for usage_id, account, sid, zone, start, end, quantity in records:
            item = fitting[sid]
            begin, until = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
            usage = Usage(usage_id, account, *item.usage[:4], begin, until, Fraction(1), item.usage[4], zone)
            yield Piece(usage, item.product, item.price, begin, until, exact(quantity), zone)
