"""Access keys: the id is public, the secret signs.

INVARIANT: a secret leaves this module only to verify a signature, and once to the caller that created it.
Source: IAM User Guide, "Manage access keys for IAM users"; `iam-sts` reference, section 11.
"""

from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccessKeyId, AccountId, Secret, new_access_key_id, new_secret_access_key
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "access-key"


class AccessKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A long-term access key.

    Attributes:
        id: `AKIA...`.
        owner: id of the user; the account id for the root user's key.
        sealed_secret: the secret, sealed for this key id.
        changed_at: when it was activated or deactivated last; None when never.
        last_used_at: None when never used; kept to a quarter of an hour, as AWS does.
    """

    id: str
    account: AccountId
    owner: str
    sealed_secret: bytes
    created_at: datetime
    active: bool = True
    changed_at: datetime | None = None
    last_used_at: datetime | None = None
    last_used_region: str = ""
    last_used_service: str = ""

    @property
    def is_root(self) -> bool:
        """Whether it is the root user's."""
        return self.owner == self.account


ACCESS_KEYS = Kind(
    "access_key", AccessKey, groups={"owner": lambda key: (key.owner,), "account": lambda key: (key.account,)}
)


def access_keys(tx: Transaction, owner: str) -> list[AccessKey]:
    """Return the keys of a user id (for root: the account id), oldest first."""
    return sorted(tx.select(ACCESS_KEYS, "owner", owner), key=lambda key: (key.created_at, key.id))


def access_key(tx: Transaction, owner: str, id_: str) -> AccessKey:
    """Find a key of *owner* by its id.

    Raises:
        NotFound: the owner has no such key.
    """
    key = tx.get(ACCESS_KEYS, id_)
    if key is None or key.owner != owner:
        raise NotFound(Noun.ACCESS_KEY, id_)
    return key


def create_access_key(
    tx: Transaction, account: AccountId, owner: str, *, at: datetime, given: tuple[str, Secret] | None = None
) -> tuple[AccessKey, Secret]:
    """Make a key for *owner*, and return it with its secret: the only time anyone sees that.

    Args:
        owner: id of the user; the account id for the root user.
        given: id and secret to use instead of invented ones; for founding with keys from the environment.

    Raises:
        QuotaExceeded: the owner has two keys, active or not.
        AlreadyExists: the *given* id is another key's.
    """
    limit(Quota.ACCESS_KEYS, tx.count(ACCESS_KEYS, "owner", owner) + 1)
    id_, secret = given or (_unused_id(tx, account), new_secret_access_key())
    if tx.get(ACCESS_KEYS, id_) is not None:
        raise AlreadyExists(Noun.ACCESS_KEY, id_)
    key = AccessKey(
        id=AccessKeyId(id_),
        account=account,
        owner=owner,
        sealed_secret=tx.keyring.seal(_PURPOSE, secret.reveal().encode(), id_.encode()),
        created_at=at,
    )
    tx.put(ACCESS_KEYS, key)
    return key, secret


def _unused_id(tx: Transaction, account: AccountId) -> AccessKeyId:
    # An id has 39 random bits: with many keys in an account two would be the same some day, and one owner lose theirs.
    id_ = new_access_key_id(account)
    while tx.get(ACCESS_KEYS, id_) is not None:
        id_ = new_access_key_id(account)
    return id_


def secret_of(keyring: Keyring, key: AccessKey) -> Secret:
    """Open the secret of *key*, to verify a signature."""
    return Secret(keyring.open(_PURPOSE, key.sealed_secret, key.id.encode()).decode())
