"""Access tokens of the sign-in service: who somebody is, for one service, for an hour or what is left of their session.

A token says everything itself, sealed; whoever is given one asks the service what it says, and learns nothing of
tokens that are over or of other accounts.
Source: `iam-sts` reference, section 19.2; RFC 6749, 4.4; RFC 7662.
"""

import base64
import binascii
from datetime import datetime

import msgspec

from remit.ids import AccountId, Secret
from remit.store import Keyring, SealBroken

ACCESS_PREFIX = "ASOA"
_PURPOSE = "oauth-access"


class AccessTokenInvalid(Exception):
    """A token that is none of ours."""


class AccessToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says.

    Attributes:
        id: of this token alone.
        subject: ARN of whose token it is; of an assumed role, that of the session.
        user_id: theirs, as GetCallerIdentity tells it.
        resource: the service that it is for.
    """

    id: str
    account: AccountId
    subject: str
    user_id: str
    resource: str
    issued_at: datetime
    ends_at: datetime


def seal_access_token(keyring: Keyring, token: AccessToken) -> Secret:
    """Return the text of *token*."""
    sealed = keyring.seal(_PURPOSE, msgspec.msgpack.encode(token))
    return Secret(ACCESS_PREFIX + base64.urlsafe_b64encode(sealed).decode().rstrip("="))


def open_access_token(keyring: Keyring, text: str) -> AccessToken:
    """Read the text of a token, whether it is over or not.

    Raises:
        AccessTokenInvalid: it is none of ours.
    """
    if not text.startswith(ACCESS_PREFIX):
        raise AccessTokenInvalid
    text = text.removeprefix(ACCESS_PREFIX)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.msgpack.decode(keyring.open(_PURPOSE, sealed), type=AccessToken)
    except (SealBroken, binascii.Error, ValueError, msgspec.DecodeError):
        raise AccessTokenInvalid from None
