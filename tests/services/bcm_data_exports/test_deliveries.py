"""What exports deliver: where it lies, to whom it belongs, and what is said when it cannot be."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from bills import MEMBER, NOW, PAYER, Family, line, written
from botocore.exceptions import ClientError
from deliveries import CUR, MARCH, PARQUET, TEXT, delivered, export, files, made, report, rows_of, states, status, total
from msgspec.structs import replace

from remit.billing.exports import deliveries
from remit.directory.billing import executions
from remit.directory.billing import exports as directory
from remit.directory.billing.access import set_billing_access
from remit.directory.billing.executions import Attempt, ExecutionState
from remit.directory.billing.exports import DATA_EXPORTS, known_export
from remit.store import Transaction

# -- where it lies


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (PARQUET, "data/BILLING_PERIOD=2026-03/ours-00001.snappy.parquet"),
        (TEXT, "data/BILLING_PERIOD=2026-03/ours-00001.csv.gz"),
        ({**TEXT, "Compression": "ZIP"}, "data/BILLING_PERIOD=2026-03/ours-00001.csv.zip"),
    ],
)
def test_what_is_overwritten_has_one_place(
    family: Family, folder: Path, members: dict[str, str], expected: str
) -> None:
    made(family, **members)

    delivered(family, folder)

    manifest = "metadata/BILLING_PERIOD=2026-03/ours-Manifest.json"
    assert files(folder) == [f"our-bills/a/b/ours/{name}" for name in sorted((expected, manifest))]


def test_what_is_kept_has_a_place_for_each_execution(family: Family, folder: Path) -> None:
    arn = made(family, Overwrite="CREATE_NEW_REPORT", prefix="")
    delivered(family, folder)
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW + timedelta(hours=1)))
    delivered(family, folder)

    api = family.client("bcm-data-exports")
    ids = [one["ExecutionId"] for one in api.list_executions(ExportArn=arn)["Executions"]]
    versions = [f"20260320T{hour}0000Z-{id_}" for hour, id_ in zip((12, 13), ids, strict=True)]
    root = "our-bills/ours"
    assert files(folder) == sorted(
        [
            f"{root}/metadata/BILLING_PERIOD=2026-03/ours-Manifest.json",
            *(f"{root}/data/BILLING_PERIOD=2026-03/{one}/ours-00001.snappy.parquet" for one in versions),
            *(f"{root}/metadata/BILLING_PERIOD=2026-03/{one}/ours-Manifest.json" for one in versions),
        ]
    )
    newest = folder / f"{root}/metadata/BILLING_PERIOD=2026-03/ours-Manifest.json"
    assert versions[1] in newest.read_text()
    assert total(rows_of(folder, f"{root}/metadata/BILLING_PERIOD=2026-03/{versions[0]}/ours-Manifest.json")) == 10.5


def test_nobody_else_reads_what_is_delivered(family: Family, folder: Path) -> None:
    made(family)

    delivered(family, folder)

    for name in files(folder):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "our-bills").stat().st_mode) == 0o700


@pytest.mark.parametrize("output", [PARQUET, TEXT, {**TEXT, "Compression": "ZIP"}])
def test_the_same_bill_gives_the_same_bytes(family: Family, folder: Path, output: dict[str, str]) -> None:
    made(family, **output)
    delivered(family, folder)
    (name,) = [one for one in files(folder) if "/data/" in one]
    first = (folder / name).read_bytes()
    (folder / name).unlink()

    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)

    assert (folder / name).read_bytes() == first


def test_every_month_that_was_billed_is_delivered(family: Family, folder: Path) -> None:
    written(family.remit.folder, [line(9, "2026-02-03", "4")], closed=["2026-02"])
    made(family, query=f"SELECT line_item_unblended_cost, bill_invoice_id FROM {CUR}")

    delivered(family, folder)

    february = rows_of(folder, MARCH.replace("2026-03", "2026-02"))
    assert february == [{"line_item_unblended_cost": 4, "bill_invoice_id": f"R-202602-{PAYER}"}]
    assert {row["bill_invoice_id"] for row in rows_of(folder, MARCH)} == {None}


# -- when it is delivered, and when it cannot be


def test_an_execution_says_how_far_it_is(family: Family) -> None:
    arn = made(family)
    api = family.client("bcm-data-exports")
    (before,) = api.list_executions(ExportArn=arn)["Executions"]
    asked = {"ExportArn": arn, "ExecutionId": before["ExecutionId"]}
    (claimed,) = family.remit.change(lambda tx: executions.claim(tx, NOW, 1))
    running = api.get_execution(**asked)["ExecutionStatus"]
    family.remit.change(lambda tx: directory.settle(tx, claimed, Attempt(ExecutionState.DELIVERED), NOW))

    after = api.get_execution(**asked)

    assert before["ExecutionStatus"]["StatusCode"] == "INITIATION_IN_PROCESS"
    assert running["StatusCode"] == "QUERY_IN_PROCESS"
    assert "CompletedAt" not in running
    assert after["ExecutionStatus"]["StatusCode"] == "DELIVERY_SUCCESS"
    assert after["ExecutionStatus"]["CompletedAt"] == NOW
    assert after["Export"] == {"ExportArn": arn, **export()}
    assert status(family, arn)["LastRefreshedAt"] == NOW


def test_without_a_folder_it_fails_and_says_so_until_there_is_one(family: Family, folder: Path) -> None:
    arn = made(family)
    (outcome,) = delivered(family, None)

    assert "exports_folder" in outcome.message
    assert states(family, arn) == [("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")]
    assert status(family, arn)["StatusCode"] == "UNHEALTHY"
    assert status(family, arn)["StatusReason"] == "INSUFFICIENT_PERMISSION"

    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)

    assert status(family, arn)["StatusCode"] == "HEALTHY"
    assert "StatusReason" not in status(family, arn)


def test_a_bucket_that_cannot_be_written_fails_and_says_so(family: Family, folder: Path) -> None:
    folder.mkdir()
    (folder / "our-bills").write_text("no folder")
    arn = made(family)

    delivered(family, folder)

    assert states(family, arn) == [("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")]


def test_a_member_whose_payer_hides_bills_gets_nothing(family: Family, folder: Path) -> None:
    member = family.client("bcm-data-exports", family.member)
    arn = made(family, client=member)
    family.remit.change(lambda tx: set_billing_access(tx, PAYER, members_see=False))

    delivered(family, folder)

    assert states(family, arn, member) == [("QUERY_FAILURE", "INSUFFICIENT_PERMISSION")]
    with pytest.raises(ClientError) as caught:
        made(family, "another", client=member)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert files(folder) == []


def test_a_member_that_left_gets_nothing_of_its_old_payers_bill(family: Family, folder: Path) -> None:
    member = family.client("bcm-data-exports", family.member)
    arn = made(family, client=member)
    family.leaves()

    delivered(family, folder)

    assert states(family, arn, member) == [("QUERY_FAILURE", "BILL_OWNER_CHANGED")]
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    assert len(states(family, arn, member)) == 1
    written(family.remit.folder, [line(1, "2026-03-19", "9", payer=MEMBER)], payer=MEMBER)
    family.remit.change(lambda tx: deliveries.billed(tx, MEMBER, ["2026-03"], NOW))
    delivered(family, folder)
    assert total(rows_of(folder, MARCH)) == 9


def test_a_ledger_that_is_damaged_fails_the_query(family: Family, folder: Path) -> None:
    arn = made(family)
    for path in (family.remit.folder / "billing" / PAYER / "lines").glob("*.parquet"):
        path.write_bytes(b"cut")

    delivered(family, folder)

    assert states(family, arn) == [("QUERY_FAILURE", "INTERNAL_FAILURE")]


def of_an_unknown_table(family: Family, arn: str) -> None:
    """Let an export ask a table as an earlier Remit may have had it."""

    def work(tx: Transaction) -> None:
        export = known_export(tx, PAYER, arn)
        query = {"QueryStatement": "SELECT line_item_unblended_cost FROM A_TABLE_OF_OLD"}
        tx.put(DATA_EXPORTS, replace(export, table="A_TABLE_OF_OLD", said={**export.said, "DataQuery": query}))

    family.remit.change(work)


def test_an_export_of_a_table_that_is_gone_is_unhealthy_and_the_others_go_on(family: Family, folder: Path) -> None:
    first, gone, last = (made(family, name, prefix="") for name in ("a-first", "gone", "z-last"))
    delivered(family, folder)
    of_an_unknown_table(family, gone)

    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW + timedelta(seconds=1)))
    outcomes = delivered(family, folder)

    assert sorted(one.execution.of for one in outcomes) == sorted([first, gone, last])
    assert (status(family, gone)["StatusCode"], status(family, gone)["StatusReason"]) == ("UNHEALTHY", "DEPRECATED")
    assert states(family, gone) == [("DELIVERY_SUCCESS", None), ("QUERY_FAILURE", "DEPRECATED")]
    for arn in (first, last):
        assert states(family, arn) == [("DELIVERY_SUCCESS", None)] * 2


def test_a_bill_is_delivered_once_however_often_it_waits(family: Family, folder: Path) -> None:
    arn = made(family)
    for _ in range(3):
        family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))

    assert len(delivered(family, folder)) == 1
    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]


def test_old_executions_are_forgotten(family: Family, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executions, "EXECUTIONS_KEPT", 3)
    arn = made(family)
    for hour in range(5):
        delivered(family, folder)
        when = NOW + timedelta(hours=hour)
        family.remit.change(lambda tx, when=when: deliveries.billed(tx, PAYER, ["2026-03"], when))

    assert len(states(family, arn)) == 3


# -- what changes, and whose buckets are


def test_a_change_counts_from_the_next_delivery_on(family: Family, folder: Path) -> None:
    arn = made(family)
    delivered(family, folder)
    query = f"SELECT line_item_unblended_cost AS cost FROM {CUR}"
    family.client("bcm-data-exports").update_export(ExportArn=arn, Export=export(query=query))

    assert set(rows_of(folder, MARCH)[0]) == {"line_item_usage_account_id", "line_item_unblended_cost"}
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)
    assert set(rows_of(folder, MARCH)[0]) == {"cost"}


def test_what_waits_is_delivered_as_the_export_is_by_then(family: Family, folder: Path) -> None:
    arn = made(family)

    family.client("bcm-data-exports").update_export(ExportArn=arn, Export=export(bucket="other-bills"))
    delivered(family, folder)

    assert {name.split("/")[0] for name in files(folder)} == {"other-bills"}


def test_what_was_delivered_stays_when_the_export_goes(family: Family, folder: Path) -> None:
    arn = made(family)
    delivered(family, folder)
    before = files(folder)
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))

    family.client("bcm-data-exports").delete_export(ExportArn=arn)

    assert delivered(family, folder) == []
    assert files(folder) == before


def test_a_bucket_belongs_to_who_named_it_first(family: Family) -> None:
    member = family.client("bcm-data-exports", family.member)
    made(family, bucket="shared-bucket")

    with pytest.raises(ClientError) as caught:
        made(family, client=member, bucket="shared-bucket")
    with pytest.raises(ClientError) as also:
        family.client("cur", family.member).put_report_definition(ReportDefinition=report(S3Bucket="shared-bucket"))

    assert caught.value.response["Fields"][0]["Name"].endswith("S3Bucket")
    assert also.value.response["Error"]["Code"] == "ValidationException"
    made(family, "second", bucket="shared-bucket")
