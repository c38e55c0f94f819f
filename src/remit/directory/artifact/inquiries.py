"""Compliance inquiries: a question, or a questionnaire of them, answered from the library or by a person.

    (none) -> COMPLETED      every query has an answer, or cannot have one
       |----> HUMAN_REVIEW -> COMPLETED   people answer what the library does not
       `----> FAILED         the file was made to do harm, or could not be read through a fault of ours

An inquiry is whole when it is in the store; who created it was told PROCESSING, what it was at that time.
An inquiry that came twice with one client token is one. The sentences are the model's.
Source: `artifact` model, CreateComplianceInquiry; `artifact` reference, section 7.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.artifact.queries import Query, QueryStatus, encoded
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class InquiryStatus(StrEnum):
    """How far an inquiry is."""

    PROCESSING = "PROCESSING"
    HUMAN_REVIEW = "HUMAN_REVIEW"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class InquiryMessage(StrEnum):
    """What is said of it: InquiryStatusMessage."""

    COMPLETED = "Compliance inquiry processing is complete."
    MALWARE = "Malware was detected on the file. Provide a new file and try again."
    PROCESSING = "Compliance inquiry processing is in-progress."
    ERROR = "An internal error occurred while processing the inquiry. Try again at a later time."
    HUMAN_REVIEW = "Human review is in progress."
    WITH_ERRORS = "Compliance inquiry processing is complete. One or more queries encountered errors during processing."


class InputSource(StrEnum):
    """How the questions came."""

    TEXT = "TEXT"
    FILE = "FILE"


class Inquiry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An inquiry of an account.

    Attributes:
        content: hash of everything that was asked for, tags included, to know the same request again.
        token: the client's, by which it is known again.
        file: id of the bytes of the questionnaire; empty for a text.
        queries: id of the bytes of its queries; empty for one that failed.
        waiting: identifiers of the queries that a person has to answer.
        has_errors: whether a query cannot be answered by anybody.
    """

    id: str
    account: AccountId
    arn: str
    name: str
    content: str
    token: str
    source: InputSource
    created_at: datetime
    updated_at: datetime
    status: InquiryStatus
    message: InquiryMessage
    file: str = ""
    queries: str = ""
    waiting: tuple[int, ...] = ()
    has_errors: bool = False
    support_mode: str = ""
    tags: Mapping[str, str] = {}


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An exported inquiry; *document* is the id of its bytes, which stay in the store."""

    id: str
    account: AccountId
    inquiry: str
    document: str
    at: datetime


INQUIRIES: Kind[Inquiry] = Kind(
    "artifact-inquiry",
    Inquiry,
    unique={"token": lambda inquiry: (inquiry.account, inquiry.token) if inquiry.token else None},
    groups={"account": lambda inquiry: (inquiry.account,)},
    order=lambda inquiry: f"{inquiry.created_at.isoformat()} {inquiry.id}",
)

EXPORTS: Kind[Export] = Kind("artifact-inquiry-export", Export, groups={"inquiry": lambda export: (export.inquiry,)})


def known_inquiry(tx: Transaction, account: AccountId, id_: str) -> Inquiry:
    """Return an inquiry of *account*.

    Raises:
        NotFound: it has none of this id; that another account has one is not told.
    """
    inquiry = tx.get(INQUIRIES, id_)
    if inquiry is None or inquiry.account != account:
        raise NotFound(Noun.COMPLIANCE_INQUIRY, id_)
    return inquiry


def keep(tx: Transaction, inquiry: Inquiry, queries: Sequence[Query], file: bytes | None) -> Inquiry:
    """Keep a new inquiry, with its queries and the file that they came in; return it in the state that these make."""
    waiting = tuple(query.identifier for query in queries if query.is_for_a_person)
    has_errors = any(query.status is QueryStatus.FAILED for query in queries)
    kept = msgspec.structs.replace(
        inquiry,
        queries=tx.put_blob(encoded(queries)) if queries else "",
        file="" if file is None else tx.put_blob(file),
        waiting=waiting,
        has_errors=has_errors,
    )
    if queries:
        kept = in_its_state(kept)
    tx.put(INQUIRIES, kept)
    return kept


def keep_export(tx: Transaction, inquiry: Inquiry, content: bytes, at: datetime) -> str:
    """Keep an exported file, and return the id of its bytes; the same bytes are kept once."""
    document = tx.put_blob(content)
    export = Export(
        id=f"{inquiry.id}/{document}", account=inquiry.account, inquiry=inquiry.id, document=document, at=at
    )
    tx.put(EXPORTS, export)
    return document


def in_its_state(inquiry: Inquiry) -> Inquiry:
    """Return an inquiry in the state that its queries make."""
    if inquiry.waiting:
        state = InquiryStatus.HUMAN_REVIEW, InquiryMessage.HUMAN_REVIEW
    else:
        state = (
            InquiryStatus.COMPLETED,
            InquiryMessage.WITH_ERRORS if inquiry.has_errors else InquiryMessage.COMPLETED,
        )
    return msgspec.structs.replace(inquiry, status=state[0], message=state[1])
