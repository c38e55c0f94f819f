"""What failed and may pass is tried again, after waits that grow; until then, it is said that it failed, and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family, line, written
from deliveries import Noting, delivered, events, export, files, made, noted, report, states, status

from remit.billing.exports import deliveries
from remit.billing.exports.buckets import FolderBuckets
from remit.billing.exports.carrying_out import carried_out
from remit.billing.exports.deliveries import take
from remit.billing.exports.places import PlaceWrong
from remit.billing.ledger import LedgerError
from remit.billing.ledger.errors import NotWritten
from remit.directory.billing.executions import hasten
from remit.wire.object_storage import StorageFailed

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NO_BUCKET = StorageFailed("gone", is_refusal=True, is_bucket_missing=True)
REFUSED = StorageFailed("AccessDenied", is_refusal=True)
SILENT = StorageFailed("Could not connect")
FAILED = ("DELIVERY_FAILURE", "INTERNAL_FAILURE")
DENIED = ("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")


@pytest.fixture
def failing(tmp_path: Path) -> Callable[..., Noting]:
    """Return what makes buckets that fail."""
    return lambda error=SILENT: Noting(tmp_path, fails="/", error=error)


def bill(family: Family, *periods: str, at: datetime = NOW) -> None:
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, periods or ["2026-03"], at))


def execution(family: Family, arn: str) -> dict[str, Any]:
    """Return the status of the oldest execution of an export."""
    api = family.client("bcm-data-exports")
    first = api.list_executions(ExportArn=arn)["Executions"][0]
    found: dict[str, Any] = api.get_execution(ExportArn=arn, ExecutionId=first["ExecutionId"])["ExecutionStatus"]
    return found


def last_status(family: Family) -> dict[str, str]:
    (found,) = family.client("cur").describe_report_definitions()["ReportDefinitions"]
    shown: dict[str, str] = found["ReportStatus"]
    return shown


# -- when


def test_what_fails_is_tried_ten_times_and_waits_longer_each_time(
    family: Family, failing: Callable[..., Noting]
) -> None:
    arn = made(family)
    at, waits = NOW, [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert len(delivered(family, failing(), at)) == 1

    for minutes in waits:
        assert delivered(family, failing(), at + minutes * MINUTE - SECOND) == []
        assert "CompletedAt" not in execution(family, arn)
        at += minutes * MINUTE
        assert len(delivered(family, failing(), at)) == 1
        assert status(family, arn)["StatusReason"] == "INTERNAL_FAILURE"

    assert execution(family, arn)["CompletedAt"] == at
    assert delivered(family, failing(), at + timedelta(days=30)) == []
    assert states(family, arn) == [FAILED]
    assert status(family, arn)["StatusCode"] == "UNHEALTHY"


@pytest.mark.parametrize("error", [NO_BUCKET, REFUSED, SILENT, OSError(28, "full"), PermissionError(), NotWritten("x")])
def test_what_may_pass_is_tried_again(
    family: Family, failing: Callable[..., Noting], folder: Path, error: Exception
) -> None:
    arn = made(family)
    delivered(family, failing(error))

    assert len(delivered(family, folder, NOW + MINUTE)) == 1

    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]
    assert "StatusReason" not in execution(family, arn)
    assert status(family, arn)["StatusCode"] == "HEALTHY"


@pytest.mark.parametrize("error", [LedgerError("damaged"), PlaceWrong("no bucket"), KeyError("a bug")])
def test_what_cannot_pass_is_not_tried_again(
    family: Family, failing: Callable[..., Noting], folder: Path, error: Exception
) -> None:
    arn = made(family)

    delivered(family, failing(error))

    assert "CompletedAt" in execution(family, arn)
    family.remit.change(hasten)
    assert delivered(family, folder, NOW + timedelta(days=1)) == []


def test_a_disk_that_is_full_is_one_of_those_that_may_pass(family: Family, folder: Path) -> None:
    rows = folder / "our-bills/a/b/ours/data/BILLING_PERIOD=2026-03"
    rows.mkdir(parents=True)
    (rows / ".ours-00001.snappy.parquet.partial").symlink_to("/dev/full")
    arn = made(family)

    (outcome,) = delivered(family, folder)

    assert "No space left on device" in outcome.message
    assert states(family, arn) == [FAILED]
    assert len(delivered(family, folder, NOW + MINUTE)) == 1
    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]


# -- what is said meanwhile


def test_while_it_is_tried_again_it_is_unhealthy_still(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    arn = made(family)
    delivered(family, failing(REFUSED))
    (task,) = family.remit.change(lambda tx: take(tx, NOW + MINUTE))

    assert states(family, arn) == [("QUERY_IN_PROCESS", None)]
    assert status(family, arn)["StatusReason"] == "INSUFFICIENT_PERMISSION"
    noted(family, carried_out(task, family.remit.folder, FolderBuckets(folder)))
    assert status(family, arn)["StatusCode"] == "HEALTHY"


def test_another_month_that_is_delivered_makes_it_no_healthier(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    arn = made(family)
    family.client("cur").put_report_definition(ReportDefinition=report())
    delivered(family, failing(NO_BUCKET))
    written(family.remit.folder, [line(9, "2026-02-03", "4")], closed=["2026-02"])
    bill(family, "2026-02", at=NOW + SECOND)

    assert len(delivered(family, folder)) == 2
    assert states(family, arn) == [DENIED, ("DELIVERY_SUCCESS", None)]
    assert status(family, arn)["StatusReason"] == "INSUFFICIENT_PERMISSION"
    assert last_status(family) == {"lastStatus": "ERROR_NO_BUCKET", "lastDelivery": "20260320T120000Z"}

    assert len(delivered(family, folder, NOW + MINUTE)) == 2
    assert status(family, arn)["StatusCode"] == "HEALTHY"
    assert last_status(family)["lastStatus"] == "SUCCESS"


def test_the_trail_has_the_failure_and_the_success_and_no_attempt_between(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    made(family)
    for minutes in (0, 1, 3):
        assert len(delivered(family, failing(), NOW + minutes * MINUTE)) == 1
    delivered(family, folder, NOW + 7 * MINUTE)

    (failed,) = events(family, "ExportDeliveryFailed")
    (succeeded,) = events(family, "ExportDelivered")

    ids = [one["serviceEventDetails"]["executionId"] for one in (failed, succeeded)]
    assert ids[0] == ids[1]
    assert failed["eventID"] != succeeded["eventID"]


def test_the_trail_has_another_failure_where_the_reason_changed(family: Family, failing: Callable[..., Noting]) -> None:
    made(family)
    for minutes, error in ((0, SILENT), (1, NO_BUCKET), (3, NO_BUCKET), (7, REFUSED), (15, SILENT)):
        assert len(delivered(family, failing(error), NOW + minutes * MINUTE)) == 1

    told = [one["serviceEventDetails"]["message"] for one in events(family, "ExportDeliveryFailed")]

    silent, missing, refused = (
        "where the bucket is, nothing answers as it should",
        "the bucket is not there",
        "the bucket cannot be written",
    )
    assert sorted(told) == sorted([silent, missing, refused, silent])


# -- what changes meanwhile


def test_a_new_bill_ends_what_failed_and_is_delivered_at_once(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    arn = made(family)
    delivered(family, failing())
    bill(family, at=NOW + SECOND)

    assert len(delivered(family, folder)) == 1

    assert states(family, arn) == [FAILED, ("DELIVERY_SUCCESS", None)]
    assert execution(family, arn)["CompletedAt"] == NOW + SECOND
    assert delivered(family, folder, NOW + timedelta(days=1)) == []


def test_what_fails_while_a_new_bill_waits_is_left_to_that(family: Family, failing: Callable[..., Noting]) -> None:
    arn = made(family)
    (task,) = family.remit.change(lambda tx: take(tx, NOW))
    bill(family, at=NOW + SECOND)

    noted(family, carried_out(task, family.remit.folder, failing()))

    assert "CompletedAt" in execution(family, arn)
    assert states(family, arn) == [FAILED, ("INITIATION_IN_PROCESS", None)]


def test_an_export_that_is_changed_is_tried_at_once_as_it_is_now(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    arn = made(family)
    delivered(family, failing(NO_BUCKET))

    family.client("bcm-data-exports").update_export(ExportArn=arn, Export=export(bucket="other-bills"))
    assert status(family, arn)["StatusCode"] == "UNHEALTHY"
    assert len(delivered(family, folder)) == 1

    assert {name.split("/")[0] for name in files(folder)} == {"other-bills"}
    assert status(family, arn)["StatusCode"] == "HEALTHY"


def test_an_export_that_is_changed_while_it_fails_is_tried_again_as_it_is_now(
    family: Family, failing: Callable[..., Noting], folder: Path
) -> None:
    arn = made(family)
    (task,) = family.remit.change(lambda tx: take(tx, NOW))
    family.client("bcm-data-exports").update_export(ExportArn=arn, Export=export(bucket="other-bills"))
    noted(family, carried_out(task, family.remit.folder, failing(NO_BUCKET)))

    delivered(family, folder, NOW + MINUTE)

    assert {name.split("/")[0] for name in files(folder)} == {"other-bills"}


def test_an_export_that_is_deleted_is_not_tried_again(family: Family, failing: Callable[..., Noting]) -> None:
    arn = made(family)
    delivered(family, failing())

    family.client("bcm-data-exports").delete_export(ExportArn=arn)

    assert delivered(family, failing(), NOW + timedelta(days=1)) == []
