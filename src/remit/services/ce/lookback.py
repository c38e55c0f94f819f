"""How far recommendations look back, and for which accounts. Source: Cost Explorer API reference."""

from datetime import datetime, timedelta
from typing import Any

from remit.billing.analysis.fragments import TRUE, Fragment
from remit.billing.analysis.questions import Bucket, account_is
from remit.billing.analysis.scopes import Scope
from remit.request import Call
from remit.services.ce.errors import invalid

DAYS = {"SEVEN_DAYS": 7, "THIRTY_DAYS": 30, "SIXTY_DAYS": 60}
TERM_HOURS = {"ONE_YEAR": 8_760, "THREE_YEARS": 26_280}
MONTH_HOURS = 730


def looked_at(at: datetime, lookback: str) -> Bucket:
    """Return the days before today."""
    end = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Bucket(end - timedelta(days=DAYS[lookback]), end)


def length(time: Bucket) -> int:
    """Return how many hours a time has."""
    return int((time.end - time.start).total_seconds()) // 3600


def of_account(call: Call[Any], scope: Scope, account: str | None) -> Fragment:
    """Return what is true of the lines of the account that is asked about, which the caller must see.

    Raises:
        ServiceError: ValidationException, it is another one's.
    """
    if account is None:
        return TRUE
    if account not in scope.known.names and account != call.account:
        raise invalid(f"Account {account} is not a member of the organization.")
    return account_is(account)
