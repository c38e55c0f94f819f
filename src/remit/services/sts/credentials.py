"""Temporary credentials: what AssumeRole and GetSessionToken make and show.

Source: `iam-sts` reference, sections 13.2 and 13.11.
"""

import math
from datetime import datetime, timedelta
from typing import Any, TypedDict

import msgspec

from remit.clock import whole_second
from remit.directory.accounts import known_account
from remit.directory.sessions import seal_session
from remit.ids import AccountId, new_access_key_id, new_secret_access_key
from remit.request import Call, Caller, CallerKind, Session, SessionKind
from remit.services.sts import shapes
from remit.store import Transaction

# What SessionTokenUtilization is a percentage of: "usually under 4,096 bytes".
_TOKEN_BYTES = 4096
# The name that STS has for no region in particular: an account says which tokens it gives out.
_GLOBAL_ENDPOINT = "sts.amazonaws.com"


def new_session(
    kind: SessionKind, account: AccountId, issuer_id: str, *, at: datetime, seconds: int, **carried: Any
) -> Session:
    """Make a session that lives for *seconds*; *carried* are further members of `Session`."""
    return Session(
        kind=kind,
        access_key_id=new_access_key_id(account, temporary=True),
        secret=new_secret_access_key(),
        account=account,
        issuer_id=issuer_id,
        issued_at=whole_second(at),
        expires_at=whole_second(at) + timedelta(seconds=seconds),
        **carried,
    )


class Sizes(TypedDict):
    """What answers tell of a session token's size."""

    SessionTokenSize: int
    SessionTokenUtilization: int


def issue(call: Call[Any], tx: Transaction, session: Session, asked_bytes: int = 0) -> tuple[shapes.Credentials, Sizes]:
    """Seal *session* and return the credentials, and the members that tell the token's size.

    Args:
        asked_bytes: the token is at least so long; 0 for as long as it needs to be.
    """
    if call.host == _GLOBAL_ENDPOINT:
        version = known_account(tx, session.account).token_version
        session = msgspec.structs.replace(session, token_version=version)
    token = seal_session(tx.keyring, session)
    while len(token) < asked_bytes:
        # Base64 makes four characters of three bytes; the padding is random so that it does not pack away.
        missing = math.ceil((asked_bytes - len(token)) * 3 / 4)
        padding = session.padding + new_secret_access_key().reveal() * (1 + missing // 400)
        session = msgspec.structs.replace(session, padding=padding)
        token = seal_session(tx.keyring, session)
    credentials: shapes.Credentials = {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret.reveal(),
        "SessionToken": token,
        "Expiration": session.expires_at,
    }
    return credentials, {
        "SessionTokenSize": len(token),
        "SessionTokenUtilization": min(100, math.ceil(len(token) * 100 / _TOKEN_BYTES)),
    }


def knows_mfa(caller: Caller) -> bool:
    """Say whether MFA is a question for a session that *caller* asks for: for users it is, for federated ones not."""
    return caller.kind in (CallerKind.USER, CallerKind.ROOT) or (
        caller.session is not None and caller.session.mfa_known
    )
