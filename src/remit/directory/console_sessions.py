"""Sessions of people who signed in, with a password or through the federation endpoint.

A signed-in user has temporary credentials like everybody else's, and the web console calls the endpoint with them.
Source: IAM User Guide, "Sign in to the AWS Management Console"; `iam-sts` reference, section 18.
"""

import base64
import binascii
from datetime import datetime, timedelta

import msgspec

from remit.clock import whole_second
from remit.directory.sessions import TokenInvalid, open_session, seal_session
from remit.ids import AccountId, new_access_key_id, new_secret_access_key
from remit.request import Session, SessionKind
from remit.store import Keyring, SealBroken

CONSOLE_SECONDS = 43_200
SIGNIN_TOKEN_SECONDS = 900
_PURPOSE = "signin-token"


class _SigninToken(msgspec.Struct, frozen=True):
    """What a token to sign in with holds: a session, and until when it may be used."""

    session: str
    ends_at: datetime


def console_session(
    account: AccountId, owner: str, *, at: datetime, mfa_at: datetime | None, assumed_by: str, seconds: int
) -> Session:
    """Return the session of a user, or of root, who signed in with a password."""
    return Session(
        kind=SessionKind.CONSOLE,
        access_key_id=new_access_key_id(account, temporary=True),
        secret=new_secret_access_key(),
        account=account,
        issuer_id=owner,
        issued_at=whole_second(at),
        expires_at=whole_second(at) + timedelta(seconds=seconds),
        mfa_at=mfa_at,
        mfa_known=True,
        assumed_by=assumed_by,
    )


def prolonged(session: Session, *, at: datetime, seconds: int) -> Session:
    """Return *session* with a key of its own and *seconds* to live from now on."""
    return msgspec.structs.replace(
        session,
        access_key_id=new_access_key_id(session.account, temporary=True),
        secret=new_secret_access_key(),
        expires_at=whole_second(at) + timedelta(seconds=seconds),
    )


def seal_signin_token(keyring: Keyring, session: Session, at: datetime) -> str:
    """Return a token that *session* can be had for, within a quarter of an hour."""
    token = _SigninToken(seal_session(keyring, session), at + timedelta(seconds=SIGNIN_TOKEN_SECONDS))
    return base64.urlsafe_b64encode(keyring.seal(_PURPOSE, msgspec.msgpack.encode(token))).decode()


def open_signin_token(keyring: Keyring, text: str, at: datetime) -> Session:
    """Return the session that a token stands for.

    Raises:
        TokenInvalid: it is none of ours, was altered, or its time is over.
    """
    try:
        sealed = base64.urlsafe_b64decode(text)
        token = msgspec.msgpack.decode(keyring.open(_PURPOSE, sealed), type=_SigninToken)
    except (SealBroken, binascii.Error, ValueError, msgspec.DecodeError):
        raise TokenInvalid from None
    if at >= token.ends_at:
        raise TokenInvalid
    return open_session(keyring, token.session)
