"""Inquiries and their queries as the service shows them."""

from collections.abc import Sequence

from remit.clock import whole_second
from remit.directory.artifact.inquiries import Inquiry, InquiryMessage, InquiryStatus
from remit.directory.artifact.queries import Query, QueryMessage, QueryStatus
from remit.directory.artifact.reviews import Version
from remit.services.artifact import shapes


def summary(inquiry: Inquiry) -> shapes.InquirySummary:
    """Return what lists tell of an inquiry."""
    return {
        "arn": inquiry.arn,
        "name": inquiry.name,
        "id": inquiry.id,
        "status": inquiry.status,
        "statusMessage": inquiry.message,
        "inputSource": inquiry.source,
        "createdAt": whole_second(inquiry.created_at),
    }


def created(inquiry: Inquiry) -> shapes.InquirySummary:
    """Return what the one who creates an inquiry is told: it is being processed."""
    return {**summary(inquiry), "status": InquiryStatus.PROCESSING, "statusMessage": InquiryMessage.PROCESSING}


def detail(inquiry: Inquiry) -> shapes.InquiryDetail:
    """Return all that the service tells of an inquiry."""
    shown: shapes.InquiryDetail = {
        **summary(inquiry),
        "updatedAt": whole_second(inquiry.updated_at),
        "supportMode": inquiry.support_mode,
    }
    if not inquiry.support_mode:
        del shown["supportMode"]
    return shown


def query_shape(query: Query, versions: Sequence[Version], inquiry: Inquiry) -> shapes.QuerySummary:
    """Return a query with its response: the last that a person wrote, or else the library's."""
    shown: shapes.QuerySummary = {
        "queryIdentifier": query.identifier,
        "query": query.text,
        "status": query.status,
        "statusMessage": query.message,
        "createdAt": whole_second(inquiry.created_at),
    }
    if versions:
        shown["status"] = QueryStatus.COMPLETED
        shown["statusMessage"] = QueryMessage.COMPLETED
        shown["response"] = versions[-1].text
        shown["reviewType"] = "HUMAN"
        shown["updatedResponseVersions"] = [
            {"responseText": version.text, "timestamp": whole_second(version.at)} for version in versions
        ]
    elif query.response:
        shown["response"] = query.response
        shown["reviewType"] = "AI"
        shown["citations"] = [
            {"sourceLabel": one.label, "sourceContent": one.content, "sourceLink": one.link} for one in query.citations
        ]
    return shown
