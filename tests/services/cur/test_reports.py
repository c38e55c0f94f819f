"""Reports of the older kind: what is delivered, where, to whom, and what no report can be."""

import csv
import gzip
import io
import json
import stat
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bills import MEMBER, NOW, PAYER, Family, at, line, written
from botocore.exceptions import ClientError
from deliveries import delivered, files, report, spoken

from remit.billing.exports import deliveries
from remit.directory.billing.allocation_tags import set_active

PARQUET = {"Format": "Parquet", "Compression": "Parquet"}
ROOT = "our-bills/a/b/ours/20260301-20260401"


def put(family: Family, client: Any = None, **members: Any) -> None:
    (client or family.client("cur")).put_report_definition(ReportDefinition=report(**members))


def shown(family: Family) -> dict[str, Any]:
    (found,) = family.client("cur").describe_report_definitions()["ReportDefinitions"]
    definition: dict[str, Any] = found
    return definition


def manifest(folder: Path, root: str = ROOT, name: str = "ours") -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / root / f"{name}-Manifest.json").read_text())
    return said


def rows_of(folder: Path, **where: str) -> list[dict[str, Any]]:
    """Return the rows of the files that the manifest names."""
    said = manifest(folder, **where)
    found: list[dict[str, Any]] = []
    for key in said["reportKeys"]:
        path = folder / said["bucket"] / key
        if key.endswith(".gz"):
            found += csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode()))
        elif key.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                (inside,) = archive.namelist()
                assert inside == path.name.removesuffix(".zip")
                found += csv.DictReader(io.StringIO(archive.read(inside).decode()))
        else:
            with duckdb.connect() as connection:
                read = connection.execute("FROM read_parquet(?)", [str(path)])
                names = [column[0] for column in read.description]
                found += [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    return found


def total(rows: list[dict[str, Any]], column: str = "lineItem/UnblendedCost") -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


@pytest.mark.parametrize(
    ("members", "column"),
    [
        ({"Format": "textORcsv", "Compression": "GZIP"}, "lineItem/UnblendedCost"),
        ({"Format": "textORcsv", "Compression": "ZIP"}, "lineItem/UnblendedCost"),
        ({"Format": "Parquet", "Compression": "Parquet"}, "line_item_unblended_cost"),
    ],
)
@pytest.mark.parametrize("unit", ["HOURLY", "DAILY", "MONTHLY"])
@pytest.mark.parametrize("elements", [[], ["RESOURCES"]])
def test_it_adds_up_to_what_cost_explorer_says(
    family: Family, folder: Path, members: dict[str, str], column: str, unit: str, elements: list[str]
) -> None:
    put(family, **members, TimeUnit=unit, AdditionalSchemaElements=elements)

    delivered(family, folder)

    rows = rows_of(folder)
    assert total(rows, column) == Decimal(spoken(family, "2026-03")) == Decimal("10.5")
    assert len(rows) == (3 if elements or unit == "HOURLY" else 2)
    assert any("esource" in name and "d" in name[-2:] for name in rows[0]) == bool(elements)


def test_versions_are_kept(family: Family, folder: Path) -> None:
    put(family)
    delivered(family, folder)
    first = manifest(folder)
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)
    second = manifest(folder)

    ids = [first["assemblyId"], second["assemblyId"]]
    assert ids[0] != ids[1]
    assert files(folder) == sorted(
        [f"{ROOT}/ours-Manifest.json"]
        + [f"{ROOT}/{id_}/{name}" for id_ in ids for name in ("ours-1.csv.gz", "ours-Manifest.json")]
    )
    assert manifest(folder, f"{ROOT}/{ids[0]}") == first


def test_versions_are_overwritten(family: Family, folder: Path) -> None:
    put(family, ReportVersioning="OVERWRITE_REPORT")
    delivered(family, folder)
    rows = (folder / ROOT / "ours-1.csv.gz").read_bytes()
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)

    assert files(folder) == [f"{ROOT}/ours-1.csv.gz", f"{ROOT}/ours-Manifest.json"]
    assert (folder / ROOT / "ours-1.csv.gz").read_bytes() == rows
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in files(folder)} == {0o600}


def test_the_manifest_says_what_there_is(family: Family, folder: Path) -> None:
    put(family, ReportVersioning="OVERWRITE_REPORT")

    delivered(family, folder)

    said = manifest(folder)
    assert said["account"] == PAYER
    assert said["billingPeriod"] == {"start": "20260301T000000.000Z", "end": "20260401T000000.000Z"}
    assert said["reportKeys"] == ["a/b/ours/20260301-20260401/ours-1.csv.gz"]
    assert (said["contentType"], said["compression"], said["charset"]) == ("text/csv", "GZIP", "UTF-8")
    columns = [f"{one['category']}/{one['name']}" for one in said["columns"]]
    assert columns == list(rows_of(folder)[0])
    assert columns[:2] == ["identity/LineItemId", "identity/TimeInterval"]
    assert {"bill/PayerAccountId", "lineItem/UsageAccountId", "product/instanceType"} <= set(columns)
    assert {"pricing/publicOnDemandCost", "reservation/ReservationARN", "savingsPlan/SavingsPlanARN"} <= set(columns)


def test_tags_and_categories_are_columns(family: Family, folder: Path) -> None:
    family.remit.change(lambda tx: set_active(tx, PAYER, "team", is_active=True, at=at("2026-01-01")))
    rule = {"Value": "Ours", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}}
    family.client("ce").create_cost_category_definition(
        Name="Owner", RuleVersion="CostCategoryExpression.v1", Rules=[rule], EffectiveStart="2026-03-01T00:00:00Z"
    )
    put(family)

    delivered(family, folder)

    rows = rows_of(folder)
    assert [(row["resourceTags/user:team"], row["costCategory/Owner"]) for row in rows] == [("red", "Ours"), ("", "")]


def tagged_alike(family: Family) -> None:
    """Bill a line with tags whose keys differ in case alone, and make those cost allocation tags."""
    written(
        family.remit.folder, [line(1, "2026-03-01", "1", tags={"Owner": "large", "owner": "small", 'a "b",c': "x"})]
    )
    for key in ("Owner", "owner", 'a "b",c'):
        family.remit.change(lambda tx, key=key: set_active(tx, PAYER, key, is_active=True, at=at("2026-01-01")))


@pytest.mark.parametrize("compression", ["GZIP", "ZIP"])
def test_tags_that_differ_in_case_alone_are_columns_of_their_own(
    family: Family, folder: Path, compression: str
) -> None:
    tagged_alike(family)
    put(family, Compression=compression)

    delivered(family, folder)

    (row,) = rows_of(folder)
    assert (row["resourceTags/user:Owner"], row["resourceTags/user:owner"]) == ("large", "small")
    assert row['resourceTags/user:a "b",c'] == "x"
    assert list(row) == [f"{one['category']}/{one['name']}" for one in manifest(folder)["columns"]]


def test_in_parquet_the_first_of_tags_that_are_called_the_same_counts(family: Family, folder: Path) -> None:
    tagged_alike(family)
    put(family, **PARQUET)

    delivered(family, folder)

    (row,) = rows_of(folder)
    assert row["resource_tags_user_owner"] == "large"
    assert [one["name"] for one in manifest(folder)["columns"] if "wner" in one["name"]] == ["user:Owner"]


def test_a_member_reports_its_own_lines(family: Family, folder: Path) -> None:
    put(family, family.client("cur", family.member), name="theirs", S3Bucket="their-bills")

    delivered(family, folder)

    rows = rows_of(folder, root=ROOT.replace("our", "their").replace("theirs", "theirs"), name="theirs")
    assert {row["lineItem/UsageAccountId"] for row in rows} == {MEMBER}
    assert total(rows) == Decimal(spoken(family, "2026-03", identity=family.member)) == Decimal("3.5")


def test_the_status_says_when_it_was_delivered_or_why_not(family: Family, folder: Path) -> None:
    put(family)
    before = shown(family)
    delivered(family, None)
    failed = shown(family)
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)

    assert "ReportStatus" not in before
    assert failed["ReportStatus"] == {"lastStatus": "ERROR_PERMISSIONS"}
    assert shown(family)["ReportStatus"] == {"lastStatus": "SUCCESS", "lastDelivery": "20260320T120000Z"}
    assert shown(family) | {"ReportStatus": None} == report() | {
        "ReportStatus": None,
        "AdditionalArtifacts": [],
        "ReportVersioning": "CREATE_NEW_REPORT",
    }


@pytest.mark.parametrize(
    "members",
    [
        {"S3Bucket": "..", "S3Prefix": "x"},
        {"S3Bucket": "Our_Bills"},
        {"S3Prefix": "../x"},
        {"S3Prefix": "a//b"},
        {"name": ".."},
        {"name": "x" * 201},
        {"Format": "Parquet", "Compression": "GZIP"},
        {"Format": "textORcsv", "Compression": "Parquet"},
        {"AdditionalArtifacts": ["ATHENA"], "ReportVersioning": "OVERWRITE_REPORT"},
        {"AdditionalArtifacts": ["ATHENA"], **PARQUET},
        {"AdditionalArtifacts": ["ATHENA"], **PARQUET, "ReportVersioning": "OVERWRITE_REPORT", "S3Prefix": ""},
        {"AdditionalArtifacts": ["ATHENA", "QUICKSIGHT"], **PARQUET, "ReportVersioning": "OVERWRITE_REPORT"},
        {"AdditionalArtifacts": ["REDSHIFT"], **PARQUET},
        {"AdditionalArtifacts": ["QUICKSIGHT"], **PARQUET},
        {"AdditionalArtifacts": ["REDSHIFT"], "Compression": "ZIP"},
        {"BillingViewArn": f"arn:aws:billing::{MEMBER}:billingview/primary"},
    ],
)
def test_what_no_report_can_be(family: Family, members: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        put(family, **members)

    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert family.client("cur").describe_report_definitions()["ReportDefinitions"] == []


def test_the_own_view_can_be_named(family: Family) -> None:
    arn = f"arn:aws:billing::{PAYER}:billingview/primary"

    put(family, BillingViewArn=arn)

    assert shown(family)["BillingViewArn"] == arn


@pytest.mark.parametrize(
    "members",
    [
        {"TimeUnit": "HOURLY"},
        {"AdditionalSchemaElements": ["RESOURCES"]},
        {"ReportVersioning": "OVERWRITE_REPORT"},
        {"name": "other"},
    ],
)
def test_what_never_changes(family: Family, members: dict[str, Any]) -> None:
    put(family)

    with pytest.raises(ClientError) as caught:
        family.client("cur").modify_report_definition(ReportName="ours", ReportDefinition=report(**members))

    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert "cannot be changed" in caught.value.response["Error"]["Message"]


def test_what_is_changed_counts_from_the_next_delivery_on(family: Family, folder: Path) -> None:
    put(family)
    delivered(family, folder)
    api = family.client("cur")
    changed = report(Format="Parquet", Compression="Parquet", ReportVersioning="CREATE_NEW_REPORT", S3Prefix="")
    api.modify_report_definition(ReportName="ours", ReportDefinition=changed)

    assert {name.partition("/")[2].split("/")[0] for name in files(folder)} == {"a"}
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))
    delivered(family, folder)
    assert total(rows_of(folder, root="our-bills/ours/20260301-20260401"), "line_item_unblended_cost") == 10.5


def test_tags_come_and_go(family: Family) -> None:
    api = family.client("cur")
    api.put_report_definition(ReportDefinition=report(), Tags=[{"Key": "team", "Value": "red"}])
    api.tag_resource(ReportName="ours", Tags=[{"Key": "team", "Value": "blue"}, {"Key": "x", "Value": ""}])
    api.untag_resource(ReportName="ours", TagKeys=["x", "none"])

    assert api.list_tags_for_resource(ReportName="ours")["Tags"] == [{"Key": "team", "Value": "blue"}]
    many = [{"Key": str(number), "Value": ""} for number in range(50)]
    with pytest.raises(ClientError):
        api.tag_resource(ReportName="ours", Tags=many)


def test_what_was_delivered_stays_when_the_report_goes(family: Family, folder: Path) -> None:
    put(family)
    delivered(family, folder)
    before = files(folder)

    answer = family.client("cur").delete_report_definition(ReportName="ours")

    assert "ours" in answer["ResponseMessage"]
    assert files(folder) == before
    assert family.client("cur").describe_report_definitions()["ReportDefinitions"] == []
