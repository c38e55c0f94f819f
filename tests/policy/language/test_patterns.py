"""A2, A5, R3, R5, R6, R9, C11."""

import pytest

from remit.policy.language.patterns import ActionPattern, ResourcePattern, arn_templates
from remit.policy.language.variables import Variable
from remit.policy.language.wildcards import Wildcard

ANY = Wildcard.ANY


def test_an_action_has_a_service_and_a_name_in_lower_case() -> None:
    assert ActionPattern("S3:Get*").segments == (("s3",), ("get", ANY))
    assert ActionPattern("S3:Get*").text == "S3:Get*"


def test_star_is_every_action_and_every_resource() -> None:
    assert ActionPattern("*").is_everything
    assert ResourcePattern("*", has_variables=True).is_everything


@pytest.mark.parametrize("text", ["", "s3", "s3*", "**"])
def test_an_action_without_a_colon_matches_nothing(text: str) -> None:
    assert ActionPattern(text).segments == ()
    assert not ActionPattern(text).is_everything


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("arn:aws:s3:::b/*", (("arn",), ("aws",), ("s3",), (), (), ("b/", ANY))),
        ("arn:aws:s3:*", (("arn",), ("aws",), ("s3",), (ANY,), (ANY,), (ANY,))),
        ("arn:*", (("arn",), (ANY,), (ANY,), (ANY,), (ANY,), (ANY,))),
        ("arn:aws:s3", ()),
        ("bucket", ()),
        ("${aws:username}", ()),
        ("a:b:c:d:e:f:g", (("a",), ("b",), ("c",), ("d",), ("e",), ("f:g",))),
    ],
)
def test_a_resource_has_six_parts_or_matches_nothing(text: str, segments: tuple[object, ...]) -> None:
    assert ResourcePattern(text, has_variables=True).segments == segments


def test_variables_mean_something_after_the_fifth_colon_only() -> None:
    found = ResourcePattern("arn:aws:sqs:${a:b}:${c:d}:${e:f}", has_variables=True)

    assert found.segments[3:] == (("${a:b}",), ("${c:d}",), (Variable("e:f", "e:f"),))


def test_without_variables_the_sixth_part_is_literal_too() -> None:
    assert ResourcePattern("arn:aws:s3:::${a}", has_variables=False).segments[5] == ("${a}",)


def test_in_a_condition_variables_stand_anywhere() -> None:
    assert arn_templates("arn:aws:sns:*:${a:b}:x", variables=True)[4] == (Variable("a:b", "a:b"),)


@pytest.mark.parametrize("text", ["*", "arn:aws:sns:*:x", ""])
def test_a_condition_value_of_fewer_parts_is_no_arn(text: str) -> None:
    assert arn_templates(text, variables=True) == ()
