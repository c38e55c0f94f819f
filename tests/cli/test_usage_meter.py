"""`remit usage meter`: the calls that were answered become usage, once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.exceptions
import pytest
from composed import ACCOUNT, Composed, composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.monthly.metering import hours_over, metered
from remit.cli import main
from remit.clock import FixedClock

NOW = datetime(2026, 3, 20, 12, 30, tzinfo=UTC)
Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW.replace(tzinfo=None))


def calls(remit: Composed) -> None:
    iam = remit.client("iam")
    for _ in range(3):
        iam.list_users()
    with pytest.raises(botocore.exceptions.ClientError):
        iam.get_user(UserName="nobody")


def run(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main(["usage", "meter", *arguments, "--data", str(folder)])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_calls_are_counted_by_operation_and_hour_and_once(tmp_path, capsys) -> None:
    with composed(tmp_path, FixedClock(NOW)) as remit:
        calls(remit)

    status, said = run(capsys, tmp_path, "2026-03")
    assert (status, "2 of them new" in said) == (0, True)
    ledger = Ledger(ledger_folder(tmp_path, ACCOUNT))
    found = {one.usage.operation: one.usage for one in ledger.usage("2026-03")}
    assert {name: int(one.quantity) for name, one in found.items()} == {"ListUsers": 3, "GetUser": 1}
    assert found["ListUsers"].service == "iam"
    assert found["ListUsers"].start == NOW.replace(minute=0)
    assert found["ListUsers"].end - found["ListUsers"].start == timedelta(hours=1)

    status, said = run(capsys, tmp_path, "2026-03", "--json")
    assert (status, json.loads(said)["known"]) == (0, 2)


def test_pages_of_the_trail_are_counted_whole(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("remit.billing.monthly.metering._PAGE", 2)
    with composed(tmp_path, FixedClock(NOW)) as remit:
        calls(remit)
    with composed(tmp_path, FixedClock(NOW)) as remit:
        backend = remit.database.backend
        found = list(metered(backend, [ACCOUNT], NOW - timedelta(hours=1), NOW + timedelta(hours=1)))
        later = list(metered(backend, [ACCOUNT], NOW + timedelta(hours=1), NOW + timedelta(hours=2)))
    assert sum(one.quantity for one in found) == 4
    assert later == []


def test_an_hour_counts_when_it_is_over() -> None:
    assert hours_over(datetime(2026, 3, 20, 13, 0, 59, tzinfo=UTC)) == datetime(2026, 3, 20, 12, tzinfo=UTC)
    assert hours_over(datetime(2026, 3, 20, 13, 1, tzinfo=UTC)) == datetime(2026, 3, 20, 13, tzinfo=UTC)


def test_what_is_no_month_is_told(tmp_path, capsys) -> None:
    with composed(tmp_path, FixedClock(NOW)):
        pass
    status, said = run(capsys, tmp_path, "March")
    assert (status, "is no month" in said) == (2, True)
