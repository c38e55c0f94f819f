"""GetScopedCredentials: the caller's own session again, with less permissions or for a shorter time.

Whose session it is stays as it was, tags, MFA and source identity included. Each policy is laid over those before it:
what the new session may do, every one of them allows.
Source: STS API reference, GetScopedCredentials.
"""

from datetime import timedelta

import msgspec

from remit.clock import whole_second
from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import new_access_key_id, new_secret_access_key
from remit.request import Call, CallerKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import packed_percent, session_policies
from remit.store import Transaction

_SCOPES_MAX = 3


@operation("GetScopedCredentials")
def get_scoped_credentials(
    call: Call[shapes.GetScopedCredentialsRequest], tx: Transaction
) -> shapes.GetScopedCredentialsResponse:
    """Give the caller credentials of their session that may less, or end sooner, than those they have.

    Raises:
        AccessDenied: these are a user's or the root user's own credentials, or three policies lie over them.
        ValidationError: neither a policy nor a time is asked for.
        ServiceError: MalformedPolicyDocument, PackedPolicyTooLarge, or InsufficientSessionLifetime.
    """
    asked, session = call.input, call.caller.session
    if session is None or call.caller.kind is CallerKind.ROOT:
        raise AccessDenied("Cannot call GetScopedCredentials with IAM user or root credentials")
    if "Policy" not in asked and "DurationSeconds" not in asked:
        raise ValidationError("Either Policy or DurationSeconds must be provided.")
    policies, _ = session_policies(asked, tx, call.account)
    packed_percent(asked)
    if len(session.scopes) + len(policies) > _SCOPES_MAX:
        raise AccessDenied(f"A session can be scoped down with at most {_SCOPES_MAX} policies")
    at = whole_second(call.at)
    left = int((session.expires_at - at).total_seconds())
    seconds = asked.get("DurationSeconds", left)
    if seconds > left:
        raise ServiceError(
            "InsufficientSessionLifetimeException",
            f"The requested DurationSeconds {seconds} exceeds the {left} seconds that the calling session has left.",
        )
    scoped = msgspec.structs.replace(
        session,
        access_key_id=new_access_key_id(session.account, temporary=True),
        secret=new_secret_access_key(),
        issued_at=at,
        expires_at=session.expires_at if "DurationSeconds" not in asked else at + timedelta(seconds=seconds),
        scopes=(*session.scopes, *policies),
        padding="",
    )
    credentials, sizes = issue(call, tx, scoped, asked.get("MinimumSessionTokenSize", 0))
    response: shapes.GetScopedCredentialsResponse = {
        "Credentials": credentials,
        "SessionInfo": {"ScopedSessionId": call.caller.principal_id, "Arn": call.caller.arn},
        "ScopedPoliciesCount": len(scoped.scopes),
        "SessionTokenSize": sizes["SessionTokenSize"],
        "SessionTokenUtilization": sizes["SessionTokenUtilization"],
    }
    if session.source_identity:
        response["SourceIdentity"] = session.source_identity
    return response
