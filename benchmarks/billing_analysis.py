"""How long questions about a bill take: GetCostAndUsage over a month of ten million records of a thousand accounts.

    python benchmarks/billing_analysis.py [--records 10000000]

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

from billing import write_usage
from billing_month import PERIOD, inputs_of
from serving import ACCOUNT, served

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.ledger.files import folder_made
from remit.billing.ledger.readers import source_of
from remit.billing.monthly.run import run_month
from remit.billing.months import month_after

RUNS = 15
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


def made(folder: Path, records: int) -> int:
    """Bill the month of `billing_month.py` for the server's account, and return how many lines it has."""
    ledger = Ledger(folder_made(ledger_folder(folder, ACCOUNT)))
    usage = folder / "usage.parquet"
    write_usage(usage, records, PERIOD)
    ledger.add_source(source_of(usage), lambda _: True)
    usage.unlink()
    return run_month(ledger, inputs_of(120, folder, ACCOUNT), ACCOUNT).lines


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as folder, served("--data", folder) as server:
        started = perf_counter()
        lines = made(Path(folder), records)
        print(f"{lines:,} lines made in {perf_counter() - started:.1f} s")
        server.opens_bills()
        ce, sts = server.client("ce"), server.client("sts")
        asked = {
            "TimePeriod": {"Start": f"{PERIOD}-01", "End": f"{month_after(PERIOD)}-01"},
            "Metrics": ["UnblendedCost"],
        }
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
