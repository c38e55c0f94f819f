"""Lines told apart more or less finely: no sum changes, and what is one line differs in nothing that is kept."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bills import MEMBER, PAYER, at, line
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.analysis.dimensions import Known
from remit.billing.analysis.fragments import TRUE, Fragment
from remit.billing.analysis.questions import Granularity, Part
from remit.billing.exports.shaped import Shape, sources
from remit.billing.exports.tables import names_kept
from remit.billing.ledger.columnar import connected
from remit.billing.ledger.line_files import lines_written
from remit.billing.lines import Line, LineType

SHAPES = [Shape(granularity, resources) for granularity in Granularity for resources in (True, False)]
KNOWN = Known({PAYER: "Payer", MEMBER: "Research"}, {"team": at("2026-03-02")})
SUMS = "sum(unblended), sum(blended), sum(amortized), sum(net_unblended), sum(net_amortized), sum(list_cost)"


def asked(lines: list[Line], shape: Shape, select: str, part: Part | None = None) -> list[Any]:
    before = sources(part or Part(PAYER, KNOWN, TRUE), shape, "")
    with TemporaryDirectory() as folder, connected() as connection:
        path = Path(folder) / "lines.parquet"
        lines_written(path, lines)
        connection.execute(f"CREATE VIEW lines AS FROM '{path}'")
        names_kept(connection, KNOWN.names, {})
        return connection.execute(f"{before.text} {select}", before.values).fetchall()


@st.composite
def bills(draw: st.DrawFn) -> list[Line]:
    found: list[Line] = []
    for number in range(draw(st.integers(0, 12))):
        begin = at("2026-03-01") + timedelta(hours=draw(st.integers(0, 60)))
        cost = str(draw(st.integers(-500, 500)) / 100)
        found.append(
            line(
                number,
                "2026-03-01",
                cost,
                account=draw(st.sampled_from((PAYER, MEMBER))),
                resource=draw(st.sampled_from(("i-1", "i-2", ""))),
                line_type=draw(st.sampled_from((LineType.USAGE, LineType.CREDIT))),
                tags=draw(st.sampled_from(({}, {"team": "red"}, {"team": "blue", "x": "y"}))),
                quantity=Fraction(draw(st.integers(0, 9))),
            )._replace(start=begin, end=begin + timedelta(hours=draw(st.sampled_from((1, 1, 30)))))
        )
    return found


@given(bills(), st.sampled_from(SHAPES))
def test_shaping_changes_no_sum(lines: list[Line], shape: Shape) -> None:
    select = f"SELECT account, line_type, {SUMS}, sum(quantity) FROM named GROUP BY ALL ORDER BY ALL"

    assert asked(lines, shape, select) == asked(lines, Shape(Granularity.HOURLY, True), select)


@given(bills(), st.sampled_from(SHAPES))
def test_the_order_of_lines_changes_no_row_that_is_made_of_several(lines: list[Line], shape: Shape) -> None:
    if shape.is_single:
        return
    columns = 'account, "start", "end", resource, tags, unblended, quantity, line_id'

    again = asked(list(reversed(lines)), shape, f"SELECT {columns} FROM named")

    assert again == asked(lines, shape, f"SELECT {columns} FROM named")


@pytest.mark.parametrize(
    ("granularity", "start", "end"),
    [
        (Granularity.HOURLY, "2026-03-05T06:00", "2026-03-05T07:00"),
        (Granularity.DAILY, "2026-03-05", "2026-03-06"),
        (Granularity.MONTHLY, "2026-03-01", "2026-04-01"),
    ],
)
def test_the_time_of_a_line_is_that_of_its_bucket(granularity: Granularity, start: str, end: str) -> None:
    found = asked([line(1, "2026-03-05T06:00", "1")], Shape(granularity, True), 'SELECT "start", "end" FROM named')

    assert found == [(at(start).replace(tzinfo=None), at(end).replace(tzinfo=None))]


def test_what_ends_with_a_day_ends_there() -> None:
    lines = [line(1, "2026-03-05T23:00", "1")]

    (found,) = asked(lines, Shape(Granularity.DAILY, False), 'SELECT "end" FROM named')

    assert found == (at("2026-03-06").replace(tzinfo=None),)


def test_a_tag_counts_from_when_it_is_active() -> None:
    lines = [line(number, f"2026-03-0{number}", "1", tags={"team": "red", "x": "y"}) for number in (1, 2)]

    found = asked(lines, Shape(Granularity.HOURLY, True), "SELECT tags FROM named")

    assert found == [({},), ({"team": "red"},)]


def test_a_line_has_the_categories_that_give_it_a_value() -> None:
    ours = Fragment("CASE WHEN account = ? THEN ? ELSE '' END", (MEMBER, "it's"))
    known = KNOWN._replace(categories={"Own'er": ours, "None": Fragment("''")})
    lines = [line(1, "2026-03-01", "1"), line(2, "2026-03-01", "1", account=PAYER)]

    found = asked(lines, Shape(Granularity.DAILY, False), "SELECT categories FROM named", Part(PAYER, known, TRUE))

    assert found == [({"Own'er": "it's"},), ({},)]


def test_only_the_lines_of_the_part_are_there() -> None:
    lines = [line(1, "2026-03-01", "1"), line(2, "2026-03-01", "1", account=PAYER)]
    part = Part(PAYER, KNOWN, Fragment("account = ?", (MEMBER,)))

    for shape in SHAPES:
        assert asked(lines, shape, "SELECT account, account_name FROM named", part) == [(MEMBER, "Research")]
