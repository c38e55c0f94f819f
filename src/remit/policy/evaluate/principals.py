"""Whom a statement means: what does not depend on anything but the caller, and so is asked once for each of them.

Source: `policy-evaluation` reference, 2.3.
"""

from remit.policy.language.document import Effect, Principals, PrincipalType, Statement
from remit.policy.language.layers import Named
from remit.policy.language.principals import account_names, own_names, role_names
from remit.policy.language.request import Principal, PrincipalKind


def named_by(statement: Statement, principal: Principal) -> Named | None:
    """Say how *statement* names *principal*; None if it does not mean them."""
    if statement.not_principal is not None:
        named = _named(statement.not_principal, principal)
        if named is None or (named is not Named.DIRECT and statement.effect is Effect.DENY):
            return Named.DIRECT
        return None
    return None if statement.principal is None else _named(statement.principal, principal)


def _named(principals: Principals, principal: Principal) -> Named | None:
    if principals.is_everyone or any(entry.is_everyone for entry in principals.entries):
        return Named.DIRECT
    written = {kind: {entry.name for entry in principals.entries if entry.type is kind} for kind in PrincipalType}
    match principal.kind:
        case PrincipalKind.SERVICE:
            return Named.DIRECT if written[PrincipalType.SERVICE].intersection(principal.names) else None
        case PrincipalKind.OIDC | PrincipalKind.SAML:
            return Named.DIRECT if principal.provider in written[PrincipalType.FEDERATED] else None
        case PrincipalKind.ANONYMOUS:
            return None
        case _:
            return _named_by_aws(written[PrincipalType.AWS], written[PrincipalType.CANONICAL_USER], principal)


def _named_by_aws(names: set[str], canonical_ids: set[str], principal: Principal) -> Named | None:
    if names & own_names(principal):
        return Named.DIRECT
    if names & role_names(principal):
        return Named.ROLE
    if names & account_names(principal) or (principal.canonical_id and principal.canonical_id in canonical_ids):
        return Named.DIRECT if principal.kind is PrincipalKind.ROOT else Named.ACCOUNT
    return None
