"""Reports for their provider: uploaded, described, published, taken back.

A file is read whole, in a process of its own, before it is answered for: a version never stays in `PROCESSING`.
Source: `artifact` reference, section 5.
"""

from functools import partial
from typing import Any

from remit.directory.artifact.reports import (
    AcceptanceType,
    Description,
    ReportVersion,
    Upload,
    add_version,
    change_version,
    create_report,
    delete_version,
    known_report,
    latest_version,
    place_of,
    publish_version,
    unpublish_version,
    version_to_change,
    versions_there,
)
from remit.directory.artifact.terms import known_term
from remit.directory.artifact.uploads import examine, keep
from remit.errors import ServiceError
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.errors import wrong_field
from remit.services.artifact.pages import page
from remit.services.artifact.publisher_registry import publisher_operation
from remit.services.artifact.report_shapes import detail
from remit.services.artifact.terms import term_named
from remit.store import Transaction

# Members of the input -> those of a description.
_TEXTS = {
    "name": "name",
    "description": "description",
    "series": "series",
    "category": "category",
    "companyName": "company_name",
    "productName": "product_name",
    "periodStart": "period_start",
    "periodEnd": "period_end",
}
_NEEDED = ("name", "series", "category", "companyName", "termArn")


@publisher_operation("CreateReport")
def create_report_or_version(call: Call[shapes.CreateReportRequest], tx: Transaction) -> shapes.CreateReportResponse:
    """Upload a report, or a further version of one, which nobody sees until it is published.

    Raises:
        NotFound: there is no such report, or no such terms.
        ServiceError: ValidationException, a new report does not say what it is.
        QuotaExceeded: there are as many reports, or versions, as there may be.
    """
    asked = call.input
    if "reportId" in asked:
        report = known_report(tx, asked["reportId"])
        says = _described(tx, call, latest_version(tx, report).says)
        version = add_version(tx, report, says, _uploaded(call, tx), call.at)
    else:
        missing = [member for member in _NEEDED if member not in asked]
        if missing:
            raise wrong_field(missing[0], f"A new report needs {', '.join(_NEEDED)}; {', '.join(missing)} missing.")
        version = create_report(tx, call.account, _described(tx, call, None), _uploaded(call, tx), call.at)
    return {"reportDetails": _shown(call, tx, version)}


@publisher_operation("UpdateReport")
def update_report(call: Call[shapes.UpdateReportRequest], tx: Transaction) -> shapes.UpdateReportResponse:
    """Let a version say something else of itself, or have another file while it is not published.

    Raises:
        NotFound: there is no such version, or no such terms.
        Outdated: somebody changed it since.
        OutOfOrder: it is published, and the file is to change.
        AccessDenied: the caller may not change what is of the category or series that it is to have.
    """
    version = _version(call, tx)
    says = _described(tx, call, version.says)
    if (says.category, says.series) != (version.says.category, version.says.series):
        keys = {"artifact:ReportCategory": says.category, "artifact:ReportSeries": says.series}
        call.require("artifact:UpdateReport", version.arn(call.partition), keys)
    upload = _uploaded(call, tx) if "document" in call.input else None
    return {"reportDetails": _shown(call, tx, change_version(tx, version, says, upload, call.at))}


@publisher_operation("PublishReport")
def publish_report(call: Call[shapes.PublishReportRequest], tx: Transaction) -> shapes.PublishReportResponse:
    """Show a version to readers.

    Raises:
        NotFound: there is no such version.
        Outdated: somebody changed it since.
        OutOfOrder: it is shown already, or its file was not taken.
    """
    return {"reportDetails": _shown(call, tx, publish_version(tx, _version(call, tx), call.at))}


@publisher_operation("UnpublishReport")
def unpublish_report(call: Call[shapes.UnpublishReportRequest], tx: Transaction) -> shapes.UnpublishReportResponse:
    """Take a version away from readers.

    Raises:
        NotFound: there is no such version.
        Outdated: somebody changed it since.
        OutOfOrder: they do not see it.
    """
    return {"reportDetails": _shown(call, tx, unpublish_version(tx, _version(call, tx), call.at))}


@publisher_operation("DeleteReport")
def delete_report(call: Call[shapes.DeleteReportRequest], tx: Transaction) -> shapes.DeleteReportResponse:
    """Delete a version for ever.

    Raises:
        NotFound: there is no such version.
        Outdated: somebody changed it since.
        OutOfOrder: it is published.
    """
    return {"reportDetails": _shown(call, tx, delete_version(tx, _version(call, tx), call.at))}


@publisher_operation("ListPublisherReports")
def list_publisher_reports(
    call: Call[shapes.ListPublisherReportsRequest], tx: Transaction
) -> shapes.ListPublisherReportsResponse:
    """List every version of every report, in whatever state."""
    found, following = page(call, tx, versions_there(tx), place_of)
    return {"reports": [detail(tx, version, call.partition) for version in found], **following}


def _version(call: Call[Any], tx: Transaction) -> ReportVersion:
    asked = call.input
    return version_to_change(tx, asked["reportId"], asked["reportVersion"], asked["sequenceNumber"])


def _shown(call: Call[Any], tx: Transaction, version: ReportVersion) -> shapes.ReportDetail:
    return detail(tx, version, call.partition)


def _uploaded(call: Call[Any], tx: Transaction) -> Upload:
    document: bytes = call.input["document"]
    return keep(tx, document, call.slowly("examine", partial(examine, document)))


def _described(tx: Transaction, call: Call[Any], before: Description | None) -> Description:
    """Return what the input says, over what was said *before*."""
    asked = call.input
    said: dict[str, Any] = {} if before is None else {name: getattr(before, name) for name in before.__struct_fields__}
    said |= {ours: asked[member] for member, ours in _TEXTS.items() if member in asked}
    said.setdefault("description", said["name"])
    said.setdefault("product_name", said["name"])
    said["acceptance"] = AcceptanceType(asked.get("acceptanceType", said.get("acceptance", AcceptanceType.EXPLICIT)))
    if "termArn" in asked:
        said["term"] = term_named(tx, asked["termArn"]).id
    says = Description(**said)
    if says.period_start is not None and says.period_end is not None and says.period_end < says.period_start:
        raise _wrong_period()
    known_term(tx, says.term)
    return says


def _wrong_period() -> ServiceError:
    return wrong_field("periodEnd", "The period ends before it starts.")
