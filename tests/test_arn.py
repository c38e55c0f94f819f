"""ARNs are taken apart and put together without loss; a region says its partition."""

import json
import re
from importlib import resources

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.arn import PARTITIONS, Arn, partition_of_region, region_of_service

_part = st.text(st.characters(codec="utf-8", exclude_characters=":"), max_size=12)
arns = st.builds(Arn, partition=_part, service=_part, region=_part, account=_part, resource=st.text(max_size=40))


@given(arn=arns)
def test_what_is_printed_is_parsed_to_the_same(arn: Arn) -> None:
    assert Arn.parse(str(arn)) == arn


@given(text=st.text(st.sampled_from(":*/x"), max_size=30).map("arn:".__add__) | st.text(max_size=30))
def test_what_is_parsed_is_printed_the_same(text: str) -> None:
    if text.startswith("arn:") and text.count(":") >= 5:
        assert str(Arn.parse(text)) == text
    else:
        with pytest.raises(ValueError, match=re.escape(f"not an ARN: `{text}`")):
            Arn.parse(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("arn:aws:iam::111122223333:user/a/ana", ("aws", "iam", "", "111122223333", "user/a/ana")),
        ("arn:aws:s3:::bucket/key:with:colons", ("aws", "s3", "", "", "bucket/key:with:colons")),
        ("arn:aws:sns:eu-west-1:111122223333:topic", ("aws", "sns", "eu-west-1", "111122223333", "topic")),
        ("arn:aws:rds:us-east-1:1:db:name", ("aws", "rds", "us-east-1", "1", "db:name")),
        ("arn:::::", ("", "", "", "", "")),
        ("arn:*:*:*:*:*", ("*", "*", "*", "*", "*")),
    ],
)
def test_the_sixth_part_keeps_its_colons_and_slashes(text: str, parts: tuple[str, ...]) -> None:
    assert msgspec.structs.astuple(Arn.parse(text)) == parts


@pytest.mark.parametrize(
    "text", ["", "arn", "arn:aws:iam::1", "ARN:aws:iam::1:root", " arn:aws:iam::1:root", "*", "a:b:c:d:e:f"]
)
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        Arn.parse(text)


def test_an_arn_is_a_value() -> None:
    one, other = Arn.parse("arn:aws:iam::1:root"), Arn.parse("arn:aws:iam::1:root")

    assert one == other
    assert len({one, other}) == 1
    with pytest.raises(AttributeError):
        one.account = "2"  # type: ignore[misc]  # that it cannot be set is the point


def botocore_regions() -> list[tuple[str, str]]:
    endpoints = json.loads(resources.files("botocore").joinpath("data/endpoints.json").read_text(encoding="utf-8"))
    return [
        (region, partition["partition"]) for partition in endpoints["partitions"] for region in partition["regions"]
    ]


def test_every_region_that_botocore_knows_lies_in_its_partition() -> None:
    regions = botocore_regions()

    assert len(regions) > 35
    assert {region: partition_of_region(region) for region, _ in regions} == dict(regions)
    assert {partition for _, partition in regions} <= PARTITIONS


@pytest.mark.parametrize("region", ["", "mars-north-1", "cn", "us-gov", "xcn-north-1", "US-GOV-WEST-1"])
def test_an_unknown_region_lies_in_aws(region: str) -> None:
    assert partition_of_region(region) == "aws"


@pytest.mark.parametrize(
    ("service", "region", "expected"),
    [
        ("iam", "eu-west-1", "us-east-1"),
        ("iam", "us-gov-east-1", "us-gov-west-1"),
        ("iam", "cn-northwest-1", "cn-north-1"),
        ("organizations", "ap-south-1", "us-east-1"),
        ("account", "eu-west-1", "us-east-1"),
        ("artifact", "eu-west-1", "us-east-1"),
        ("sts", "eu-west-1", "eu-west-1"),
        ("cloudtrail", "us-gov-east-1", "us-gov-east-1"),
    ],
)
def test_a_global_service_counts_in_one_region_of_each_partition(service: str, region: str, expected: str) -> None:
    assert region_of_service(service, region) == expected
