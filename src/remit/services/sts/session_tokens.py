"""GetSessionToken: a user or root with credentials that end. Source: `iam-sts` reference, section 13.1."""

from remit.request import Call, CallerKind, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, new_session
from remit.services.sts.mfa import check_mfa, proven_at
from remit.services.sts.registry import operation
from remit.store import Transaction

_DEFAULT_SECONDS = 43_200
_ROOT_SECONDS_MAX = 3_600


@operation("GetSessionToken", before=check_mfa)
def get_session_token(call: Call[shapes.GetSessionTokenRequest], tx: Transaction) -> shapes.GetSessionTokenResponse:
    """Give a user, or root, temporary credentials of their own; for root they last an hour at most."""
    caller = call.caller
    seconds = call.input.get("DurationSeconds", _DEFAULT_SECONDS)
    if caller.kind is CallerKind.ROOT:
        seconds = min(seconds, _ROOT_SECONDS_MAX)
    session = new_session(
        SessionKind.SESSION_TOKEN,
        caller.account,
        caller.entity_id,
        at=call.at,
        seconds=seconds,
        parent_access_key_id=caller.access_key_id,
        mfa_known=True,
        mfa_at=proven_at(call.input, call.at),
        assumed_by=caller.arn,
    )
    credentials, sizes = issue(call, tx, session, call.input.get("MinimumSessionTokenSize", 0))
    return {"Credentials": credentials, **sizes}
