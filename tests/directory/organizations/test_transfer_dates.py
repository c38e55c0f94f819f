"""When transfers begin and end."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from remit.directory.organizations.facts import Flaw, InputFlawed
from remit.directory.organizations.transfer_dates import check_end, check_start

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("starts", "at"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), AT),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC) - SECOND),
        (datetime(2027, 11, 1, tzinfo=UTC), AT),
        (datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=9))), AT),
    ],
)
def test_a_transfer_begins_with_a_month(starts: datetime, at: datetime) -> None:
    assert check_start(starts, at=at) == starts


@pytest.mark.parametrize(
    ("starts", "at", "flaw"),
    [
        (datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC), AT, Flaw.START_NOT_BEGINNING_OF_DAY),
        (datetime(2026, 12, 1, 0, 0, 0, 1000, tzinfo=UTC), AT, Flaw.START_NOT_BEGINNING_OF_DAY),
        (datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=9))), AT, Flaw.START_NOT_BEGINNING_OF_DAY),
        (datetime(2026, 12, 2, tzinfo=UTC), AT, Flaw.START_NOT_BEGINNING_OF_MONTH),
        (datetime(2026, 11, 1, tzinfo=UTC), AT, Flaw.START_TOO_EARLY),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC), Flaw.START_TOO_EARLY),
        (datetime(1, 1, 1, tzinfo=UTC), AT, Flaw.START_TOO_EARLY),
        (datetime(2027, 12, 1, tzinfo=UTC), AT, Flaw.START_TOO_LATE),
        (datetime(9999, 12, 1, tzinfo=UTC), AT, Flaw.START_TOO_LATE),
    ],
)
def test_a_beginning_can_be_wrong(starts: datetime, at: datetime, flaw: Flaw) -> None:
    with pytest.raises(InputFlawed) as fact:
        check_start(starts, at=at)

    assert fact.value.flaw is flaw


THIS_MONTH = datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "end"),
    [
        (None, THIS_MONTH),
        (THIS_MONTH, THIS_MONTH),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), THIS_MONTH),
        (datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), NEXT_MONTH),
    ],
)
def test_a_transfer_ends_with_a_month(ends: datetime | None, end: datetime) -> None:
    assert check_end(ends, at=AT) == end


@pytest.mark.parametrize(
    ("ends", "flaw"),
    [
        (datetime(2026, 11, 30, 23, 59, 58, 999999, tzinfo=UTC), Flaw.END_NOT_END_OF_MONTH),
        (datetime(2026, 12, 1, tzinfo=UTC), Flaw.END_NOT_END_OF_MONTH),
        (datetime(2026, 12, 30, 23, 59, 59, tzinfo=UTC), Flaw.END_NOT_END_OF_MONTH),
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), Flaw.END_TOO_EARLY),
        (datetime(1, 1, 31, 23, 59, 59, tzinfo=UTC), Flaw.END_TOO_EARLY),
        (datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), Flaw.END_TOO_LATE),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), Flaw.END_TOO_LATE),
    ],
)
def test_an_end_can_be_wrong(ends: datetime, flaw: Flaw) -> None:
    with pytest.raises(InputFlawed) as fact:
        check_end(ends, at=AT)

    assert fact.value.flaw is flaw
