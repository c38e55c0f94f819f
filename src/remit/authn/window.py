"""When a request may arrive: around its own date by the clock's tolerance, or until a pre-signed one ends.

Whole seconds count, as AWS prints them; both ends belong to the window.
Source: `iam-sts` reference, sections 2.1 (date source), 2.2 and 2.3, step 4.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import msgspec

from remit.clock import whole_second
from remit.errors import IncompleteSignature, SignatureDoesNotMatch

EXPIRES_SECONDS_MAX = 604_800
_MINUTE = 60
_TOLERANCE_SECONDS = 15 * _MINUTE
_TOLERANCE_SECONDS_OF: Mapping[str, int] = {"iam": 5 * _MINUTE, "sts": 5 * _MINUTE}
_BASIC = "%Y%m%dT%H%M%SZ"
_BASIC_CHARACTERS = 16
_DATE_CHARACTERS_MAX = 64
_WINDOWS_KEPT = 1_024
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Window(msgspec.Struct, frozen=True, gc=False):
    """When a request of one date may arrive.

    Attributes:
        date: of the request, `YYYYMMDDTHHMMSSZ`.
        opens: the first instant.
        closed: the first instant that is too late.
    """

    date: str
    opens: datetime
    closed: datetime


def check_window(date: str, expires: str | None, service: str, at: datetime) -> str:
    """Refuse a request that arrives outside its window; return its date as the string to sign has it.

    Args:
        date: as sent, ISO 8601's basic format or RFC 1123's.
        expires: for how many seconds a pre-signed request is good; None for another.
        service: its signing name, which decides how far clocks may be apart.
        at: when it arrived.

    Raises:
        IncompleteSignature: the date or *expires* cannot be read.
        SignatureDoesNotMatch: it came too early or too late.
    """
    window = _kept_window(date, expires, service) if len(date) <= _DATE_CHARACTERS_MAX else None
    if window is None:
        raise IncompleteSignature(
            f"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
        )
    if window.opens <= at < window.closed:
        return window.date
    tolerance = _TOLERANCE_SECONDS_OF.get(service, _TOLERANCE_SECONDS)
    now = whole_second(at)
    if at >= window.closed:
        lasts = tolerance if expires is None else _seconds(expires)
        raise SignatureDoesNotMatch(
            f"Signature expired: {window.date} is now earlier than {_basic(_moved(now, -lasts))} "
            f"({_basic(now)} - {_spoken(lasts)})"
        )
    raise SignatureDoesNotMatch(
        f"Signature not yet current: {window.date} is still later than {_basic(_moved(now, tolerance))} "
        f"({_basic(now)} + {_spoken(tolerance)})"
    )


def _seconds(expires: str) -> int:
    if not (expires.isascii() and expires.isdigit()):
        raise IncompleteSignature("X-Amz-Expires should be a number")
    # The length first: a number of a thousand digits is not worth reading.
    significant = expires.lstrip("0")
    if len(significant) > len(str(EXPIRES_SECONDS_MAX)) or int(expires) > EXPIRES_SECONDS_MAX:
        raise IncompleteSignature(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            f"{EXPIRES_SECONDS_MAX} seconds"
        )
    if not significant:
        raise IncompleteSignature("X-Amz-Expires must be greater than 0")
    return int(expires)


@lru_cache(_WINDOWS_KEPT)
def _kept_window(date: str, expires: str | None, service: str) -> Window | None:
    at = _from_basic(date) or _from_http(date)
    if at is None:
        return None
    tolerance = _TOLERANCE_SECONDS_OF.get(service, _TOLERANCE_SECONDS)
    lasts = tolerance if expires is None else _seconds(expires)
    return Window(_basic(at), _moved(at, -tolerance), _moved(at, lasts + 1))


def _from_basic(date: str) -> datetime | None:
    digits = date[:8] + date[9:15]
    if len(date) != _BASIC_CHARACTERS or date[8] != "T" or date[15] != "Z":
        return None
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return datetime(
            int(date[:4]),
            int(date[4:6]),
            int(date[6:8]),
            int(date[9:11]),
            int(date[11:13]),
            int(date[13:15]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _from_http(date: str) -> datetime | None:
    """Read `Mon, 23 Nov 2026 17:59:49 GMT`; botocore writes `-0000` for the zone."""
    if not date.isascii() or not date.endswith((" GMT", " UTC", " +0000", " -0000")):
        return None
    try:
        return parsedate_to_datetime(date).replace(tzinfo=UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _moved(at: datetime, seconds: int) -> datetime:
    """Add *seconds*, up to where the calendar ends."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return _FIRST if seconds < 0 else _LAST


def _basic(at: datetime) -> str:
    # strftime leaves out the zeros of a year before 1000.
    return f"{at.year:04}{at.strftime(_BASIC[2:])}"


def _spoken(seconds: int) -> str:
    return f"{seconds // _MINUTE} min." if seconds % _MINUTE == 0 else f"{seconds} sec."
