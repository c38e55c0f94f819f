"""Instants, as date conditions write them: the W3C forms of ISO 8601, or epoch seconds.

    2026   2026-03   2026-03-04   2026-03-04T10:20Z   2026-03-04T10:20:30.5+01:00   1772619630

They become whole nanoseconds since 1970, in arithmetic of our own: `datetime` knows neither the year -292275054, which
AWS accepts, nor nanoseconds. Numbers in a date may lack their leading zero, as AWS accepts them too.
Source: `policy-evaluation` reference, C8; `iam-sts` reference, appendix A (which dates are stored, which are refused).
"""

import re

_NANOSECONDS = 1_000_000_000
_SECONDS_IN_DAY = 86_400
_EPOCH_SECONDS_MAX = 2**63 - 1
_YEAR_DIGITS = 4

_EPOCH = re.compile(r"(?P<sign>-?)(?P<seconds>[0-9]{1,19})(?:\.(?P<fraction>[0-9]{1,9}))?")
_FORM = re.compile(
    r"(?P<year>[+-]?[0-9]{1,9})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?"
    r"(?:[Tt](?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{1,2})"
    r"(?::(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?)?"
    r"(?:[Zz]|(?P<side>[+-])(?P<offset_hour>[0-9]{2})(?::?(?P<offset_minute>[0-9]{2}))?)?)?"
)


def instant(text: str) -> int | None:
    """Return the nanoseconds since 1970-01-01T00:00Z; None if *text* is no date.

    Four digits alone are a year, any other bare number is epoch seconds. What is left out of a date is its first
    moment; without an offset it is UTC.
    """
    epoch = _EPOCH.fullmatch(text)
    if epoch is not None and len(text) != _YEAR_DIGITS:
        seconds = int(epoch["seconds"])
        nanoseconds = seconds * _NANOSECONDS + _fraction(epoch["fraction"])
        return None if seconds > _EPOCH_SECONDS_MAX else -nanoseconds if epoch["sign"] else nanoseconds
    form = _FORM.fullmatch(text)
    return None if form is None else _instant(form)


def _instant(form: re.Match[str]) -> int | None:
    year, month, day = int(form["year"]), int(form["month"] or 1), int(form["day"] or 1)
    hour, minute, second = int(form["hour"] or 0), int(form["minute"] or 0), int(form["second"] or 0)
    offset_hour, offset_minute = int(form["offset_hour"] or 0), int(form["offset_minute"] or 0)
    if not (1 <= month <= 12 and 1 <= day <= _days_in_month(year, month)):  # noqa: PLR2004  # months of a year
        return None
    if max(hour, offset_hour) > 23 or max(minute, second, offset_minute) > 59:  # noqa: PLR2004  # hours, minutes
        return None
    offset = offset_hour * 3600 + offset_minute * 60
    seconds = _days(year, month, day) * _SECONDS_IN_DAY + hour * 3600 + minute * 60 + second
    seconds -= -offset if form["side"] == "-" else offset
    return seconds * _NANOSECONDS + _fraction(form["fraction"])


def _fraction(digits: str | None) -> int:
    return int(f"{digits or 0:0<9}")


def _days_in_month(year: int, month: int) -> int:
    if month == 2:  # noqa: PLR2004  # February
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _days(year: int, month: int, day: int) -> int:
    """Count the days since 1970-01-01 in the Gregorian calendar; years begin in March here."""
    if month <= 2:  # noqa: PLR2004  # January and February belong to the year before
        year -= 1
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468
