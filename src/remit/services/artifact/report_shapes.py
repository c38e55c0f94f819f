"""Versions of reports as the service shows them."""

from typing import Any, cast

from remit.clock import whole_second
from remit.directory.artifact.reports import ReportVersion
from remit.directory.artifact.terms import known_term
from remit.services.artifact import shapes
from remit.store import Transaction


def summary(version: ReportVersion, partition: str) -> shapes.ReportSummary:
    """Return what lists tell of a version."""
    says, upload = version.says, version.upload
    shown: shapes.ReportSummary = {
        "id": version.report,
        "name": says.name,
        "state": version.state,
        "arn": version.arn(partition),
        "version": version.number,
        "uploadState": upload.state,
        "description": says.description,
        "series": says.series,
        "category": says.category,
        "companyName": says.company_name,
        "productName": says.product_name,
        "acceptanceType": says.acceptance,
    }
    if says.period_start is not None:
        shown["periodStart"] = says.period_start
    if says.period_end is not None:
        shown["periodEnd"] = says.period_end
    if upload.message:
        shown["statusMessage"] = upload.message
    return shown


def detail(tx: Transaction, version: ReportVersion, partition: str) -> shapes.ReportDetail:
    """Return all that the service tells of a version."""
    shown: dict[str, Any] = {
        **summary(version, partition),
        "createdAt": whole_second(version.created_at),
        "lastModifiedAt": whole_second(version.modified_at),
        "termArn": known_term(tx, version.says.term).arn(partition),
        "sequenceNumber": version.sequence,
    }
    if version.deleted_at is not None:
        shown["deletedAt"] = whole_second(version.deleted_at)
    return cast("shapes.ReportDetail", shown)
