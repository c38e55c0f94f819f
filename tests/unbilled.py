"""A month that has usage and prices, and is not billed yet."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bills import PAYER, Family
from composed import composed

from remit.cli import main

MONTH = f"{datetime.now(UTC):%Y-%m}"
FIRST = f"{MONTH}-01T00:00:00Z"


@contextmanager
def unbilled(folder: Path) -> Iterator[Family]:
    """Let a family have ten hours of an instance that costs 0.192 USD an hour, until the block ends."""
    with composed(folder) as whole:
        found = Family(whole)
        record = {
            "usage_id": "one",
            "account": PAYER,
            "service": "AmazonEC2",
            "usage_type": "BoxUsage:m5.xlarge",
            "operation": "RunInstances",
            "region": "us-east-1",
            "start": FIRST,
            "end": FIRST.replace("T00", "T01"),
            "quantity": "10",
            "unit": "Hrs",
        }
        (folder / "usage.jsonl").write_text(json.dumps(record) + "\n")
        ran(folder, "prices", "import", "--sample")
        ran(folder, "usage", "import", str(folder / "usage.jsonl"), "--account", PAYER)
        yield found


def ran(folder: Path, *arguments: str) -> None:
    """Run a command that succeeds."""
    assert main([*arguments, "--data", str(folder)]) == 0
