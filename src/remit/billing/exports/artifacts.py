"""What lies beside the rows of a report so that Athena, Redshift and QuickSight read it; the sentences are ours.

    ATHENA       PREFIX/NAME/crawler-cfn.yml                                 a stack that keeps a table for Athena
                 PREFIX/NAME/cost_and_usage_data_status/...parquet           READY: rows are never half written
                 PREFIX/NAME/20260301-20260401/NAME-create-table.sql         the table, without the stack
                 and the rows at PREFIX/NAME/NAME/year=2026/month=3/
    REDSHIFT     NAME-RedshiftManifest.json, NAME-RedshiftCommands.sql       beside the rows
    QUICKSIGHT   PREFIX/NAME/QuickSight/NAME-20260301-20260401-QuickSightManifest.json

Source: Cost and Usage Report user guide, "Understanding your report versions", "Querying Cost and Usage Reports using
Amazon Athena", "Loading report data into other resources"; Redshift developer guide, "Using a manifest to specify data
files"; QuickSight user guide, "Supported formats for Amazon S3 manifest files".
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from remit.billing.analysis.fragments import Fragment
from remit.billing.exports.naming import snake
from remit.billing.exports.places import key
from remit.billing.exports.reports import ATHENA, Cell, date_range
from remit.billing.exports.tables import MONEY, TEXT, TIME, written
from remit.billing.ledger.columnar import connected
from remit.directory.billing.executions import Execution
from remit.yaml_files import dump_yaml

REDSHIFT, QUICKSIGHT = "REDSHIFT", "QUICKSIGHT"
_HIVE = {TEXT: "STRING", MONEY: "DECIMAL(38,18)", TIME: "TIMESTAMP"}
_PARQUET_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_PARQUET_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquet{}Format"
_STATUS = "cost_and_usage_data_status"
_TAGS = "resourceTags"
# What crawlers leave alone.
_NO_ROWS = ("**.json", "**.yml", "**.sql", "**.csv", "**.gz", "**.zip")
_DAILY = "cron(15 6 * * ? *)"


class Artifact(NamedTuple):
    """A file beside the rows.

    Attributes:
        kind: what the manifest calls it; empty where the manifest does not name it.
    """

    key: str
    content: bytes
    kind: str = ""


def wrong_artifacts(said: Mapping[str, Any]) -> str:
    """Say why a report cannot have the artifacts that it asks for; empty where it can."""
    asked: frozenset[str] = frozenset(said.get("AdditionalArtifacts") or ())
    is_parquet = said["Format"] == "Parquet"
    if ATHENA in asked:
        if len(asked) > 1:
            return "AdditionalArtifacts: ATHENA stands alone."
        if not is_parquet or said.get("ReportVersioning") != "OVERWRITE_REPORT" or not said["S3Prefix"]:
            return "AdditionalArtifacts: ATHENA needs Parquet, OVERWRITE_REPORT and a prefix."
    elif asked and is_parquet:
        return f"AdditionalArtifacts: {min(asked)} needs textORcsv."
    if REDSHIFT in asked and said["Compression"] != "GZIP":
        return "AdditionalArtifacts: REDSHIFT reads GZIP, and no ZIP."
    return ""


def artifacts(execution: Execution, rows: str, cells: Sequence[Cell]) -> list[Artifact]:
    """Return what lies beside the rows of a report; *rows* is their key."""
    said = execution.said
    found: list[Artifact] = []
    for kind in sorted(said.get("AdditionalArtifacts") or ()):
        found += {ATHENA: _athena, REDSHIFT: _redshift, QUICKSIGHT: _quicksight}[kind](execution, rows, cells)
    return found


def _athena(execution: Execution, rows: str, cells: Sequence[Cell]) -> list[Artifact]:
    del rows
    said, name = execution.said, execution.said["ReportName"]
    root = key(said["S3Prefix"], name)
    place = key(root, date_range(execution.partition))
    return [
        Artifact(key(root, _STATUS, f"{_STATUS}.parquet"), _status()),
        Artifact(key(root, "crawler-cfn.yml"), _stack(said["S3Bucket"], root, name)),
        Artifact(key(place, f"{name}-create-table.sql"), _hive_table(said["S3Bucket"], key(root, name), name, cells)),
    ]


def _status() -> bytes:
    """Return the table of one row that Athena is asked for whether the rows are whole."""
    with connected() as connection, tempfile.TemporaryDirectory(prefix="remit-export-") as work:
        path = Path(work) / f"{_STATUS}.snappy.parquet"
        written(connection, Fragment("SELECT 'READY' AS status"), path)
        return path.read_bytes()


def _hive_table(bucket: str, root: str, name: str, cells: Sequence[Cell]) -> bytes:
    columns = ",\n".join(f"  `{cell.title(is_csv=False)}` {_HIVE[cell.kind]}" for cell in cells)
    table = f"{_database(name)}.{snake(name)}"
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS {table} (\n{columns}\n)\n"
        "PARTITIONED BY (`year` STRING, `month` STRING)\n"
        f"ROW FORMAT SERDE '{_PARQUET_SERDE}'\n"
        f"STORED AS INPUTFORMAT '{_PARQUET_FORMAT.format('Input')}'\n"
        f"OUTPUTFORMAT '{_PARQUET_FORMAT.format('Output')}'\n"
        f"LOCATION {_escaped(f's3://{bucket}/{root}/')};\n"
        f"MSCK REPAIR TABLE {table};\n"
    ).encode()


def _database(name: str) -> str:
    return f"athenacurcfn_{snake(name)}"


def _stack(bucket: str, root: str, name: str) -> bytes:
    """Return a template of CloudFormation: a database of Glue, a crawler that finds the months, and who it runs as."""
    rows = f"{bucket}/{root}/{name}"
    may = [
        {
            "Effect": "Allow",
            "Action": ["glue:UpdateDatabase", "glue:UpdatePartition", "glue:CreateTable", "glue:UpdateTable"],
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{rows}/*"},
        },
    ]
    trusts = {"Effect": "Allow", "Principal": {"Service": ["glue.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    owner = {"Ref": "AWS::AccountId"}
    resources: dict[str, Any] = {
        "AWSCURDatabase": _resource("Database", {"DatabaseInput": {"Name": _database(name)}, "CatalogId": owner}),
        "AWSCURCrawlerComponentFunction": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusts]},
                "ManagedPolicyArns": [
                    {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSGlueServiceRole"}
                ],
                "Policies": [
                    {
                        "PolicyName": "AWSCURCrawlerComponentFunction",
                        "PolicyDocument": {"Version": "2012-10-17", "Statement": may},
                    }
                ],
            },
        },
        "AWSCURCrawler": _resource(
            "Crawler",
            {
                "Name": f"AWSCURCrawler-{name}",
                "Description": "Finds the months of a report, each day.",
                "Role": {"Fn::GetAtt": ["AWSCURCrawlerComponentFunction", "Arn"]},
                "DatabaseName": {"Ref": "AWSCURDatabase"},
                "Schedule": {"ScheduleExpression": _DAILY},
                "Targets": {"S3Targets": [{"Path": f"s3://{rows}", "Exclusions": list(_NO_ROWS)}]},
                "SchemaChangePolicy": {
                    "UpdateBehavior": "UPDATE_IN_DATABASE",
                    "DeleteBehavior": "DELETE_FROM_DATABASE",
                },
            },
        ),
        "AWSCURReportStatusTable": _resource(
            "Table",
            {
                "DatabaseName": {"Ref": "AWSCURDatabase"},
                "CatalogId": owner,
                "TableInput": {
                    "Name": _STATUS,
                    "TableType": "EXTERNAL_TABLE",
                    "StorageDescriptor": {
                        "Columns": [{"Name": "status", "Type": "string"}],
                        "InputFormat": _PARQUET_FORMAT.format("Input"),
                        "OutputFormat": _PARQUET_FORMAT.format("Output"),
                        "SerdeInfo": {"SerializationLibrary": _PARQUET_SERDE},
                        "Location": f"s3://{bucket}/{root}/{_STATUS}/",
                    },
                },
            },
        ),
    }
    return dump_yaml({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}).encode()


def _resource(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::Glue::{kind}", "Properties": properties}


def _redshift(execution: Execution, rows: str, cells: Sequence[Cell]) -> list[Artifact]:
    said, name = execution.said, execution.said["ReportName"]
    place = rows.rpartition("/")[0]
    entries = {"entries": [{"url": f"s3://{said['S3Bucket']}/{rows}", "mandatory": True}]}
    listed = Artifact(key(place, f"{name}-RedshiftManifest.json"), _json(entries), "RedshiftManifest")
    commands = _commands(execution.partition, f"s3://{said['S3Bucket']}/{listed.key}", cells)
    return [Artifact(key(place, f"{name}-RedshiftCommands.sql"), commands, "RedshiftCommands"), listed]


def _commands(period: str, listed: str, cells: Sequence[Cell]) -> bytes:
    """Write the table of a month, how it is filled, and which tags its columns stand for.

    Names of columns are not case-sensitive there, and tags are: so they are numbered, and others that would be called
    as an earlier one get an underscore more.
    """
    table = f"AWSBilling{period.replace('-', '')}"
    columns: list[str] = []
    tags: list[str] = []
    taken: set[str] = set()
    for cell in cells:
        if cell.category == _TAGS:
            tags.append(cell.name)
            columns.append(f"userTag{len(tags) - 1}")
        else:
            named = f"{cell.category}_{cell.name}"
            called = named if named.isidentifier() and named.isascii() else cell.title(is_csv=False)
            while called.lower() in taken:
                called += "_"
            taken.add(called.lower())
            columns.append(called)
    how = "credentials 'aws_iam_role=<AWS_ROLE>' region <S3_BUCKET_REGION> GZIP CSV IGNOREHEADER 1 TIMEFORMAT 'auto'"
    found = [
        f"create table {table}({', '.join(f'{column} VARCHAR(512)' for column in columns)});",
        f"copy {table} from {_literal(listed)} {how} manifest;",
        f"create table {table}_tagMapping(remappedUserTag VARCHAR(512), userTag VARCHAR(512));",
        *(f"insert into {table}_tagMapping values('userTag{n}', {_literal(tag)});" for n, tag in enumerate(tags)),
    ]
    return "".join(f"{line}\n" for line in found).encode()


def _literal(text: str) -> str:
    """Write a literal of Redshift, where a backslash means something."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _escaped(text: str) -> str:
    """Write a literal of Hive, where two quotes are none."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quicksight(execution: Execution, rows: str, cells: Sequence[Cell]) -> list[Artifact]:
    del cells
    said, name = execution.said, execution.said["ReportName"]
    content = {
        "fileLocations": [{"URIs": [f"s3://{said['S3Bucket']}/{rows}"]}],
        "globalUploadSettings": {"format": "CSV", "delimiter": ",", "textqualifier": '"', "containsHeader": "true"},
    }
    root = key(said["S3Prefix"], name, "QuickSight")
    place = key(root, f"{name}-{date_range(execution.partition)}-QuickSightManifest.json")
    return [Artifact(place, _json(content), "QuickSightManifest")]


def _json(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
