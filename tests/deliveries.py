"""Exports and reports of our own making, and what comes of them in a folder."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from bills import NOW, PAYER, Family

from remit.billing.exports.buckets import Buckets, FolderBuckets
from remit.billing.exports.carrying_out import Outcome, carried_out
from remit.billing.exports.deliveries import kept, take
from remit.directory import ACCOUNTS
from remit.directory.accounts import create_account
from remit.directory.billing.executions import due
from remit.directory.billing.exports import Export, create_export
from remit.store import Answer, Transaction
from remit.wire.object_storage import StorageFailed

CUR, FOCUS, RECOMMENDATIONS = "COST_AND_USAGE_REPORT", "FOCUS_1_2_AWS", "COST_OPTIMIZATION_RECOMMENDATIONS"
QUERY = f"SELECT line_item_usage_account_id, line_item_unblended_cost FROM {CUR}"
PARQUET = {"Format": "PARQUET", "Compression": "PARQUET"}
TEXT = {"Format": "TEXT_OR_CSV", "Compression": "GZIP"}
MARCH = "our-bills/a/b/ours/metadata/BILLING_PERIOD=2026-03/ours-Manifest.json"


def export(
    name: str = "ours",
    query: str = QUERY,
    *,
    tables: Mapping[str, Mapping[str, str]] | None = None,
    bucket: str = "our-bills",
    prefix: str = "a/b",
    **members: Any,
) -> dict[str, Any]:
    """Return an export as the API has it; *members* are of its output, its destination or itself."""
    output = {"OutputType": "CUSTOM", **PARQUET, "Overwrite": "OVERWRITE_REPORT"}
    output |= {key: members.pop(key) for key in list(members) if key in output}
    destination = {"S3Bucket": bucket, "S3Prefix": prefix, "S3Region": "us-east-1", "S3OutputConfigurations": output}
    destination |= {key: members.pop(key) for key in list(members) if key.startswith("S3")}
    asked: dict[str, Any] = {"QueryStatement": query}
    return {
        "Name": name,
        "DataQuery": asked if tables is None else {**asked, "TableConfigurations": tables},
        "DestinationConfigurations": {"S3Destination": destination},
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
        **members,
    }


def report(name: str = "ours", **members: Any) -> dict[str, Any]:
    """Return a report definition as the API has it."""
    return {
        "ReportName": name,
        "TimeUnit": "DAILY",
        "Format": "textORcsv",
        "Compression": "GZIP",
        "AdditionalSchemaElements": [],
        "S3Bucket": "our-bills",
        "S3Prefix": "a/b",
        "S3Region": "us-east-1",
        **members,
    }


class Noting:
    """Buckets that note what is put into them, and in which order; *fails* says at which key they fail."""

    def __init__(self, folder: Path, fails: str = "", error: Exception | None = None) -> None:
        self.put_keys: list[str] = []
        self._folder, self._fails, self._error = folder, fails, error or StorageFailed("cut")

    @contextmanager
    def open(self, name: str, region: str, still: Callable[[], None]) -> Generator["Noting"]:
        del name, region, still
        yield self

    @contextmanager
    def file(self, key: str) -> Generator[Path]:
        yield self._folder / key.rpartition("/")[2]
        self.put(key, b"")

    def put(self, key: str, content: bytes) -> None:
        del content
        if self._fails and self._fails in key:
            raise self._error
        self.put_keys.append(key)


def waiting_exports(count: int, at: datetime) -> Callable[[Transaction], Answer[None]]:
    """Return what keeps so many exports, each with an execution that waits."""

    def work(tx: Transaction) -> Answer[None]:
        if tx.get(ACCOUNTS, PAYER) is None:
            create_account(tx, PAYER, email="root@example.com", name="Payer", at=at)
        for number in range(count):
            said = export(f"export-{number}")
            arn = f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/export-{number}"
            made = Export(
                id=arn, account=PAYER, name=f"export-{number}", table=CUR, said=said, created_at=at, updated_at=at
            )
            create_export(tx, made, count)
            due(tx, made, PAYER, ["2026-03"], at)
        return Answer(None)

    return work


def made(family: Family, *arguments: Any, client: Any = None, **members: Any) -> str:
    """Make an export; return its ARN."""
    api = client or family.client("bcm-data-exports")
    arn: str = api.create_export(Export=export(*arguments, **members))["ExportArn"]
    return arn


def delivered(family: Family, place: Path | Buckets | None, at: datetime = NOW) -> list[Outcome]:
    """Deliver everything that is due, as a server does, to a folder or other buckets; return what came of each."""
    found: list[Outcome] = []
    buckets = FolderBuckets(place) if isinstance(place, Path) else place
    while tasks := family.remit.change(lambda tx: take(tx, at)):
        for task in tasks:
            outcome = carried_out(task, family.remit.folder, buckets)
            noted(family, outcome, at)
            found.append(outcome)
    return found


def noted(family: Family, outcome: Outcome, at: datetime = NOW) -> None:
    """Note what came of an execution, in the store and in the trail."""
    family.remit.change(lambda tx: kept(tx, outcome, at))


def files(folder: Path) -> list[str]:
    """Return the files in a folder, without those by which deliveries wait for one another."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.parts[0] != ".writing")


def events(family: Family, name: str) -> list[dict[str, Any]]:
    """Return the records of the trail that are called so."""
    asked = [{"AttributeKey": "EventName", "AttributeValue": name}]
    found = family.client("cloudtrail").lookup_events(LookupAttributes=asked, EndTime=NOW + timedelta(days=1))["Events"]
    return [json.loads(one["CloudTrailEvent"]) for one in found]


def rows_of(folder: Path, manifest: str) -> list[dict[str, Any]]:
    """Return the rows of the files that a manifest names, as readers find them: by what it says alone."""
    said = msgspec.json.decode((folder / manifest).read_bytes())
    found: list[dict[str, Any]] = []
    for address in said["dataFiles"]:
        path = folder / address.removeprefix("s3://")
        if path.name.endswith(".csv.gz"):
            found += csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode()))
            continue
        with duckdb.connect() as connection:
            read = connection.execute("FROM read_parquet(?, hive_partitioning = false)", [str(path)])
            names = [column[0] for column in read.description]
            found += [dict(zip(names, row, strict=True)) for row in read.fetchall()]
        assert names == [column["name"] for column in said["columns"]]
    return found


def spoken(family: Family, period: str, *, identity: Any = None) -> str:
    """Return what Cost Explorer says a month costs."""
    start, following = f"{period}-01", f"{period[:5]}{int(period[5:]) + 1:02}-01"
    answer = family.client("ce", identity).get_cost_and_usage(
        TimePeriod={"Start": start, "End": following}, Granularity="MONTHLY", Metrics=["UnblendedCost"]
    )
    amount: str = answer["ResultsByTime"][0]["Total"]["UnblendedCost"]["Amount"]
    return amount


def total(rows: list[dict[str, Any]], column: str = "line_item_unblended_cost") -> Decimal:
    """Return what a column adds up to."""
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def states(family: Family, arn: str, client: Any = None) -> list[tuple[str, str | None]]:
    """Return status and reason of the executions of an export, the oldest first."""
    found = (client or family.client("bcm-data-exports")).list_executions(ExportArn=arn)["Executions"]
    return [(one["ExecutionStatus"]["StatusCode"], one["ExecutionStatus"].get("StatusReason")) for one in found]


def status(family: Family, arn: str) -> dict[str, Any]:
    """Return the status of an export."""
    found: dict[str, Any] = family.client("bcm-data-exports").get_export(ExportArn=arn)["ExportStatus"]
    return found


NO_EXPORT = f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/none-00000000-0000-0000-0000-000000000000"
