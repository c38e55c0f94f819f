"""GetDelegatedAccessToken: what a partner trades its token for. Source: `iam-sts` reference, section 14.

The session is one of who accepted the request, within the request's policy, and ends with the time that was granted.
"""

from datetime import timedelta

from remit.directory.delegation import DelegationRequest, TokenRefused, request_of_token
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import AccountId
from remit.request import Call, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, new_session
from remit.services.sts.registry import operation
from remit.store import Transaction

_SESSION_NAME = "delegated-access"


@operation("GetDelegatedAccessToken")
def get_delegated_access_token(
    call: Call[shapes.GetDelegatedAccessTokenRequest], tx: Transaction
) -> shapes.GetDelegatedAccessTokenResponse:
    """Give the partner credentials for a trade-in token, as often as it asks until the granted time is over."""
    try:
        request = request_of_token(tx, call.input["TradeInToken"])
    except TokenRefused:
        raise ValidationError("The trade-in token is not valid.") from None
    if request.account != call.account:
        raise AccessDenied("The trade-in token was not issued to your account.")
    ends_at = request.moved_at + timedelta(seconds=request.session_seconds)
    seconds = int((ends_at - call.at).total_seconds())
    if seconds <= 0:
        raise ServiceError(
            "ExpiredTradeInTokenException",
            "The trade-in token provided in the request has expired and can no longer be exchanged for credentials. "
            "Request a new token and retry the operation.",
        )
    principal, kind = _approver(tx, request)
    session = new_session(
        kind,
        AccountId(request.owner_account),
        request.approver_id,
        at=call.at,
        seconds=seconds,
        name=_SESSION_NAME if kind is SessionKind.ROLE else "",
        policies=(request.policy,),
        assumed_by=call.caller.arn,
    )
    credentials, _ = issue(call, tx, session)
    return {"Credentials": credentials, "AssumedPrincipal": principal}


def _approver(tx: Transaction, request: DelegationRequest) -> tuple[str, SessionKind]:
    """Return the ARN of who accepted the request, and what kind of session is theirs."""
    if request.approver_id == request.owner_account:
        return request.approver, SessionKind.DELEGATED
    if (user := tx.get(USERS, request.approver_id)) is not None:
        return user.arn, SessionKind.DELEGATED
    if (role := tx.get(ROLES, request.approver_id)) is not None:
        return role.arn, SessionKind.ROLE
    raise AccessDenied("The principal that accepted the delegation request no longer exists.")
