"""A round: what was called is metered once, what changed is billed, and one payer's trouble stops no other."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from bills import HOUR, MEMBER, NOW, PAYER, STRANGER, Family, at
from composed import Composed, composed
from deliveries import delivered, made

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.ledger.price_shelf import PriceShelf, price_folder, sample_offers
from remit.billing.monthly.month_locks import one_at
from remit.billing.monthly.rounds import Round, go_round, paid_by_payer
from remit.billing.monthly.terms import TERMS
from remit.billing.usage import Usage
from remit.clock import FixedClock
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database

MARCH, APRIL = "2026-03", "2026-04"


@pytest.fixture
def remit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Composed]:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW.replace(tzinfo=None))
    with composed(tmp_path, FixedClock(NOW)) as whole:
        yield whole


def goes(folder: Path, now: datetime = NOW) -> Round:
    """Do a round, as a process of its own."""
    database = open_database(read_settings({"data": folder}, {}, Path("no-such-file"))[0])
    try:
        return go_round(database, folder, now)
    finally:
        database.close_now()


def ledger_of(folder: Path, payer: str = PAYER) -> Ledger:
    return Ledger(ledger_folder(folder, payer))


def use(folder: Path, number: int, start: str, payer: str = PAYER) -> None:
    begin = at(start)
    record = Usage(
        f"u{number}", payer, "AmazonEC2", "BoxUsage:m5.xlarge", "RunInstances", "us-east-1",
        begin, begin + HOUR, Fraction(1), "Hrs",
    )  # fmt: skip
    ledger_of(folder, payer).add_usage([record], lambda account: account == payer)


def bill_of(folder: Path, period: str = MARCH, payer: str = PAYER) -> str:
    month = ledger_of(folder, payer).month(period)
    assert month is not None
    return month.sha256


def test_calls_become_usage_and_a_bill(remit: Composed, tmp_path: Path) -> None:
    for _ in range(3):
        remit.client("iam").list_users()
    remit.flush()

    early = goes(tmp_path, NOW + timedelta(minutes=30))
    late = goes(tmp_path, NOW + timedelta(hours=2))

    assert (early.metered, early.billed) == (0, [])
    assert (late.metered, late.billed, late.troubles) == (1, [(PAYER, MARCH)], [])
    (used,) = ledger_of(tmp_path).usage(MARCH)
    assert (used.usage.operation, used.usage.quantity) == ("ListUsers", 3)


def test_an_hour_is_metered_once_though_its_trail_grew(remit: Composed, tmp_path: Path) -> None:
    remit.client("iam").list_users()
    remit.flush()
    goes(tmp_path, NOW + timedelta(hours=2))
    remit.client("iam").list_users()  # of the same hour: a record that came too late
    remit.flush()

    again = goes(tmp_path, NOW + timedelta(hours=3))

    assert (again.metered, again.billed, again.troubles) == (0, [], [])


def test_the_last_hours_of_a_month_are_metered_in_the_next(remit: Composed, tmp_path: Path) -> None:
    remit.client("iam").list_users()
    remit.flush()
    goes(tmp_path, NOW + timedelta(hours=2))
    (ledger_of(tmp_path).folder / "metered").write_text((NOW - HOUR).replace(minute=0).isoformat())

    done = goes(tmp_path, at("2026-04-02"))

    assert (done.metered, done.troubles) == (0, [])
    assert (ledger_of(tmp_path).folder / "metered").read_text() == at("2026-04-01").isoformat()


@pytest.mark.usefixtures("remit")
def test_only_what_changed_is_billed(tmp_path: Path) -> None:
    use(tmp_path, 1, "2026-03-01")
    use(tmp_path, 2, "2026-04-01")
    assert goes(tmp_path).billed == [(PAYER, MARCH), (PAYER, APRIL)]
    assert goes(tmp_path).billed == []

    use(tmp_path, 3, "2026-03-02")
    assert goes(tmp_path).billed == [(PAYER, MARCH)]
    for content in sample_offers():
        PriceShelf(price_folder(tmp_path)).add_content(content)
    assert goes(tmp_path).billed == [(PAYER, MARCH), (PAYER, APRIL)]
    (ledger_of(tmp_path).folder / TERMS).write_text("title: t\ntaxes:\n  - {name: VAT, percent: 10}\n")
    assert goes(tmp_path).billed == [(PAYER, MARCH), (PAYER, APRIL)]
    assert goes(tmp_path).billed == []


def test_what_the_store_says_counts_as_a_change(remit: Composed, tmp_path: Path) -> None:
    family = Family(remit)
    use(tmp_path, 1, "2026-03-01")
    goes(tmp_path)
    assert goes(tmp_path).billed == []

    family.credit("5")
    assert goes(tmp_path).billed == [(PAYER, MARCH)]
    assert goes(tmp_path).billed == []
    family.leaves()
    assert goes(tmp_path).billed == [(PAYER, MARCH)]


@pytest.mark.usefixtures("remit")
def test_a_closed_month_stays(tmp_path: Path) -> None:
    use(tmp_path, 1, "2026-03-01")
    goes(tmp_path)
    ledger_of(tmp_path).close(MARCH)
    before = bill_of(tmp_path)

    use(tmp_path, 2, "2026-03-02")

    assert goes(tmp_path).billed == [(PAYER, APRIL)]
    assert bill_of(tmp_path) == before


def test_trouble_of_one_payer_is_told_and_stops_no_other(remit: Composed, tmp_path: Path) -> None:
    Family(remit)
    use(tmp_path, 1, "2026-03-01")
    use(tmp_path, 1, "2026-03-01", STRANGER)
    (ledger_of(tmp_path).folder / TERMS).write_text("no terms")

    done = goes(tmp_path)

    assert done.billed == [(STRANGER, MARCH)]
    assert len(done.troubles) == 1
    assert done.troubles[0].startswith(f"bills of {PAYER}: ")


@pytest.mark.usefixtures("remit")
def test_a_month_that_a_person_bills_is_left_to_them(tmp_path: Path) -> None:
    use(tmp_path, 1, "2026-03-01")
    use(tmp_path, 2, "2026-04-01")

    with one_at(ledger_of(tmp_path).folder, MARCH):
        done = goes(tmp_path)

    assert (done.billed, done.troubles) == ([(PAYER, APRIL)], [])


def test_what_a_round_did_is_in_the_trail(remit: Composed, tmp_path: Path) -> None:
    use(tmp_path, 1, "2026-03-01")
    goes(tmp_path)
    goes(tmp_path)

    wanted = [{"AttributeKey": "EventSource", "AttributeValue": "billing.amazonaws.com"}]
    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=wanted, StartTime=at("2026-01-01"), EndTime=at("2099-01-01")
    )["Events"]
    names = sorted(json.loads(one["CloudTrailEvent"])["eventName"] for one in found)
    assert names == ["MonthBilled", "UsageImported"]


def test_every_payer_has_the_accounts_that_it_ever_paid_for(remit: Composed) -> None:
    family = Family(remit)
    assert remit.change(paid_by_payer) == {PAYER: {PAYER, MEMBER}, STRANGER: {STRANGER}}

    family.leaves()

    assert remit.change(paid_by_payer) == {PAYER: {PAYER, MEMBER}, STRANGER: {STRANGER}, MEMBER: {MEMBER}}


def test_what_is_billed_is_due_to_be_delivered(remit: Composed, tmp_path: Path) -> None:
    family = Family(remit)
    arn = made(family)
    use(tmp_path, 1, "2026-03-01")

    assert goes(tmp_path).billed == [(PAYER, MARCH)]
    assert goes(tmp_path).billed == []

    (execution,) = family.client("bcm-data-exports").list_executions(ExportArn=arn)["Executions"]
    assert execution["ExecutionStatus"]["StatusCode"] == "INITIATION_IN_PROCESS"
    (outcome,) = delivered(family, tmp_path / "buckets")
    assert (outcome.execution.partition, outcome.message) == (MARCH, "")
