"""Login profiles: the passwords of users and of root users.

Passwords are kept as hashes (`passwords.py`), and these sealed: who has only the store has nothing to guess at.
Source: IAM User Guide, "Manage passwords for IAM users"; `iam-sts` reference, section 10.
"""

from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun
from remit.ids import AccountId
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "password"
# As many as a password policy can keep from being set again.
_HASHES_KEPT = 24


class LoginProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's password.

    Attributes:
        id: of the user; the account id for the root user.
        sealed_hashes: of the password, and of those before it, the newest first; empty for a root user whose password
            has still to be set.
        changed_at: when the password was set.
        reset_required: whether a new password must be set at the next sign-in.
        last_used_at: when the root user signed in last; None when never. Of a user it is `User.password_last_used`.
        session_seconds_max: how long a session in the console may be; None for the default.
    """

    id: str
    account: AccountId
    sealed_hashes: tuple[bytes, ...]
    created_at: datetime
    changed_at: datetime
    reset_required: bool = False
    last_used_at: datetime | None = None
    session_seconds_max: int | None = None

    @property
    def is_root(self) -> bool:
        """Whether it is the root user's."""
        return self.id == self.account


LOGIN_PROFILES = Kind("login_profile", LoginProfile, groups={"account": lambda profile: (profile.account,)})


def login_profile(tx: Transaction, owner: str, name: str) -> LoginProfile:
    """Find the login profile of a user id (for root: the account id); *name* is what a fact calls the owner.

    Raises:
        NotFound: the owner has no password.
    """
    found = tx.get(LOGIN_PROFILES, owner)
    if found is None:
        raise NotFound(Noun.LOGIN_PROFILE, name)
    return found


def refuse_second_profile(tx: Transaction, owner: str, name: str) -> None:
    """Refuse when *owner* has a password; asked before a new one is hashed.

    Raises:
        AlreadyExists: it has.
    """
    if tx.get(LOGIN_PROFILES, owner) is not None:
        raise AlreadyExists(Noun.LOGIN_PROFILE, name)


def create_login_profile(
    tx: Transaction,
    account: AccountId,
    owner: str,
    name: str,
    hashed: str,
    *,
    at: datetime,
    reset_required: bool = False,
    session_seconds_max: int | None = None,
) -> LoginProfile:
    """Give *owner* a password.

    Args:
        hashed: made of the password; empty for a root user who has still to set one.

    Raises:
        AlreadyExists: the owner has one.
    """
    refuse_second_profile(tx, owner, name)
    created = LoginProfile(
        id=owner,
        account=account,
        sealed_hashes=(_sealed(tx.keyring, owner, hashed),) if hashed else (),
        created_at=at,
        changed_at=at,
        reset_required=reset_required,
        session_seconds_max=session_seconds_max,
    )
    tx.put(LOGIN_PROFILES, created)
    return created


def set_password(
    tx: Transaction, profile: LoginProfile, hashed: str, *, at: datetime, reset_required: bool
) -> LoginProfile:
    """Replace the password; the one before it is remembered."""
    hashes = (_sealed(tx.keyring, profile.id, hashed), *profile.sealed_hashes)[:_HASHES_KEPT]
    changed = msgspec.structs.replace(profile, sealed_hashes=hashes, changed_at=at, reset_required=reset_required)
    tx.put(LOGIN_PROFILES, changed)
    return changed


def password_hash(keyring: Keyring, profile: LoginProfile) -> str:
    """Return what the password is compared with; empty where there is none yet."""
    return "".join(newest_hashes(keyring, profile, 1))


def newest_hashes(keyring: Keyring, profile: LoginProfile, count: int) -> tuple[str, ...]:
    """Return the hashes of the password and of those before it, at most *count*, the newest first."""
    context = profile.id.encode()
    return tuple(keyring.open(_PURPOSE, sealed, context).decode() for sealed in profile.sealed_hashes[:count])


def _sealed(keyring: Keyring, owner: str, hashed: str) -> bytes:
    return keyring.seal(_PURPOSE, hashed.encode(), owner.encode())
