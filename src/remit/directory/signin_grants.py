"""Grants of the sign-in service: somebody who signed in let a program on their device act for them.

A grant begins with a code that is good once and for a short time, lasts as long as the sign-in, and belongs to the key
that redeemed its code. From then on it is what the service's operations call a session, which may be revoked: no
refresh token of it is good any longer. Grants that are over go when the next one is made.
Source: `iam-sts` reference, section 19; RFC 6749, 4.1; RFC 7009; RFC 7636; RFC 9449.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from remit.ids import AccountId, new_uuid
from remit.store import Keyring, Kind, SealBroken, Transaction

CODE_SECONDS = 600
REFRESH_PREFIX = "ASOR"
REGION = "us-east-1"
_CODE, _REFRESH = "oauth-code", "oauth-refresh"


class GrantInvalid(Exception):
    """A code or a refresh token that is none of ours, or whose grant is gone."""


class SigninGrant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A grant.

    Attributes:
        client_id, redirect_uri, challenge: what the code must be redeemed with.
        session: sealed, of who gave the grant.
        key: thumbprint of the key that redeemed the code; empty until then.
        principal: ARN of the user, the role or the root user who gave the grant.
        is_role: whether it is a role.
        used_at: when it was last used for credentials.
        user_agent: of the program that used it.
        revoked_at: None while it is good.
    """

    id: str
    account: AccountId
    created_at: datetime
    ends_at: datetime
    client_id: str
    redirect_uri: str
    challenge: str
    session: str
    key: str = ""
    principal: str = ""
    is_role: bool = False
    used_at: datetime | None = None
    user_agent: str = ""
    revoked_at: datetime | None = None

    @property
    def arn(self) -> str:
        """The session's ARN."""
        return f"arn:aws:signin:{REGION}:{self.account}:session/{self.id}"

    def code_is_over(self, at: datetime) -> bool:
        """Whether its code was redeemed, or is too old to be."""
        return bool(self.key) or at >= self.created_at + timedelta(seconds=CODE_SECONDS)


SIGNIN_GRANTS = Kind("signin_grant", SigninGrant, groups={"account": lambda grant: (grant.account,)})


def create_grant(
    tx: Transaction,
    account: AccountId,
    *,
    client_id: str,
    redirect_uri: str,
    challenge: str,
    session: str,
    principal: str,
    is_role: bool,
    at: datetime,
    ends_at: datetime,
) -> SigninGrant:
    """Make a grant; those of the account that are over go."""
    for old in tx.select(SIGNIN_GRANTS, "account", account):
        if at >= old.ends_at or (not old.key and old.code_is_over(at)):
            tx.delete(SIGNIN_GRANTS, old)
    created = SigninGrant(
        id=new_uuid(),
        account=account,
        created_at=at,
        ends_at=ends_at,
        client_id=client_id,
        redirect_uri=redirect_uri,
        challenge=challenge,
        session=session,
        principal=principal,
        is_role=is_role,
    )
    tx.put(SIGNIN_GRANTS, created)
    return created


def signin_sessions(tx: Transaction, account: AccountId, at: datetime) -> Sequence[SigninGrant]:
    """Return the account's sessions that are not over, revoked ones among them, the oldest first."""
    found = [grant for grant in tx.select(SIGNIN_GRANTS, "account", account) if grant.key and at < grant.ends_at]
    return sorted(found, key=order_of)


def order_of(grant: SigninGrant) -> str:
    """Return what lists of sessions are sorted by."""
    return f"{grant.created_at.isoformat()} {grant.id}"


def revoke(tx: Transaction, grant: SigninGrant, at: datetime) -> None:
    """Let no refresh token of *grant* be good any longer; a grant that was revoked stays so."""
    if grant.revoked_at is None:
        tx.put(SIGNIN_GRANTS, msgspec.structs.replace(grant, revoked_at=at))


def code_of(keyring: Keyring, grant: SigninGrant) -> str:
    """Return the code of *grant*."""
    return _sealed(keyring, _CODE, grant)


def refresh_token_of(keyring: Keyring, grant: SigninGrant) -> str:
    """Return a token that *grant* is used with from then on."""
    return REFRESH_PREFIX + _sealed(keyring, _REFRESH, grant)


def grant_of_code(tx: Transaction, code: str) -> SigninGrant:
    """Find a grant by its code.

    Raises:
        GrantInvalid: there is none.
    """
    return _opened(tx, _CODE, code)


def grant_of_refresh_token(tx: Transaction, token: str) -> SigninGrant:
    """Find a grant by one of its refresh tokens.

    Raises:
        GrantInvalid: there is none.
    """
    if not token.startswith(REFRESH_PREFIX):
        raise GrantInvalid
    return _opened(tx, _REFRESH, token.removeprefix(REFRESH_PREFIX))


def _sealed(keyring: Keyring, purpose: str, grant: SigninGrant) -> str:
    return base64.urlsafe_b64encode(keyring.seal(purpose, grant.id.encode())).decode().rstrip("=")


def _opened(tx: Transaction, purpose: str, text: str) -> SigninGrant:
    try:
        id_ = tx.keyring.open(purpose, base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))).decode()
    except (SealBroken, binascii.Error, ValueError):
        raise GrantInvalid from None
    found = tx.get(SIGNIN_GRANTS, id_)
    if found is None:
        raise GrantInvalid
    return found
