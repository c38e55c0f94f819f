"""Compliance inquiries: created and answered, listed, exported, rated.

An inquiry is answered from what readers see of the reports of this server. What it comes to is worked out before
CreateComplianceInquiry answers, beside all other calls; the answer says PROCESSING nevertheless, as AWS's does.
Source: `artifact` model, 2018-05-10; `artifact` reference, sections 2 and 7.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from remit.directory.artifact.inquiries import (
    INQUIRIES,
    InputSource,
    Inquiry,
    InquiryMessage,
    InquiryStatus,
    keep,
    keep_export,
    known_inquiry,
)
from remit.directory.artifact.libraries import library, shelf
from remit.directory.artifact.links import Plain, link_to
from remit.directory.artifact.processing import Processed, exported, format_of, process_file, process_text
from remit.directory.artifact.queries import Query, decoded
from remit.directory.artifact.reviews import Feedback, check_query, give_feedback, reviews_of
from remit.directory.facts import Noun
from remit.ids import new_artifact_id
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.errors import conflict, wrong_field
from remit.services.artifact.inquiry_shapes import created, detail, query_shape, summary
from remit.services.artifact.inquiry_tags import checked_tags
from remit.services.artifact.live import with_verdicts
from remit.services.artifact.pages import page
from remit.services.artifact.registry import operation
from remit.sheets import Format
from remit.store import Transaction

_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CONTENT = "inquiryContent"


@operation("CreateComplianceInquiry")
def create_compliance_inquiry(
    call: Call[shapes.CreateComplianceInquiryRequest], tx: Transaction
) -> shapes.CreateComplianceInquiryResponse:
    """Create an inquiry; the same request with the same client token again creates none, and shows the first.

    Raises:
        ServiceError: ConflictException, another request had the client token; ValidationException, the content is no
            question and no questionnaire.
    """
    asked = call.input
    _check_content(asked)
    tags = checked_tags(asked.get("tags", {}))
    content = _hash({name: value for name, value in asked.items() if name != "clientToken"})
    token = asked.get("clientToken", "")
    known = tx.find(INQUIRIES, "token", (call.account, token)) if token else None
    if known is not None:
        if known.content != content:
            text = "The client token was used for another inquiry."
            raise conflict(Noun.COMPLIANCE_INQUIRY, known.id, text)
        return {"complianceInquirySummary": summary(known), "tags": dict(known.tags)}
    processed = _processed(call, tx)
    file = asked["inquiryContent"].get("fileContent")
    id_ = new_artifact_id("compliance-inquiry")
    failed = processed.failed
    inquiry = Inquiry(
        id=id_,
        account=call.account,
        arn=f"arn:{call.partition}:artifact:us-east-1:{call.account}:compliance-inquiry/{id_}",
        name=asked["name"],
        content=content,
        token=token,
        source=InputSource.TEXT if file is None else InputSource.FILE,
        created_at=call.at,
        updated_at=call.at,
        status=InquiryStatus.FAILED if failed else InquiryStatus.PROCESSING,
        message=failed or InquiryMessage.PROCESSING,
        support_mode="" if file is None else asked.get("supportMode", "AI_ONLY"),
        tags=tags,
    )
    # A file that failed is not kept: it may be what it was taken for.
    kept = keep(tx, inquiry, processed.queries, None if file is None or failed else file["content"])
    return {"complianceInquirySummary": created(kept), "tags": dict(tags)}


@operation("GetComplianceInquiryMetadata")
def get_compliance_inquiry_metadata(
    call: Call[shapes.GetComplianceInquiryMetadataRequest], tx: Transaction
) -> shapes.GetComplianceInquiryMetadataResponse:
    """Tell how far an inquiry is.

    Raises:
        NotFound: the account has none of this id.
    """
    inquiry = known_inquiry(tx, call.account, call.input["complianceInquiryId"])
    return {"complianceInquiryDetail": detail(inquiry), "tags": dict(inquiry.tags)}


@operation("ListComplianceInquiries")
def list_compliance_inquiries(
    call: Call[shapes.ListComplianceInquiriesRequest], tx: Transaction
) -> shapes.ListComplianceInquiriesResponse:
    """List the account's inquiries, the oldest first."""
    inquiries = tx.in_order(INQUIRIES, "account", call.account)
    found, following = page(call, tx, inquiries, lambda one: f"{one.created_at.isoformat()} {one.id}")
    return {"complianceInquiries": [summary(inquiry) for inquiry in found], **following}


@operation("ListComplianceInquiryQueries")
def list_compliance_inquiry_queries(
    call: Call[shapes.ListComplianceInquiryQueriesRequest], tx: Transaction
) -> shapes.ListComplianceInquiryQueriesResponse:
    """List what an inquiry asks, in the order of the questionnaire, with the responses.

    Raises:
        NotFound: the account has no such inquiry.
    """
    inquiry = known_inquiry(tx, call.account, call.input["complianceInquiryId"])
    queries, reviews = _queries(call, tx, inquiry), reviews_of(tx, inquiry)
    found, following = page(call, tx, queries, lambda query: f"{query.identifier:08}")
    shown = [query_shape(query, reviews.get(query.identifier, ()), inquiry) for query in found]
    return {"queries": shown, **following}


@operation("ExportComplianceInquiry")
def export_compliance_inquiry(
    call: Call[shapes.ExportComplianceInquiryRequest], tx: Transaction
) -> shapes.ExportComplianceInquiryResponse:
    """Give a link to the inquiry's file with its answers; of a question that came as text, to a table.

    Raises:
        NotFound: the account has no such inquiry, or that has no such query.
        ServiceError: ValidationException, the inquiry failed.
    """
    asked = call.input
    inquiry = known_inquiry(tx, call.account, asked["complianceInquiryId"])
    queries = _queries(call, tx, inquiry)
    if not queries:
        raise wrong_field("complianceInquiryId", "The inquiry failed: there is nothing to export.")
    chosen = asked.get("queryIdentifiers") or [query.identifier for query in queries]
    for number in chosen:
        check_query(inquiry, queries, number)
    reviews = reviews_of(tx, inquiry)
    wanted = [query for query in queries if query.identifier in set(chosen)]

    def work() -> tuple[bytes, Format]:
        file = tx.blob(inquiry.file) if inquiry.file else None
        with_citations = bool(asked.get("includeCitations"))
        return exported(wanted, reviews, file, with_citations=with_citations), format_of(file)

    content, form = call.slowly("export", work)
    target = Plain(keep_export(tx, inquiry, content, call.at), _MEDIA_TYPES[form])
    link = link_to(tx.keyring, call.endpoint, f"{inquiry.id}.{form}", target, call.at)
    return {"documentPresignedUrl": link, "tags": dict(inquiry.tags)}


@operation("PutComplianceInquiryFeedback")
def put_compliance_inquiry_feedback(
    call: Call[shapes.PutComplianceInquiryFeedbackRequest], tx: Transaction
) -> shapes.PutComplianceInquiryFeedbackResponse:
    """Keep what the caller thinks of a response, or of all; a client token that came before changes nothing.

    Raises:
        NotFound: the account has no such inquiry, or that has no such query.
        OutOfOrder: there is no response yet, or a newer one than the caller rates.
    """
    asked = call.input
    inquiry = known_inquiry(tx, call.account, asked["complianceInquiryId"])
    feedback = Feedback(
        id=call.request_id,
        account=call.account,
        inquiry=inquiry.id,
        token=asked.get("clientToken", ""),
        rating=asked["rating"],
        submitted_at=call.at,
        query=asked.get("queryIdentifier"),
        revision=asked.get("responseRevisionId"),
        reasons=tuple(asked.get("reasonCodes", ())),
        comment=asked.get("comment", ""),
    )
    kept = give_feedback(tx, inquiry, _queries(call, tx, inquiry), feedback)
    return {"submittedAt": kept.submitted_at}


def _check_content(asked: Mapping[str, Any]) -> None:
    content = asked[_CONTENT]
    given = [member for member in ("query", "fileContent") if content.get(member) is not None]
    if len(given) != 1:
        raise wrong_field(_CONTENT, "Give either a query or the content of a file.")
    if given == ["query"] and asked.get("supportMode") is not None:
        raise wrong_field("supportMode", "A support mode can be chosen for files only.")


def _processed(call: Call[shapes.CreateComplianceInquiryRequest], tx: Transaction) -> Processed:
    content = call.input["inquiryContent"]
    shelved, blob = shelf(tx, call.partition), tx.blob
    file = content.get("fileContent")
    if file is None:
        text = content.get("query", "")
        return call.slowly("answer", lambda: _quoting(call, process_text(text, library(shelved, blob))))
    sections = file.get("fileSections") or ()
    processed = call.slowly(
        "answers", lambda: _quoting(call, process_file(file["content"], sections, lambda: library(shelved, blob)))
    )
    if processed.refused:
        message = f"{processed.refused[:1].upper()}{processed.refused[1:]}."
        raise wrong_field(f"{_CONTENT}.fileContent", message)
    return processed


def _quoting(call: Call[Any], processed: Processed) -> Processed:
    """Return answers that quote what the account's snapshot comes to."""
    quoting = with_verdicts(processed.queries, call.evidence, call.account, call.at)
    return msgspec.structs.replace(processed, queries=quoting)


def _queries(call: Call[Any], tx: Transaction, inquiry: Inquiry) -> tuple[Query, ...]:
    if not inquiry.queries:
        return ()
    blob = tx.blob

    def work() -> tuple[Query, ...]:
        kept = blob(inquiry.queries)
        if kept is None:
            raise LookupError(f"the store does not have the queries of {inquiry.id}")
        return decoded(kept)

    return call.slowly("queries", work)


def _hash(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(asked, order="sorted")).hexdigest()
