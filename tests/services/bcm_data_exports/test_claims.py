"""Who delivers: one process at a time, as long as it takes, and another when nobody hears of it any more."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family
from deliveries import MARCH, Noting, delivered, events, files, made, noted, report, states

from remit.billing.exports import deliveries
from remit.billing.exports.buckets import FolderBuckets
from remit.billing.exports.carrying_out import carried_out
from remit.billing.exports.deliveries import held, take
from remit.billing.ledger import LedgerError
from remit.directory.billing.executions import ExecutionState, claim
from remit.wire.object_storage import StorageFailed

MINUTE = timedelta(minutes=1)
REPORT = "a/b/ours/20260301-20260401"


def taken(family: Family, after: timedelta = timedelta(0), most: int = 8) -> Any:
    return family.remit.change(lambda tx: take(tx, NOW + after, most))


def billed(family: Family, after: timedelta = timedelta(0)) -> None:
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW + after))


# -- claims


def test_what_nobody_settles_is_carried_out_again(family: Family) -> None:
    made(family)
    first = family.remit.change(lambda tx: claim(tx, NOW, 8))

    assert len(first) == 1
    assert taken(family, 14 * MINUTE) == []
    (again,) = taken(family, 15 * MINUTE)
    assert again.execution.id == first[0].id
    assert again.execution.claim != first[0].claim


def test_what_is_renewed_is_nobody_elses_however_long_it_takes(family: Family, folder: Path) -> None:
    made(family)
    tasks = taken(family)

    for minutes in range(10, 120, 10):
        assert taken(family, minutes * MINUTE) == []
        assert family.remit.change(lambda tx, now=NOW + minutes * MINUTE: held(tx, tasks, now)) == tasks

    noted(family, carried_out(tasks[0], family.remit.folder, FolderBuckets(folder)))
    assert taken(family, 1000 * MINUTE) == []


def test_who_was_not_heard_of_for_too_long_neither_renews_nor_says_what_came_of_it(
    family: Family, folder: Path
) -> None:
    arn = made(family)
    tasks = taken(family)
    (others,) = taken(family, 20 * MINUTE)

    assert family.remit.change(lambda tx: held(tx, tasks, NOW + 21 * MINUTE)) == []
    outcome = carried_out(tasks[0], family.remit.folder, FolderBuckets(folder), lambda: True)
    noted(family, outcome)

    assert outcome.state is ExecutionState.DELIVERY_FAILED
    assert files(folder) == []
    assert states(family, arn) == [("QUERY_IN_PROCESS", None)]
    noted(family, carried_out(others, family.remit.folder, FolderBuckets(folder)))
    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]


def test_of_one_month_of_an_export_one_delivery_runs_at_a_time(family: Family, folder: Path) -> None:
    made(family)
    made(family, "second")
    (first, second) = taken(family)
    billed(family, MINUTE)

    assert taken(family, 2 * MINUTE) == []
    noted(family, carried_out(first, family.remit.folder, FolderBuckets(folder)))
    (following,) = taken(family, 3 * MINUTE)
    assert following.execution.of == first.execution.of != second.execution.of


def test_what_is_deleted_is_delivered_no_further(family: Family) -> None:
    arn = made(family)
    tasks = taken(family)

    family.client("bcm-data-exports").delete_export(ExportArn=arn)

    assert family.remit.change(lambda tx: held(tx, tasks, NOW)) == []


# -- what is there when


@pytest.mark.parametrize("versions", ["OVERWRITE_REPORT", "CREATE_NEW_REPORT"])
def test_manifests_come_last(family: Family, tmp_path: Path, versions: str) -> None:
    made(family, Overwrite=versions)
    family.client("cur").put_report_definition(ReportDefinition=report(ReportVersioning=versions))

    for task in taken(family):
        buckets = Noting(tmp_path)
        carried_out(task, family.remit.folder, buckets)
        assert ["Manifest" in key for key in buckets.put_keys] == [False, *[True] * (len(buckets.put_keys) - 1)]
        assert len(buckets.put_keys) == (2 if versions == "OVERWRITE_REPORT" else 3)
        assert buckets.put_keys[-1] in (MARCH.removeprefix("our-bills/"), f"{REPORT}/ours-Manifest.json")


def test_without_rows_there_is_no_manifest(family: Family, tmp_path: Path) -> None:
    made(family)
    buckets = Noting(tmp_path, fails="/data/")

    (outcome,) = delivered(family, buckets)

    assert (outcome.state, outcome.message) == (ExecutionState.DELIVERY_FAILED, "cut")
    assert buckets.put_keys == []


# -- the trail


def test_a_delivery_is_in_the_trail_of_its_account(family: Family, folder: Path) -> None:
    arn = made(family)
    delivered(family, folder)

    (event,) = events(family, "ExportDelivered")

    assert (event["eventType"], event["eventSource"]) == ("AwsServiceEvent", "bcm-data-exports.amazonaws.com")
    assert event["recipientAccountId"] == PAYER
    details = event["serviceEventDetails"]
    assert (details["arn"], details["partition"], details["bucket"]) == (arn, "2026-03", "our-bills")
    assert [f"our-bills/{key}" for key in details["files"]] == files(folder)
    assert events(family, "ExportDeliveryFailed") == []


def test_a_delivery_that_failed_is_in_the_trail_with_its_reason(family: Family) -> None:
    family.client("cur").put_report_definition(ReportDefinition=report())
    delivered(family, None)

    (event,) = events(family, "ReportDeliveryFailed")

    assert event["eventSource"] == "cur.amazonaws.com"
    details = event["serviceEventDetails"]
    assert (details["statusCode"], details["statusReason"]) == ("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")
    assert details["message"] == "the bucket cannot be written"


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (StorageFailed("/srv/1", is_refusal=True, is_bucket_missing=True), "DELIVERY", "the bucket is not there"),
        (StorageFailed("/srv/1", is_refusal=True), "DELIVERY", "the bucket cannot be written"),
        (StorageFailed("/srv/1"), "DELIVERY", "where the bucket is, nothing answers as it should"),
        (PermissionError(13, "denied", "/srv/1"), "DELIVERY", "the bucket cannot be written"),
        (LedgerError("/srv/1"), "QUERY", "the bill cannot be read, or no rows be made of it"),
        (KeyError("/srv/1"), "QUERY", "something is wrong in Remit"),
    ],
)
def test_the_trail_names_no_file_or_server_of_whoever_runs_this(
    family: Family, tmp_path: Path, error: Exception, state: str, message: str
) -> None:
    made(family)
    delivered(family, Noting(tmp_path, fails="/data/", error=error))

    (event,) = events(family, "ExportDeliveryFailed")

    details = event["serviceEventDetails"]
    assert (details["statusCode"], details["message"]) == (f"{state}_FAILURE", message)
    assert "/srv" not in json.dumps(event)


def test_a_delivery_is_in_the_trail_once_whoever_was_killed(family: Family, folder: Path) -> None:
    made(family)
    (killed,) = taken(family)
    carried_out(killed, family.remit.folder, FolderBuckets(folder))  # and is killed before it says so
    assert events(family, "ExportDelivered") == []
    (again,) = taken(family, 15 * MINUTE)
    outcome = carried_out(again, family.remit.folder, FolderBuckets(folder))

    for _ in range(2):
        noted(family, outcome)

    assert len(events(family, "ExportDelivered")) == 1


def test_each_delivery_has_a_record_of_its_own(family: Family, folder: Path) -> None:
    made(family)
    delivered(family, folder)
    billed(family)
    delivered(family, folder)

    first, second = events(family, "ExportDelivered")

    assert first["eventID"] != second["eventID"]
