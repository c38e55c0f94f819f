"""All OSCAL documents of a report, by the names that they have in a bundle."""

from typing import Any

from remit.compliance.exports.oscal.catalog import catalog
from remit.compliance.exports.oscal.components import component_definition
from remit.compliance.exports.oscal.plans import customer_plan, provider_plan
from remit.compliance.exports.oscal.results import assessment_results, plan_of_action
from remit.compliance.exports.report import Report
from remit.compliance.model import Party


def documents(report: Report) -> dict[str, dict[str, Any]]:
    """Return name -> document, the catalog first, since others refer to it."""
    found = {
        "catalog.json": catalog(report.model, report.at),
        "component-aws.json": component_definition(report.model, Party.AWS, report.at),
        "component-account.json": component_definition(report.model, Party.CUSTOMER, report.at),
        "ssp-provider.json": provider_plan(report.model, report.at),
        "assessment-results.json": assessment_results(report),
    }
    for account in report.accounts:
        name = f"ssp-{account.header.account}.json"
        found[name] = customer_plan(report.model, account, report.at)
    plan = plan_of_action(report)
    if plan is not None:
        found["poam.json"] = plan
    return found
