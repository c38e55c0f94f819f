"""`userIdentity`: who did it, as CloudTrail tells it.

Source: `trail-records` reference, table of `userIdentity`; CloudTrail User Guide, "CloudTrail userIdentity element".
"""

from typing import Any

from remit.request import Caller, CallerKind, Session, SessionKind


def user_identity(caller: Caller) -> dict[str, Any]:
    """Return the `userIdentity` of a verified caller."""
    match caller.kind:
        case CallerKind.ANONYMOUS:
            return {"type": "Unknown"}
        case CallerKind.ROOT:
            identity = _identity("Root", caller)
        case CallerKind.USER:
            identity = {**_identity("IAMUser", caller), "userName": caller.name}
        case CallerKind.ROLE_SESSION:
            identity = _identity("AssumedRole", caller)
        case CallerKind.FEDERATED_USER:
            identity = _identity("FederatedUser", caller)
        case CallerKind.WEB_IDENTITY | CallerKind.SAML:
            return _vouched_for(caller)
    if caller.session is not None:
        identity["sessionContext"] = _session_context(caller, caller.session)
    return identity


def _vouched_for(caller: Caller) -> dict[str, Any]:
    """Return the identity of somebody who did not sign, but whom an identity provider vouches for."""
    federation = caller.federation
    if federation is None:
        raise AssertionError(f"nobody vouches for {caller!r}")
    return {
        "type": caller.kind.value,
        "principalId": caller.principal_id,
        "userName": federation.subject,
        "identityProvider": federation.issuer,
    }


def foreign_identity(caller: Caller) -> dict[str, Any]:
    """Return the `userIdentity` that the owner of a resource sees of a caller from another account."""
    return {"type": "AWSAccount", "principalId": caller.principal_id, "accountId": caller.account}


def name_of(caller: Caller) -> str:
    """Return what `LookupEvents` calls the user: the user's name, the session's, `root`; empty for nobody."""
    match caller.kind:
        case CallerKind.ROOT:
            return "root"
        case CallerKind.ROLE_SESSION | CallerKind.FEDERATED_USER:
            return caller.session.name if caller.session is not None else ""
        case CallerKind.WEB_IDENTITY | CallerKind.SAML:
            return caller.federation.subject if caller.federation is not None else ""
        case _:
            return caller.name


def _identity(kind: str, caller: Caller) -> dict[str, Any]:
    return {
        "type": kind,
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account,
        "accessKeyId": caller.access_key_id,
    }


def _session_context(caller: Caller, session: Session) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if caller.kind is CallerKind.FEDERATED_USER:
        is_root = caller.entity_id == caller.account
        name = "root" if is_root else f"user{caller.path}{caller.name}"
        context["sessionIssuer"] = {
            "type": "Root" if is_root else "IAMUser",
            "principalId": caller.entity_id,
            "arn": f"arn:{caller.partition}:iam::{caller.account}:{name}",
            "accountId": caller.account,
            **({} if is_root else {"userName": caller.name}),
        }
    if caller.kind is CallerKind.ROLE_SESSION:
        context["sessionIssuer"] = {
            "type": "Role",
            "principalId": caller.entity_id,
            "arn": caller.issuer_arn,
            "accountId": caller.account,
            "userName": caller.name,
        }
    if session.kind is SessionKind.WEB_IDENTITY:
        context["webIdFederationData"] = {
            "federatedProvider": session.provider,
            "attributes": dict(session.provider_keys),
        }
    context["attributes"] = {
        "creationDate": session.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mfaAuthenticated": "true" if session.mfa_at is not None else "false",
    }
    if session.kind is SessionKind.ROOT:
        context["assumedRoot"] = "true"
    if session.source_identity:
        context["sourceIdentity"] = session.source_identity
    return context
