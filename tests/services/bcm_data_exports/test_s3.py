"""Exports and reports delivered to an S3 server: unchanged boto3 reads them, and failures are said in words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family, line, written
from composed import composed
from deliveries import TEXT, delivered, files, made, report, rows_of, spoken, states, status, total
from motos import checked, keys, known_to_moto, s3_bucket
from ports import free_port

from remit.billing.exports import deliveries
from remit.billing.exports.buckets import S3Buckets
from remit.clock import FixedClock

ROOT = "a/b/ours"
MINUTE = timedelta(minutes=1)
MANIFEST = f"{ROOT}/metadata/BILLING_PERIOD=2026-03/ours-Manifest.json"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known_to_moto(monkeypatch, tmp_path)


def content(client: Any, key: str) -> bytes:
    found: bytes = client.get_object(Bucket="our-bills", Key=key)["Body"].read()
    return found


def fetched(client: Any, folder: Path) -> Path:
    """Copy what is in the bucket into a folder; return it."""
    for key in keys(client):
        path = folder / "our-bills" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(client, key))
    return folder


def billed_again(family: Family) -> None:
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))


@pytest.mark.parametrize("output", [{}, TEXT])
def test_what_is_in_the_bucket_is_what_a_folder_would_have(
    family: Family, moto: str, tmp_path: Path, folder: Path, output: dict[str, str]
) -> None:
    made(family, **output)
    delivered(family, folder)
    billed_again(family)

    with s3_bucket(moto) as client:
        arn_states = [one.state for one in delivered(family, S3Buckets(moto))]
        found = fetched(client, tmp_path / "fetched")

    assert arn_states == ["DELIVERY_SUCCESS"]
    assert files(found) == files(folder)
    for name in files(found):
        if "/data/" in name:
            assert (found / name).read_bytes() == (folder / name).read_bytes()
    assert str(total(rows_of(found, f"our-bills/{MANIFEST}"))) in (spoken(family, "2026-03"), "10.500000000000000000")


def test_a_server_delivers_where_its_setting_says(moto: str, tmp_path: Path) -> None:
    with composed(tmp_path / "data", FixedClock(NOW), exports_s3_endpoint=moto) as whole:
        written(whole.folder, [line(1, "2026-03-01", "2", account=PAYER)])
        family = Family(whole)
        arn = made(family)
        with s3_bucket(moto) as client:
            whole.in_loop(lambda served: served.deliverer.round())
            assert MANIFEST in keys(client)

        assert states(family, arn) == [("DELIVERY_SUCCESS", None)]


def test_versions_are_kept_or_overwritten(family: Family, moto: str) -> None:
    made(family, Overwrite="CREATE_NEW_REPORT")
    made(family, "newest")

    with s3_bucket(moto) as client:
        for _ in range(2):
            billed_again(family)
            delivered(family, S3Buckets(moto))
        found = keys(client)
        newest = json.loads(content(client, MANIFEST))["dataFiles"][0].removeprefix("s3://our-bills/")

    kept = [key for key in found if key.startswith(f"{ROOT}/data/")]
    assert len(kept) == 2
    assert newest in kept
    assert len([key for key in found if key.startswith("a/b/newest/data/")]) == 1


def test_reports_go_there_too(family: Family, moto: str) -> None:
    family.client("cur").put_report_definition(ReportDefinition=report())

    with s3_bucket(moto) as client:
        delivered(family, S3Buckets(moto))
        manifest = json.loads(content(client, f"{ROOT}/20260301-20260401/ours-Manifest.json"))
        (rows,) = [content(client, key) for key in manifest["reportKeys"]]

    assert rows.startswith(b"\x1f\x8b")
    (shown,) = family.client("cur").describe_report_definitions()["ReportDefinitions"]
    assert shown["ReportStatus"]["lastStatus"] == "SUCCESS"


def test_a_bucket_that_is_not_there_is_said_until_it_is(family: Family, moto: str) -> None:
    arn = made(family)
    family.client("cur").put_report_definition(ReportDefinition=report())

    outcomes = delivered(family, S3Buckets(moto))

    assert all("NoSuchBucket" in one.message for one in outcomes)
    assert states(family, arn) == [("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")]
    assert status(family, arn)["StatusCode"] == "UNHEALTHY"
    (shown,) = family.client("cur").describe_report_definitions()["ReportDefinitions"]
    assert shown["ReportStatus"] == {"lastStatus": "ERROR_NO_BUCKET"}
    with s3_bucket(moto):
        delivered(family, S3Buckets(moto), NOW + MINUTE)
    assert status(family, arn)["StatusCode"] == "HEALTHY"


def test_credentials_that_are_refused_are_said_and_tried_again(family: Family, moto: str) -> None:
    arn = made(family)

    with s3_bucket(moto) as client:
        with checked(moto):
            (outcome,) = delivered(family, S3Buckets(moto))
        assert keys(client) == []
        delivered(family, S3Buckets(moto), NOW + MINUTE)
        assert MANIFEST in keys(client)

    assert outcome.message.startswith("Invalid")
    assert "AKIA" not in outcome.message
    assert outcome.reason == "INSUFFICIENT_PERMISSION"
    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]


def test_credentials_that_are_missing_are_said(family: Family, moto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    arn = made(family)

    (outcome,) = delivered(family, S3Buckets(moto))

    assert "no credentials" in outcome.message
    assert states(family, arn) == [("DELIVERY_FAILURE", "INSUFFICIENT_PERMISSION")]


def test_a_server_that_is_not_there_is_said_and_tried_again(family: Family, moto: str) -> None:
    arn = made(family)

    (outcome,) = delivered(family, S3Buckets(f"http://127.0.0.1:{free_port()}"))

    assert "Could not connect" in outcome.message
    assert states(family, arn) == [("DELIVERY_FAILURE", "INTERNAL_FAILURE")]
    assert status(family, arn)["StatusCode"] == "UNHEALTHY"
    with s3_bucket(moto):
        delivered(family, S3Buckets(moto), NOW + MINUTE)
    assert status(family, arn)["StatusCode"] == "HEALTHY"
