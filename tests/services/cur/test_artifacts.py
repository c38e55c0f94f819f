"""What lies beside the rows of a report: Athena, Redshift and QuickSight read the rows by it alone."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from bills import PAYER, Family, at, line, written
from deliveries import delivered, files, report

from remit.directory.billing.allocation_tags import set_active

RANGE = "20260301-20260401"
ROOT = "our-bills/a/b/ours"
ATHENA = {
    "AdditionalArtifacts": ["ATHENA"],
    "Format": "Parquet",
    "Compression": "Parquet",
    "ReportVersioning": "OVERWRITE_REPORT",
}
# Names that are the same for whoever does not see case, and one that ends a literal early where it is not quoted.
TAGS = {"Owner": "a", "owner": "b", "it's \\": "c"}


def put(family: Family, **members: Any) -> None:
    family.client("cur").put_report_definition(ReportDefinition=report(**members))


def tagged(family: Family) -> None:
    for key in TAGS:
        family.remit.change(lambda tx, key=key: set_active(tx, PAYER, key, is_active=True, at=at("2026-01-01")))
    written(family.remit.folder, [line(1, "2026-03-01", "1", tags=TAGS), line(2, "2026-03-02", "2")])


def said(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text())
    return found


# -- Athena


def test_athena_finds_rows_by_year_and_month(family: Family, folder: Path) -> None:
    put(family, **ATHENA)

    delivered(family, folder)

    rows = f"{ROOT}/ours/year=2026/month=3/ours-00001.snappy.parquet"
    assert files(folder) == sorted(
        [
            rows,
            f"{ROOT}/{RANGE}/ours-Manifest.json",
            f"{ROOT}/{RANGE}/ours-create-table.sql",
            f"{ROOT}/cost_and_usage_data_status/cost_and_usage_data_status.parquet",
            f"{ROOT}/crawler-cfn.yml",
        ]
    )
    manifest = said(folder, f"{ROOT}/{RANGE}/ours-Manifest.json")
    assert [f"our-bills/{key}" for key in manifest["reportKeys"]] == [rows]
    assert manifest["additionalArtifactKeys"] == []
    with duckdb.connect() as connection:
        status = connection.execute("FROM read_parquet(?)", [str(folder / f"{ROOT}/cost_and_usage_data_status/*")])
        assert [status.description[0][0], *status.fetchall()] == ["status", ("READY",)]


def test_the_table_of_athena_has_the_columns_of_the_rows(family: Family, folder: Path) -> None:
    tagged(family)
    put(family, **ATHENA, AdditionalSchemaElements=["RESOURCES"])

    delivered(family, folder)

    sql = (folder / f"{ROOT}/{RANGE}/ours-create-table.sql").read_text()
    with duckdb.connect() as connection:
        path = str(folder / f"{ROOT}/ours/year=2026/month=3/ours-00001.snappy.parquet")
        rows = connection.execute("FROM read_parquet(?, hive_partitioning = false)", [path])
        kinds = {"VARCHAR": "STRING"}
        columns = [(one[0], kinds.get(str(one[1]), str(one[1]))) for one in rows.description]
    described, partitions, _ = sql.split(")\n", 2)
    found = re.findall(r"^  `(\w+)` ([A-Z0-9(),]+?),?$", described, re.MULTILINE)
    assert found == columns
    assert re.findall(r"`(\w+)`", partitions) == ["year", "month"]
    assert {"resource_tags_user_owner", "reservation_reservation_a_r_n"} <= {name for name, _ in found}
    assert sql.startswith("CREATE EXTERNAL TABLE IF NOT EXISTS athenacurcfn_ours.ours (\n")
    assert "LOCATION 's3://our-bills/a/b/ours/ours/';\n" in sql


def test_the_stack_of_athena_reads_the_rows_alone(family: Family, folder: Path) -> None:
    put(family, **ATHENA)

    delivered(family, folder)

    stack = yaml.safe_load((folder / f"{ROOT}/crawler-cfn.yml").read_text())
    resources = stack["Resources"]
    assert {name: one["Type"] for name, one in resources.items()} == {
        "AWSCURDatabase": "AWS::Glue::Database",
        "AWSCURCrawlerComponentFunction": "AWS::IAM::Role",
        "AWSCURCrawler": "AWS::Glue::Crawler",
        "AWSCURReportStatusTable": "AWS::Glue::Table",
    }
    (target,) = resources["AWSCURCrawler"]["Properties"]["Targets"]["S3Targets"]
    rows = [name for name in files(folder) if f"s3://{name}".startswith(target["Path"] + "/")]
    assert rows == [f"{ROOT}/ours/year=2026/month=3/ours-00001.snappy.parquet"]
    (policy,) = resources["AWSCURCrawlerComponentFunction"]["Properties"]["Policies"]
    read = [one for one in policy["PolicyDocument"]["Statement"] if one["Action"] == ["s3:GetObject"]]
    assert [one["Resource"] for one in read] == [{"Fn::Sub": "arn:${AWS::Partition}:s3:::our-bills/a/b/ours/ours/*"}]
    table = resources["AWSCURReportStatusTable"]["Properties"]["TableInput"]["StorageDescriptor"]
    assert table["Location"] == "s3://our-bills/a/b/ours/cost_and_usage_data_status/"


# -- Redshift


@pytest.mark.parametrize("versioning", ["CREATE_NEW_REPORT", "OVERWRITE_REPORT"])
def test_redshift_loads_what_the_manifest_names(family: Family, folder: Path, versioning: str) -> None:
    tagged(family)
    put(family, AdditionalArtifacts=["REDSHIFT"], ReportVersioning=versioning)

    delivered(family, folder)

    manifest = said(folder, f"{ROOT}/{RANGE}/ours-Manifest.json")
    (rows,) = manifest["reportKeys"]
    named = {one["artifactType"]: one["name"] for one in manifest["additionalArtifactKeys"]}
    place = rows.rpartition("/")[0]
    assert named == {
        "RedshiftCommands": f"{place}/ours-RedshiftCommands.sql",
        "RedshiftManifest": f"{place}/ours-RedshiftManifest.json",
    }
    listed = said(folder, f"our-bills/{named['RedshiftManifest']}")
    assert listed == {"entries": [{"url": f"s3://our-bills/{rows}", "mandatory": True}]}
    commands = (folder / "our-bills" / named["RedshiftCommands"]).read_text()
    assert f"from 's3://our-bills/{named['RedshiftManifest']}' credentials" in commands


def test_the_table_of_redshift_takes_the_rows_and_says_which_tags_they_have(family: Family, folder: Path) -> None:
    tagged(family)
    put(family, AdditionalArtifacts=["REDSHIFT"], ReportVersioning="OVERWRITE_REPORT")

    delivered(family, folder)

    made, copied, *rest = (folder / f"{ROOT}/{RANGE}/ours-RedshiftCommands.sql").read_text().splitlines()
    assert copied.startswith("copy AWSBilling202603 from ")
    assert copied.endswith(" GZIP CSV IGNOREHEADER 1 TIMEFORMAT 'auto' manifest;")
    rows = str(folder / f"{ROOT}/{RANGE}/ours-1.csv.gz")
    with duckdb.connect() as connection:
        connection.execute(made)
        connection.execute("INSERT INTO AWSBilling202603 FROM read_csv(?, all_varchar = true)", [rows])
        for command in rest:  # where DuckDB takes a backslash for one, Redshift wants two
            connection.execute(command.replace("\\\\", "\\"))
        tags = connection.execute("FROM AWSBilling202603_tagMapping").fetchall()
        cells = ", ".join(column for column, _ in tags)
        cost = "CAST(lineItem_UnblendedCost AS DECIMAL(38, 18))"
        first, _ = connection.execute(f"SELECT {cells} FROM AWSBilling202603 ORDER BY {cost}").fetchall()
        total = connection.execute(f"SELECT sum({cost}) FROM AWSBilling202603").fetchone()
    found = {tag.removeprefix("user:"): value for (_, tag), value in zip(tags, first, strict=True)}
    assert found == TAGS
    assert total == (3,)


def test_columns_of_redshift_are_told_apart_where_case_is_not_seen(family: Family, folder: Path) -> None:
    for name in ("Owner", "owner"):
        rule = {"Value": name, "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [PAYER]}}}
        family.client("ce").create_cost_category_definition(
            Name=name, RuleVersion="CostCategoryExpression.v1", Rules=[rule], EffectiveStart="2026-03-01T00:00:00Z"
        )
    put(family, AdditionalArtifacts=["REDSHIFT"], ReportVersioning="OVERWRITE_REPORT")

    delivered(family, folder)

    made, *_ = (folder / f"{ROOT}/{RANGE}/ours-RedshiftCommands.sql").read_text().splitlines()
    with duckdb.connect() as connection:
        connection.execute(made)
        columns = [name for name, *_ in connection.execute("DESCRIBE AWSBilling202603").fetchall()]
    assert columns[-2:] == ["costCategory_Owner", "costCategory_owner_"]


# -- QuickSight


def test_quicksight_reads_the_newest_rows(family: Family, folder: Path) -> None:
    put(family, AdditionalArtifacts=["QUICKSIGHT", "REDSHIFT"])

    delivered(family, folder)

    manifest = said(folder, f"{ROOT}/{RANGE}/ours-Manifest.json")
    (place,) = [
        one["name"] for one in manifest["additionalArtifactKeys"] if one["artifactType"] == "QuickSightManifest"
    ]
    assert place == f"a/b/ours/QuickSight/ours-{RANGE}-QuickSightManifest.json"
    assert said(folder, f"our-bills/{place}")["fileLocations"] == [
        {"URIs": [f"s3://our-bills/{key}" for key in manifest["reportKeys"]]}
    ]
