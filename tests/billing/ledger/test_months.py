import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from billing.facts import HOUR, MARCH, is_ours, line, usage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.billing.ledger import (
    BulkMissing,
    Ledger,
    LedgerDamaged,
    LedgerError,
    MonthClosed,
    MonthState,
    MonthUnbilled,
    QueryRefused,
)
from remit.billing.lines import COLUMNS, NUMBERS
from remit.clock import FixedClock

AT = datetime(2026, 4, 2, 8, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "billing", FixedClock(AT))


def content(ledger: Ledger, period: str = "2026-03") -> bytes:
    month = ledger.month(period)
    assert month is not None
    return b"".join((ledger.folder / "lines" / file.name).read_bytes() for file in month.files)


def test_lines_come_back_as_they_were_written(ledger):
    written = line("l-1", quantity=Fraction(1, 3), unblended=Fraction("-0.5"), tier=2, tags={"team": "blue", "a": "b"})

    month = ledger.write_month("2026-03", [written], {"invoice": "2026-03-1"})

    with ledger.open_lines(["2026-03"]) as opened:
        found = opened.connection.execute("FROM lines")
        names = [column[0] for column in found.description]
        (row,) = found.fetchall()
    read = dict(zip(names, row, strict=True))
    assert names == list(COLUMNS)
    assert read["quantity"] == Decimal("0.333333333333333333")
    assert read["unblended"] == Decimal("-0.5")
    assert (read["tier"], read["tags"], read["zone"]) == (2, {"a": "b", "team": "blue"}, "")
    assert (read["start"], read["end"]) == (MARCH.replace(tzinfo=None), (MARCH + HOUR).replace(tzinfo=None))
    assert (month.state, month.billed_at, month.lines, month.facts) == (
        MonthState.OPEN,
        AT,
        1,
        {"invoice": "2026-03-1"},
    )


def test_the_same_lines_give_the_same_bytes(tmp_path):
    lines = [line(f"l-{number}", quantity=Fraction(number, 7), tags={"b": "1", "a": "2"}) for number in range(5_000)]
    ledgers = [Ledger(tmp_path / name) for name in ("one", "two")]

    for ledger in ledgers:
        ledger.write_month("2026-03", lines, {})

    assert content(ledgers[0]) == content(ledgers[1])


def test_texts_of_any_kind_are_kept(ledger):
    texts = ["", "NULL", 'a "quoted", text', "two\nlines", "tab\t", "ünïcödé 🙂", "\\", "{}"]

    ledger.write_month(
        "2026-03", [line(str(number), description=text, tags={text: text}) for number, text in enumerate(texts)], {}
    )

    with ledger.open_lines(["2026-03"]) as opened:
        found = opened.connection.execute("SELECT description, tags FROM lines ORDER BY line_id").fetchall()
    assert found == [(text, {text: text}) for text in texts]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(
    amounts=st.lists(
        st.decimals(min_value=-(10**19), max_value=10**19, places=18).map(Fraction), min_size=1, max_size=20
    )
)
def test_amounts_are_exact_to_eighteen_places(tmp_path, amounts):
    ledger = Ledger(tmp_path / "exact")

    ledger.write_month("2026-03", [line(str(n), unblended=amount) for n, amount in enumerate(amounts)], {})

    with ledger.open_lines(["2026-03"]) as opened:
        found = opened.connection.execute("SELECT unblended FROM lines").fetchall()
    assert [Fraction(amount) for (amount,) in found] == amounts


@pytest.mark.parametrize("column", NUMBERS)
def test_a_number_that_does_not_fit_is_refused_and_the_month_stays(ledger, column):
    ledger.write_month("2026-03", [line("l-1")], {})

    with pytest.raises(LedgerError, match="cannot write"):
        ledger.write_month("2026-03", [line("l-2", **{column: Fraction(10**20)})], {})

    with ledger.open_lines(["2026-03"]) as opened:
        assert opened.connection.execute("SELECT line_id FROM lines").fetchall() == [("l-1",)]


def test_an_open_month_is_replaced_and_leaves_nothing_behind(ledger):
    ledger.write_month("2026-03", [line("l-1")], {})
    ledger.write_month("2026-03", [line("l-2"), line("l-3")], {})

    month = ledger.month("2026-03")
    assert month is not None
    assert month.lines == 2
    assert sorted(path.name for path in (ledger.folder / "lines").iterdir()) == sorted(
        ["2026-03.json", month.files[0].name]
    )


def test_a_reader_keeps_the_month_that_it_opened(ledger):
    ledger.write_month("2026-03", [line("l-1")], {})

    with ledger.open_lines(["2026-03"]) as opened:
        ledger.write_month("2026-03", [line("l-2")], {})
        kept = opened.connection.execute("SELECT line_id FROM lines").fetchall()
    with ledger.open_lines(["2026-03"]) as opened:
        now = opened.connection.execute("SELECT line_id FROM lines").fetchall()

    assert (kept, now) == ([("l-1",)], [("l-2",)])


def test_a_closed_month_never_changes(ledger):
    ledger.write_month("2026-03", [line("l-1")], {})

    closed = ledger.close("2026-03")

    before = content(ledger)
    assert (closed.state, closed.closed_at) == (MonthState.CLOSED, AT)
    with pytest.raises(MonthClosed, match="2026-03 is closed"):
        ledger.write_month("2026-03", [], {})
    with pytest.raises(MonthClosed):
        ledger.close("2026-03")
    assert content(ledger) == before


def test_a_month_is_closed_only_when_its_lines_know_its_usage(ledger):
    with pytest.raises(MonthUnbilled, match="bill it before"):
        ledger.close("2026-03")
    ledger.write_month("2026-03", [line("l-1")], {})
    ledger.add_usage([usage("u-1")], is_ours)

    with pytest.raises(MonthUnbilled, match="bill it again"):
        ledger.close("2026-03")

    ledger.write_month("2026-03", [line("l-1", usage_id="u-1")], {})
    assert ledger.close("2026-03").state is MonthState.CLOSED


def test_lines_made_of_older_usage_do_not_pass_for_newer_ones(ledger):
    with ledger.open_usage("2026-03") as opened:
        ledger.add_usage([usage("u-1")], is_ours)
        ledger.write_month("2026-03", [], {}, opened.version)

    with pytest.raises(MonthUnbilled, match="bill it again"):
        ledger.close("2026-03")


def test_a_file_of_a_closed_month_that_was_changed_is_found(ledger):
    month = ledger.write_month("2026-03", [line("l-1")], {})
    ledger.close("2026-03")
    path = ledger.folder / "lines" / month.files[0].name
    path.write_bytes(path.read_bytes().replace(b"l-1", b"l-2"))

    with pytest.raises(LedgerDamaged, match="is not what was written"):
        ledger.open_lines(["2026-03"])


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_a_file_that_is_missing_or_cut_is_found(ledger, harm):
    month = ledger.write_month("2026-03", [line("l-1")], {})
    harm(ledger.folder / "lines" / month.files[0].name)

    with pytest.raises(LedgerDamaged):
        ledger.open_lines(["2026-03"])


@pytest.mark.parametrize("said", [{"format": 1}, {"format": 3}, {"period": "2026-02"}])
def test_a_month_of_another_form_is_not_guessed_at(ledger, said):
    ledger.write_month("2026-03", [line("l-1")], {})
    manifest = ledger.folder / "lines" / "2026-03.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **said}))

    with pytest.raises(LedgerDamaged, match="of another month or of another Remit"):
        ledger.open_lines(["2026-03"])


def test_months_are_read_together_and_those_without_a_bill_have_no_lines(ledger):
    ledger.write_month("2026-02", [line("l-1", period="2026-02")], {})
    ledger.write_month("2026-03", [line("l-2")], {})

    with ledger.open_lines(["2026-03", "2026-02", "2026-01"]) as opened:
        found = opened.connection.execute("SELECT line_id FROM lines ORDER BY ALL").fetchall()
    with ledger.open_lines(["2025-12"]) as opened:
        none = opened.connection.execute("FROM lines").fetchall()

    assert (found, none) == ([("l-1",), ("l-2",)], [])
    assert [month.period for month in ledger.months()] == ["2026-02", "2026-03"]


@pytest.mark.parametrize("period", ["2026-3", "2026-13", "2026-00", "26-03", "2026-03-01", "../2026-03", ""])
def test_what_is_no_month_is_refused(ledger, period):
    with pytest.raises(LedgerError, match="is no month"):
        ledger.write_month(period, [], {})


def test_a_columnar_writer_must_keep_to_the_columns(ledger):
    def write(path: Path) -> None:
        with ledger.open_usage("2026-03") as opened:
            opened.connection.execute(f"COPY (SELECT 1 AS line_id) TO '{path}' (FORMAT parquet)")

    with pytest.raises(LedgerError, match="has not the columns of lines"):
        ledger.write_month_file("2026-03", write, {})

    assert ledger.months() == []


@pytest.mark.parametrize(
    "sql",
    [
        "COPY lines TO '{outside}'",
        "COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
        "SELECT 1; COPY lines TO '{outside}'",
        "ATTACH '{outside}'",
        "SET threads = 8",
        "CREATE TABLE taken AS FROM lines",
        "PREPARE one AS SELECT 1",
        "EXPLAIN ANALYZE COPY lines TO '{outside}'",
        "no sql at all",
        "",
    ],
)
def test_a_stranger_may_only_select(ledger, tmp_path, sql):
    month = ledger.write_month("2026-03", [line("l-1")], {})
    file, outside = ledger.folder / "lines" / month.files[0].name, tmp_path / "outside"
    before = file.read_bytes()

    with ledger.open_lines(["2026-03"]) as opened, pytest.raises(QueryRefused):
        opened.select(sql.format(file=file, outside=outside))

    assert not outside.exists()
    assert file.read_bytes() == before


@pytest.mark.parametrize("sql", ["FROM '{other}'", "FROM read_text('{other}')", "FROM glob('{other}*')"])
def test_a_select_reads_no_other_file(ledger, tmp_path, sql):
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    ledger.write_month("2026-03", [line("l-1")], {})

    with ledger.open_lines(["2026-03"]) as opened:
        with pytest.raises(QueryRefused):
            opened.select(sql.format(other=other))
        with pytest.raises(Exception, match="disabled by configuration"):
            opened.connection.execute(sql.format(other=other)).fetchall()


def test_a_select_takes_values(ledger):
    ledger.write_month("2026-03", [line("l-1"), line("l-2")], {})

    with ledger.open_lines(["2026-03"]) as opened:
        assert opened.select("SELECT line_id FROM lines WHERE line_id > ?", ["l-1"]).fetchall() == [("l-2",)]


def test_without_the_engine_a_person_is_told_what_to_install(ledger, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(BulkMissing, match=r"pip install 'remit\[bulk\]'"):
        ledger.open_lines([])


def test_only_the_owner_may_read(ledger):
    ledger.write_month("2026-03", [line("l-1")], {})
    ledger.add_usage([usage("u-1")], is_ours)

    paths = [ledger.folder, *ledger.folder.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from billing.facts import line
from remit.billing.ledger import Ledger
ledger = Ledger(Path({folder!r}))
print("ready", flush=True)
while True:
    for number in (1, 2):
        ledger.write_month("2026-03", [line(str(number))] * number * 500, {{"is": number}})
"""


def test_a_writer_that_is_killed_leaves_the_month_before_or_the_month_after(tmp_path):
    folder, tests = tmp_path / "billing", str(Path(__file__).parents[2])
    ledger = Ledger(folder)
    ledger.write_month("2026-03", [line("1")] * 500, {"is": 1})

    for attempt in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER.format(tests=tests, folder=str(folder))], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            until = time.monotonic() + 0.1 + attempt * 0.13
            while time.monotonic() < until:
                with ledger.open_lines(["2026-03"]) as opened:
                    found = opened.connection.execute("SELECT count(*), max(line_id) FROM lines").fetchone()
                assert found in [(500, "1"), (1000, "2")]
            writer.kill()

        with ledger.open_lines(["2026-03"]) as opened:
            found = opened.connection.execute("SELECT count(*), max(line_id) FROM lines").fetchone()
        month = ledger.month("2026-03")
        assert month is not None
        assert found == (month.lines, str(month.facts["is"]))

    ledger.write_month("2026-03", [], {})
    assert len(list((folder / "lines").iterdir())) == 2
