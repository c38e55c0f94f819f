"""Tools that read Cost Explorer, on an account with two months of a bill of our own making."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from client_runs import Run, Tool, expect

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.lines import Line, LineType
from remit.testing import Server

_DAYS = 70
_COSTS = (("AmazonEC2", "BoxUsage:m5.large", "m5.large", Fraction(12)), ("AmazonS3", "TimedStorage", "", Fraction(3)))


def fill(server: Server) -> None:
    """Bill two months of usage, and let the administrator see it."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    months: dict[str, list[Line]] = {}
    for number in range(_DAYS):
        start = today - timedelta(days=number + 1)
        for service, usage_type, instance, cost in _COSTS:
            line = Line(
                f"{service}-{number}", server.account, server.account, f"{start:%Y-%m}", start,
                start + timedelta(hours=1), LineType.USAGE, service, usage_type, instance_type=instance,
                quantity=Fraction(1), unblended=cost, blended=cost, amortized=cost,
            )  # fmt: skip
            months.setdefault(line.period, []).append(line)
    ledger = Ledger(ledger_folder(server.data, server.account))
    for period, lines in months.items():
        ledger.write_month(period, lines, {})
    remit = Path(sys.executable).with_name("remit")
    command = [str(remit), "billing", "access", server.account, "--users", "--data", str(server.data)]
    subprocess.run(command, check=True, capture_output=True)


def _nothing(administrator: Any) -> None:
    """Leave the account as it is: what the tool reads is no entity of it."""
    del administrator


def _awscost(run: Run) -> str:
    by_month = run.command("--point", "3", name="awscost")
    for service in ("Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service"):
        expect(service in by_month, f"{service}\n{by_month}")
    by_account = run.command("--point", "5", "-g", "DAILY", "-d", "LINKED_ACCOUNT", name="awscost")
    expect(run.account in by_account and " 15" in by_account, f"fifteen dollars a day\n{by_account}")
    return "costs of three months by service, and of five days by account"


TOOLS = (Tool("awscost", ("awscost",), _awscost, _nothing, bills=fill),)
