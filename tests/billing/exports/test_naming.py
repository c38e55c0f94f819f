"""Names as Parquet and CUR 2.0 have them."""

import pytest

from remit.billing.exports.naming import names_of_tags, snake, title_of_tag


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ExampleColumnName", "example_column_name"),
        ("ExampleColumnName : Example Column Name Continued", "example_column_name_example_column_name_continued"),
        ("reservation_ReservationARN", "reservation_reservation_a_r_n"),
        ("lineItem_UsageType", "line_item_usage_type"),
        ("resourceTags_user:cost--center_", "resource_tags_user_cost_center"),
        ("__", ""),
    ],
)
def test_names_become_small_letters_and_underscores(text: str, expected: str) -> None:
    assert snake(text) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [("team", "user:team"), ("user:team", "user:team"), ("aws:createdBy", "aws:createdBy")]
)
def test_reports_say_whose_a_tag_is(key: str, expected: str) -> None:
    assert title_of_tag(key) == expected


def test_of_keys_that_become_the_same_the_first_counts() -> None:
    assert names_of_tags(["owner", "Owner", "aws:createdBy"]) == {
        "Owner": "user_owner",
        "aws:createdBy": "aws_created_by",
    }
