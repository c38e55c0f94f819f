import subprocess
import sys
from datetime import timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from billing.facts import HOUR, MARCH, MEMBER, PAYER, STRANGER, is_ours, usage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.billing.ledger import Ledger, LedgerDamaged, LedgerError, UsageRefused
from remit.billing.ledger.readers import source_of
from remit.billing.usage import Usage


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "billing")


def kept(ledger: Ledger, period: str = "2026-03") -> list[tuple[Usage, str]]:
    return [tuple(recorded) for recorded in ledger.usage(period)]


def ids(ledger: Ledger, period: str = "2026-03") -> list[str]:
    return sorted(recorded.usage.usage_id for recorded in ledger.usage(period))


def test_records_come_back_as_they_were_given(ledger):
    records = [
        usage("u-1", quantity=Fraction("0.000000000000000001"), tags={"b": "1", "a": ""}),
        usage("u-2", quantity=Fraction("99999999999999999999.999999999999999999"), zone="us-east-2a", resource="i-1"),
        usage("u-3", quantity=Fraction(0), end=MARCH.replace(month=4)),
    ]

    added = ledger.add_usage(records, is_ours)

    assert kept(ledger) == [(record, "") for record in records]
    assert (added.added, added.known, added.unknown, added.late) == ({"2026-03": 3}, 0, {}, 0)


def test_a_record_is_known_by_its_id(ledger):
    ledger.add_usage([usage("u-1"), usage("u-1")], is_ours)

    again = ledger.add_usage([usage("u-1"), usage("u-2"), usage("u-2")], is_ours)

    assert (again.added, again.known) == ({"2026-03": 1}, 2)
    assert ids(ledger) == ["u-1", "u-2"]


def test_the_same_record_in_other_words_is_the_same(ledger):
    ledger.add_usage([usage("u-1", tags={"a": "1", "b": "2"})], is_ours)
    east = timezone(timedelta(hours=2))

    again = ledger.add_usage([usage("u-1", start=MARCH.astimezone(east), tags={"b": "2", "a": "1"})], is_ours)

    assert (again.added, again.known) == ({}, 1)


OTHER = [
    {"quantity": Fraction(2)},
    {"account": PAYER},
    {"operation": ""},
    {"zone": "us-east-2a"},
    {"tags": {"a": "1"}},
    {"start": MARCH + HOUR},
    {"start": MARCH.replace(month=5)},
    {"end": MARCH + 2 * HOUR},
]


@pytest.mark.parametrize("other", OTHER, ids=lambda other: next(iter(other)))
def test_an_id_never_says_two_things(ledger, other):
    with pytest.raises(UsageRefused, match="record 3: usage_id `u-1` says something else than in record 1"):
        ledger.add_usage([usage("u-1"), usage("u-2"), usage("u-1", **other)], is_ours)
    ledger.add_usage([usage("u-1")], is_ours)
    with pytest.raises(UsageRefused, match="record 2: usage_id `u-1` is in the ledger and says something else"):
        ledger.add_usage([usage("u-2"), usage("u-1", **other)], is_ours)

    assert ids(ledger) == ["u-1"]


def test_a_separator_within_a_text_makes_no_other_record_the_same(ledger):
    ledger.add_usage([usage("u-1", operation="a", region="b,c")], is_ours)

    with pytest.raises(UsageRefused, match="says something else"):
        ledger.add_usage([usage("u-1", operation="a,b", region="c")], is_ours)


BAD = {
    "no id": (usage(""), "usage_id is missing"),
    "no service": (usage("u", service=""), "service is missing"),
    "a short account": (usage("u", account="12345"), "account `12345` is not twelve digits"),
    "a control character": (usage("u\n"), r"usage_id `u\?` holds a control character"),
    "an end at its start": (usage("u", end=MARCH), "is not after start"),
    "an end before its start": (usage("u", end=MARCH - HOUR), "is not after start"),
    "over the month's end": (usage("u", end=MARCH.replace(month=4) + timedelta(seconds=1)), "runs into the next month"),
    "nineteen places": (usage("u", quantity=Fraction("0.0000000000000000001")), "has more than 18 places"),
    "a third": (usage("u", quantity=Fraction(1, 3)), "has more than 18 places"),
    "too much": (usage("u", quantity=Fraction(10**20)), "more than 20 digits before the point"),
    "no zone": (usage("u", start=MARCH.replace(tzinfo=None), end=MARCH), "has no time zone"),
    "negative": (usage("u", quantity=Fraction(-1), resource="i-other"), "of that there is 0: correct no more"),
}


@pytest.mark.parametrize(("record", "message"), BAD.values(), ids=BAD)
def test_a_bad_record_refuses_its_whole_file(ledger, record, message):
    with pytest.raises(UsageRefused, match=f"record 2: .*{message}"):
        ledger.add_usage([usage("u-1"), record, usage("u-2")], is_ours)

    assert ids(ledger) == []
    assert ledger.usage_months() == {}


def test_further_bad_records_are_counted(ledger):
    with pytest.raises(UsageRefused, match=r"record 1: service is missing.*\(2 more records are refused\)"):
        ledger.add_usage([usage("a", service=""), usage(""), usage("b", account="x")], is_ours)


def test_a_correction_takes_back_what_there_is_and_no_more(ledger):
    ledger.add_usage([usage("u-1", quantity=Fraction(3))], is_ours)
    ledger.add_usage([usage("c-1", quantity=Fraction(-2))], is_ours)

    with pytest.raises(UsageRefused, match="of that there is 3"):
        ledger.add_usage([usage("c-2", quantity=Fraction("-1.01"))], is_ours)
    with pytest.raises(UsageRefused, match="of that there is 0"):
        ledger.add_usage([usage("c-2", quantity=Fraction(-1), resource="i-other")], is_ours)
    ledger.add_usage([usage("c-2", quantity=Fraction(-1))], is_ours)

    assert sum(recorded.usage.quantity for recorded in ledger.usage("2026-03")) == 0


def test_a_file_may_bring_usage_and_its_correction(ledger):
    ledger.add_usage([usage("c", quantity=Fraction(-1)), usage("u", quantity=Fraction(1))], is_ours)

    assert ids(ledger) == ["c", "u"]


def test_records_of_several_months_go_to_theirs(ledger):
    months = [MARCH.replace(month=2), MARCH, MARCH.replace(year=2025, month=12)]

    added = ledger.add_usage([usage(f"u-{number}", start=start) for number, start in enumerate(months)], is_ours)

    assert added.added == {"2025-12": 1, "2026-02": 1, "2026-03": 1}
    assert ids(ledger, "2025-12") == ["u-2"]


def test_each_day_is_a_file_of_its_own(ledger):
    records = [usage(f"u-{number}", start=MARCH + timedelta(days=number % 3)) for number in range(9)]

    ledger.add_usage(records, is_ours)

    (parts,) = ledger.usage_months().values()
    assert [part.records for part in parts] == [3, 3, 3]
    assert ids(ledger) == [f"u-{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("quantity", "kind"),
    [
        ("9999999999.99999999", "DECIMAL(18,8)"),
        ("10000000000", "DECIMAL(38,18)"),
        ("0.000000001", "DECIMAL(38,18)"),
        ("0.00000001", "DECIMAL(18,8)"),
    ],
)
def test_quantities_of_few_places_are_kept_in_eight_bytes(ledger, quantity, kind):
    ledger.add_usage([usage("u-1", quantity=Fraction(quantity))], is_ours)

    with ledger.open_usage("2026-03") as opened:
        found = opened.connection.execute("SELECT typeof(quantity) FROM usage").fetchone()
    assert found == (kind,)
    assert [recorded.usage.quantity for recorded in ledger.usage("2026-03")] == [Fraction(quantity)]


def test_a_quantity_with_an_exponent_is_kept_whole(ledger, tmp_path):
    path = tmp_path / "usage.jsonl"
    path.write_text(
        f'{{"usage_id": "u-1", "account": "{MEMBER}", "service": "AmazonS3", "usage_type": "Requests-Tier1",'
        ' "operation": "", "region": "us-east-1", "start": "2026-03-01T00:00:00Z", "end": "2026-03-01T01:00:00Z",'
        ' "quantity": "15e-10", "unit": "Requests"}\n'
    )

    ledger.add_source(source_of(path), is_ours)

    assert [recorded.usage.quantity for recorded in ledger.usage("2026-03")] == [Fraction("0.0000000015")]


def test_one_long_quantity_makes_all_of_a_month_long(ledger):
    short, long = (usage(name, quantity=Fraction(quantity)) for name, quantity in (("u-1", "0.5"), ("u-2", "1e-18")))
    ledger.add_usage([short], is_ours)

    ledger.add_usage([long], is_ours)
    again = ledger.add_usage([short, long], is_ours)

    assert (again.added, again.known) == ({}, 2)
    assert kept(ledger) == [(short, ""), (long, "")]


def test_late_records_are_on_the_next_open_bill_and_say_so(ledger):
    for period in ("2026-02", "2026-03"):
        ledger.write_month(period, [], {})
        ledger.close(period)

    added = ledger.add_usage([usage("u-1", start=MARCH.replace(month=2)), usage("u-2", start=MARCH)], is_ours)

    assert (added.added, added.late) == ({"2026-04": 2}, 2)
    assert [(record.usage_id, corrects) for record, corrects in kept(ledger, "2026-04")] == [
        ("u-1", "2026-02"),
        ("u-2", "2026-03"),
    ]
    assert kept(ledger, "2026-02") == []


def test_late_records_that_were_billed_stay_where_they_were(ledger):
    ledger.write_month("2026-03", [], {})
    ledger.close("2026-03")
    ledger.add_usage([usage("u-1")], is_ours)
    ledger.write_month("2026-04", [], {})
    ledger.close("2026-04")

    ledger.add_usage([usage("u-1"), usage("u-2")], is_ours)

    assert (ids(ledger, "2026-04"), ids(ledger, "2026-05")) == (["u-1"], ["u-2"])


def test_records_of_unknown_accounts_are_kept_apart_until_somebody_knows_them(ledger):
    first = ledger.add_usage([usage("u-1"), usage("u-2", account=STRANGER)], is_ours)
    (apart,) = ledger.quarantine()
    again = ledger.add_usage([usage("u-2", account=STRANGER)], is_ours)

    assert (first.unknown, again.unknown, again.known) == ({STRANGER: 1}, {}, 1)
    assert (apart.account, apart.records, apart.start) == (STRANGER, 1, "2026-03-01T00:00:00Z")
    assert ids(ledger) == ["u-1"]

    released = ledger.release_usage(lambda account: True)

    assert released == 1
    assert ids(ledger) == ["u-1", "u-2"]
    assert ledger.quarantine() == []


def test_only_records_of_the_accounts_that_are_known_leave_the_quarantine(ledger):
    ledger.add_usage([usage("u-1", account=STRANGER), usage("u-2", account="000000000001")], is_ours)

    ledger.add_usage([usage("u-3")], lambda account: account in (MEMBER, STRANGER))

    assert ids(ledger) == ["u-1", "u-3"]
    assert [apart.account for apart in ledger.quarantine()] == ["000000000001"]


def test_an_id_in_quarantine_never_says_two_things(ledger):
    ledger.add_usage([usage("u-1", account=STRANGER)], is_ours)

    with pytest.raises(UsageRefused, match="is in the ledger and says something else"):
        ledger.add_usage([usage("u-1")], is_ours)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(order=st.permutations(range(6)), cut=st.integers(0, 6))
def test_the_order_of_records_and_of_files_changes_nothing(tmp_path_factory, order, cut):
    ledger = Ledger(tmp_path_factory.mktemp("order"))
    records = [usage(f"u-{n}", quantity=Fraction(n), account=STRANGER if n == 5 else MEMBER) for n in range(6)]

    for part in (order[:cut], order[cut:], order):
        ledger.add_usage([records[n] for n in part], is_ours)

    assert sorted(kept(ledger)) == [(record, "") for record in records[:5]]
    assert [apart.records for apart in ledger.quarantine()] == [1]


def test_a_reader_keeps_the_usage_that_it_opened(ledger):
    ledger.add_usage([usage("u-1", account=STRANGER)], lambda account: False)
    ledger.add_usage([usage("u-2")], is_ours)

    with ledger.open_usage("2026-03") as opened:
        ledger.add_usage([usage("u-3")], lambda account: True)
        found = opened.connection.execute("SELECT usage_id FROM usage").fetchall()

    assert found == [("u-2",)]


def test_a_part_that_is_cut_is_found(ledger):
    ledger.add_usage([usage("u-1")], is_ours)
    (path,) = (ledger.folder / "usage").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(LedgerDamaged, match="restore it from a backup"):
        ledger.add_usage([usage("u-2")], is_ours)


def test_what_a_killed_writer_left_goes(ledger):
    ledger.add_usage([usage("u-1")], is_ours)
    left = [ledger.folder / "work-1" / "spill", ledger.folder / "usage" / ".00000002.parquet.partial"]
    left[0].mkdir(parents=True)
    left[1].write_bytes(b"half")

    ledger.add_usage([usage("u-2")], is_ours)

    assert not any(path.exists() for path in left)
    assert ids(ledger) == ["u-1", "u-2"]


def test_a_source_that_fails_in_the_middle_leaves_nothing(ledger):
    def records():
        yield usage("u-1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.add_usage(records(), is_ours)

    assert ledger.usage_months() == {}
    assert not list(ledger.folder.glob("work-*"))


_ADDER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from billing.facts import is_ours, usage
from remit.billing.ledger import Ledger
for number in range(3):
    Ledger(Path({folder!r})).add_usage([usage(f"u-{{number}}-{name}"), usage("shared")], is_ours)
"""


def test_writers_take_turns(tmp_path):
    folder, tests = tmp_path / "billing", str(Path(__file__).parents[2])
    programs = [_ADDER.format(tests=tests, folder=str(folder), name=name) for name in "ab"]
    writers = [subprocess.Popen([sys.executable, "-c", program]) for program in programs]

    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert ids(Ledger(folder)) == ["shared", *(f"u-{number}-{name}" for number in range(3) for name in "ab")]


def test_a_ledger_of_a_later_remit_is_not_touched(ledger):
    ledger.add_usage([usage("u-1")], is_ours)
    manifest = ledger.folder / "usage" / "parts.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))

    with pytest.raises(LedgerError, match="later Remit"):
        ledger.add_usage([usage("u-2")], is_ours)
