"""What operations of Artifact act on: reports, agreements and compliance inquiries, found in the input.

A report's version is resolved before the policies are asked, because condition keys tell its category and series; what
readers do not see has none, so a caller whose policies ask for them is denied, and learns nothing of what exists.
The ARNs of reports and of agreements on offer have no account: whoever asks is judged by their own account's policies.
Source: `artifact` reference, sections 3 and 4.
"""

from collections.abc import Callable, Mapping

import msgspec

from remit.authz.targets import Asked, Target
from remit.directory.artifact.inquiries import INQUIRIES
from remit.directory.artifact.reports import REPORT_VERSIONS, REPORTS, ReportVersion, report_arn
from remit.policy import Resource

# Inquiries have a region in their ARN; the service has but one in a partition.
_REGION = "us-east-1"
_SAID = {"category": "artifact:ReportCategory", "series": "artifact:ReportSeries"}


def _target(asked: Asked, arn: str, keys: dict[str, str] | None = None) -> Target:
    return Target(resource=Resource(arn=arn, account=asked.caller.account), shown=arn, keys=keys or {})


def _report(asked: Asked) -> Target:
    """Find the version that a reader asks for, by default the newest that readers see."""
    id_: str = asked.input["reportId"]
    number: int | None = asked.input.get("reportVersion")
    if number is None:
        head = asked.tx.get(REPORTS, id_)
        number = None if head is None else head.shown
    version = asked.tx.get(REPORT_VERSIONS, f"{id_}:{number}")
    return _of_version(asked, id_, number, version if version is not None and version.is_readable else None)


def _publisher_report(asked: Asked) -> Target:
    """Find the version that its provider changes; a new one is of the category and series that the input says.

    What the input of a further version does not say stays as it was in the newest.
    """
    id_: str = asked.input.get("reportId", "*")
    number: int | None = asked.input.get("reportVersion")
    if number is not None:
        return _of_version(asked, id_, number, asked.tx.get(REPORT_VERSIONS, f"{id_}:{number}"))
    head = asked.tx.get(REPORTS, id_)
    newest = None if head is None else asked.tx.get(REPORT_VERSIONS, f"{id_}:{head.newest}")
    found = _of_version(asked, id_, None, newest)
    said = {key: asked.input[member] for member, key in _SAID.items() if member in asked.input}
    return msgspec.structs.replace(found, keys={**found.keys, **said})


def _of_version(asked: Asked, id_: str, number: int | None, version: ReportVersion | None) -> Target:
    arn = report_arn(asked.partition, id_, str(number or "*"))
    if version is None:
        return _target(asked, arn)
    keys = {"artifact:ReportCategory": version.says.category, "artifact:ReportSeries": version.says.series}
    return _target(asked, arn, keys)


def _agreement(asked: Asked) -> Target:
    return _target(asked, f"arn:{asked.partition}:artifact:::agreement/{asked.input.get('agreementId', '*')}")


def _customer_agreement(asked: Asked) -> Target:
    id_ = asked.input["customerAgreementId"]
    return _target(asked, f"arn:{asked.partition}:artifact::{asked.caller.account}:customer-agreement/{id_}")


def _inquiry(asked: Asked) -> Target:
    """Find an inquiry by its id or ARN; one of another account has no tags here, as one that is not there."""
    arn: str = asked.input.get("resourceArn", "")
    id_ = arn.rpartition("/")[2] if arn else asked.input.get("complianceInquiryId", "*")
    arn = arn or f"arn:{asked.partition}:artifact:{_REGION}:{asked.caller.account}:compliance-inquiry/{id_}"
    inquiry = asked.tx.get(INQUIRIES, id_)
    tags: Mapping[str, str] = inquiry.tags if inquiry is not None and inquiry.arn == arn else {}
    return msgspec.structs.replace(_target(asked, arn), tags=tags)


ARTIFACT_FINDERS: dict[str, Callable[[Asked], Target]] = {
    "report": _report,
    "publisher-report": _publisher_report,
    "agreement": _agreement,
    "customer-agreement": _customer_agreement,
    "compliance-inquiry": _inquiry,
    "new-compliance-inquiry": _inquiry,
}
