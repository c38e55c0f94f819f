"""What temporary credentials may never call, whatever the policies say.

It depends on the operation that made them, and holds for IAM and STS only.
Source: `iam-sts` reference, section 13.1, last column and the texts below the table.
"""

from collections.abc import Mapping

from remit.errors import AccessDenied, InvalidClientTokenId
from remit.request import ROLE_SESSIONS, Session, SessionKind, Signed

# Of STS: what each kind may call, or may not.
_STS_ONLY: Mapping[SessionKind, frozenset[str]] = {
    SessionKind.SESSION_TOKEN: frozenset(("AssumeRole", "GetCallerIdentity", "GetScopedCredentials")),
    SessionKind.FEDERATION: frozenset(("GetCallerIdentity", "GetScopedCredentials")),
    SessionKind.ROOT: frozenset(("GetCallerIdentity",)),
}
_STS_NEVER: Mapping[SessionKind, frozenset[str]] = dict.fromkeys(
    (*ROLE_SESSIONS, SessionKind.CONSOLE, SessionKind.DELEGATED), frozenset(("GetSessionToken", "GetFederationToken"))
)


def check_session(signed: Signed) -> None:
    """Refuse a session that calls what its kind may not call.

    Raises:
        InvalidClientTokenId: IAM, called with a session of GetFederationToken, or of GetSessionToken without MFA.
        AccessDenied: an operation of STS that its kind may not call.
    """
    session = signed.caller.session
    if session is None:
        return
    match signed.routed.service:
        case "iam":
            if not _may_call_iam(session):
                raise InvalidClientTokenId
        case "sts":
            operation = signed.routed.operation
            if not _may_call_sts(session.kind, operation):
                raise AccessDenied(f"Cannot call {operation} with session credentials")
        case _:
            pass


def _may_call_iam(session: Session) -> bool:
    match session.kind:
        case SessionKind.SESSION_TOKEN:
            return session.mfa_at is not None
        case SessionKind.FEDERATION:
            return False
        case _:
            return True


def _may_call_sts(kind: SessionKind, operation: str) -> bool:
    only = _STS_ONLY.get(kind)
    return operation not in _STS_NEVER.get(kind, ()) and (only is None or operation in only)
