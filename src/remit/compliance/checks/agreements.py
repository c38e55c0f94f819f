"""Every account that needs an agreement with the provider is covered by one.

Source: `artifact` reference, 6; `shared-responsibility` reference, SR-F1; Artifact API reference,
ListCustomerAgreements.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from remit.compliance.checks.check import Account, Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.organization_tree import DESCRIBED
from remit.compliance.checks.seen import Seen

_AGREEMENTS, _TAGS = "artifact:ListCustomerAgreements", "organizations:ListTagsForResource"
# What AWS calls it; both flavours, of an account and of an organization.
_HEALTH = "business associate"
_NONDISCLOSURE = "nondisclosure"
_WHOSE = frozenset({"aws", "account", "accounts", "for", "organization", "organizations"})


def _active(seen: Seen) -> list[Mapping[str, Any]]:
    listed = seen.items(_AGREEMENTS, "customerAgreements")
    return [one for one in listed if one["state"] == "ACTIVE" and not _has_ended(one, seen)]


def _has_ended(agreement: Mapping[str, Any], seen: Seen) -> bool:
    end = agreement.get("effectiveEnd")
    return end is not None and seen.now.isoformat() >= end.replace("Z", "+00:00")


@check("agr.baa", version=1, each=Account(), reads=(_AGREEMENTS, DESCRIBED, _TAGS))
def business_associate(_account: Subject, seen: Seen) -> Judgement:
    """Health data is where the agreement on it is in force."""
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization, so no tag says that it holds health data")
    tags = {tag["Key"]: tag["Value"] for tag in seen.organization.items(_TAGS, "Tags", ResourceId=seen.account)}
    if tags.get("DataClass") != seen.parameters.health_class:
        return not_applicable("the account is not tagged as one with health data")
    for agreement in _active(seen):
        if _HEALTH in agreement["name"].lower():
            of = "organization" if agreement.get("organizationArn") else "account"
            return passed(f"{agreement['name']} of the {of} is in force since {agreement['effectiveStart'][:10]}")
    return failed("holds health data, and no business associate addendum is in force")


def _own(seen: Seen) -> Iterator[Subject]:
    for one in _active(seen):
        yield Subject(one["arn"], "", one)


@check(
    "agr.org", version=1, each=Derived("agreements", _own, frozenset((_AGREEMENTS,))), reads=(DESCRIBED, _AGREEMENTS)
)
def of_organization(agreement: Subject, seen: Seen) -> Judgement:
    """What one account accepted covers that account alone; the organization's covers those to come."""
    name = agreement["name"]
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization")
    if _NONDISCLOSURE in name.lower():
        return not_applicable(f"{name} is there for accounts only")
    about = _about(name)
    for other in _active(seen):
        if other.get("organizationArn") and _about(other["name"]) == about:
            return passed(f"{other['name']} covers every account of the organization")
    return failed(f"{name} covers this account alone: the next one begins without it")


def _about(name: str) -> frozenset[str]:
    """Return what an agreement is about, whoever it is for: those of accounts and of organizations differ in a word."""
    return frozenset(name.lower().split()) - _WHOSE
