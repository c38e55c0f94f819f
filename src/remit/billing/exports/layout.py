"""How the files of a data export lie in its bucket, and the manifest that names them.

    PREFIX/NAME/data/BILLING_PERIOD=2026-03/NAME-00001.csv.gz               the rows, overwritten each time
    PREFIX/NAME/data/BILLING_PERIOD=2026-03/TIME-EXECUTION/NAME-00001...    the rows, kept each time
    PREFIX/NAME/metadata/BILLING_PERIOD=2026-03/NAME-Manifest.json          the manifest of the newest
    PREFIX/NAME/metadata/BILLING_PERIOD=2026-03/TIME-EXECUTION/...          the manifest of each, where they are kept

Rows are one file: AWS writes several of large exports, and calls them 00002 and so on.
Source: AWS Data Exports user guide, "Understanding export delivery".
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from remit.billing.exports.compiled import Output
from remit.billing.exports.dictionary import type_of
from remit.billing.exports.places import key
from remit.billing.months import begin_of, month_after
from remit.directory.billing.executions import Execution

_MONTH = len("2026-03")
# Format and compression -> how files end.
ENDINGS: Mapping[tuple[str, str], str] = {
    ("TEXT_OR_CSV", "GZIP"): ".csv.gz",
    ("TEXT_OR_CSV", "ZIP"): ".csv.zip",
    ("PARQUET", "PARQUET"): ".snappy.parquet",
}


class Files(NamedTuple):
    """Keys of what an execution delivers.

    Attributes:
        rows: the file of rows.
        manifests: the same bytes at each; the last is the one that readers look at.
    """

    rows: str
    manifests: tuple[str, ...]


def files_of(execution: Execution) -> Files:
    """Return where an execution of a data export delivers to."""
    name: str = execution.said["Name"]
    destination: Mapping[str, Any] = execution.said["DestinationConfigurations"]["S3Destination"]
    output: Mapping[str, str] = destination["S3OutputConfigurations"]
    ending = ENDINGS[output["Format"], output["Compression"]]
    root = key(destination["S3Prefix"], name)
    part = _part(execution.partition)
    version = (
        "" if output["Overwrite"] == "OVERWRITE_REPORT" else f"{execution.created_at:%Y%m%dT%H%M%SZ}-{execution.id}"
    )
    manifest = f"{name}-Manifest.json"
    newest = key(root, "metadata", part, manifest)
    kept = (key(root, "metadata", part, version, manifest),) if version else ()
    return Files(key(root, "data", part, version, f"{name}-00001{ending}"), (*kept, newest))


def _part(partition: str) -> str:
    return f"BILLING_PERIOD={partition}" if len(partition) == _MONTH else f"date={partition}"


def manifest(execution: Execution, files: Files, columns: Sequence[Output]) -> bytes:
    """Return the manifest of what an execution delivered."""
    destination: Mapping[str, Any] = execution.said["DestinationConfigurations"]["S3Destination"]
    said: dict[str, Any] = {
        "exportArn": execution.of,
        "exportName": execution.said["Name"],
        "executionId": execution.id,
        "createdAt": f"{execution.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "account": execution.account,
        "bucket": destination["S3Bucket"],
        "columns": [{"name": one.name, "type": type_of(one.kind)} for one in columns],
        "dataFiles": [f"s3://{destination['S3Bucket']}/{files.rows}"],
        "additionalOutputFiles": [],
    }
    if len(execution.partition) == _MONTH:
        end = begin_of(month_after(execution.partition))
        said["billingPeriod"] = {
            "start": f"{begin_of(execution.partition):%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        }
    return msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"
