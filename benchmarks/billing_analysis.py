"""How long questions about a bill take: GetCostAndUsage over a month of ten million lines of a thousand accounts.

    python benchmarks/billing_analysis.py [--lines 10000000]

Printed: to make the month's cube, once; then the median of each question through the whole endpoint (signed,
authorised, answered as JSON), and how long another request waited meanwhile.
"""

import argparse
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from serving import ACCOUNT, served

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.ledger.columnar import PARQUET, connected, quoted
from remit.billing.lines import COLUMNS

PERIOD = "2026-10"
RUNS = 15
AMOUNT = "CAST((i % 997) * 0.0013 AS DECIMAL(38,18))"
VALUES = {
    "line_id": "'line-' || i",
    "payer": f"'{ACCOUNT}'",
    "account": "lpad(CAST(i % 1000 AS VARCHAR), 12, '0')",
    "period": f"'{PERIOD}'",
    "start": "TIMESTAMP '2026-10-01' + INTERVAL 1 HOUR * ((i // 1000) % 744)",
    "end": "TIMESTAMP '2026-10-01' + INTERVAL 1 HOUR * ((i // 1000) % 744 + 1)",
    "line_type": "'Usage'",
    "service": "['AmazonEC2', 'AmazonS3', 'AmazonRDS', 'AWSLambda', 'AmazonDynamoDB'][1 + (i * 7) % 5]",
    "usage_type": "'USE1-Type' || ((i * 13) % 40)",
    "operation": "'Operation' || ((i * 7) % 5)",
    "region": "['us-east-1', 'eu-west-1', 'us-west-2'][1 + i % 3]",
    "resource": "'i-' || (i % 100000)",
    "unit": "'Hrs'",
    "pricing": "'OnDemand'",
    "tier": "0",
    "usage_id": "'usage-' || i",
    "seller": "'AWS'",
    "tags": "MAP(['team'], ['team-' || (i % 7)])",
}
QUESTIONS: dict[str, dict[str, Any]] = {
    "total": {"Granularity": "MONTHLY"},
    "by service and day": {"Granularity": "DAILY", "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}]},
    "by account": {"Granularity": "MONTHLY", "GroupBy": [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}]},
    "of a region, by usage type and operation": {
        "Granularity": "MONTHLY",
        "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}, {"Type": "DIMENSION", "Key": "OPERATION"}],
        "Filter": {"Dimensions": {"Key": "REGION", "Values": ["eu-west-1"]}},
    },
}


def made(path: Path, lines: int) -> None:
    """Write the lines of a month."""
    number = {column for column, kind in COLUMNS.items() if kind.startswith("DECIMAL")}
    columns = [
        f'CAST({VALUES.get(column, AMOUNT if column in number else chr(39) * 2)} AS {kind}) AS "{column}"'
        for column, kind in COLUMNS.items()
    ]
    with connected(threads=2, memory="1GB", spill=path.parent) as connection:
        select = f"SELECT {', '.join(columns)} FROM range({lines}) r(i)"  # of tables of ours
        connection.execute(f"COPY ({select}) TO {quoted(path)} {PARQUET}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=10_000_000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder, served("--data", folder) as server:
        started = perf_counter()
        ledger = Ledger(ledger_folder(Path(folder), ACCOUNT))
        ledger.write_month_file(PERIOD, lambda path: made(path, lines), {})
        print(f"{lines:,} lines made in {perf_counter() - started:.1f} s")
        server.opens_bills()
        ce, sts = server.client("ce"), server.client("sts")
        asked = {"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Metrics": ["UnblendedCost"]}
        started = perf_counter()
        ce.get_cost_and_usage(**asked, Granularity="MONTHLY")
        print(f"the first question, which makes the cube: {perf_counter() - started:.2f} s")
        waits: list[float] = []
        is_over = threading.Event()

        def others() -> None:
            while not is_over.is_set():
                begin = perf_counter()
                sts.get_caller_identity()
                waits.append(perf_counter() - begin)

        beside = threading.Thread(target=others)
        beside.start()
        for name, question in QUESTIONS.items():
            times: list[float] = []
            for _ in range(RUNS):
                begin = perf_counter()
                ce.get_cost_and_usage(**asked, **question)
                times.append(perf_counter() - begin)
            print(f"{name}: median {median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")
        is_over.set()
        beside.join()
        print(f"another request meanwhile: median {median(waits) * 1000:.1f} ms, slowest {max(waits) * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
