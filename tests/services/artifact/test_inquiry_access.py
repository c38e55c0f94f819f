"""Who may do what with compliance inquiries: by identity policy, by SCP, by condition; and what the trail tells."""

import json
from typing import Any

import pytest
from composed import Composed
from services.artifact.test_inquiries import PATCHES, SIMPLE, UNCHECKED, artifact, create, detail, refusal

from remit.testing import Identity

__all__ = ["artifact"]


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def test_one_inquiry_can_be_allowed_by_its_arn(remit: Composed, artifact: Any) -> None:
    mine, other = create(artifact, PATCHES), create(artifact, PATCHES)
    ana = remit.user("ana", allow("artifact:*", detail(artifact, mine)["arn"]))
    client = remit.client("artifact", ana)

    assert detail(client, mine)["id"] == mine
    refusal(lambda: detail(client, other), "AccessDeniedException", 403)


def test_tags_of_an_inquiry_decide(remit: Composed, artifact: Any) -> None:
    mine = create(artifact, PATCHES, tags={"team": "audit"})
    other = create(artifact, PATCHES, tags={"team": "sales"})
    condition = {"StringEquals": {"aws:ResourceTag/team": "audit"}}
    client = remit.client("artifact", remit.user("ana", allow("artifact:*", Condition=condition)))

    assert detail(client, mine)["id"] == mine
    assert client.list_tags_for_resource(resourceArn=detail(artifact, mine)["arn"])["tags"] == {"team": "audit"}
    assert client.export_compliance_inquiry(complianceInquiryId=mine)
    for call in (
        lambda: detail(client, other),
        lambda: client.list_tags_for_resource(resourceArn=detail(artifact, other)["arn"]),
        lambda: client.untag_resource(resourceArn=detail(artifact, other)["arn"], tagKeys=["team"]),
        lambda: client.export_compliance_inquiry(complianceInquiryId=other),
    ):
        refusal(call, "AccessDeniedException", 403)


def test_tags_of_the_request_decide(remit: Composed, artifact: Any) -> None:
    arn = detail(artifact, create(artifact, PATCHES))["arn"]
    condition = {
        "StringEquals": {"aws:RequestTag/team": "audit"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
    }
    client = remit.client("artifact", remit.user("ana", allow("artifact:*", Condition=condition)))

    assert create(client, PATCHES, tags={"team": "audit"})
    client.tag_resource(resourceArn=arn, tags={"team": "audit"})
    for call in (
        lambda: create(client, PATCHES),
        lambda: create(client, PATCHES, tags={"team": "sales"}),
        lambda: create(client, PATCHES, tags={"team": "audit", "more": "1"}),
        lambda: client.tag_resource(resourceArn=arn, tags={"team": "audit", "more": "1"}),
    ):
        refusal(call, "AccessDeniedException", 403)


def test_keys_of_tags_decide_what_is_taken_away(remit: Composed, artifact: Any) -> None:
    arn = detail(artifact, create(artifact, PATCHES, tags={"a": "1", "b": "2"}))["arn"]
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}
    client = remit.client("artifact", remit.user("ana", allow("artifact:UntagResource", Condition=condition)))

    refusal(lambda: client.untag_resource(resourceArn=arn, tagKeys=["a", "b"]), "AccessDeniedException", 403)
    client.untag_resource(resourceArn=arn, tagKeys=["a"])

    assert artifact.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


@pytest.mark.parametrize(
    ("policy", "may_write", "may_tag"),
    [
        ("AWSArtifactComplianceInquiriesFullAccess", True, False),
        ("AWSArtifactComplianceInquiriesReadOnlyAccess", False, False),
    ],
)
def test_the_managed_policies_give_what_they_say(
    remit: Composed,
    artifact: Any,
    policy: str,
    may_write: bool,  # noqa: FBT001
    may_tag: bool,  # noqa: FBT001
) -> None:
    id_ = create(artifact, PATCHES)
    ana = remit.user("ana")
    remit.client("iam").attach_user_policy(UserName="ana", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    client = remit.client("artifact", ana)

    assert client.list_compliance_inquiries()["complianceInquiries"]
    assert detail(client, id_)["id"] == id_
    for may, call in (
        (may_write, lambda: create(client, PATCHES)),
        (may_tag, lambda: client.tag_resource(resourceArn=detail(artifact, id_)["arn"], tags={"a": "1"})),
    ):
        if may:
            assert call()
        else:
            refusal(call, "AccessDeniedException", 403)


# -- the trail

SECRETS = ("guest operating", "Quiet review", "unsaid", "Signature=", "U2VjdXJpdHk")


def _records(remit: Composed) -> str:
    pages = remit.client("cloudtrail").get_paginator("lookup_events").paginate()
    return "\n".join(event["CloudTrailEvent"] for page in pages for event in page["Events"])


def test_neither_names_nor_content_nor_links_are_recorded(remit: Composed, artifact: Any, caplog: Any) -> None:
    client = remit.client("artifact", config=UNCHECKED)
    content = {"fileContent": {"content": SIMPLE, "fileSections": ["unsaid"]}}
    id_ = create(artifact, PATCHES, name="Quiet review", tags={"team": "audit"})
    artifact.export_compliance_inquiry(complianceInquiryId=id_)
    artifact.put_compliance_inquiry_feedback(complianceInquiryId=id_, rating="THUMBS_UP", comment="unsaid")
    artifact.list_compliance_inquiry_queries(complianceInquiryId=id_)
    for bad in (content, {"query": "the guest operating <"}, {"query": "guest operating" * 300}, {"fileContent": {}}):
        refusal(
            lambda bad=bad: client.create_compliance_inquiry(name="Quiet review", inquiryContent=bad),
            "ValidationException",
            400,
        )
    refusal(
        lambda: client.put_compliance_inquiry_feedback(complianceInquiryId=id_, rating="THUMBS_UP", comment="unsaid<"),
        "ValidationException",
        400,
    )

    told = _records(remit) + caplog.text

    assert not [secret for secret in SECRETS if secret in told]
    assert id_ in told
    for action in ("CreateComplianceInquiry", "ExportComplianceInquiry", "PutComplianceInquiryFeedback"):
        assert f'"eventName":"{action}"' in told.replace(": ", ":")


def test_reads_are_recorded_as_reads(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES)
    detail(artifact, id_)
    artifact.list_compliance_inquiries()

    events = [json.loads(line) for line in _records(remit).splitlines()]

    found = {event["eventName"]: event for event in events if event["eventSource"] == "artifact.amazonaws.com"}
    assert {name: event["readOnly"] for name, event in found.items()} == {
        "CreateComplianceInquiry": False,
        "GetComplianceInquiryMetadata": True,
        "ListComplianceInquiries": True,
    }
    assert found["CreateComplianceInquiry"]["responseElements"]["complianceInquirySummary"]["id"] == id_
    assert Identity
