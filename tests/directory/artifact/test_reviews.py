"""What people do with answers: the last one counts, and the inquiry is completed with the last that was missing."""

import msgspec
import pytest
from directory.artifact.library import LIBRARY
from directory.conftest import AT, LATER, OTHER, OWN

from remit.directory.artifact.facts import OutOfOrder
from remit.directory.artifact.inquiries import (
    InputSource,
    Inquiry,
    InquiryMessage,
    InquiryStatus,
    keep,
    keep_export,
    known_inquiry,
)
from remit.directory.artifact.processing import process_file
from remit.directory.artifact.queries import Query, decoded
from remit.directory.artifact.reviews import FEEDBACK, Feedback, give_feedback, reviews_of, write_answer
from remit.directory.facts import NotFound
from remit.ids import AccountId
from remit.store import Transaction

ID = "compliance-inquiry-AAAAAAAAAAAAAAAA"
FILE = b"Who patches the hypervisor?\nWho is the chief executive officer?\nWhat colour are the racks?\n"


def made(tx: Transaction, content: bytes = FILE) -> tuple[Inquiry, tuple[Query, ...]]:
    inquiry = Inquiry(
        id=ID,
        account=AccountId(OWN),
        arn=f"arn:aws:artifact:us-east-1:{OWN}:compliance-inquiry/{ID}",
        name="x",
        content="",
        token="",
        source=InputSource.FILE,
        created_at=AT,
        updated_at=AT,
        status=InquiryStatus.PROCESSING,
        message=InquiryMessage.PROCESSING,
    )
    queries = process_file(content, [], lambda: LIBRARY).queries
    return keep(tx, inquiry, queries, content), queries


def state(tx: Transaction) -> tuple[InquiryStatus, InquiryMessage]:
    inquiry = known_inquiry(tx, OWN, ID)
    return inquiry.status, inquiry.message


def feedback(**more: object) -> Feedback:
    given = {"id": "f", "account": OWN, "inquiry": ID, "token": "", "rating": "THUMBS_UP", "submitted_at": AT, **more}
    return msgspec.convert(given, Feedback)


def test_an_inquiry_waits_for_every_answer_that_is_missing(tx: Transaction) -> None:
    inquiry, queries = made(tx)
    assert inquiry.waiting == (2, 3)
    assert state(tx) == (InquiryStatus.HUMAN_REVIEW, InquiryMessage.HUMAN_REVIEW)

    write_answer(tx, inquiry, queries, 3, "Black.", LATER)
    assert state(tx) == (InquiryStatus.HUMAN_REVIEW, InquiryMessage.HUMAN_REVIEW)
    write_answer(tx, known_inquiry(tx, OWN, ID), queries, 2, "Ana.", LATER)

    assert state(tx) == (InquiryStatus.COMPLETED, InquiryMessage.COMPLETED)
    assert known_inquiry(tx, OWN, ID).updated_at == LATER
    assert {number: [one.text for one in found] for number, found in reviews_of(tx, inquiry).items()} == {
        2: ["Ana."],
        3: ["Black."],
    }


def test_what_cannot_be_answered_is_told_at_the_end(tx: Transaction) -> None:
    made(tx, b"Who patches the hypervisor?\n???\n")

    assert state(tx) == (InquiryStatus.COMPLETED, InquiryMessage.WITH_ERRORS)


def test_versions_come_oldest_first(tx: Transaction) -> None:
    inquiry, queries = made(tx)

    for text, at in (("One.", AT), ("Two.", LATER)):
        write_answer(tx, known_inquiry(tx, OWN, ID), queries, 1, text, at)

    assert [(one.text, one.at) for one in reviews_of(tx, inquiry)[1]] == [("One.", AT), ("Two.", LATER)]
    assert known_inquiry(tx, OWN, ID).waiting == (2, 3)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_only_what_is_asked_can_be_answered(tx: Transaction, number: int) -> None:
    inquiry, queries = made(tx)

    with pytest.raises(NotFound, match=f"`{number}`"):
        write_answer(tx, inquiry, queries, number, "x", AT)


def test_another_account_finds_nothing(tx: Transaction) -> None:
    made(tx)

    with pytest.raises(NotFound):
        known_inquiry(tx, OTHER, ID)


def test_feedback_on_all_needs_one_response(tx: Transaction) -> None:
    inquiry, queries = made(tx, b"Who is the chief executive officer?\n")
    with pytest.raises(OutOfOrder, match="no response yet"):
        give_feedback(tx, inquiry, queries, feedback())

    write_answer(tx, inquiry, queries, 1, "Ana.", AT)

    assert give_feedback(tx, inquiry, queries, feedback()) == feedback()


def test_a_revision_counts_what_people_wrote(tx: Transaction) -> None:
    inquiry, queries = made(tx)
    give_feedback(tx, inquiry, queries, feedback(query=1, revision=0))
    write_answer(tx, inquiry, queries, 1, "One.", AT)
    write_answer(tx, known_inquiry(tx, OWN, ID), queries, 2, "Two.", AT)

    for wrong in ({"query": 1, "revision": 0}, {"query": 1, "revision": 2}, {"revision": 1}):
        with pytest.raises(OutOfOrder, match="changed meanwhile"):
            give_feedback(tx, inquiry, queries, feedback(**wrong))
    for right in ({"query": 1, "revision": 1}, {"revision": 2}):
        assert give_feedback(tx, inquiry, queries, feedback(id=f"f{right}", **right))


def test_a_token_is_of_one_feedback(tx: Transaction) -> None:
    inquiry, queries = made(tx)
    first = give_feedback(tx, inquiry, queries, feedback(id="a", token="t"))

    assert give_feedback(tx, inquiry, queries, feedback(id="b", token="t", rating="THUMBS_DOWN")) == first
    assert give_feedback(tx, inquiry, queries, feedback(id="c")).id == "c"
    assert give_feedback(tx, inquiry, queries, feedback(id="d")).id == "d"
    assert len(tx.all(FEEDBACK)) == 3


def test_the_same_export_is_kept_once(tx: Transaction) -> None:
    inquiry, queries = made(tx)

    first, second = keep_export(tx, inquiry, b"x", AT), keep_export(tx, inquiry, b"x", LATER)

    assert first == second
    assert decoded(tx.blobs[inquiry.queries]) == queries
    assert tx.blobs[inquiry.file] == FILE
