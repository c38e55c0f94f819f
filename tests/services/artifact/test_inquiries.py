"""Compliance inquiries: what callers see of them, in what words they are refused, and to whom they are shown."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from composed import Composed
from sheets.workbooks import SIMPLE, archived, parts, workbook

from remit.clock import SystemClock
from remit.directory.artifact.inquiries import INQUIRIES, InquiryMessage, InquiryStatus
from remit.directory.artifact.queries import QueryMessage, QueryStatus, decoded
from remit.directory.artifact.reviews import FEEDBACK, REVIEWS, write_answer
from remit.store import Transaction
from remit.testing import Identity
from remit.wire.models import load

UNCHECKED = Config(parameter_validation=False)
MISSING = "compliance-inquiry-AAAAAAAAAAAAAAAA"
PATCHES, UNKNOWN, EMPTY = (
    "Who patches the guest operating system on EC2 instances?",
    "Which antivirus vendor protects laptops?",
    "??? !",
)
SAID = "The customer patches the guest operating system and the software on its EC2 instances."


@pytest.fixture
def artifact(remit: Composed) -> Any:
    return remit.client("artifact")


def create(client: Any, *questions: str, **more: Any) -> str:
    """Ask one question as text, several as a file."""
    content: dict[str, Any] = (
        {"query": questions[0]} if len(questions) == 1 else {"fileContent": {"content": file(*questions)}}
    )
    answer = client.create_compliance_inquiry(**{"name": "Review", "inquiryContent": content, **more})
    id_: str = answer["complianceInquirySummary"]["id"]
    return id_


def file(*questions: str) -> bytes:
    return "\r\n".join(["Question", *(f'"{question}"' for question in questions)]).encode()


def detail(client: Any, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get_compliance_inquiry_metadata(complianceInquiryId=id_)["complianceInquiryDetail"]
    return found


def queries(client: Any, id_: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.list_compliance_inquiry_queries(complianceInquiryId=id_)["queries"]
    return found


def answer_as_a_person(remit: Composed, id_: str, number: int, text: str) -> None:
    def change(tx: Transaction) -> None:
        inquiry = tx.get(INQUIRIES, id_)
        assert inquiry is not None
        kept = tx.blob(inquiry.queries)
        assert kept is not None
        write_answer(tx, inquiry, decoded(kept), number, text, SystemClock().now())

    remit.change(change)


def refusal(call: Callable[[], Any], code: str, status: int) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call()
    answer: dict[str, Any] = {**caught.value.response}
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), answer
    return answer


# -- the life of an inquiry


def test_a_question_is_answered_with_a_citation(artifact: Any) -> None:
    asked = artifact.create_compliance_inquiry(name="Hosts", inquiryContent={"query": PATCHES}, tags={"team": "audit"})

    summary = asked["complianceInquirySummary"]
    assert asked["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert asked["tags"] == {"team": "audit"}
    assert summary["arn"] == f"arn:aws:artifact:us-east-1:123456789012:compliance-inquiry/{summary['id']}"
    assert (summary["name"], summary["inputSource"]) == ("Hosts", "TEXT")
    assert (summary["status"], summary["statusMessage"]) == ("PROCESSING", InquiryMessage.PROCESSING)
    shown = artifact.get_compliance_inquiry_metadata(complianceInquiryId=summary["id"])
    assert shown["tags"] == {"team": "audit"}
    found = shown["complianceInquiryDetail"]
    assert (found["status"], found["statusMessage"]) == ("COMPLETED", InquiryMessage.COMPLETED)
    assert "supportMode" not in found
    assert found["updatedAt"] == found["createdAt"] == summary["createdAt"]
    (query,) = queries(artifact, summary["id"])
    assert query == {
        "queryIdentifier": 1,
        "query": PATCHES,
        "response": f"{SAID} [1]",
        "reviewType": "AI",
        "citations": [
            {
                "sourceLabel": "Shared responsibility model SR-C5",
                "sourceContent": SAID,
                "sourceLink": "remit:shared-responsibility-model#SR-C5",
            }
        ],
        "status": "COMPLETED",
        "statusMessage": QueryMessage.COMPLETED,
        "createdAt": summary["createdAt"],
    }


def test_a_file_is_answered_query_by_query(artifact: Any) -> None:
    id_ = create(artifact, PATCHES, EMPTY, "Does S3 encrypt new objects by default?")

    found = detail(artifact, id_)
    assert (found["status"], found["statusMessage"]) == ("COMPLETED", InquiryMessage.WITH_ERRORS)
    assert (found["inputSource"], found["supportMode"]) == ("FILE", "AI_ONLY")
    assert [(one["queryIdentifier"], one["query"], one["status"]) for one in queries(artifact, id_)] == [
        (1, PATCHES, "COMPLETED"),
        (2, EMPTY, "FAILED"),
        (3, "Does S3 encrypt new objects by default?", "COMPLETED"),
    ]
    assert queries(artifact, id_)[1]["statusMessage"] == QueryMessage.UNSUPPORTED


def test_what_the_library_does_not_say_is_for_a_person(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES, UNKNOWN, EMPTY)

    found = detail(artifact, id_)
    assert (found["status"], found["statusMessage"]) == ("HUMAN_REVIEW", InquiryMessage.HUMAN_REVIEW)
    waiting = queries(artifact, id_)[1]
    assert (waiting["status"], waiting["statusMessage"]) == ("PROCESSING", QueryMessage.FOR_A_PERSON)
    assert waiting.keys().isdisjoint({"response", "citations", "reviewType", "updatedResponseVersions"})

    answer_as_a_person(remit, id_, 2, "Ana.")

    found = detail(artifact, id_)
    assert (found["status"], found["statusMessage"]) == ("COMPLETED", InquiryMessage.WITH_ERRORS)
    assert found["updatedAt"] >= found["createdAt"]
    answered = queries(artifact, id_)[1]
    assert (answered["status"], answered["response"], answered["reviewType"]) == ("COMPLETED", "Ana.", "HUMAN")
    assert [one["responseText"] for one in answered["updatedResponseVersions"]] == ["Ana."]


def test_a_person_edits_what_the_library_said(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES)

    answer_as_a_person(remit, id_, 1, "AWS does.")
    answer_as_a_person(remit, id_, 1, "AWS, every month.")

    (query,) = queries(artifact, id_)
    assert (query["response"], query["reviewType"]) == ("AWS, every month.", "HUMAN")
    assert [one["responseText"] for one in query["updatedResponseVersions"]] == ["AWS does.", "AWS, every month."]
    assert "citations" not in query


def test_a_hostile_file_fails(artifact: Any) -> None:
    content = archived({**parts(SIMPLE), "xl/vbaProject.bin": b"x"})

    asked = artifact.create_compliance_inquiry(name="x", inquiryContent={"fileContent": {"content": content}})

    id_ = asked["complianceInquirySummary"]["id"]
    found = detail(artifact, id_)
    assert (found["status"], found["statusMessage"]) == ("FAILED", InquiryMessage.MALWARE)
    assert queries(artifact, id_) == []


def test_sections_choose_sheets(artifact: Any) -> None:
    two = workbook({"One": [["Question"], [PATCHES]], "Two": [["Question"], [UNKNOWN]]})
    content = {"fileContent": {"content": two, "fileSections": ["two"]}}

    id_ = artifact.create_compliance_inquiry(name="x", inquiryContent=content)["complianceInquirySummary"]["id"]

    assert [query["query"] for query in queries(artifact, id_)] == [UNKNOWN]


def test_a_question_is_shown_as_the_model_allows(artifact: Any) -> None:
    long = "Who patches " + "the hypervisor " * 150

    id_ = create(artifact, "Is <b>the hypervisor</b> patched?", long)

    first, second = queries(artifact, id_)
    assert first["query"] == "Is \u2039b\u203athe hypervisor\u2039/b\u203a patched?"
    assert (len(second["query"]), second["status"]) == (2_048, "FAILED")


def test_the_sentences_are_those_of_the_model() -> None:
    shapes = load("artifact").shapes

    for name, known in {
        "InquiryStatus": InquiryStatus,
        "InquiryStatusMessage": InquiryMessage,
        "QueryStatus": QueryStatus,
        "QueryStatusMessage": QueryMessage,
    }.items():
        assert set(shapes[name].enum) == set(known)


# -- the same request again


def test_the_same_request_makes_one_inquiry(artifact: Any) -> None:
    same = {"clientToken": "token-1", "tags": {"a": "1"}}

    first, second = create(artifact, PATCHES, **same), create(artifact, PATCHES, **same)

    assert first == second
    assert len(artifact.list_compliance_inquiries()["complianceInquiries"]) == 1


@pytest.mark.parametrize("more", [{"name": "Other"}, {"tags": {"a": "2"}}, {"inquiryContent": {"query": UNKNOWN}}])
def test_another_request_with_the_same_token_is_a_conflict(artifact: Any, more: dict[str, Any]) -> None:
    first = create(artifact, PATCHES, clientToken="token-1")

    answer = refusal(lambda: create(artifact, PATCHES, clientToken="token-1", **more), "ConflictException", 409)

    assert (answer["resourceId"], answer["resourceType"]) == (first, "compliance-inquiry")


def test_requests_with_one_token_that_come_together_make_one_inquiry(remit: Composed, artifact: Any) -> None:
    asked = {"name": "x", "inquiryContent": {"query": PATCHES}, "clientToken": "token-1"}

    answers = remit.at_once(*[lambda: artifact.create_compliance_inquiry(**asked)] * 4)

    assert {answer.status for answer in answers} == {202}
    assert len({json.loads(answer.body)["complianceInquirySummary"]["id"] for answer in answers}) == 1


def test_accounts_have_their_own_tokens(
    artifact: Any, remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity]
) -> None:
    other = remit.client("artifact", join(organize()))

    assert create(artifact, PATCHES, clientToken="t") != create(other, UNKNOWN, clientToken="t")


# -- lists


def test_inquiries_come_in_pages_the_oldest_first(artifact: Any) -> None:
    made = [create(artifact, PATCHES, name=f"n{number}") for number in range(5)]

    first = artifact.list_compliance_inquiries(maxResults=2)
    pages = artifact.get_paginator("list_compliance_inquiries").paginate(PaginationConfig={"PageSize": 2})

    assert len(first["complianceInquiries"]) == 2
    listed = [one for page in pages for one in page["complianceInquiries"]]
    assert [one["id"] for one in listed] == sorted(made, key=[one["id"] for one in listed].index)
    assert {one["name"] for one in listed} == {f"n{number}" for number in range(5)}
    refusal(lambda: artifact.list_compliance_inquiries(nextToken="made-up"), "ValidationException", 400)


def test_queries_come_in_pages_in_their_order(artifact: Any) -> None:
    id_ = create(artifact, *[f"Who patches hypervisor {number}?" for number in range(7)])

    pages = artifact.get_paginator("list_compliance_inquiry_queries").paginate(
        complianceInquiryId=id_, PaginationConfig={"PageSize": 3}
    )

    sizes = [[query["queryIdentifier"] for query in page["queries"]] for page in pages]
    assert sizes == [[1, 2, 3], [4, 5, 6], [7]]
    token = artifact.list_compliance_inquiry_queries(complianceInquiryId=id_, maxResults=3)["nextToken"]
    other = create(artifact, PATCHES)
    for id_of_token, status in ((other, 400),):
        call = lambda id_=id_of_token: artifact.list_compliance_inquiry_queries(  # noqa: E731
            complianceInquiryId=id_, nextToken=token
        )
        assert refusal(call, "ValidationException", status)["reason"] == "invalidToken"


# -- bad input


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"inquiryContent": {}}, "inquiryContent"),
        ({"inquiryContent": {"query": "a", "fileContent": {"content": b"Who?"}}}, "inquiryContent"),
        ({"inquiryContent": {"query": PATCHES}, "supportMode": "AI_ONLY"}, "supportMode"),
        ({"inquiryContent": {"query": ""}}, "inquiryContent.query"),
        ({"inquiryContent": {"query": "a<b"}}, "inquiryContent.query"),
        ({"inquiryContent": {"query": "x" * 2_049}}, "inquiryContent.query"),
        ({"inquiryContent": {"fileContent": {}}}, "inquiryContent.fileContent.content"),
        ({"inquiryContent": {"fileContent": {"content": b"Question\n"}}}, "inquiryContent.fileContent"),
        ({"inquiryContent": {"fileContent": {"content": b"\xff\xfe"}}}, "inquiryContent.fileContent"),
        ({"inquiryContent": {"fileContent": {"content": b"PK"}}}, "inquiryContent.fileContent"),
        (
            {"inquiryContent": {"fileContent": {"content": SIMPLE, "fileSections": ["Other"]}}},
            "inquiryContent.fileContent",
        ),
        (
            {"inquiryContent": {"fileContent": {"content": SIMPLE, "fileSections": ["Security"] * 31}}},
            "inquiryContent.fileContent.fileSections",
        ),
        ({"clientToken": "a b"}, "clientToken"),
        ({"clientToken": "x" * 129}, "clientToken"),
        ({"supportMode": "FULL_SUPPORT"}, "supportMode"),
        ({"tags": {"aws:x": "1"}}, "tags"),
        ({"tags": {f"k{number}": "v" for number in range(51)}}, "tags"),
        ({"name": None}, "name"),
    ],
)
def test_bad_input_is_refused_by_its_field(remit: Composed, asked: dict[str, Any], field: str) -> None:
    client = remit.client("artifact", config=UNCHECKED)
    whole = {"name": "x", "inquiryContent": {"query": PATCHES}, **asked}
    given = {name: value for name, value in whole.items() if value is not None}

    answer = refusal(lambda: client.create_compliance_inquiry(**given), "ValidationException", 400)

    assert answer["reason"] == "fieldValidationFailed"
    assert field in [one["name"] for one in answer["fieldList"]]
    assert client.list_compliance_inquiries()["complianceInquiries"] == []


WITH_AN_ID: dict[str, dict[str, Any]] = {
    "get_compliance_inquiry_metadata": {},
    "list_compliance_inquiry_queries": {},
    "export_compliance_inquiry": {},
    "put_compliance_inquiry_feedback": {"rating": "THUMBS_UP"},
}


@pytest.mark.parametrize("name", WITH_AN_ID)
def test_an_inquiry_that_is_not_there_is_not_found(artifact: Any, name: str) -> None:
    call = getattr(artifact, name)

    answer = refusal(lambda: call(complianceInquiryId=MISSING, **WITH_AN_ID[name]), "ResourceNotFoundException", 404)
    assert (answer["resourceId"], answer["resourceType"]) == (MISSING, "compliance-inquiry")
    for id_ in ("compliance-inquiry-short", "x", MISSING + "A"):
        wrong = refusal(lambda id_=id_: call(complianceInquiryId=id_, **WITH_AN_ID[name]), "ValidationException", 400)
        assert wrong["fieldList"][0]["name"] == "complianceInquiryId"


@pytest.mark.parametrize("name", WITH_AN_ID)
def test_another_accounts_inquiry_is_not_found(
    artifact: Any, remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity], name: str
) -> None:
    id_ = create(artifact, PATCHES)
    other = remit.client("artifact", join(organize()))

    call = getattr(other, name)

    answer = refusal(lambda: call(complianceInquiryId=id_, **WITH_AN_ID[name]), "ResourceNotFoundException", 404)
    assert answer["resourceId"] == id_
    assert other.list_compliance_inquiries()["complianceInquiries"] == []


# -- export


def test_only_what_is_asked_is_exported(artifact: Any) -> None:
    id_ = create(artifact, PATCHES, UNKNOWN)
    failed = artifact.create_compliance_inquiry(
        name="x", inquiryContent={"fileContent": {"content": archived({**parts(SIMPLE), "run.bat": b"x"})}}
    )["complianceInquirySummary"]["id"]

    assert artifact.export_compliance_inquiry(complianceInquiryId=id_)["documentPresignedUrl"].startswith("http")
    answer = refusal(
        lambda: artifact.export_compliance_inquiry(complianceInquiryId=id_, queryIdentifiers=[1, 3]),
        "ResourceNotFoundException",
        404,
    )
    assert answer["resourceId"] == "3"
    refusal(lambda: artifact.export_compliance_inquiry(complianceInquiryId=failed), "ValidationException", 400)


def test_an_export_shows_its_tags(artifact: Any) -> None:
    id_ = create(artifact, PATCHES, tags={"a": "1"})

    assert artifact.export_compliance_inquiry(complianceInquiryId=id_)["tags"] == {"a": "1"}


# -- feedback


def rate(client: Any, id_: str, **more: Any) -> Any:
    return client.put_compliance_inquiry_feedback(complianceInquiryId=id_, **{"rating": "THUMBS_UP", **more})


def test_a_response_is_rated(artifact: Any) -> None:
    id_ = create(artifact, PATCHES, UNKNOWN)

    whole = rate(artifact, id_)
    one = rate(artifact, id_, rating="THUMBS_DOWN", queryIdentifier=1, reasonCodes=["OTHER"], comment="Too short.")

    assert one["submittedAt"] >= whole["submittedAt"]


def test_feedback_with_one_token_is_kept_once(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES)

    first = rate(artifact, id_, clientToken="t", comment="Good.")
    second = rate(artifact, id_, clientToken="t", rating="THUMBS_DOWN")

    assert first["submittedAt"] == second["submittedAt"]
    kept = remit.change(lambda tx: tx.all(FEEDBACK))
    assert [(feedback.rating, feedback.comment) for feedback in kept] == [("THUMBS_UP", "Good.")]


def test_feedback_is_about_a_response_that_is_there(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES, UNKNOWN)

    answer = refusal(lambda: rate(artifact, id_, queryIdentifier=2), "ConflictException", 409)
    assert (answer["resourceId"], answer["resourceType"]) == (id_, "compliance-inquiry")
    refusal(lambda: rate(artifact, create(artifact, UNKNOWN)), "ConflictException", 409)
    refusal(lambda: rate(artifact, id_, queryIdentifier=3), "ResourceNotFoundException", 404)
    refusal(lambda: rate(artifact, id_, queryIdentifier=0), "ResourceNotFoundException", 404)
    answer_as_a_person(remit, id_, 2, "Ana.")
    assert rate(artifact, id_, queryIdentifier=2)["submittedAt"]


def test_feedback_on_a_stale_response_is_a_conflict(remit: Composed, artifact: Any) -> None:
    id_ = create(artifact, PATCHES)
    assert rate(artifact, id_, queryIdentifier=1, responseRevisionId=0)

    answer_as_a_person(remit, id_, 1, "AWS does.")

    refusal(lambda: rate(artifact, id_, queryIdentifier=1, responseRevisionId=0), "ConflictException", 409)
    assert rate(artifact, id_, queryIdentifier=1, responseRevisionId=1)
    assert len(remit.change(lambda tx: tx.all(REVIEWS))) == 1


@pytest.mark.parametrize(
    "more",
    [{"rating": "MEH"}, {"reasonCodes": ["BORED"]}, {"comment": ""}, {"comment": "x" * 1_001}, {"comment": "<b>"}],
)
def test_feedback_is_in_the_words_of_the_model(remit: Composed, artifact: Any, more: dict[str, Any]) -> None:
    id_ = create(artifact, PATCHES)
    client = remit.client("artifact", config=UNCHECKED)

    refusal(lambda: rate(client, id_, **more), "ValidationException", 400)
