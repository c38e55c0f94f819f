"""10,000,000 records of usage of 1,000 accounts: imported as packed JSON Lines and as Parquet; seconds and memory.

python benchmarks/billing.py [--records 10000000] [--forms jsonl.gz parquet] [--again] [--keep FOLDER]

Each import runs in a process of its own, on one core, so that its memory is its own. `write_usage` writes the same
records each time; other benchmarks of billing begin with them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ACCOUNTS, HOURS = 1_000, 744
FIRST_ACCOUNT = 100_000_000_000
_SIZES = {"t3": ("micro", "small", "medium", "large", "xlarge"), "m5": ("large", "xlarge", "2xlarge", "4xlarge")}
_SIZES |= {"c5": _SIZES["m5"], "r5": _SIZES["m5"]}
_OTHERS = (
    ("AmazonS3", "TimedStorage-ByteHrs", "", "GB-Mo"),
    ("AmazonS3", "Requests-Tier1", "", "Requests"),
    ("AWSDataTransfer", "DataTransfer-Out-Bytes", "", "GB"),
    ("AWSLambda", "Request", "", "Requests"),
    ("AWSLambda", "Lambda-GB-Second", "", "Lambda-GB-Second"),
    ("AmazonECS", "Fargate-vCPU-Hours:perCPU", "", "hours"),
    ("AmazonECS", "Fargate-GB-Hours", "", "hours"),
    ("AmazonRDS", "InstanceUsage:db.m5.large", "CreateDBInstance:0002", "Hrs"),
    ("AmazonRDS", "InstanceUsage:db.m5.xlarge", "CreateDBInstance:0002", "Hrs"),
)


def usage_types():
    """Service, usage type, operation, region and unit of what is used: sixty of the sample's price list."""
    found = []
    for region, prefix in (("us-east-1", ""), ("eu-west-1", "EU-")):
        for family, sizes in _SIZES.items():
            found += [
                ("AmazonEC2", f"{prefix}BoxUsage:{family}.{size}", "RunInstances", region, "Hrs") for size in sizes
            ]
        found += [
            ("AmazonEC2", f"{prefix}BoxUsage:m5.{size}", "RunInstances:0002", region, "Hrs") for size in _SIZES["m5"]
        ]
        found += [
            (service, f"{prefix}{usage_type}", operation, region, unit)
            for service, usage_type, operation, unit in _OTHERS
        ]
    return found


def write_usage(path, records, period="2026-03"):
    """Write records of a month, hour by hour, of every account and usage type."""
    kinds = ", ".join(
        f"({number}, {', '.join(repr(text) for text in kind)})" for number, kind in enumerate(usage_types())
    )
    count = len(usage_types())
    form = {
        ".parquet": "(FORMAT parquet)",
        ".gz": "(FORMAT json, COMPRESSION gzip)",
        ".jsonl": "(FORMAT json)",
    }[path.suffix]
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            "CREATE TABLE kinds AS SELECT * FROM (VALUES "
            f"{kinds}) AS kinds(number, service, usage_type, operation, region, unit)"
        )
        connection.execute(
            f"""
            COPY (
                SELECT 'u-' || lpad(i::VARCHAR, 12, '0') AS usage_id,
                    ({FIRST_ACCOUNT} + (i // {HOURS}) % {ACCOUNTS})::VARCHAR AS account,
                    service, usage_type, operation, region,
                    strftime(hour, '%Y-%m-%dT%H:%M:%SZ') AS start,
                    strftime(hour + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS "end",
                    (1 + (i * 7919) % 1000 / 1000)::DECIMAL(18, 3)::VARCHAR AS quantity, unit,
                    'r-' || (i // {HOURS})::VARCHAR AS resource,
                    MAP {{'team': 't-' || ((i // {HOURS}) % 20)::VARCHAR}} AS tags
                FROM (
                    SELECT i, TIMESTAMP '{period}-01 00:00:00' + to_hours((i % {HOURS})::INTEGER) AS hour
                    FROM range({records}) AS numbers(i)
                ) JOIN kinds ON number = (i // {HOURS} // {ACCOUNTS} * 7 + (i // {HOURS})) % {count}
                ORDER BY i
            ) TO '{path}' {form}
            """
        )


def take_in(path, folder, again):
    from remit.billing.ledger import Ledger
    from remit.billing.ledger.readers import source_of

    ledger = Ledger(folder)
    told = {}
    for name in ("first", "again") if again else ("first",):
        started, cpu = time.perf_counter(), time.process_time()
        added = ledger.add_source(source_of(path), lambda _: True)
        told[name] = {
            "seconds": round(time.perf_counter() - started, 1),
            "cpu": round(time.process_time() - cpu, 1),
            "added": sum(added.added.values()),
            "known": added.known,
        }
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**told, "peak_mib": round(peak), "ledger_mib": round(size / 2**20)}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--forms", nargs="+", default=["jsonl.gz", "parquet"])
    parser.add_argument("--again", action="store_true", help="import each file twice")
    parser.add_argument("--keep", type=Path, help="where the files stay")
    parser.add_argument("--take-in", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.take_in:
        take_in(*asked.take_in, asked.again)
        return
    with tempfile.TemporaryDirectory() as work:
        folder = asked.keep or Path(work)
        folder.mkdir(parents=True, exist_ok=True)
        for form in asked.forms:
            path = folder / f"usage-{asked.records}.{form}"
            if not path.exists():
                write_usage(path, asked.records)
            command = [sys.executable, __file__, "--take-in", str(path), str(Path(work) / f"ledger-{form}")]
            done = subprocess.run(
                command + ["--again"] * asked.again,
                check=True,
                capture_output=True,
                text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
            )
            print(f"{form} ({path.stat().st_size / 2**20:.0f} MiB): {done.stdout.strip()}")


if __name__ == "__main__":
    main()
