"""Whom trust policies may mean, told from the policies themselves, before the engine is asked.

Source: IAM User Guide, "AWS JSON policy elements: Principal".
"""

from functools import lru_cache

from remit.compliance.checks.identities import Identity
from remit.policy import (
    Document,
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    PrincipalType,
    Request,
    Resource,
    ResourceKind,
    Verdict,
)
from remit.policy.evaluate import Compiled
from remit.policy.language.document import Effect

_KEPT = 8_192


def may_admit(document: Document, identity: Identity, *, named: bool = False) -> bool:
    """Whether a trust policy might let an identity of the role's own account in.

    Args:
        named: whether it must be named itself: then it needs no policy of its own.
    """
    names = principals_of(document)
    if identity.arn in names:
        return True
    if "*" in names or "*!" in names:
        return True
    account = identity.principal.account
    return not named and (account in names or f"arn:{identity.arn.split(':')[1]}:iam::{account}:root" in names)


@lru_cache(maxsize=_KEPT)
def principals_of(document: Document) -> frozenset[str]:
    """Return whom statements that allow name as AWS principals: ARNs, account ids, `*`; `*!` for all but some."""
    found: set[str] = set()
    for statement in document.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        if statement.principal is None:
            found.add("*!")
        else:
            found |= {"*"} if statement.principal.is_everyone else set()
            found |= {one.name for one in statement.principal.entries if one.type is PrincipalType.AWS}
    return frozenset(found)


@lru_cache(maxsize=_KEPT)
def providers_of(document: Document) -> frozenset[str]:
    """Return which identity providers statements that allow name."""
    return frozenset(
        one.name
        for statement in document.statements
        if statement.effect is Effect.ALLOW and statement.principal is not None
        for one in statement.principal.entries
        if one.type is PrincipalType.FEDERATED
    )


@lru_cache(maxsize=_KEPT)
def admits_service(trust: Policy, service: str) -> bool:
    """Whether a trust policy lets a service assume the role, as far as no condition says otherwise."""
    bare = Compiled(Policies(resource=trust))
    request = Request(
        principal=Principal(kind=PrincipalKind.SERVICE, names=(service,)),
        action="sts:AssumeRole",
        resource=Resource(arn="arn:aws:iam::000000000000:role/r", kind=ResourceKind.ROLE),
        context={},
    )
    if bare.verdict(request) is Verdict.ALLOW:
        return True
    return any(
        statement.effect is Effect.ALLOW
        and statement.conditions
        and statement.principal is not None
        and any(one.type is PrincipalType.SERVICE and one.name == service for one in statement.principal.entries)
        for statement in trust.document.statements
    )
