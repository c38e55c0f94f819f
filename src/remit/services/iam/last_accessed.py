"""Access advisor: when users, groups, roles and policies last used the services that they give access to.

The trail answers. Every attempt of the last 400 days counts, also what was refused.
Source: `iam-sts` reference, section 15; IAM API reference, GenerateServiceLastAccessedDetails.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from remit.clock import whole_second
from remit.directory import access_reports as directory
from remit.directory.access_reports import TRACKED, AccessReport, ServiceUse, Use
from remit.directory.attachments import Holder, policy_by_arn
from remit.directory.groups import GROUPS, Group, members
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS, User
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.granted_services import granted_services, holder_named, permissions_policies, service_names
from remit.services.iam.pages import numbered_page, page
from remit.services.iam.registry import operation
from remit.store import Transaction
from remit.trail import Accesses, Attempt, accesses

_SERVICE_LEVEL, _ACTION_LEVEL = "SERVICE_LEVEL", "ACTION_LEVEL"


@operation("GenerateServiceLastAccessedDetails")
def generate_service_last_accessed_details(
    call: Call[shapes.GenerateServiceLastAccessedDetailsRequest], tx: Transaction
) -> shapes.GenerateServiceLastAccessedDetailsResponse:
    """Make a report on a user, group, role or managed policy; it is complete when its id is given."""
    documents, entities = _subject(call, tx, call.input["Arn"])
    granularity = call.input.get("Granularity", _SERVICE_LEVEL)
    account, at = call.account, call.at

    def work() -> list[ServiceUse]:
        found = accesses(tx.look_up, account, since=at - TRACKED, until=at)
        services = frozenset[str]().union(*map(granted_services, documents))
        return service_uses(found, services, entities, actions=granularity == _ACTION_LEVEL)

    services = call.slowly("services", work)
    report = directory.create_report(
        tx,
        account,
        call.caller.entity_id,
        granularity=granularity,
        entities=entities,
        services=services,
        at=at,
    )
    return {"JobId": report.id}


def _subject(call: Call[Any], tx: Transaction, arn: str) -> tuple[list[str], list[str]]:
    """Return the documents whose services are reported, and the ids of the users and roles whose uses are."""
    if ":policy/" in arn:
        policy = policy_by_arn(tx, call.account, arn)
        key = (call.account, policy.arn)
        holders: list[Holder] = [*tx.select(USERS, "policy", key), *tx.select(ROLES, "policy", key)]
        holders += [user for group in tx.select(GROUPS, "policy", key) for user in members(tx, group)]
        return [policy.document], list(dict.fromkeys(holder.id for holder in holders))
    holder = holder_named(call, tx, arn)
    documents = [document for _, document in permissions_policies(tx, holder)]
    return documents, [user.id for user in members(tx, holder)] if isinstance(holder, Group) else [holder.id]


def service_uses(
    found: Accesses, services: Iterable[str], principals: Iterable[str], *, actions: bool
) -> list[ServiceUse]:
    """Say who of *principals* used which of *services* when; with *actions*, which actions, too."""
    uses: dict[str, list[Use]] = {prefix: [] for prefix in sorted(services)}
    by_action: dict[str, dict[str, Use]] = {prefix: {} for prefix in uses}
    wanted = set(principals)
    for (principal, prefix), attempt in found.services.items():
        if principal in wanted and prefix in uses:
            uses[prefix].append(_use(principal, attempt))
    for (principal, prefix, action), attempt in found.actions.items() if actions else ():
        if principal in wanted and prefix in uses:
            use, held = _use(principal, attempt), by_action[prefix].get(action)
            if held is None or use.at > held.at:
                by_action[prefix][action] = use
    return [
        ServiceUse(
            prefix=prefix,
            uses=tuple(sorted(uses[prefix], key=_at, reverse=True)),
            actions=dict(sorted(by_action[prefix].items())),
        )
        for prefix in uses
    ]


def _use(principal: str, attempt: Attempt) -> Use:
    return Use(by=principal, at=attempt.at, region=attempt.region)


def _at(use: Use) -> datetime:
    return use.at


# -- what a report shows


def _report(call: Call[Any], tx: Transaction) -> AccessReport:
    return directory.access_report(tx, call.account, call.caller.entity_id, call.input["JobId"], at=call.at)


def _principal(tx: Transaction, id_: str) -> User | Role | None:
    return tx.get(USERS, id_) or tx.get(ROLES, id_)


@operation("GetServiceLastAccessedDetails")
def get_service_last_accessed_details(
    call: Call[shapes.GetServiceLastAccessedDetailsRequest], tx: Transaction
) -> dict[str, Any]:
    """Show a report: the services that could be used, and who used each of them last."""
    report = _report(call, tx)
    services, more = page(call, tx, report.services, lambda service: service.prefix)
    return {
        "JobStatus": "COMPLETED",
        "JobType": report.granularity,
        "JobCreationDate": whole_second(report.created_at),
        "JobCompletionDate": whole_second(report.created_at),
        "ServicesLastAccessed": [_service(tx, service) for service in services],
        **more,
    }


def _service(tx: Transaction, service: ServiceUse) -> shapes.ServiceLastAccessed:
    shape: shapes.ServiceLastAccessed = {
        "ServiceName": service_names()[service.prefix],
        "ServiceNamespace": service.prefix,
        "TotalAuthenticatedEntities": len(service.uses),
    }
    if service.uses:
        last = service.uses[0]
        shape["LastAuthenticated"] = last.at
        shape["LastAuthenticatedRegion"] = last.region
        if (principal := _principal(tx, last.by)) is not None:
            shape["LastAuthenticatedEntity"] = principal.arn
    if service.actions:
        shape["TrackedActionsLastAccessed"] = [_action(tx, name, use) for name, use in service.actions.items()]
    return shape


def _action(tx: Transaction, name: str, use: Use) -> shapes.TrackedActionLastAccessed:
    shape: shapes.TrackedActionLastAccessed = {
        "ActionName": name,
        "LastAccessedTime": use.at,
        "LastAccessedRegion": use.region,
    }
    if (principal := _principal(tx, use.by)) is not None:
        shape["LastAccessedEntity"] = principal.arn
    return shape


@operation("GetServiceLastAccessedDetailsWithEntities")
def get_service_last_accessed_details_with_entities(
    call: Call[shapes.GetServiceLastAccessedDetailsWithEntitiesRequest], tx: Transaction
) -> dict[str, Any]:
    """Show who could have used a service, and when each of them last did; the newest use first."""
    report = _report(call, tx)
    wanted = call.input["ServiceNamespace"]
    service = next((service for service in report.services if service.prefix == wanted), None)
    uses = {} if service is None else {use.by: use.at for use in service.uses}
    ids = [] if service is None else [*uses, *(id_ for id_ in report.entities if id_ not in uses)]
    entities = [principal for id_ in ids if (principal := _principal(tx, id_)) is not None]
    shown, more = numbered_page(call, tx, entities)
    return {
        "JobStatus": "COMPLETED",
        "JobCreationDate": whole_second(report.created_at),
        "JobCompletionDate": whole_second(report.created_at),
        "EntityDetailsList": [_entity(principal, uses.get(principal.id)) for principal in shown],
        **more,
    }


def _entity(principal: User | Role, at: datetime | None) -> shapes.EntityDetails:
    shape: shapes.EntityDetails = {
        "EntityInfo": {
            "Arn": principal.arn,
            "Name": principal.name,
            "Type": "USER" if isinstance(principal, User) else "ROLE",
            "Id": principal.id,
            "Path": principal.path,
        }
    }
    if at is not None:
        shape["LastAuthenticated"] = at
    return shape
