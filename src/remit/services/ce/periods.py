"""Times of questions: how they are written, and how far back there is data.

Source: Cost Explorer API reference, `DateInterval`, GetCostAndUsage; user guide, "Enabling multi-year and granular
data": 13 months before the current one, hours of 14 days.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from remit.billing.analysis.questions import Bucket, Granularity
from remit.directory.billing.cost_categories import months_before
from remit.errors import ServiceError
from remit.services.ce.errors import invalid

MONTHS_BACK = 13
DETAILED_DAYS = 14
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def moment(text: str, name: str, *, is_hourly: bool = False) -> datetime:
    """Return the moment that a day, or with *is_hourly* a time as well, writes.

    Raises:
        ServiceError: ValidationException, it writes none.
    """
    if not is_hourly and _DAY.fullmatch(text) is None:
        raise invalid(f"{name} {text} is invalid. Valid format is: yyyy-MM-dd.")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{name} {text} is invalid. Valid format is: yyyy-MM-dd or yyyy-MM-ddThh:mm:ssZ.") from None
    return found.replace(tzinfo=UTC)


def interval(given: Mapping[str, Any], *, is_hourly: bool = False) -> Bucket:
    """Return the time that a question names, end exclusive.

    Raises:
        ServiceError: ValidationException, it does not end after it starts.
    """
    start = moment(given["Start"], "Start time", is_hourly=is_hourly)
    end = moment(given["End"], "End time", is_hourly=is_hourly)
    if start >= end:
        raise invalid("Start date (and hour) should be before end date (and hour)")
    return Bucket(start, end)


def past(given: Mapping[str, Any], granularity: Granularity, at: datetime, *, is_detailed: bool = False) -> Bucket:
    """Return the time of a question about what was, as far back as there is data.

    Raises:
        ServiceError: BillExpirationException, it starts earlier; ValidationException, it is to come.
    """
    is_hourly = granularity is Granularity.HOURLY
    time = interval(given, is_hourly=is_hourly)
    if time.end > months_before(at, -1):
        raise invalid("end date past the beginning of next month")
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if (is_hourly or is_detailed) and time.start < today - timedelta(days=DETAILED_DAYS):
        what = "Hourly" if is_hourly else "Resource-level"
        raise invalid(f"{what} data is available for the past {DETAILED_DAYS} days only. Start date is too old.")
    if time.start < months_before(at, MONTHS_BACK):
        text = f"The requested data is older than {MONTHS_BACK} months. Update the date interval and try again."
        raise ServiceError("BillExpirationException", text)
    return time


def shown(time: Bucket, *, is_hourly: bool = False) -> dict[str, str]:
    """Return a time as answers have it."""
    form = "%Y-%m-%dT%H:%M:%SZ" if is_hourly else "%Y-%m-%d"
    return {"Start": f"{time.start:{form}}", "End": f"{time.end:{form}}"}
