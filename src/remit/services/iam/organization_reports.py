"""Access advisor of an organization: which services its accounts last used.

A report is on the root, a unit or an account, and lists the services that service control policies leave it; with a
policy, those that the policy leaves to the accounts that have it from there.
Source: `iam-sts` reference, section 15; IAM API reference, GenerateOrganizationsAccessReport.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from remit.clock import whole_second
from remit.directory import access_reports as directory
from remit.directory.access_reports import TRACKED, ServiceUse, Use
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization, PolicyType, organization_of
from remit.directory.organizations.members import find_member, membership_of
from remit.directory.organizations.tree import path_to
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.granted_services import service_names
from remit.services.iam.organization_entities import Entity, control_policy, entity_at, limited_to, services_left
from remit.services.iam.pages import numbered_page
from remit.services.iam.registry import operation
from remit.store import Transaction
from remit.trail import Accesses, accesses

_NO_ENTITY = "The organization has no entity with the path {path}."
_NO_POLICY = "The organization has no policy with the id {id}."


@operation("GenerateOrganizationsAccessReport")
def generate_organizations_access_report(
    call: Call[shapes.GenerateOrganizationsAccessReportRequest], tx: Transaction
) -> shapes.GenerateOrganizationsAccessReportResponse:
    """Make a report on the accounts of an organization, or on one of them; it is complete when its id is given."""
    organization = _managed_organization(call, tx)
    path = call.input["EntityPath"].rstrip("/")
    asked = _asked(tx, organization, path, call.input.get("OrganizationsPolicyId"))
    failure = asked if isinstance(asked, str) else ""

    def work() -> list[ServiceUse]:
        if isinstance(asked, str):
            return []
        since = call.at - TRACKED
        each = [(account, accesses(tx.look_up, account, since=since, until=call.at)) for account in asked.accounts]
        return _service_uses(services_left(asked.levels), each)

    report = directory.create_report(
        tx,
        call.account,
        call.account,
        entity_path=path,
        services=() if failure else call.slowly("services", work),
        failure=failure,
        at=call.at,
    )
    return {"JobId": report.id}


def _managed_organization(call: Call[Any], tx: Transaction) -> Organization:
    organization = organization_of(tx, call.account)
    if organization is None or not organization.is_managed_by(call.account):
        raise AccessDenied("You must be signed in with credentials of the organization's management account.")
    if PolicyType.SERVICE_CONTROL not in organization.policy_types:
        raise AccessDenied("Service control policies must be enabled for the organization.")
    return organization


def _asked(tx: Transaction, organization: Organization, path: str, policy_id: str | None) -> Entity | str:
    """Return what the report is about, or why there is none; of the management account policies say nothing."""
    entity = entity_at(tx, organization, path)
    if entity is None:
        return _NO_ENTITY.format(path=path)
    if policy_id is None or entity.levels is None:
        return entity
    policy = control_policy(tx, organization, policy_id)
    return _NO_POLICY.format(id=policy_id) if policy is None else limited_to(tx, organization, entity, policy)


def _service_uses(prefixes: Sequence[str], found: Sequence[tuple[AccountId, Accesses]]) -> list[ServiceUse]:
    uses: dict[str, dict[AccountId, Use]] = {prefix: {} for prefix in prefixes}
    for account, account_accesses in found:
        for (_, prefix), attempt in account_accesses.services.items():
            held = uses.get(prefix, {}).get(account)
            if prefix in uses and (held is None or attempt.at > held.at):
                uses[prefix][account] = Use(by=account, at=attempt.at, region=attempt.region)
    return [
        ServiceUse(prefix=prefix, uses=tuple(sorted(by_account.values(), key=_at, reverse=True)))
        for prefix, by_account in uses.items()
    ]


def _at(use: Use) -> datetime:
    return use.at


# -- what a report shows


def _last_at(service: ServiceUse) -> float:
    return service.uses[0].at.timestamp() if service.uses else 0.0


_SORTED: dict[str, tuple[Callable[[ServiceUse], Any], bool]] = {
    "SERVICE_NAMESPACE_ASCENDING": (lambda service: service.prefix, False),
    "SERVICE_NAMESPACE_DESCENDING": (lambda service: service.prefix, True),
    "LAST_AUTHENTICATED_TIME_ASCENDING": (_last_at, False),
    "LAST_AUTHENTICATED_TIME_DESCENDING": (_last_at, True),
}


@operation("GetOrganizationsAccessReport")
def get_organizations_access_report(
    call: Call[shapes.GetOrganizationsAccessReportRequest], tx: Transaction
) -> dict[str, Any]:
    """Show a report of the organization, or why there is none."""
    organization = _managed_organization(call, tx)
    report = directory.access_report(tx, call.account, call.account, call.input["JobId"], at=call.at)
    if not report.entity_path:
        raise NotFound(Noun.ACCESS_REPORT, report.id)
    at = whole_second(report.created_at)
    if report.failure:
        return {
            "JobStatus": "FAILED",
            "JobCreationDate": at,
            "JobCompletionDate": at,
            "ErrorDetails": {"Code": "NoSuchEntity", "Message": report.failure},
        }
    key, reverse = _SORTED[call.input.get("SortKey", "SERVICE_NAMESPACE_ASCENDING")]
    shown, more = numbered_page(call, tx, sorted(report.services, key=key, reverse=reverse))
    return {
        "JobStatus": "COMPLETED",
        "JobCreationDate": at,
        "JobCompletionDate": at,
        "NumberOfServicesAccessible": len(report.services),
        "NumberOfServicesNotAccessed": sum(not service.uses for service in report.services),
        "AccessDetails": [_detail(tx, organization, service) for service in shown],
        **more,
    }


def _detail(tx: Transaction, organization: Organization, service: ServiceUse) -> shapes.AccessDetail:
    shape: shapes.AccessDetail = {
        "ServiceName": service_names()[service.prefix],
        "ServiceNamespace": service.prefix,
        "TotalAuthenticatedEntities": len(service.uses),
    }
    if service.uses:
        last = service.uses[0]
        shape["LastAuthenticatedTime"] = last.at
        shape["Region"] = last.region
        account = find_member(tx, organization, last.by)  # where it is now; one that left was in the root at last
        parent = organization.root if account is None else membership_of(account).parent
        shape["EntityPath"] = f"{path_to(tx, organization, parent)}{last.by}"
    return shape
