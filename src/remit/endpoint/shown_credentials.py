"""Credentials that a page of the console shows in the body of a request, to say for whom it asks."""

from datetime import datetime

import msgspec

from remit.authn.callers import credentials, identify
from remit.errors import ServiceError
from remit.ids import Secret
from remit.request import Caller, Session
from remit.store import Transaction

REGION = "us-east-1"


class ShownCredentials(msgspec.Struct, frozen=True, rename="camel"):
    """Temporary credentials, by the names that AWS's federation endpoint has for them."""

    session_id: str
    session_key: str
    session_token: str


class CredentialsInvalid(Exception):
    """The credentials are none of ours, are not temporary, or their time is over."""


def holder(tx: Transaction, shown: ShownCredentials, at: datetime) -> tuple[Session, Caller]:
    """Return the session that *shown* is of, and whose it is.

    Raises:
        CredentialsInvalid: it is nobody's.
    """
    try:
        found = credentials(tx, shown.session_id, shown.session_token)
        if not isinstance(found, Session) or found.secret != Secret(shown.session_key) or at >= found.expires_at:
            raise CredentialsInvalid
        return found, identify(tx, found, shown.session_token, REGION).caller
    except ServiceError:
        raise CredentialsInvalid from None
