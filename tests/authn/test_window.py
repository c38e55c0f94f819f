"""When a request may arrive. Source: `iam-sts` reference, section 2.2."""

from datetime import UTC, datetime, timedelta

import pytest
from authn.conftest import NOW
from authn.signer import basic

from remit.authn.window import check_window
from remit.errors import IncompleteSignature, SignatureDoesNotMatch

# NOW is 17:59:49.7; the fraction does not count.
MINUTE = 60


def date(seconds: float) -> str:
    return basic(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("service", "minutes"), [("iam", 5), ("sts", 5), ("organizations", 15), ("cloudtrail", 15), ("s3", 15)]
)
def test_clocks_may_be_apart_by_the_minutes_of_the_service(service: str, minutes: int) -> None:
    edge = minutes * MINUTE
    assert check_window(date(-edge), None, service, NOW) == date(-edge)
    assert check_window(date(edge), None, service, NOW) == date(edge)

    with pytest.raises(SignatureDoesNotMatch) as expired:
        check_window(date(-edge - 1), None, service, NOW)
    with pytest.raises(SignatureDoesNotMatch) as early:
        check_window(date(edge + 1), None, service, NOW)

    assert expired.value.message == (
        f"Signature expired: {date(-edge - 1)} is now earlier than {date(-edge)} ({date(0)} - {minutes} min.)"
    )
    assert early.value.message == (
        f"Signature not yet current: {date(edge + 1)} is still later than {date(edge)} ({date(0)} + {minutes} min.)"
    )


@pytest.mark.parametrize("fraction", [0, 1, 999_999])
def test_the_fraction_of_the_second_does_not_count(fraction: int) -> None:
    now = NOW.replace(microsecond=fraction)

    assert check_window(date(-300), None, "iam", now)
    assert check_window(date(300), None, "iam", now)
    for seconds in (-301, 301):
        with pytest.raises(SignatureDoesNotMatch):
            check_window(date(seconds), None, "iam", now)


@pytest.mark.parametrize("expires", [1, 60, 300, 604_800])
def test_a_presigned_request_is_good_until_it_expires(expires: int) -> None:
    assert check_window(date(-expires), str(expires), "sts", NOW)

    with pytest.raises(SignatureDoesNotMatch, match="Signature expired"):
        check_window(date(-expires - 1), str(expires), "sts", NOW)


def test_a_presigned_request_may_be_early_by_the_tolerance() -> None:
    assert check_window(date(300), "60", "sts", NOW)

    with pytest.raises(SignatureDoesNotMatch, match=r"Signature not yet current.*\+ 5 min\."):
        check_window(date(301), "60", "sts", NOW)


@pytest.mark.parametrize(("expires", "spoken"), [("90", "90 sec."), ("60", "1 min."), ("604800", "10080 min.")])
def test_the_text_tells_how_long_it_was_good(expires: str, spoken: str) -> None:
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        check_window(date(-int(expires) - 1), expires, "sts", NOW)

    assert (refusal.value.message or "").endswith(f"({date(0)} - {spoken})")


@pytest.mark.parametrize(
    ("expires", "message"),
    [
        ("", "X-Amz-Expires should be a number"),
        ("-1", "X-Amz-Expires should be a number"),
        ("1.5", "X-Amz-Expires should be a number"),
        ("²", "X-Amz-Expires should be a number"),
        ("0", "X-Amz-Expires must be greater than 0"),
        ("0000", "X-Amz-Expires must be greater than 0"),
        (
            "604801",
            (
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                "than 604800 seconds"
            ),
        ),
        (
            "9" * 5_000,
            (
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                "than 604800 seconds"
            ),
        ),
    ],
)
def test_how_long_it_is_good_has_limits(expires: str, message: str) -> None:
    with pytest.raises(IncompleteSignature) as refusal:
        check_window(date(0), expires, "sts", NOW)

    assert refusal.value.message == message


@pytest.mark.parametrize(
    "text",
    ["", "201", "20261123", "20261123T175949", "20261123T175949z", "2026-11-23T17:59:49Z", "20261123 175949Z",
     "20261323T175949Z", "20260230T175949Z", "20261123T245949Z", "20261123T176049Z", "20261123T175960Z",
     "00001123T175949Z", "²0261123T175949Z", "+0261123T175949Z", "20261123T175949Z,20261123T175949Z", "1795456789",
     "Mon, 23 Nov 2026 17:59:49", "Mon, 23 Nov 2026 17:59:49 +0100", "Mon, 99 Nov 2026 17:59:49 GMT",
     "GMT", "x" * 100_000 + "GMT", "é GMT"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(IncompleteSignature) as refusal:
        check_window(text, None, "iam", NOW)

    assert (refusal.value.message or "").startswith("Date must be in ISO-8601 'basic format'. Got '")
    assert (refusal.value.message or "").endswith("'. See http://en.wikipedia.org/wiki/ISO_8601")


@pytest.mark.parametrize("text", ["00010101T000000Z", "99991231T235959Z", "09991231T235959Z"])
def test_the_ends_of_the_calendar_are_dates_like_others(text: str) -> None:
    with pytest.raises(SignatureDoesNotMatch, match=f"{text} is"):
        check_window(text, "604800", "iam", NOW)


def test_a_clock_at_the_end_of_the_calendar_is_no_crash() -> None:
    with pytest.raises(SignatureDoesNotMatch, match="expired"):
        check_window("00010101T000000Z", "1", "iam", datetime(1, 1, 1, 0, 0, 5, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["GMT", "UTC", "+0000", "-0000"])
def test_the_date_header_counts_in_the_form_of_rfc_1123(zone: str) -> None:
    assert check_window(f"Mon, 23 Nov 2026 17:59:49 {zone}", None, "iam", NOW) == "20261123T175949Z"

    with pytest.raises(SignatureDoesNotMatch, match="Signature expired: 20261123T175448Z"):
        check_window(f"Mon, 23 Nov 2026 17:54:48 {zone}", None, "iam", NOW)
