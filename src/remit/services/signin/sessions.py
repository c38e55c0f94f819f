"""Sessions that programs have of people who signed in: what `aws login` leaves behind on a device.

They are told to whom they belong, and to whoever asks for another's by its ARN or for all with `arn:aws:iam::ID:*`; a
session of somebody else is not there.
Source: the model's own text; `iam-sts` reference, section 19.
"""

from typing import Any

from remit.directory.signin_grants import REGION, SIGNIN_GRANTS, SigninGrant, order_of, revoke, signin_sessions
from remit.request import Call
from remit.services.signin import shapes
from remit.services.signin.errors import not_found
from remit.services.signin.pages import page
from remit.services.signin.registry import operation
from remit.store import Transaction

_ACTIVE, _REVOKED = "ACTIVE", "REVOKED"
_NOT_FOUND = "The session does not exist."


def _is_shown(call: Call[Any], grant: SigninGrant) -> bool:
    """Whether a session belongs to the identity that the call is about, its caller by default."""
    wanted: str = call.input.get("principalArn", call.caller.issuer_arn)
    return grant.account == call.account and wanted in (grant.principal, f"arn:aws:iam::{call.account}:*")


def _shape(grant: SigninGrant) -> shapes.Session:
    shape: shapes.Session = {
        "sessionArn": grant.arn,
        "principalArn": grant.principal,
        "status": _ACTIVE if grant.revoked_at is None else _REVOKED,
        "issuedAt": int(grant.created_at.timestamp()),
        "expiresAt": int(grant.ends_at.timestamp()),
        "clientId": grant.client_id,
        "clientType": "CLI",
    }
    if grant.is_role:
        shape["role"] = grant.principal
    return shape


def _found(call: Call[Any], tx: Transaction, arn: str) -> SigninGrant | None:
    grant = tx.get(SIGNIN_GRANTS, arn.rpartition("/")[2])
    is_there = grant is not None and grant.arn == arn and bool(grant.key) and call.at < grant.ends_at
    return grant if grant is not None and is_there and _is_shown(call, grant) else None


@operation("ListSessions")
def list_sessions(call: Call[shapes.ListSessionsInput], tx: Transaction) -> shapes.ListSessionsOutput:
    """List sessions that are not over, the oldest first; all filters count."""
    shown = [grant for grant in signin_sessions(tx, call.account, call.at) if _is_wanted(call, grant)]
    items, more = page(call, tx, shown, order_of)
    return {"items": [_shape(grant) for grant in items], **more}


def _is_wanted(call: Call[shapes.ListSessionsInput], grant: SigninGrant) -> bool:
    asked, shape = call.input, _shape(grant)
    return (
        _is_shown(call, grant)
        and asked.get("status", shape.get("status")) == shape.get("status")
        and asked.get("clientId", grant.client_id) == grant.client_id
        and asked.get("issuedAfter", shape["issuedAt"]) <= shape["issuedAt"]
        and shape["issuedAt"] < asked.get("issuedBefore", shape["issuedAt"] + 1)
    )


@operation("GetSession")
def get_session(call: Call[shapes.GetSessionInput], tx: Transaction) -> shapes.GetSessionOutput:
    """Show a session.

    Raises:
        ServiceError: it is not there, or belongs to somebody else.
    """
    grant = _found(call, tx, call.input["sessionArn"])
    if grant is None:
        raise not_found(_NOT_FOUND)
    shape: shapes.GetSessionOutput = {**_shape(grant)}  # type: ignore[typeddict-item]  # it has a session's members
    shape["issuedInRegion"] = REGION
    if grant.used_at is not None:
        shape["lastUsedAt"] = int(grant.used_at.timestamp())
    if grant.user_agent:
        shape["userAgent"] = grant.user_agent
    return shape


@operation("BatchRevokeSessions")
def batch_revoke_sessions(
    call: Call[shapes.BatchRevokeSessionsInput], tx: Transaction
) -> shapes.BatchRevokeSessionsOutput:
    """Revoke sessions, each for itself; what was revoked before succeeds again."""
    revoked: list[shapes.RevokedSession] = []
    errors: list[shapes.BatchRevokeSessionError] = []
    for arn in dict.fromkeys(call.input["sessionArns"]):
        grant = _found(call, tx, arn)
        if grant is None:
            errors.append({"sessionArn": arn, "code": "ResourceNotFoundException", "message": _NOT_FOUND})
            continue
        revoke(tx, grant, call.at)
        revoked.append({"sessionArn": arn})
    return {"revokedSessions": revoked, "errors": errors}
