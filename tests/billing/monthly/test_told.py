"""What happened to a ledger is in the trail: each change once, also when somebody was killed before they could tell."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from bills import HOUR, PAYER, STRANGER, at, line
from composed import composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.ledger.price_shelf import PriceShelf, price_folder, sample_offers
from remit.billing.monthly.terms import TERMS
from remit.billing.monthly.told import TOLD, tell
from remit.billing.usage import Usage
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.store import Database, RecordQuery

FOREVER = 2**53


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with composed(tmp_path):
        pass
    settings, _ = read_settings({"data": tmp_path}, {}, Path("no-such-file"))
    found = open_database(settings)
    yield found
    found.close_now()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(ledger_folder(tmp_path, PAYER))


def events(database: Database, account: str = PAYER) -> list[tuple[str, dict[str, Any]]]:
    """Return name and details of what is in the trail of an account on its ledger, the oldest first."""
    found = database.backend.records(
        RecordQuery(account, 0, FOREVER, 100, column="source", value="billing.amazonaws.com")
    )
    return [(one.name, json.loads(one.body)["serviceEventDetails"]) for one in reversed(found)]


def names(database: Database) -> list[str]:
    return sorted(name for name, _ in events(database))


def use(ledger: Ledger, number: int, start: str, account: str = PAYER) -> None:
    begin = at(start)
    record = Usage(
        f"u{number}", account, "AmazonS3", "Requests", "Get", "us-east-1", begin, begin + HOUR, Fraction(1), "Requests"
    )
    ledger.add_usage([record], lambda one: one == PAYER)


def test_each_change_is_told_once(tmp_path, database, ledger) -> None:
    use(ledger, 1, "2026-03-01")
    month = ledger.write_month("2026-03", [line(1, "2026-03-01", "1")], {})
    tell(database, tmp_path, ledger, PAYER)
    tell(database, tmp_path, ledger, PAYER)
    closed = ledger.close("2026-03")
    tell(database, tmp_path, ledger, PAYER)

    bill = {"month": "2026-03", "lines": 1, "sha256": month.sha256}
    assert closed.sha256 == month.sha256
    (used,) = [details for name, details in events(database) if name == "UsageImported"]
    assert (used["month"], used["records"], used["source"]) == ("2026-03", 1, "usage")
    assert [one for one in events(database) if one[0] != "UsageImported"] == [
        ("MonthBilled", bill),
        ("MonthClosed", bill),
    ]


def test_an_import_of_many_days_is_told_once(tmp_path, database, ledger) -> None:
    days = [at(f"2026-03-{day:02}") for day in (1, 2, 3)]
    ledger.add_usage(
        [
            Usage(
                f"u{day}", PAYER, "AmazonS3", "Requests", "Get", "us-east-1", day, day + HOUR, Fraction(1), "Requests"
            )
            for day in days
        ],
        lambda one: one == PAYER,
    )
    use(ledger, 4, "2026-03-02")

    tell(database, tmp_path, ledger, PAYER)

    assert [details["records"] for name, details in events(database) if name == "UsageImported"] == [3, 1]


def test_a_month_that_is_billed_again_is_told_again(tmp_path, database, ledger) -> None:
    for _ in range(2):
        ledger.write_month("2026-03", [line(1, "2026-03-01", "1")], {})
        tell(database, tmp_path, ledger, PAYER)

    assert names(database) == ["MonthBilled", "MonthBilled"]


def test_who_was_killed_between_trail_and_note_tells_nothing_twice(tmp_path, database, ledger) -> None:
    use(ledger, 1, "2026-03-01")
    ledger.write_month("2026-03", [line(1, "2026-03-01", "1")], {})
    tell(database, tmp_path, ledger, PAYER)
    before = names(database)

    for content in (None, b"", b"{", b"[]"):
        (ledger.folder / TOLD).unlink()
        if content is not None:
            (ledger.folder / TOLD).write_bytes(content)
        tell(database, tmp_path, ledger, PAYER)

    assert names(database) == before == ["MonthBilled", "UsageImported"]


def test_what_was_not_told_is_told_with_the_time_when_it_was_done(tmp_path, database, ledger) -> None:
    month = ledger.write_month("2026-03", [line(1, "2026-03-01", "1")], {})

    tell(database, tmp_path, ledger, PAYER)

    (record,) = database.backend.records(RecordQuery(PAYER, 0, FOREVER, 9, column="name", value="MonthBilled"))
    body = json.loads(record.body)
    assert record.at == int(month.billed_at.timestamp() * 1000)
    assert (body["eventType"], body["userIdentity"]) == (
        "AwsServiceEvent",
        {"accountId": PAYER, "invokedBy": "billing.amazonaws.com"},
    )
    assert body["eventTime"] == f"{month.billed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert body["readOnly"] is False


def test_late_and_strange_usage_says_so(tmp_path, database, ledger) -> None:
    ledger.write_month("2026-03", [], {})
    ledger.close("2026-03")
    use(ledger, 1, "2026-03-02")
    use(ledger, 2, "2026-03-02", STRANGER)
    tell(database, tmp_path, ledger, PAYER)

    late, strange = (details for name, details in events(database) if name == "UsageImported")
    assert {late.get("corrects"), strange.get("corrects")} == {"2026-03", None}
    assert {late.get("month"), strange.get("month")} == {"2026-04", None}
    assert {late.get("isKeptApart"), strange.get("isKeptApart")} == {None, True}


def test_terms_and_prices_are_told(tmp_path, database, ledger) -> None:
    ledger.folder.mkdir(parents=True)
    (ledger.folder / TERMS).write_text("title: ours\n")
    shelf = PriceShelf(price_folder(tmp_path))
    for content in sample_offers()[:2]:
        shelf.add_content(content)
    for _ in range(2):
        tell(database, tmp_path, ledger, PAYER)

    assert names(database) == ["PricesImported", "PricesImported", "TermsKept"]
    assert {offer.service for offer in shelf.offers()} <= {
        details["service"] for name, details in events(database) if name == "PricesImported"
    }


def test_nothing_is_made_where_there_is_no_ledger(tmp_path, database, ledger) -> None:
    tell(database, tmp_path, ledger, PAYER)

    assert events(database) == []
    assert not ledger.folder.exists()
