"""`remit bill run` and `remit bill close`: exports of the month are delivered, or wait for a server that can."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER, Family
from deliveries import files, made, report, rows_of
from motos import keys, known_to_moto, s3_bucket
from unbilled import MONTH, unbilled

from remit.cli import main

MANIFEST = f"our-bills/a/b/ours/metadata/BILLING_PERIOD={MONTH}/ours-Manifest.json"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with unbilled(tmp_path) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "buckets"
    monkeypatch.setenv("REMIT_EXPORTS_FOLDER", str(found))
    return found


def bill(data: Path, *arguments: str) -> None:
    assert main(["bill", *arguments, "--account", PAYER, "--data", str(data)]) == 0


def states(family: Family, arn: str) -> list[str]:
    found = family.client("bcm-data-exports").list_executions(ExportArn=arn)["Executions"]
    return [one["ExecutionStatus"]["StatusCode"] for one in found]


def test_a_month_that_is_billed_is_delivered(
    family: Family, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = made(family)
    family.client("cur").put_report_definition(ReportDefinition=report())
    capsys.readouterr()

    bill(tmp_path, "run")

    assert "2 exports were delivered." in capsys.readouterr().out
    assert str(rows_of(folder, MANIFEST)[0]["line_item_unblended_cost"]).startswith("1.92")
    assert states(family, arn) == ["DELIVERY_SUCCESS"]
    (definition,) = family.client("cur").describe_report_definitions()["ReportDefinitions"]
    assert definition["ReportStatus"]["lastStatus"] == "SUCCESS"
    assert len(files(folder)) == 5


def test_a_month_that_is_billed_is_delivered_to_an_s3_server(
    family: Family, tmp_path: Path, moto: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = made(family)
    known_to_moto(monkeypatch, tmp_path)
    monkeypatch.setenv("REMIT_EXPORTS_S3_ENDPOINT", moto)
    bill(tmp_path, "run")
    without = capsys.readouterr().out

    with s3_bucket(moto) as client:
        bill(tmp_path, "run")
        found = set(keys(client))

    assert f"{arn} was not delivered: NoSuchBucket: The specified bucket does not exist" in without
    assert "1 export was delivered." in capsys.readouterr().out
    assert MANIFEST.removeprefix("our-bills/") in found
    assert states(family, arn) == ["DELIVERY_FAILURE", "DELIVERY_SUCCESS"]


def test_a_month_that_is_closed_is_delivered_with_its_invoice(family: Family, tmp_path: Path, folder: Path) -> None:
    made(family, query="SELECT bill_invoice_id FROM COST_AND_USAGE_REPORT")
    bill(tmp_path, "run")
    before = rows_of(folder, MANIFEST)

    bill(tmp_path, "close", MONTH)

    assert before == [{"bill_invoice_id": None}]
    assert rows_of(folder, MANIFEST) == [{"bill_invoice_id": f"R-{MONTH.replace('-', '')}-{PAYER}"}]


def test_without_the_folder_it_waits_for_a_server_that_may_have_one(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = made(family)

    bill(tmp_path, "run")

    assert states(family, arn) == ["INITIATION_IN_PROCESS"]
    monkeypatch.setenv("REMIT_EXPORTS_FOLDER", str(tmp_path / "buckets"))
    bill(tmp_path, "run")
    assert states(family, arn) == ["DELIVERY_SUCCESS"]


def test_what_cannot_be_delivered_is_said_and_the_month_is_billed_all_the_same(
    family: Family, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    (folder / "our-bills").write_text("no folder")
    arn = made(family)
    capsys.readouterr()

    bill(tmp_path, "run", "--json")

    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["months"][0]["lines"] == 1
    expected = {"arn": arn, "partition": MONTH, "status": "DELIVERY_FAILURE", "reason": "INSUFFICIENT_PERMISSION"}
    assert said["exports"] == [expected]
    assert states(family, arn) == ["DELIVERY_FAILURE"]
    bill(tmp_path, "run")
    assert f"{arn} was not delivered: " in capsys.readouterr().out


@pytest.mark.usefixtures("family")
def test_a_bill_without_exports_says_nothing_of_them(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    bill(tmp_path, "run")

    assert "export" not in capsys.readouterr().out
    assert not folder.exists()


def test_what_failed_of_a_closed_month_is_tried_again_by_the_next_run(
    family: Family, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    (folder / "our-bills").write_text("no folder")
    arn = made(family)
    bill(tmp_path, "run")
    bill(tmp_path, "close", MONTH)
    assert states(family, arn) == ["DELIVERY_FAILURE"] * 2
    (folder / "our-bills").unlink()
    capsys.readouterr()

    bill(tmp_path, "run")

    said = capsys.readouterr().out
    assert "No open month has usage" in said
    assert "1 export was delivered." in said
    assert states(family, arn) == ["DELIVERY_FAILURE", "DELIVERY_SUCCESS"]
    assert len(rows_of(folder, MANIFEST)) == 1
