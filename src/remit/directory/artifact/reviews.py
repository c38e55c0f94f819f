"""What people do with answers: they write some themselves, and say what they think of the others.

Each answer of a person is a version of the response, oldest first; the newest is the response, and citations of the
library no longer belong to it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.artifact.facts import OutOfOrder
from remit.directory.artifact.inquiries import INQUIRIES, Inquiry, in_its_state
from remit.directory.artifact.queries import Query
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class Version(msgspec.Struct, frozen=True):
    """A response as a person wrote it."""

    text: str
    at: datetime


class Review(msgspec.Struct, frozen=True):
    """What people wrote for one query of an inquiry, oldest first."""

    id: str
    account: AccountId
    inquiry: str
    query: int
    versions: tuple[Version, ...]


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller thinks of a response, or, without *query*, of all of them."""

    id: str
    account: AccountId
    inquiry: str
    token: str
    rating: str
    submitted_at: datetime
    query: int | None = None
    revision: int | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""


REVIEWS: Kind[Review] = Kind("artifact-inquiry-review", Review, groups={"inquiry": lambda review: (review.inquiry,)})
FEEDBACK: Kind[Feedback] = Kind(
    "artifact-inquiry-feedback",
    Feedback,
    unique={"token": lambda feedback: (feedback.account, feedback.token) if feedback.token else None},
    groups={"inquiry": lambda feedback: (feedback.inquiry,)},
)


def reviews_of(tx: Transaction, inquiry: Inquiry) -> dict[int, tuple[Version, ...]]:
    """Return what people wrote for the queries of an inquiry, by their identifiers."""
    return {review.query: review.versions for review in tx.select(REVIEWS, "inquiry", inquiry.id)}


def write_answer(
    tx: Transaction, inquiry: Inquiry, queries: Sequence[Query], number: int, text: str, at: datetime
) -> None:
    """Answer a query, or change its answer, as a person.

    Raises:
        NotFound: the inquiry has no such query.
    """
    check_query(inquiry, queries, number)
    id_ = f"{inquiry.id}/{number}"
    before = tx.get(REVIEWS, id_)
    versions = (*(before.versions if before else ()), Version(text, at))
    tx.put(REVIEWS, Review(id_, inquiry.account, inquiry.id, number, versions))
    waiting = tuple(one for one in inquiry.waiting if one != number)
    tx.put(INQUIRIES, in_its_state(msgspec.structs.replace(inquiry, waiting=waiting, updated_at=at)))


def give_feedback(tx: Transaction, inquiry: Inquiry, queries: Sequence[Query], feedback: Feedback) -> Feedback:
    """Keep feedback; what came with the same token before stays, and is returned.

    Raises:
        NotFound: the inquiry has no such query.
        OutOfOrder: there is no response yet, or a newer one than the feedback is about.
    """
    known = tx.find(FEEDBACK, "token", (feedback.account, feedback.token))
    if known is not None:
        return known
    if feedback.query is not None:
        check_query(inquiry, queries, feedback.query)
    reviews = reviews_of(tx, inquiry)
    about = [query for query in queries if feedback.query in {None, query.identifier}]
    if not any(query.response or query.identifier in reviews for query in about):
        raise OutOfOrder(Noun.COMPLIANCE_INQUIRY, inquiry.id, "There is no response yet to give feedback on.")
    if feedback.revision is not None and feedback.revision != _newest_revision(reviews, feedback.query):
        raise OutOfOrder(
            Noun.COMPLIANCE_INQUIRY, inquiry.id, "The response was changed meanwhile. Read it again, and then rate it."
        )
    tx.put(FEEDBACK, feedback)
    return feedback


def _newest_revision(reviews: Mapping[int, tuple[Version, ...]], query: int | None) -> int:
    """Return how often people wrote a response anew: of a query, or of all."""
    return sum(len(versions) for number, versions in reviews.items() if query in {None, number})


def check_query(inquiry: Inquiry, queries: Sequence[Query], number: int) -> None:
    """Check that an inquiry asks a query of this number.

    Raises:
        NotFound: it does not.
    """
    if not 1 <= number <= len(queries):
        raise NotFound(Noun.COMPLIANCE_QUERY, str(number), inquiry.id)
