"""A month billed over columns, beside the month that the engine bills piece by piece.

Quotients are kept to eighteen places there and as fractions here, so numbers agree to a billionth of a dollar; what is
less is no line.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from billing_months import TIERED, product

from remit.billing.bulk.month import SPAN_RECORDS, BulkBill, bill_columns
from remit.billing.bulk.small import filled
from remit.billing.engine.inputs import Inputs
from remit.billing.engine.month import Bill
from remit.billing.ledger.columnar import connected
from remit.billing.ledger.line_files import counted, lines_from
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.lines import COLUMNS, NUMBERS
from remit.billing.money import PLACES, exact, text

# Shares tiers with `Transfer`, which end elsewhere.
OF_THE_SAME_TIERS = (product("Transfer2", [(0, "2/10"), (7, "1/10")])._replace(tier_group=TIERED[0].tier_group),)
NEAR = Fraction(1, 10**9)
METRICS = [name for name in NUMBERS if name != "rate"]
# As a ledger keeps quantities that all have at most eight places.
SHORT = "DECIMAL(18,8)"
FACTS = [name for name in COLUMNS if name not in NUMBERS and name not in ("line_id", "tags")]


def over_columns(
    inputs: Inputs, payer: str, work: Path, *, span_records: int = SPAN_RECORDS, is_short: bool = False
) -> tuple[BulkBill, list[dict[str, Any]]]:
    with connected(spill=work) as connection:
        filled(
            connection,
            work,
            "records",
            {**USAGE_COLUMNS, "corrects": "VARCHAR", **({"quantity": SHORT} if is_short else {})},
            (
                (*one[:6], *(str(at.replace(tzinfo=None)) for at in one[6:8]), text(one.quantity), *one[9:], corrects)
                for one, corrects in (*((one, "") for one in inputs.usage), *inputs.late)
            ),
        )
        connection.execute("CREATE VIEW usage AS SELECT * FROM records")
        found = bill_columns(connection, inputs._replace(usage=(), late=()), payer, work, span_records=span_records)
        rows = connection.execute(lines_from([found.files])).fetchall()
        assert counted(found.files) == len(rows)
    return found, [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def sums(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], list[Fraction]]:
    found: dict[tuple[str, ...], list[Fraction]] = {}
    for line in lines:
        values = {**line, "start": line["start"].replace(tzinfo=None), "end": line["end"].replace(tzinfo=None)}
        key = tuple(str(values[name]) for name in FACTS)
        so_far = found.get(key, [Fraction(0)] * len(METRICS))
        found[key] = [before + Fraction(values[name]) for before, name in zip(so_far, METRICS, strict=True)]
    return {key: numbers for key, numbers in found.items() if any(abs(number) > NEAR for number in numbers)}


def same(bulk: BulkBill, rows: list[dict[str, Any]], wanted: Bill) -> None:
    found, expected = sums(rows), sums(line._asdict() for line in wanted.lines)
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        assert all(abs(one - other) < NEAR for one, other in zip(found[key], numbers, strict=True)), key
    assert bulk.commitments.keys() == wanted.commitments.keys()
    for commitment, use in wanted.commitments.items():
        assert bulk.commitments[commitment].total == use.total
        assert abs(bulk.commitments[commitment].used - use.used) < NEAR
    assert bulk.unpriced == len(wanted.unpriced)
    assert len({row["line_id"] for row in rows}) == len(rows)


def kept(inputs: Inputs, places: int = PLACES) -> Inputs:
    """Leave out of quantities what a ledger does not keep."""
    usage = tuple(one._replace(quantity=exact(text(one.quantity, places))) for one in inputs.usage)
    return inputs._replace(usage=usage)
