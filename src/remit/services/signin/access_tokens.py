"""Access tokens for one service, out of the caller's own credentials, and what a token says.

Source: `iam-sts` reference, section 19.2; the model's own text; RFC 7009; RFC 7662.
"""

from datetime import timedelta
from typing import Any

from remit.clock import whole_second
from remit.directory.oauth_tokens import AccessToken, AccessTokenInvalid, open_access_token, seal_access_token
from remit.directory.signin_grants import GrantInvalid, SigninGrant, grant_of_refresh_token, revoke
from remit.ids import new_uuid
from remit.request import Call
from remit.services.signin import shapes
from remit.services.signin.errors import invalid
from remit.services.signin.registry import operation
from remit.store import Transaction

_ISSUER = "signin.amazonaws.com"
_SECONDS_MAX, _BEARER_SECONDS_MAX = 3_600, 43_200
_BEARER = "Bearer"


def _issued(call: Call[Any], tx: Transaction, seconds: int) -> tuple[str, int]:
    """Return a token of the caller for *seconds* or what their own credentials have left, and how long that is."""
    session, at = call.caller.session, whole_second(call.at)
    if session is not None:
        seconds = max(1, min(seconds, int((session.expires_at - at).total_seconds())))
    token = AccessToken(
        id=new_uuid(),
        account=call.account,
        subject=call.caller.arn,
        user_id=call.caller.principal_id,
        resource=call.input["resource"],
        issued_at=at,
        ends_at=at + timedelta(seconds=seconds),
    )
    return seal_access_token(tx.keyring, token).reveal(), seconds


@operation("CreateOAuth2TokenWithIAM")
def create_token_with_iam(
    call: Call[shapes.CreateOAuth2TokenWithIAMRequest], tx: Transaction
) -> shapes.CreateOAuth2TokenWithIAMResponse:
    """Give the caller a token for a service, for an hour at most."""
    token, seconds = _issued(call, tx, _SECONDS_MAX)
    return {"accessToken": token, "tokenType": _BEARER, "expiresIn": seconds}


@operation("CreateBearerToken")
def create_bearer_token(
    call: Call[shapes.CreateBearerTokenRequest], tx: Transaction
) -> shapes.CreateBearerTokenResponse:
    """Give the caller a token for a service, for twelve hours at most.

    Raises:
        ServiceError: it is asked for longer.
    """
    asked = call.input.get("durationSeconds", _BEARER_SECONDS_MAX)
    if asked > _BEARER_SECONDS_MAX:
        raise invalid(f"duration must be at most {_BEARER_SECONDS_MAX} seconds")
    token, seconds = _issued(call, tx, asked)
    return {"accessToken": token, "tokenType": _BEARER, "expiresIn": seconds}


@operation("IntrospectOAuth2TokenWithIAM")
def introspect(
    call: Call[shapes.IntrospectOAuth2TokenWithIAMRequest], tx: Transaction
) -> shapes.IntrospectOAuth2TokenWithIAMResponse:
    """Say what a token says; of one that is not good, or of another account, nothing but that it is not active."""
    text = call.input["token"]
    try:
        token = open_access_token(tx.keyring, text)
    except AccessTokenInvalid:
        return _refresh_token(call, tx, text)
    if token.account != call.account or call.at >= token.ends_at:
        return {"active": False}
    issued_at = int(token.issued_at.timestamp())
    return {
        "active": True,
        "tokenType": "access_token",
        "sub": token.subject,
        "userId": token.user_id,
        "accountId": token.account,
        "aud": token.resource,
        "iss": _ISSUER,
        "jti": token.id,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": int(token.ends_at.timestamp()),
    }


def _refresh_token(call: Call[Any], tx: Transaction, text: str) -> shapes.IntrospectOAuth2TokenWithIAMResponse:
    grant = _grant(call, tx, text)
    if grant is None or grant.revoked_at is not None or call.at >= grant.ends_at:
        return {"active": False}
    issued_at = int(grant.created_at.timestamp())
    return {
        "active": True,
        "tokenType": "refresh_token",
        "clientId": grant.client_id,
        "sub": grant.principal,
        "accountId": grant.account,
        "iss": _ISSUER,
        "jti": grant.id,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": int(grant.ends_at.timestamp()),
        "signinSession": grant.arn,
    }


def _grant(call: Call[Any], tx: Transaction, text: str) -> SigninGrant | None:
    try:
        grant = grant_of_refresh_token(tx, text)
    except GrantInvalid:
        return None
    return grant if grant.account == call.account else None


@operation("RevokeOAuth2TokenWithIAM")
def revoke_token(call: Call[shapes.RevokeOAuth2TokenWithIAMRequest], tx: Transaction) -> None:
    """Let no refresh token of a session be good any longer; what is none of the account's is left alone."""
    grant = _grant(call, tx, call.input["token"])
    if grant is not None:
        revoke(tx, grant, call.at)
