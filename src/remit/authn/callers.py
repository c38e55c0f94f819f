"""From an access key id to the caller behind it, as the directory knows them now.

A session token is opened, not looked up; but the user or role it was made for must still exist, and the key that asked
for it must still be active: a session never outlives the right it was made with.
Source: `iam-sts` reference, sections 2.3 (steps 9 and 11), 11 and 13.11.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

import msgspec

from remit.arn import partition_of_region
from remit.directory.access_keys import ACCESS_KEYS, AccessKey, secret_of
from remit.directory.accounts import ACCOUNTS
from remit.directory.roles import ROLES
from remit.directory.sessions import TokenInvalid, open_session
from remit.directory.users import USERS
from remit.errors import ExpiredToken, InvalidClientTokenId
from remit.ids import AccountId, Secret
from remit.request import Caller, CallerKind, Session, SessionKind
from remit.store import Keyring, Transaction

_SESSIONS_KEPT = 4_096


class Identified(msgspec.Struct, frozen=True):
    """Who holds a key, before the signature was verified.

    Attributes:
        secret: returns the secret that the request must be signed with.
        version: changes when the secret of the same key id does; for caches of signing keys.
    """

    caller: Caller
    secret: Callable[[], Secret]
    version: bytes


def identify(tx: Transaction, access_key_id: str, token: str | None, region: str) -> Identified:
    """Find who holds *access_key_id*.

    Args:
        token: the session token that came with the request; needed for temporary keys, refused with others.
        region: of the credential scope; the root user's ARN is in its partition.

    Raises:
        InvalidClientTokenId: the key is unknown or inactive, its owner is gone, or the token is not this key's.
    """
    if token is not None:
        return _of_session(tx, access_key_id, token, region)
    key = tx.get(ACCESS_KEYS, access_key_id)
    if key is None or not key.active:
        raise InvalidClientTokenId
    return Identified(_of_key(tx, key, region), lambda: secret_of(tx.keyring, key), key.sealed_secret)


def check_session_end(caller: Caller, at: datetime) -> None:
    """Refuse a session that is over; asked after the signature was verified.

    Raises:
        ExpiredToken: it is.
    """
    if caller.session is not None and at >= caller.session.expires_at:
        raise ExpiredToken


def account_of_key(tx: Transaction, access_key_id: str) -> AccountId | None:
    """Return the account whose long-term key this is, active or not: whose trail a refused request goes to."""
    key = tx.get(ACCESS_KEYS, access_key_id)
    return None if key is None else key.account


def _of_key(tx: Transaction, key: AccessKey, region: str) -> Caller:
    return _root(key.account, region, key.id) if key.is_root else _user(tx, key.owner, key.id)


def _root(account: AccountId, region: str, key_id: str, session: Session | None = None) -> Caller:
    partition = partition_of_region(region)
    return Caller(
        kind=CallerKind.ROOT,
        account=account,
        partition=partition,
        arn=f"arn:{partition}:iam::{account}:root",
        principal_id=account,
        entity_id=account,
        access_key_id=key_id,
        session=session,
    )


def _user(tx: Transaction, user_id: str, key_id: str, session: Session | None = None) -> Caller:
    user = tx.get(USERS, user_id)
    if user is None:
        raise InvalidClientTokenId
    return Caller(
        kind=CallerKind.USER,
        account=user.account,
        partition=user.partition,
        arn=user.arn,
        principal_id=user.id,
        entity_id=user.id,
        name=user.name,
        path=user.path,
        access_key_id=key_id,
        session=session,
        tags=user.tags,
    )


def _role(tx: Transaction, session: Session) -> Caller:
    role = tx.get(ROLES, session.issuer_id)
    if role is None:
        raise InvalidClientTokenId
    return Caller(
        kind=CallerKind.ROLE_SESSION,
        account=role.account,
        partition=role.partition,
        arn=f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session.name}",
        principal_id=f"{role.id}:{session.name}",
        entity_id=role.id,
        name=role.name,
        path=role.path,
        access_key_id=session.access_key_id,
        session=session,
        tags=_with_session_tags(role.tags, session.tags),
    )


def _with_session_tags(tags: Mapping[str, str], session_tags: Mapping[str, str]) -> Mapping[str, str]:
    """Lay session tags over the entity's own; keys compare without case (`iam-sts` reference, section 13.3)."""
    if not session_tags:
        return tags
    covered = {key.lower() for key in session_tags}
    return {**{key: value for key, value in tags.items() if key.lower() not in covered}, **session_tags}


@lru_cache(maxsize=_SESSIONS_KEPT)
def _opened(keyring: Keyring, token: str) -> Session:
    return open_session(keyring, token)


def _of_session(tx: Transaction, access_key_id: str, token: str, region: str) -> Identified:
    try:
        session = _opened(tx.keyring, token)
    except TokenInvalid:
        raise InvalidClientTokenId from None
    if session.access_key_id != access_key_id or tx.get(ACCOUNTS, session.account) is None:
        raise InvalidClientTokenId
    if session.parent_access_key_id:
        parent = tx.get(ACCESS_KEYS, session.parent_access_key_id)
        if parent is None or not parent.active:
            raise InvalidClientTokenId
    if session.kind is SessionKind.ROLE:
        caller = _role(tx, session)
    elif session.issuer_id == session.account:
        caller = _root(session.account, region, access_key_id, session)
    else:
        caller = _user(tx, session.issuer_id, access_key_id, session)
    return Identified(caller, lambda: session.secret, token.encode()[-32:])
