"""GetWebIdentityToken: a token that tells others who the caller is.

Source: `iam-sts` reference, section 13.10; STS API reference, GetWebIdentityToken.
"""

from datetime import timedelta
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory.organizations import organization_of
from remit.directory.outbound_federation import ALGORITHMS, issuer_of, private_key_of, sign
from remit.errors import ServiceError, ValidationError
from remit.ids import new_uuid
from remit.request import Call
from remit.services.sts import shapes
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import session_tags
from remit.store import Transaction

_DEFAULT_SECONDS = 300
_NAMESPACE = "https://sts.amazonaws.com/"
# AWS says that there is a limit, and not which.
_PAYLOAD_BYTES_MAX = 8_192


@operation("GetWebIdentityToken")
def get_web_identity_token(
    call: Call[shapes.GetWebIdentityTokenRequest], tx: Transaction
) -> shapes.GetWebIdentityTokenResponse:
    """Give the caller a token of the account's issuer."""
    asked = call.input
    issuer = issuer_of(tx, call.account)
    if issuer is None or not issuer.is_enabled:
        raise ServiceError(
            "OutboundWebIdentityFederationDisabledException",
            "Outbound web identity federation is not enabled for this account.",
            403,
        )
    key = next((key for key in issuer.keys if key.algorithm == asked["SigningAlgorithm"]), None)
    if key is None:
        raise ValidationError(
            f"1 validation error detected: Value '{asked['SigningAlgorithm']}' at 'signingAlgorithm' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(ALGORITHMS)}]"
        )
    if asked.get("SubjectMode", "AWSIdentity") != "AWSIdentity":
        raise ValidationError("The calling session has no origin identity.")
    issued_at = whole_second(call.at)
    ends_at = issued_at + timedelta(seconds=asked.get("DurationSeconds", _DEFAULT_SECONDS))
    session = call.caller.session
    if session is not None and ends_at > session.expires_at:
        raise ServiceError(
            "SessionDurationEscalationException",
            "The requested token duration extends beyond the expiration of the calling session.",
            403,
        )
    claims = {
        "iss": call.outside.issuer_url(issuer.id),
        "aud": asked["Audience"][0] if len(asked["Audience"]) == 1 else list(asked["Audience"]),
        "sub": call.caller.issuer_arn,
        "iat": int(issued_at.timestamp()),
        "exp": int(ends_at.timestamp()),
        _NAMESPACE: _of_aws(call, tx),
    }
    if "Scope" in asked:
        claims["scope"] = asked["Scope"]
    private = private_key_of(tx.keyring, key)
    payload = _payload({**claims, "jti": new_uuid()})
    token = call.slowly("token", lambda: sign(payload, key, private))
    return {"WebIdentityToken": token.reveal(), "Expiration": ends_at}


def _of_aws(call: Call[shapes.GetWebIdentityTokenRequest], tx: Transaction) -> dict[str, Any]:
    """Return what AWS alone knows of the caller."""
    tags, _ = session_tags(call.input, None)
    caller = call.caller
    known: dict[str, Any] = {
        "aws_account": caller.account,
        "source_region": call.region,
        "principal_id": caller.issuer_arn,
    }
    organization = organization_of(tx, caller.account)
    if organization is not None:
        known["org_id"] = organization.id
    if caller.tags:
        known["principal_tags"] = dict(caller.tags)
    if tags:
        known["request_tags"] = tags
    return known


def _payload(claims: dict[str, Any]) -> bytes:
    payload = msgspec.json.encode(claims)
    if len(payload) > _PAYLOAD_BYTES_MAX:
        raise ServiceError(
            "JWTPayloadSizeExceededException",
            f"The payload of the token must not be larger than {_PAYLOAD_BYTES_MAX} bytes.",
        )
    return payload
