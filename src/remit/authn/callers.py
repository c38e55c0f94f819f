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
from remit.authn.kept import Kept
from remit.directory.access_keys import ACCESS_KEYS, AccessKey, secret_of
from remit.directory.accounts import ACCOUNTS
from remit.directory.roles import ROLES
from remit.directory.sessions import TokenInvalid, open_session
from remit.directory.users import USERS, User
from remit.errors import ExpiredToken, InvalidClientTokenId
from remit.ids import AccountId, Secret
from remit.request import Caller, CallerKind, Session, SessionKind
from remit.store import Keyring, Transaction

_SESSIONS_KEPT = 4_096
_HOLDERS_KEPT = 4_096

# What a key id leads to: a long-term key, or what a session token holds.
Credentials = AccessKey | Session


class Identified(msgspec.Struct, frozen=True):
    """Who holds a key, before the signature was verified.

    Attributes:
        secret: returns the secret that the request must be signed with.
        version: changes when the secret of the same key id does; for caches of signing keys.
    """

    caller: Caller
    secret: Callable[[], Secret]
    version: bytes


class _Holder(msgspec.Struct, frozen=True):
    """Who held a long-term key when it was last used, good for as long as neither key nor user changed."""

    key: AccessKey
    user: User | None
    region: str
    identified: Identified


_holders: Kept[str, _Holder] = Kept(_HOLDERS_KEPT)


def credentials(tx: Transaction, access_key_id: str, token: str | None) -> Credentials | None:
    """Find what *access_key_id* names, whether it may be used or not; None if there is no such key.

    Args:
        token: the session token that came with the request; temporary keys need it.
    """
    key = tx.get(ACCESS_KEYS, access_key_id)
    if key is not None or token is None:
        return key
    try:
        session = _opened(tx.keyring, token)
    except TokenInvalid:
        return None
    return session if session.access_key_id == access_key_id else None


def identify(tx: Transaction, found: Credentials | None, token: str | None, region: str) -> Identified:
    """Say who holds the credentials that `credentials` found.

    Args:
        token: the session token that came with the request.
        region: of the credential scope; the root user's ARN is in its partition.

    Raises:
        InvalidClientTokenId: the key is unknown or inactive, or its owner is gone.
    """
    if found is None:
        raise InvalidClientTokenId
    if isinstance(found, Session):
        return _of_session(tx, found, token or "", region)
    if not found.active:
        raise InvalidClientTokenId
    user = tx.get(USERS, found.owner)  # none for the root user
    holder = _holders.get(found.id)
    # Entities are values that are replaced and never changed, so the same object says the same.
    if holder is None or holder.key is not found or holder.user is not user or holder.region != region:
        holder = _holders.keep(found.id, _Holder(found, user, region, _of_key(tx, found, region)))
    return holder.identified


def check_token(caller: Caller, token: str | None, at: datetime) -> None:
    """Refuse a session token that is over or is not the key's; asked after the signature was verified.

    Raises:
        InvalidClientTokenId: it came with a long-term key, to which none belongs.
        ExpiredToken: its session is over.
    """
    session = caller.session
    if session is None:
        if token is not None:
            raise InvalidClientTokenId
    elif at >= session.expires_at:
        raise ExpiredToken


def _of_key(tx: Transaction, key: AccessKey, region: str) -> Identified:
    caller = _root(key.account, region, key.id) if key.is_root else _user(tx, key.owner, key.id)
    keyring = tx.keyring
    return Identified(caller, lambda: secret_of(keyring, key), key.sealed_secret)


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


def _federated(tx: Transaction, session: Session, region: str) -> Caller:
    """Make the caller that GetFederationToken names; root or the user who asked stands behind it."""
    if session.issuer_id == session.account:
        behind = _root(session.account, region, session.access_key_id, session)
    else:
        behind = _user(tx, session.issuer_id, session.access_key_id, session)
    return msgspec.structs.replace(
        behind,
        kind=CallerKind.FEDERATED_USER,
        arn=f"arn:{behind.partition}:sts::{session.account}:federated-user/{session.name}",
        principal_id=f"{session.account}:{session.name}",
        tags=_with_session_tags(behind.tags, session.tags),
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


def _of_session(tx: Transaction, session: Session, token: str, region: str) -> Identified:
    if tx.get(ACCOUNTS, session.account) is None:
        raise InvalidClientTokenId
    if session.parent_access_key_id:
        parent = tx.get(ACCESS_KEYS, session.parent_access_key_id)
        if parent is None or not parent.active:
            raise InvalidClientTokenId
    match session.kind:
        case SessionKind.ROLE:
            caller = _role(tx, session)
        case SessionKind.FEDERATION:
            caller = _federated(tx, session, region)
        case SessionKind.SESSION_TOKEN if session.issuer_id == session.account:
            caller = _root(session.account, region, session.access_key_id, session)
        case SessionKind.SESSION_TOKEN:
            caller = _user(tx, session.issuer_id, session.access_key_id, session)
    return Identified(caller, lambda: session.secret, token.encode()[-32:])
