"""Accounts and units keep workloads apart, and guardrails are on.

What only the management account sees is judged by its snapshot, in every member's cells.
Source: `shared-responsibility` reference, 4 and 5, SR-O1, SR-O2; CIS AWS Foundations 7.0, 2.1.
"""

from collections.abc import Iterator

from remit.compliance.checks.check import Account, Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.organization_tree import (
    ATTACHED_READS,
    DESCRIBED,
    FULL_ACCESS,
    ROOTS,
    SCP,
    TREE_READS,
    attached,
    is_management,
    members,
    tree,
)
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.places import DATABASES, FUNCTIONS, INSTANCES, things
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.trails import BUCKETS, TRAILS, bucket_subjects

_TAGS = "organizations:ListTagsForResource"
_ADMINISTRATORS = "organizations:ListDelegatedAdministrators"
_DELEGATED = "organizations:ListDelegatedServicesForAccount"
_TRUSTED = "organizations:ListAWSServiceAccessForOrganization"
_ALONE = "the account is in no organization"
_WORKLOADS = (INSTANCES, DATABASES, FUNCTIONS)
_WORKLOAD_READS = tuple(kind.read for kind in _WORKLOADS)
# Services whose delegated administrators see the security of all accounts.
SECURITY_SERVICES = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "access-analyzer",
        "audit-manager",
        "auditmanager",
        "cloudtrail",
        "config",
        "config-multiaccountsetup",
        "detective",
        "guardduty",
        "inspector2",
        "macie",
        "securityhub",
        "security-ir",
    )
)


@check("org.guard.enabled", version=1, each=Account(), reads=(DESCRIBED, ROOTS))
def guardrails_enabled(_account: Subject, seen: Seen) -> Judgement:
    """The organization can limit its members."""
    described = seen.maybe(DESCRIBED)
    if described is None:
        return not_applicable(_ALONE)
    features = described["Organization"]["FeatureSet"]
    if features != "ALL":
        return failed(f"the organization has the feature set {features}: no policy binds members")
    for root in seen.organization.items(ROOTS, "Roots"):
        if {"Type": SCP, "Status": "ENABLED"} not in root["PolicyTypes"]:
            return failed(f"service control policies are not enabled in the root {root['Id']}")
    return passed("service control policies bind members")


@check("org.guard.coverage", version=1, each=Derived("members", members, frozenset(TREE_READS)), reads=ATTACHED_READS)
def guardrails_coverage(member: Subject, seen: Seen) -> Judgement:
    """Some guardrail binds every member."""
    known, on = tree(seen), attached(seen)
    if SCP not in known.policy_types:
        return failed("service control policies are not enabled")
    found = [policy for place in known.path(member["account"]) for policy in on.get(place, ()) if policy != FULL_ACCESS]
    if found:
        return passed(f"is bound by {', '.join(dict.fromkeys(found))}")
    return failed("no service control policy but FullAWSAccess is on it or above it")


@check("org.tree.units", version=1, each=Derived("members", members, frozenset(TREE_READS)))
def units(member: Subject, seen: Seen) -> Judgement:
    """Members are in units."""
    known = tree(seen)
    above = known.units_above(member["account"])
    return passed(f"is in the unit {'/'.join(above)}") if above else failed("is directly in the root, in no unit")


def _units(seen: Seen) -> Iterator[Subject]:
    if not seen.is_in_organization:
        return
    known = tree(seen)
    own = set(known.path(seen.account)) if not is_management(seen) else set(known.names)
    for unit in sorted(own & known.names.keys() & known.parents.keys()):
        yield Subject(unit, "", {"name": known.names[unit]})


@check("org.tree.environments", version=1, each=Derived("units", _units, frozenset(TREE_READS)), reads=(_TAGS,))
def environments(unit: Subject, seen: Seen) -> Judgement:
    """Production and what is not are in units of their own."""
    known, organization = tree(seen), seen.organization
    found: dict[str, str] = {}
    untagged: list[str] = []
    for account, parent in sorted(known.parents.items()):
        if parent != unit.name or account not in known.accounts:
            continue
        tags = {tag["Key"]: tag["Value"] for tag in organization.items(_TAGS, "Tags", ResourceId=account)}
        if tags.get("Environment"):
            found.setdefault(tags["Environment"], account)
        else:
            untagged.append(account)
    if len(found) > 1:
        shown = " and ".join(f"{environment} ({account})" for environment, account in sorted(found.items()))
        return failed(f"the unit {unit['name']} mixes {shown}")
    if not found:
        return not_applicable(f"no account of the unit {unit['name']} has a tag Environment")
    more = f", {len(untagged)} without a tag" if untagged else ""
    return passed(f"the unit {unit['name']} holds {next(iter(found))}{more}")


@check("org.tree.management", version=1, each=Account(), reads=(DESCRIBED, *_WORKLOAD_READS))
def management(_account: Subject, seen: Seen) -> Judgement:
    """No guardrail reaches the management account, so nothing runs there."""
    if not seen.is_in_organization:
        return not_applicable(_ALONE)
    if not is_management(seen):
        return not_applicable("the account is a member")
    found = next(things(seen, _WORKLOADS), None)
    if found is not None:
        return failed(f"the management account runs {found.name}, where no guardrail reaches")
    return passed("nothing runs in the management account")


@check(
    "org.tree.security",
    version=1,
    each=Account(),
    reads=(DESCRIBED, _ADMINISTRATORS, _DELEGATED, TRAILS, BUCKETS, *_WORKLOAD_READS),
)
def security(_account: Subject, seen: Seen) -> Judgement:
    """Records and the security team's tools are in accounts of their own."""
    if not seen.is_in_organization:
        return not_applicable(_ALONE)
    kept = [bucket["Name"] for bucket in bucket_subjects(seen) if any(_is_of_all(one) for one in bucket["trails"])]
    organization = seen.organization
    delegated: list[str] = []
    if any(one["Id"] == seen.account for one in organization.items(_ADMINISTRATORS, "DelegatedAdministrators")):
        services = organization.items(_DELEGATED, "DelegatedServices", AccountId=seen.account)
        delegated = sorted({one["ServicePrincipal"] for one in services} & SECURITY_SERVICES)
    if not kept and not delegated:
        return not_applicable("neither keeps the organization's records nor administers its security")
    task = f"keeps the organization's records in {kept[0]}" if kept else f"administers {delegated[0]} for all"
    if is_management(seen):
        return failed(f"the management account {task}")
    found = next(things(seen, _WORKLOADS), None)
    return failed(f"{task}, and runs {found.name}") if found is not None else passed(f"{task}, and runs nothing else")


def _is_of_all(trail: object) -> bool:
    return bool(getattr(trail, "members", {}).get("IsOrganizationTrail"))


def _pairs(seen: Seen) -> Iterator[Subject]:
    if not seen.is_in_organization:
        return
    organization = seen.organization
    for one in organization.items(_ADMINISTRATORS, "DelegatedAdministrators"):
        for service in organization.items(_DELEGATED, "DelegatedServices", AccountId=one["Id"]):
            pair = {"account": one["Id"], "service": service["ServicePrincipal"]}
            yield Subject(f"{one['Id']}/{service['ServicePrincipal']}", "", pair)


@check(
    "org.delegated",
    version=1,
    each=Derived("delegated administrators", _pairs, frozenset((DESCRIBED, _ADMINISTRATORS, _DELEGATED))),
    reads=TREE_READS,
)
def delegated_administrators(pair: Subject, seen: Seen) -> Judgement:
    """Who administers a service for all is known."""
    account, service = pair["account"], pair["service"]
    approved = dict(seen.parameters.delegated_administrators)
    if service not in approved.get(account, ()):
        return failed(f"{account} administers {service} for the organization, and nobody has approved it")
    for unit in tree(seen).units_above(account):
        if fits_any(unit.lower(), seen.parameters.workload_units):
            return failed(f"{account} administers {service} for the organization from {unit}, a unit of workloads")
    return passed(f"{account} is approved to administer {service}")


def _services(seen: Seen) -> Iterator[Subject]:
    if not seen.is_in_organization:
        return
    for one in seen.organization.items(_TRUSTED, "EnabledServicePrincipals"):
        yield Subject(one["ServicePrincipal"], "", one)


@check(
    "org.delegated.trusted", version=1, each=Derived("trusted services", _services, frozenset((DESCRIBED, _TRUSTED)))
)
def trusted_services(service: Subject, seen: Seen) -> Judgement:
    """Which services act in all accounts is known."""
    if fits_any(service.name, seen.parameters.trusted_services):
        return passed("is approved to act in all accounts")
    return failed("may act in all accounts, and nobody has approved it")
