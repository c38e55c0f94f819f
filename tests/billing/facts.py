"""Records of usage and lines of bills for tests of the ledger and of what is made of it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from remit.billing.lines import Line, LineType
from remit.billing.usage import Usage

PAYER, MEMBER, STRANGER = "111122223333", "444455556666", "999900001111"
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def is_ours(account: str) -> bool:
    return account in (PAYER, MEMBER)


def usage(usage_id: str, **members: Any) -> Usage:
    start = members.pop("start", MARCH)
    given: dict[str, Any] = {
        "account": MEMBER,
        "service": "AmazonEC2",
        "usage_type": "USE2-BoxUsage:m5.large",
        "operation": "RunInstances",
        "region": "us-east-2",
        "start": start,
        "end": start + HOUR,
        "quantity": Fraction(1),
        "unit": "Hrs",
    }
    return Usage(usage_id=usage_id, **(given | members))


def line(line_id: str, **members: Any) -> Line:
    given: dict[str, Any] = {
        "payer": PAYER,
        "account": MEMBER,
        "period": "2026-03",
        "start": MARCH,
        "end": MARCH + HOUR,
        "line_type": LineType.USAGE,
        "service": "AmazonEC2",
        "usage_type": "USE2-BoxUsage:m5.large",
    }
    return Line(line_id=line_id, **(given | members))
