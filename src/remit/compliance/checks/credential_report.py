"""The credential report, read: who has which credentials, and when they were last used.

Source: IAM User Guide, "Get credential reports for your AWS account"; `iam-sts` reference, 15.
"""

import base64
import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from remit.compliance.checks.seen import Seen, Unread

READ = "iam:GetCredentialReport"
ROOT = "<root_account>"
Row = Mapping[str, str]

# What stands in place of a time where nothing happened since IAM keeps such times.
_NEVER = frozenset({"N/A", "no_information"})


def row(seen: Seen, user: str) -> Row:
    """Return the row of a user, or of `ROOT`.

    Raises:
        Unread: there is no report, or it has no such row: somebody came later, or the endpoint leaves root out.
    """
    rows = seen.derived("credential report", _rows)
    if user not in rows:
        message = f"the credential report has no row of {user}"
        raise Unread(message)
    return rows[user]


def _rows(seen: Seen) -> Mapping[str, Row]:
    text = base64.b64decode(seen.answer(READ)["Content"], validate=True).decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(text))}


def is_true(row: Row, column: str) -> bool:
    """Return a truth value.

    Raises:
        ValueError: there is none in the column.
    """
    match row[column].lower():
        case "true":
            return True
        case "false":
            return False
        case other:
            message = f"{column} is neither true nor false: {other}"
            raise ValueError(message)


def moment(row: Row, column: str) -> datetime | None:
    """Return when something happened; None for never.

    Raises:
        ValueError: the column has something else, `not_supported` for one.
    """
    text = row[column]
    return None if text in _NEVER else datetime.fromisoformat(text)


def days_since(then: datetime, now: datetime) -> int:
    """Return whole days; 0 for what is yet to come."""
    return max(now - then, timedelta()).days
