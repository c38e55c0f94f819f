"""Buckets, prefixes and names: whatever they say, files lie below the folder of the bucket."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.exports.places import PlaceWrong, check_bucket, check_name, check_prefix, key, path_of

FOLDER = Path("/srv/buckets")
hostile = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["..", ".", "", "a", "~", "C:", "\\", "\x00", "%2e%2e", "etc"]), max_size=6).map("/".join),
)


@pytest.mark.parametrize("bucket", ["abc", "a" * 63, "a.b-c", "123", "1.2.3.4.5", "xn--a"])
def test_names_of_buckets(bucket: str) -> None:
    check_bucket(bucket)


@pytest.mark.parametrize(
    "bucket", ["", "ab", "a" * 64, "A-b", "-ab", "ab-", ".ab", "ab.", "a..b", "a/b", "a b", "10.0.0.1", "äbc", "ab\n"]
)
def test_no_names_of_buckets(bucket: str) -> None:
    with pytest.raises(PlaceWrong):
        check_bucket(bucket)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a" * 201, "a\\b", "a\nb"])
def test_no_names_of_reports(name: str) -> None:
    with pytest.raises(PlaceWrong):
        check_name(name)


def test_parts_that_are_empty_are_in_no_key() -> None:
    assert key("", "name", "", "data") == "name/data"


@given(hostile, hostile)
def test_no_key_leads_out_of_its_bucket(bucket: str, text: str) -> None:
    try:
        path = path_of(FOLDER, bucket, text)
    except PlaceWrong:
        return
    inside = Path(*path.parts)
    assert ".." not in inside.parts
    assert inside.resolve().is_relative_to(FOLDER / bucket)
    assert inside != FOLDER / bucket


@given(hostile, hostile)
def test_what_is_checked_can_be_delivered_to(prefix: str, name: str) -> None:
    try:
        check_prefix(prefix)
        check_name(name)
    except PlaceWrong:
        return
    assert path_of(FOLDER, "bucket", key(prefix, name, "data")).is_relative_to(FOLDER / "bucket")
