"""CreateOAuth2Token: a code, and later a refresh token, becomes credentials for a quarter of an hour.

Nobody signs: who asks is who gave the grant, and the program proves to hold the key that redeemed its code.
Source: `iam-sts` reference, section 19.1.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from remit.authn.callers import identify
from remit.clock import whole_second
from remit.directory.console_sessions import prolonged
from remit.directory.outbound_federation import create_issuer, issuer_of, new_keys, private_key_of, sign
from remit.directory.sessions import open_session, seal_session
from remit.directory.signin_grants import (
    REGION,
    SIGNIN_GRANTS,
    GrantInvalid,
    SigninGrant,
    grant_of_code,
    grant_of_refresh_token,
    refresh_token_of,
)
from remit.errors import ServiceError
from remit.request import Call, Caller, Outside, Parsed
from remit.services.signin import shapes
from remit.services.signin.errors import denied, invalid
from remit.services.signin.registry import operation
from remit.store import Transaction

_SECONDS = 900
_USER_AGENT_CHARACTERS_MAX = 512
_ID_ALGORITHM = "ES384"


def _grant(asked: Mapping[str, Any], tx: Transaction) -> SigninGrant:
    """Find the grant that a code or a refresh token stands for.

    Raises:
        ServiceError: there is none.
    """
    is_code = asked["grantType"] == "authorization_code"
    text = asked.get("code" if is_code else "refreshToken")
    if text is None:
        raise invalid("code and codeVerifier, or refreshToken, are required")
    try:
        return grant_of_code(tx, text) if is_code else grant_of_refresh_token(tx, text)
    except GrantInvalid:
        error = "AUTHCODE_EXPIRED" if is_code else "TOKEN_EXPIRED"
        raise denied(error, "The code or token is not valid.") from None


def _identify(parsed: Parsed, tx: Transaction, slow_results: Mapping[str, Any], outside: Outside) -> Caller:
    from remit.authn.dpop import ProofInvalid, proven_key

    del slow_results, outside
    asked: Mapping[str, Any] = parsed.input["tokenInput"]
    routed = parsed.signed.routed
    try:
        key = proven_key(routed)
    except ProofInvalid as error:
        raise invalid(str(error)) from None
    grant = _grant(asked, tx)
    if asked["clientId"] != grant.client_id:
        raise denied("INSUFFICIENT_PERMISSIONS", "The grant is another client's.")
    if asked["grantType"] == "authorization_code":
        if grant.code_is_over(routed.at):
            raise denied("AUTHCODE_EXPIRED", "The authorization code has expired.")
        _check_verifier(asked, grant)
        grant = msgspec.structs.replace(grant, key=key)
    elif not grant.key or not hmac.compare_digest(grant.key, key):
        raise denied("INSUFFICIENT_PERMISSIONS", "The refresh token belongs to another key.")
    if routed.at >= grant.ends_at or grant.revoked_at is not None:
        raise denied("TOKEN_EXPIRED", "The session has expired. Please sign in again.")
    agent = routed.http.headers.get("user-agent", "")[:_USER_AGENT_CHARACTERS_MAX]
    tx.put(SIGNIN_GRANTS, msgspec.structs.replace(grant, used_at=routed.at, user_agent=agent))
    try:
        return identify(tx, open_session(tx.keyring, grant.session), None, REGION).caller
    except ServiceError:
        raise denied("USER_CREDENTIALS_CHANGED", "Your credentials have changed. Please sign in again.") from None


def _check_verifier(asked: Mapping[str, Any], grant: SigninGrant) -> None:
    """Refuse a code that comes without what it was asked for with.

    Raises:
        ServiceError: the verifier is not that of the challenge, or the redirect URI is another.
    """
    verifier, redirect = asked.get("codeVerifier"), asked.get("redirectUri")
    if verifier is None or redirect is None:
        raise invalid("codeVerifier and redirectUri are required")
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if redirect != grant.redirect_uri or not hmac.compare_digest(challenge, grant.challenge):
        raise denied("INSUFFICIENT_PERMISSIONS", "The code was not asked for by this client.")


@operation("CreateOAuth2Token", identify=_identify)
def create_oauth2_token(
    call: Call[shapes.CreateOAuth2TokenRequest], tx: Transaction
) -> shapes.CreateOAuth2TokenResponse:
    """Give credentials of whoever gave the grant; the code gives an id token, too."""
    asked = call.input["tokenInput"]
    grant = _grant(asked, tx)
    left = (grant.ends_at - call.at) // timedelta(seconds=1)
    session = prolonged(open_session(tx.keyring, grant.session), at=call.at, seconds=max(1, min(_SECONDS, left)))
    output: shapes.CreateOAuth2TokenResponseBody = {
        "accessToken": {
            "accessKeyId": session.access_key_id,
            "secretAccessKey": session.secret.reveal(),
            "sessionToken": seal_session(tx.keyring, session),
        },
        "tokenType": "aws_sigv4",
        "expiresIn": max(1, min(_SECONDS, left)),
        "refreshToken": refresh_token_of(tx.keyring, grant),
    }
    if asked["grantType"] == "authorization_code":
        output["idToken"] = _id_token(call, tx, grant)
    return {"tokenOutput": output}


def _id_token(call: Call[shapes.CreateOAuth2TokenRequest], tx: Transaction, grant: SigninGrant) -> str:
    """Return a token that says who signed in, of the account's issuer: made now, turned off, where there was none."""
    account = call.account
    issuer = issuer_of(tx, account)
    if issuer is None:
        issuer = create_issuer(tx, account, call.slowly("keys", new_keys), at=call.at, is_enabled=False)
    key = next(key for key in issuer.keys if key.algorithm == _ID_ALGORITHM)
    issued_at = whole_second(call.at)
    claims = {
        "iss": call.outside.issuer_url(issuer.id),
        "sub": call.caller.arn,
        "aud": grant.client_id,
        "iat": int(issued_at.timestamp()),
        "exp": int(grant.ends_at.timestamp()),
    }
    private = private_key_of(tx.keyring, key)
    return call.slowly("id token", lambda: sign(msgspec.json.encode(claims), key, private)).reveal()
