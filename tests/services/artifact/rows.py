"""A row for each operation of Artifact: an input that succeeds, and one for each error that is its own.

Errors that come of every operation have no place here: ThrottlingException, InternalServerException and
AccessDeniedException. Those that cannot come are in `docs/choices-artifact.md`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.artifact.scene import (
    DOCUMENT,
    END_TERMS,
    NO_AGREEMENT,
    NO_CUSTOMERS,
    NO_INQUIRY,
    NO_REPORT,
    OURS,
    TERMS,
    Scene,
)

Input = dict[str, Any]
# Given the scene and the client that will call, returns an input.
Given = Callable[[Scene, Any], Input]
INVALID, MISSING, CONFLICT, QUOTA = (
    "ValidationException",
    "ResourceNotFoundException",
    "ConflictException",
    "ServiceQuotaExceededException",
)


@dataclass(frozen=True)
class Condition:
    """A condition under which an operation is allowed, with a value that holds and one that does not."""

    operator: str
    key: str
    right: str
    wrong: str


FROM_HERE = Condition("IpAddress", "aws:SourceIp", "::1/128", "203.0.113.0/24")
OF_SERIES = Condition("StringEquals", "artifact:ReportSeries", "SOC", "PCI")
OF_CATEGORY = Condition("StringEquals", "artifact:ReportCategory", "Certifications and Attestations", "Other")
OF_OURS = Condition("StringEquals", "artifact:ReportSeries", OURS, "SOC")
TAGGED = Condition("StringEquals", "aws:ResourceTag/team", "audit", "sales")
TAGS = Condition("StringEquals", "aws:RequestTag/team", "audit", "sales")
TAG_KEYS = Condition("ForAllValues:StringEquals", "aws:TagKeys", "colour", "team")


@dataclass(frozen=True)
class Row:
    """What is asked of an operation.

    Attributes:
        given: an input that succeeds.
        errors: error -> an input that it answers.
        condition: under which the operation is allowed for the input that succeeds.
    """

    given: Given
    errors: Mapping[str, Given] = field(default_factory=dict[str, Given])
    condition: Condition = FROM_HERE


def same(**members: Any) -> Given:
    return lambda *_: members


def also(given: Given, **members: Any) -> Given:
    """Return an input that is another in these members."""
    return lambda scene, client: {**given(scene, client), **members}


def soc(scene: Scene, _: Any) -> Input:
    reports = scene.admin.list_reports(maxResults=300)["reports"]
    return {"reportId": next(one["id"] for one in reports if one["series"] == "SOC")}


def with_token(scene: Scene, client: Any) -> Input:
    asked = soc(scene, client)
    return {**asked, "termToken": client.get_term_for_report(**asked)["termToken"]}


def version(state: str) -> Given:
    return lambda scene, _: scene.version(state)


def stale(scene: Scene, _: Any) -> Input:
    return {**scene.version(), "sequenceNumber": 1_000}


def absent(scene: Scene, _: Any) -> Input:
    return {**scene.version(), "reportVersion": 999}


def odd(scene: Scene, _: Any) -> Input:
    return {**scene.version(), "reportId": "x"}


def nda(scene: Scene, client: Any) -> Input:
    id_ = scene.offer("with an NDA")["id"]
    return {"agreementId": id_, "ndaToken": client.get_nda_for_agreement(agreementId=id_)["ndaToken"]}


def offer(name: str, *, with_nda: bool = True) -> Given:
    return lambda scene, _: {"agreementId": scene.offer(name, with_nda=with_nda)["id"]}


def revision(scene: Scene, _: Any) -> Input:
    found = scene.offer("revised", with_nda=False)
    return {"agreementId": found["id"], "sequenceNumber": found["sequenceNumber"], "description": "Another"}


def twice(scene: Scene, client: Any) -> Input:
    """Return the input that accepts what is in force meanwhile."""
    asked = scene.ready(client)
    client.accept_agreement(**asked)
    return asked


def question(scene: Scene, _: Any) -> Input:
    del scene
    return {"name": "Review", "inquiryContent": {"query": "Who patches?"}, "tags": {"team": "audit"}}


def asked_before(scene: Scene, _: Any) -> Input:
    scene.admin.create_compliance_inquiry(**question(scene, None), clientToken="again")
    return {**question(scene, None), "name": "Another", "clientToken": "again"}


def inquiry(scene: Scene, _: Any) -> Input:
    return {"complianceInquiryId": scene.inquiry}


def tagged(scene: Scene, _: Any) -> Input:
    return {"resourceArn": scene.inquiry_arn}


_TOKEN = same(nextToken="x")
_NO_INQUIRY, _ODD_INQUIRY = same(complianceInquiryId=NO_INQUIRY), same(complianceInquiryId="x")
_NO_REPORT, _ODD_REPORT = same(reportId=NO_REPORT), same(reportId="x")
_NO_TAGGED = f"arn:aws:artifact:us-east-1:123456789012:compliance-inquiry/{NO_INQUIRY}"
_ACCEPTANCE = {"agreementToken": "agreement-token-x", "acceptedTerms": TERMS, "scope": "ACCOUNT"}
_ENDING = {"acceptedTerms": END_TERMS}
_FEEDBACK = {"queryIdentifier": 1, "rating": "THUMBS_UP"}
_CHANGES = {INVALID: odd, MISSING: absent, CONFLICT: stale}

ROWS: dict[str, Row] = {
    # -- AWS's model: reports
    "ListReports": Row(same(), {INVALID: _TOKEN}),
    "ListReportVersions": Row(soc, {INVALID: _ODD_REPORT, MISSING: _NO_REPORT}),
    "GetReportMetadata": Row(soc, {INVALID: _ODD_REPORT, MISSING: _NO_REPORT}, OF_SERIES),
    "GetTermForReport": Row(soc, {INVALID: _ODD_REPORT, MISSING: also(soc, reportVersion=999)}, OF_CATEGORY),
    "GetReport": Row(
        with_token,
        {INVALID: also(soc, termToken="term-token-x"), MISSING: also(_NO_REPORT, termToken="term-token-x")},
        OF_SERIES,
    ),
    # -- AWS's model: settings, and agreements in force
    "GetAccountSettings": Row(same()),
    "PutAccountSettings": Row(
        same(notificationSubscriptionStatus="SUBSCRIBED"), {INVALID: same(notificationSubscriptionStatus="MAYBE")}
    ),
    "ListCustomerAgreements": Row(same(), {INVALID: same(maxResults=301)}),
    # -- AWS's model: compliance inquiries
    "CreateComplianceInquiry": Row(
        question, {INVALID: also(question, inquiryContent={}), CONFLICT: asked_before}, TAGS
    ),
    "GetComplianceInquiryMetadata": Row(inquiry, {INVALID: _ODD_INQUIRY, MISSING: _NO_INQUIRY}, TAGGED),
    "ListComplianceInquiries": Row(same(), {INVALID: _TOKEN}),
    "ListComplianceInquiryQueries": Row(inquiry, {INVALID: _ODD_INQUIRY, MISSING: _NO_INQUIRY}, TAGGED),
    "ExportComplianceInquiry": Row(inquiry, {INVALID: _ODD_INQUIRY, MISSING: _NO_INQUIRY}, TAGGED),
    "PutComplianceInquiryFeedback": Row(
        also(inquiry, **_FEEDBACK),
        {
            INVALID: also(inquiry, rating="FINE"),
            MISSING: also(_NO_INQUIRY, **_FEEDBACK),
            CONFLICT: also(inquiry, **_FEEDBACK, responseRevisionId=7),
        },
        TAGGED,
    ),
    "TagResource": Row(
        also(tagged, tags={"team": "audit"}),
        {INVALID: also(tagged, tags={"aws:team": "x"}), MISSING: same(resourceArn=_NO_TAGGED, tags={"a": "1"})},
        TAGS,
    ),
    "UntagResource": Row(
        also(tagged, tagKeys=["colour"]),
        {INVALID: also(tagged, tagKeys=["x" * 129]), MISSING: same(resourceArn=_NO_TAGGED, tagKeys=["a"])},
        TAG_KEYS,
    ),
    "ListTagsForResource": Row(
        tagged, {INVALID: same(resourceArn="x" * 3_000), MISSING: same(resourceArn=_NO_TAGGED)}, TAGGED
    ),
    # -- agreements
    "ListAgreements": Row(same(), {INVALID: _TOKEN}),
    "GetNdaForAgreement": Row(
        offer("with an NDA"),
        {
            INVALID: same(agreementId="x"),
            MISSING: same(agreementId=NO_AGREEMENT),
            CONFLICT: offer("ready", with_nda=False),
        },
    ),
    "AcceptNdaForAgreement": Row(
        nda,
        {
            INVALID: also(nda, ndaToken="nda-token-x"),
            MISSING: same(agreementId=NO_AGREEMENT, ndaToken="nda-token-x"),
            CONFLICT: also(offer("ready", with_nda=False), ndaToken="nda-token-x"),
        },
    ),
    "GetAgreement": Row(
        offer("ready", with_nda=False),
        {INVALID: same(agreementId="x"), MISSING: same(agreementId=NO_AGREEMENT), CONFLICT: offer("untouched")},
    ),
    "AcceptAgreement": Row(
        Scene.ready,
        {
            INVALID: also(Scene.ready, acceptedTerms=TERMS[::-1]),
            MISSING: same(agreementId=NO_AGREEMENT, **_ACCEPTANCE),
            CONFLICT: twice,
        },
    ),
    "GetCustomerAgreement": Row(
        lambda scene, _: {"customerAgreementId": scene.ended()},
        {INVALID: same(customerAgreementId="x"), MISSING: same(customerAgreementId=NO_CUSTOMERS)},
    ),
    "TerminateAgreement": Row(
        lambda scene, _: {"customerAgreementId": scene.in_force(), **_ENDING},
        {
            INVALID: lambda scene, _: {"customerAgreementId": scene.in_force(), "acceptedTerms": []},
            MISSING: same(customerAgreementId=NO_CUSTOMERS, **_ENDING),
            CONFLICT: lambda scene, _: {"customerAgreementId": scene.ended(), **_ENDING},
        },
    ),
    # -- the provider
    "CreateReport": Row(
        lambda scene, _: {"reportId": scene.report, "document": DOCUMENT},
        {
            INVALID: lambda scene, _: {**scene.new_report(), "termArn": "x"},
            MISSING: same(reportId=NO_REPORT, document=DOCUMENT),
            QUOTA: lambda scene, _: scene.new_report(),  # the test lowers the quota
        },
        OF_OURS,
    ),
    "UpdateReport": Row(also(version("UNPUBLISHED"), description="Another"), _CHANGES, OF_OURS),
    "PublishReport": Row(version("UNPUBLISHED"), _CHANGES, OF_OURS),
    "UnpublishReport": Row(version("PUBLISHED"), _CHANGES, OF_OURS),
    "DeleteReport": Row(version("UNPUBLISHED"), _CHANGES, OF_OURS),
    "ListPublisherReports": Row(same(), {INVALID: _TOKEN}),
    "CreateTerm": Row(
        same(name="Ours", document=DOCUMENT),
        {
            INVALID: same(name="Ours", document=b"text"),
            MISSING: same(name="Ours", document=DOCUMENT, termId="term-0000000000000000"),
        },
    ),
    "CreateAgreement": Row(same(name="Ours", document=DOCUMENT), {INVALID: same(name="Ours", document=b"text")}),
    "ReviseAgreement": Row(
        revision,
        {
            INVALID: also(revision, document=b"text"),
            MISSING: same(agreementId=NO_AGREEMENT, sequenceNumber=1),
            CONFLICT: also(revision, sequenceNumber=1_000),
        },
    ),
    "ListPublisherAgreements": Row(same(), {INVALID: _TOKEN}),
}
