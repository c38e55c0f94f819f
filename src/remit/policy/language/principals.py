"""The names that an `AWS` entry of a `Principal` may use for a caller.

Source: `policy-evaluation` reference, 2.3, table of callers and P1 to P4.
"""

from remit.policy.language.request import Principal, PrincipalKind


def own_names(principal: Principal) -> frozenset[str]:
    """Return what names this caller and nobody else: the user's or session's ARN and id (P1)."""
    match principal.kind:
        case PrincipalKind.USER | PrincipalKind.ROLE_SESSION:
            return _without_empty(principal.arn, principal.id)
        case PrincipalKind.FEDERATED_USER:
            return _without_empty(principal.arn)
        case _:
            return frozenset()


def role_names(principal: Principal) -> frozenset[str]:
    """Return what names the role behind a session (P2), or the user who federated (P3)."""
    match principal.kind:
        case PrincipalKind.ROLE_SESSION:
            return _without_empty(principal.role_arn, principal.role_id)
        case PrincipalKind.FEDERATED_USER:
            return _without_empty(principal.user_arn, principal.user_id)
        case _:
            return frozenset()


def account_names(principal: Principal) -> frozenset[str]:
    """Return what names the caller's account: its id, and its root user's ARN in the caller's partition (P4)."""
    if not principal.account:
        return frozenset()
    _, _, rest = principal.arn.partition(":")
    partition, _, _ = rest.partition(":")
    return frozenset({principal.account, f"arn:{partition or 'aws'}:iam::{principal.account}:root"})


def _without_empty(*names: str) -> frozenset[str]:
    return frozenset(name for name in names if name)
