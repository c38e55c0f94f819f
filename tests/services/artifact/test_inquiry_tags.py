"""Tags on compliance inquiries."""

from typing import Any

import pytest
from composed import Composed
from services.artifact.test_inquiries import MISSING, PATCHES, UNCHECKED, artifact, create, detail, refusal

__all__ = ["artifact"]
ARN = f"arn:aws:artifact:us-east-1:123456789012:compliance-inquiry/{MISSING}"


def tags(client: Any, arn: str) -> dict[str, str]:
    found: dict[str, str] = client.list_tags_for_resource(resourceArn=arn)["tags"]
    return found


def test_tags_are_given_and_taken(artifact: Any) -> None:
    arn = detail(artifact, create(artifact, PATCHES, tags={"team": "audit", "Team": "x"}))["arn"]

    given = artifact.tag_resource(resourceArn=arn, tags={"team": "sales", "empty": ""})
    assert given["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert tags(artifact, arn) == {"team": "sales", "Team": "x", "empty": ""}

    taken = artifact.untag_resource(resourceArn=arn, tagKeys=["team", "empty", "other"])
    assert taken["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert tags(artifact, arn) == {"Team": "x"}


def test_tags_stay_through_a_review(artifact: Any) -> None:
    id_ = create(artifact, PATCHES, tags={"a": "1"})

    artifact.tag_resource(resourceArn=detail(artifact, id_)["arn"], tags={"b": "2"})

    assert artifact.get_compliance_inquiry_metadata(complianceInquiryId=id_)["tags"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "arn",
    [
        ARN,
        ARN.replace("123456789012", "444455556666"),
        "arn:aws:artifact:us-east-1::report/report-AAAAAAAAAAAAAAAA:1",
        "arn:aws:iam::123456789012:user/admin",
        "nonsense",
    ],
)
def test_only_inquiries_of_the_account_have_tags(artifact: Any, arn: str) -> None:
    for call in (
        lambda: artifact.list_tags_for_resource(resourceArn=arn),
        lambda: artifact.tag_resource(resourceArn=arn, tags={"a": "1"}),
        lambda: artifact.untag_resource(resourceArn=arn, tagKeys=["a"]),
    ):
        assert refusal(call, "ResourceNotFoundException", 404)["resourceType"] == "compliance-inquiry"


def test_an_arn_is_the_whole_arn(artifact: Any) -> None:
    arn = detail(artifact, create(artifact, PATCHES))["arn"]

    for wrong in (arn.replace("us-east-1", "eu-west-1"), arn.replace("arn:aws:", "arn:aws-cn:"), f"x{arn}"):
        refusal(lambda wrong=wrong: tags(artifact, wrong), "ResourceNotFoundException", 404)


def test_fifty_tags_and_no_more(artifact: Any) -> None:
    arn = detail(artifact, create(artifact, PATCHES, tags={f"k{number}": "v" for number in range(50)}))["arn"]

    artifact.tag_resource(resourceArn=arn, tags={"k7": "w"})

    answer = refusal(lambda: artifact.tag_resource(resourceArn=arn, tags={"one": "more"}), "ValidationException", 400)
    assert answer["fieldList"][0]["name"] == "tags"
    assert tags(artifact, arn)["k7"] == "w"


@pytest.mark.parametrize(
    "given", [{"aws:a": "1"}, {"": "1"}, {"k" * 129: "1"}, {"a": "v" * 257}, {"a!": "1"}, {"a": "!"}]
)
def test_tags_are_written_as_the_model_says(remit: Composed, artifact: Any, given: dict[str, str]) -> None:
    arn = detail(artifact, create(artifact, PATCHES))["arn"]
    client = remit.client("artifact", config=UNCHECKED)

    refusal(lambda: client.tag_resource(resourceArn=arn, tags=given), "ValidationException", 400)
    assert tags(artifact, arn) == {}
