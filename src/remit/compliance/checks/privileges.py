"""Everybody can do what their work needs and no more: what policies say, and what nobody uses.

Source: `shared-responsibility` reference, 4 and 5, SR-I3; CIS AWS Foundations 6.0, 2.15, 2.16; FSBP IAM.1, IAM.21.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from remit.compliance.checks.check import Account, Derived, Each, Region, Subject, check
from remit.compliance.checks.control_policies import CONTROL_READS, organization_id, own_levels
from remit.compliance.checks.credential_report import days_since
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed, unknown
from remit.compliance.checks.identities import DETAILS, IDENTITY_READS, Identities, Identity, identities
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.rights import May, Rights
from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.checks.trusts import principals_of, providers_of
from remit.policy import Document, Policy, Principal, PrincipalKind
from remit.policy.language.document import Effect

UNUSED_DAYS = 90
_ANALYZERS = "accessanalyzer:ListAnalyzers"
_ROLES = Each(DETAILS, "RoleDetailList", "Arn")
_SUPPORT = "support:CreateCase"


def _policies(seen: Seen) -> Iterator[Subject]:
    """List the policies that are attached to somebody, inline ones among them."""
    known = identities(seen)
    for arn, places in sorted(known.attached.items()):
        yield Subject(arn, "", {"document": known.managed[arn].document, "places": places})
    for at, name, document in known.inline:
        yield Subject(f"{at}/{name}", "", {"document": document, "places": (at,)})
    for arn in known.missing:
        yield Subject(arn, "", {"document": None, "places": ()})


def _customer_policies(seen: Seen) -> Iterator[Subject]:
    known = identities(seen)
    for arn, managed in sorted(known.managed.items()):
        if managed.is_customer:
            yield Subject(arn, "", {"document": managed.document, "places": known.attached.get(arn, ())})


def _are_approved(places: Sequence[str], known: Identities, approved: Sequence[str]) -> bool:
    """Whether all that a policy is attached to are approved administrators; a group is if its members are."""
    people = [one for place in places for one in (known.members.get(place, ()) if ":group/" in place else (place,))]
    return bool(people) and all(fits_any(one, approved) for one in people)


@check("iam.priv.admin", version=1, each=Derived("attached policies", _policies, frozenset(IDENTITY_READS)))
def admin(policy: Subject, seen: Seen) -> Judgement:
    """No policy allows everything, except to those who are meant to have it."""
    document = policy["document"]
    if document is None:
        return unknown(f"its document is not in {DETAILS}")
    if _is_everything(document) is May.NO:
        return passed("does not allow everything")
    known = identities(seen)
    if _are_approved(policy["places"], known, seen.parameters.administrators):
        return passed("allows everything, to approved administrators only")
    return failed(f"allows everything, and is attached to {', '.join(policy['places'])}")


def _is_everything(document: Document) -> May:
    principal = Principal(kind=PrincipalKind.USER, arn="arn:aws:iam::000000000000:user/x", account="000000000000")
    return Rights(Identity(principal.arn, "x", principal, (Policy(document),)), None).has_everything()


@check("iam.priv.wildcard", version=1, each=Derived("policies", _customer_policies, frozenset(IDENTITY_READS)))
def wildcard(policy: Subject, seen: Seen) -> Judgement:
    """No policy of one's own allows all of a service on everything."""
    for statement in policy["document"].statements:
        if statement.effect is not Effect.ALLOW or not any(one.is_everything for one in statement.resources):
            continue
        for pattern in statement.actions:
            if pattern.text == "*" or pattern.text.endswith(":*"):
                if _are_approved(policy["places"], identities(seen), seen.parameters.administrators):
                    return passed(f"allows {pattern.text} on everything, to approved administrators only")
                return failed(f"allows {pattern.text} on everything")
    return passed("allows no service as a whole on everything")


@check("iam.priv.support", version=1, each=Account(), reads=(*IDENTITY_READS, *CONTROL_READS))
def support(_account: Subject, seen: Seen) -> Judgement:
    """Somebody may ask AWS for help when it matters."""
    levels, organization = own_levels(seen), organization_id(seen)
    unread = ""
    for one in identities(seen).all:
        if one.trust is None or one.is_service_linked:
            continue
        if not principals_of(one.trust.document) and not providers_of(one.trust.document):
            continue
        if one.unread:
            unread = one.unread
        elif Rights(one, levels, organization).may(_SUPPORT, "*") is May.YES:
            return passed(f"{one.arn} may open cases")
    if unread:
        raise Unread(unread)
    return failed("no role that somebody may assume may open cases with AWS Support")


@check("iam.priv.unused", version=1, each=_ROLES)
def unused(role: Subject, seen: Seen) -> Judgement:
    """A role that nobody uses is none."""
    if role["Path"].startswith("/aws-service-role/"):
        return not_applicable("AWS made the role for one of its services")
    if days_since(datetime.fromisoformat(role["CreateDate"]), seen.now) < UNUSED_DAYS:
        return not_applicable(f"is younger than {UNUSED_DAYS} days")
    used = role["RoleLastUsed"].get("LastUsedDate")
    if used is None:
        return failed("was never used in the time that IAM remembers")
    days = days_since(datetime.fromisoformat(used), seen.now)
    if days >= UNUSED_DAYS:
        return failed(f"was not used for {days} days")
    return passed(f"was used {days} days ago")


@check("iam.priv.analyzer", version=1, each=Region(), reads=(_ANALYZERS,))
def analyzer(region: Subject, seen: Seen) -> Judgement:
    """Somebody looks for what is shared with others."""
    for one in seen.items(_ANALYZERS, "analyzers", region.region):
        if one["type"] in ("ACCOUNT", "ORGANIZATION") and one["status"] == "ACTIVE":
            return passed(f"analyzer {one['name']} looks for what is shared with others")
    return failed("no analyzer looks for what is shared with others")
