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
from remit.clock import whole_second
from remit.directory.access_keys import ACCESS_KEYS, AccessKey, secret_of
from remit.directory.accounts import ACCOUNTS, USABLE
from remit.directory.callers import role_caller, root_caller, user_caller
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.roles import ROLES, Role
from remit.directory.sessions import TokenInvalid, open_session
from remit.directory.users import USERS, User
from remit.errors import ExpiredToken, InvalidClientTokenId
from remit.ids import Secret
from remit.request import ROLE_SESSIONS, Caller, CallerKind, Session, SessionKind
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
    """Who held a key when it was last used, good for as long as nothing of it was replaced."""

    found: Credentials
    owner: User | Role | None
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
        InvalidClientTokenId: the key is unknown or inactive, its owner is gone, or the account is closed or suspended
            (`organizations` reference, 4.2).
    """
    if found is None:
        raise InvalidClientTokenId
    account = tx.get(ACCOUNTS, found.account)
    if account is None or account.state not in USABLE:
        raise InvalidClientTokenId
    owner: User | Role | None
    if isinstance(found, Session):
        _check_alive(tx, found)
        key_id = found.access_key_id
        owner = tx.get(ROLES, found.issuer_id) if found.kind in ROLE_SESSIONS else tx.get(USERS, found.issuer_id)
    elif found.active:
        key_id = found.id
        owner = tx.get(USERS, found.owner)
    else:
        raise InvalidClientTokenId
    holder = _holders.get(key_id)
    # Entities are values that are replaced and never changed, so the same object says the same.
    if holder is None or holder.found is not found or holder.owner is not owner or holder.region != region:
        if isinstance(found, Session):
            identified = _of_session(found, owner, token or "", region)
        else:
            identified = _of_key(tx.keyring, found, owner, region)
        holder = _holders.keep(key_id, _Holder(found, owner, region, identified))
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


def _check_alive(tx: Transaction, session: Session) -> None:
    """Refuse a session whose parent key may not be used, or whose password is another now."""
    if session.parent_access_key_id:
        parent = tx.get(ACCESS_KEYS, session.parent_access_key_id)
        if parent is None or not parent.active:
            raise InvalidClientTokenId
    if session.kind is SessionKind.CONSOLE:
        profile = tx.get(LOGIN_PROFILES, session.issuer_id)
        if profile is None or whole_second(profile.changed_at) > session.issued_at:
            raise InvalidClientTokenId


def _of_key(keyring: Keyring, key: AccessKey, owner: User | Role | None, region: str) -> Identified:
    caller = (
        root_caller(key.account, partition_of_region(region), key_id=key.id) if key.is_root else _user(owner, key.id)
    )
    return Identified(caller, lambda: secret_of(keyring, key), key.sealed_secret)


def _of_session(session: Session, owner: User | Role | None, token: str, region: str) -> Identified:
    match session.kind:
        case SessionKind.ROLE | SessionKind.WEB_IDENTITY | SessionKind.SAML:
            caller = _role(owner, session)
        case SessionKind.FEDERATION:
            caller = _federated(_parent(session, owner, region), session)
        case SessionKind.ROOT:
            partition = partition_of_region(region)
            caller = root_caller(session.account, partition, key_id=session.access_key_id, session=session)
        case SessionKind.SESSION_TOKEN | SessionKind.CONSOLE | SessionKind.DELEGATED:
            caller = _parent(session, owner, region)
    return Identified(caller, lambda: session.secret, token.encode()[-32:])


def _parent(session: Session, owner: User | Role | None, region: str) -> Caller:
    """Return the user or root who asked for a session."""
    if session.issuer_id == session.account:
        partition = partition_of_region(region)
        return root_caller(session.account, partition, key_id=session.access_key_id, session=session)
    return _user(owner, session.access_key_id, session)


def _user(user: User | Role | None, key_id: str, session: Session | None = None) -> Caller:
    if not isinstance(user, User):
        raise InvalidClientTokenId
    return user_caller(user, key_id=key_id, session=session)


def _role(role: User | Role | None, session: Session) -> Caller:
    if not isinstance(role, Role):
        raise InvalidClientTokenId
    tags = _with_session_tags(role.tags, session.tags)
    return role_caller(role, session.name, key_id=session.access_key_id, session=session, tags=tags)


def _federated(parent: Caller, session: Session) -> Caller:
    """Make the caller that GetFederationToken names; *parent* stands behind it."""
    return msgspec.structs.replace(
        parent,
        kind=CallerKind.FEDERATED_USER,
        arn=f"arn:{parent.partition}:sts::{session.account}:federated-user/{session.name}",
        principal_id=f"{session.account}:{session.name}",
        tags=_with_session_tags(parent.tags, session.tags),
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
