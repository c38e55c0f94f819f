"""Timestamps as they travel: ISO 8601, seconds since 1970, and the date of HTTP headers.

Times inside are aware and in UTC. Readers take what AWS's clients send, fractions and offsets included; writers give
whole seconds where AWS does. Source: Smithy, "Timestamp serialization and deserialization"; `iam-sts` reference,
section 1.2.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

ISO8601 = "iso8601"
EPOCH = "unixTimestamp"
HTTP_DATE = "rfc822"

_START = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO8601 = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)  # fmt: skip
_HTTP_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? (?:GMT|UTC)", re.ASCII
)


def read_iso8601(text: str) -> datetime:
    """Read `2026-02-17T14:44:27Z`, with or without fraction, offset or time of day; without an offset it is UTC.

    Raises:
        ValueError: not in that form, or no such instant.
    """
    if _ISO8601.fullmatch(text) is None:
        raise ValueError(f"not an ISO 8601 timestamp: `{text}`")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"outside the years 1 to 9999: `{text}`") from None


def read_epoch(seconds: float) -> datetime:
    """Read seconds since 1970, to the microsecond.

    Raises:
        ValueError: not a finite number, or outside the years 1 to 9999.
    """
    try:
        if isinstance(seconds, int):
            return _START + timedelta(seconds=seconds)
        return _START + timedelta(microseconds=round(seconds * 1_000_000))
    except OverflowError:
        raise ValueError(f"outside the years 1 to 9999: `{seconds}`") from None


def read_http_date(text: str) -> datetime:
    """Read `Tue, 17 Feb 2026 14:44:27 GMT`.

    Raises:
        ValueError: not in that form, or no such instant.
    """
    match = _HTTP_DATE.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        raise ValueError(f"not an HTTP date: `{text}`")
    day, month, year, hour, minute, second, fraction = match.groups()
    return datetime(
        int(year),
        _MONTHS.index(month) + 1,
        int(day),
        int(hour),
        int(minute),
        int(second),
        int((fraction or "").ljust(6, "0")),
        tzinfo=UTC,
    )


def read_epoch_text(text: str) -> datetime:
    """Read seconds since 1970 written as a decimal number.

    Raises:
        ValueError: not a number, or outside the years 1 to 9999.
    """
    if not text.isascii() or "_" in text:
        raise ValueError(f"not a number of seconds: `{text}`")
    return read_epoch(float(text))


def write_iso8601(at: datetime) -> str:
    """Write `2026-02-17T14:44:27Z`, the fraction of the second dropped."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat()[:19] + "Z"


def write_iso8601_fraction(at: datetime) -> str:
    """Write `2026-02-17T14:44:27Z`, with milliseconds if the second is not whole."""
    if at.microsecond < 1000:  # noqa: PLR2004  # microseconds in a millisecond
        return write_iso8601(at)
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def write_epoch(at: datetime) -> float:
    """Write seconds since 1970: a whole number if the second is whole, else with milliseconds as AWS gives them."""
    elapsed = at - _START
    whole = elapsed.days * 86_400 + elapsed.seconds
    milliseconds = elapsed.microseconds // 1000
    return whole + milliseconds / 1000 if milliseconds else whole


def write_http_date(at: datetime) -> str:
    """Write `Tue, 17 Feb 2026 14:44:27 GMT`; the C library's names of days depend on the locale, ours do not."""
    at = at.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"


def text_reader(form: str) -> Callable[[str], datetime]:
    """Choose the reader of a timestamp that arrives as text."""
    match form:
        case "unixTimestamp":
            return read_epoch_text
        case "rfc822":
            return read_http_date
        case _:
            return read_iso8601


def text_writer(form: str) -> Callable[[datetime], str]:
    """Choose the writer of a timestamp that leaves as text; a fraction leaves with it where the form can say it."""
    match form:
        case "unixTimestamp":
            return lambda at: str(write_epoch(at))
        case "rfc822":
            return write_http_date
        case _:
            return write_iso8601_fraction
