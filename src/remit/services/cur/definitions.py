"""Report definitions: made, shown, changed, removed.

Source: Cost and Usage Report API reference; AWS CloudFormation user guide, `AWS::CUR::ReportDefinition`: which members
never change.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.billing.exports.artifacts import wrong_artifacts
from remit.billing.exports.carrying_out import Undelivered
from remit.billing.exports.deliveries import begin, part_of
from remit.billing.exports.places import PlaceWrong, check_bucket, check_name, check_prefix
from remit.billing.exports.reports import ENDINGS
from remit.billing.ledger import LedgerError
from remit.directory.billing import exports as directory
from remit.directory.billing.exports import Report, known_report, reports_of
from remit.directory.billing.facts import Missing
from remit.directory.billing.payers import payer_of
from remit.directory.billing.views import primary_arn
from remit.request import BilledMonth, Call
from remit.services.cur import shapes
from remit.services.cur.errors import unreadable, wrong
from remit.services.cur.registry import operation
from remit.services.cur.tags import RULES
from remit.store import Transaction

# The service is in this region alone.
_REGION = "us-east-1"
_FIXED = ("ReportName", "TimeUnit", "AdditionalSchemaElements", "ReportVersioning", "BillingViewArn")
_DEFAULTS: Mapping[str, Any] = {"AdditionalArtifacts": [], "ReportVersioning": "CREATE_NEW_REPORT"}
_STATUS = "ReportStatus"


@operation("PutReportDefinition")
def put_report_definition(call: Call[shapes.PutReportDefinitionRequest], tx: Transaction) -> dict[str, Any]:
    """Make a report; the months that were billed already are delivered soon."""
    said = _checked(call, tx, call.input["ReportDefinition"])
    name: str = said["ReportName"]
    report = Report(
        id=f"arn:{call.partition}:cur:{_REGION}:{call.account}:definition/{name}",
        account=call.account,
        name=name,
        said=said,
        created_at=call.at,
        tags=RULES.added({}, call.input.get("Tags", ()), call.input["ReportDefinition"]["ReportName"]),
    )
    directory.create_report(tx, report)
    payer = payer_of(tx, call.account)

    def months() -> Mapping[str, BilledMonth]:
        try:
            return call.bills.months(payer)
        except LedgerError as error:
            raise unreadable(f"{error}.") from error

    begin(tx, report, call.slowly("months", months), call.at)
    return {}


@operation("DescribeReportDefinitions")
def describe_report_definitions(call: Call[shapes.DescribeReportDefinitionsRequest], tx: Transaction) -> dict[str, Any]:
    """List the reports of the account, by name; there are never more than a page of them."""
    if call.input.get("NextToken"):
        raise wrong("The next token is invalid.")
    return {"ReportDefinitions": [_shown(one) for one in reports_of(tx, call.account)]}


@operation("ModifyReportDefinition")
def modify_report_definition(call: Call[shapes.ModifyReportDefinitionRequest], tx: Transaction) -> dict[str, Any]:
    """Put what a report says in the place of what it said; the next delivery is as it says now."""
    held = _held(call, tx)
    said = _checked(call, tx, call.input["ReportDefinition"])
    for member in _FIXED:
        before, after = ({**_DEFAULTS, **one}.get(member) for one in (held.said, said))
        if before != after:
            raise wrong(f"{member} of a report cannot be changed.")
    directory.put_report(tx, msgspec.structs.replace(held, said=said))
    return {}


@operation("DeleteReportDefinition")
def delete_report_definition(call: Call[shapes.DeleteReportDefinitionRequest], tx: Transaction) -> dict[str, Any]:
    """Remove a report; what was delivered stays."""
    report = _held(call, tx)
    directory.delete_report(tx, report)
    return {"ResponseMessage": f"Successfully deleted report: {report.name}"}


def _held(call: Call[Any], tx: Transaction) -> Report:
    try:
        return known_report(tx, call.account, call.input["ReportName"])
    except Missing as fact:  # of these operations the model has no error for what is not there
        raise wrong(f"The report {fact.name} does not exist.") from None


def _checked(call: Call[Any], tx: Transaction, given: Any) -> Mapping[str, Any]:
    """Return a definition that can be delivered, without its status.

    Raises:
        ServiceError: ValidationException, it cannot be.
    """
    said = {name: value for name, value in given.items() if name != _STATUS}
    try:
        check_name(said["ReportName"])
        check_bucket(said["S3Bucket"])
        check_prefix(said["S3Prefix"])
    except PlaceWrong as error:
        raise wrong(str(error)) from None
    if (said["Format"], said["Compression"]) not in ENDINGS:
        raise wrong(f"The format {said['Format']} cannot have the compression {said['Compression']}.")
    if reason := wrong_artifacts(said):
        raise wrong(reason)
    view = said.get("BillingViewArn")
    if view not in (None, primary_arn(call.account, call.partition), "primary"):
        raise wrong("BillingViewArn: there are no billing groups; only the account's primary view can be reported.")
    try:
        part_of(tx, call.account, "", call.partition)
    except Undelivered as error:
        raise wrong(f"The report cannot be made: {error}.") from None
    return said


def _shown(report: Report) -> dict[str, Any]:
    shown: dict[str, Any] = {**_DEFAULTS, **report.said}
    if report.status:
        status: dict[str, str] = {"lastStatus": report.status}
        if report.delivered_at is not None:
            status["lastDelivery"] = f"{report.delivered_at:%Y%m%dT%H%M%SZ}"
        shown[_STATUS] = status
    return shown
