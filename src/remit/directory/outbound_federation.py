"""Outbound federation: the issuer whose tokens tell others who somebody in the account is, and the keys it signs with.

The issuer stays when the feature is turned off, so that tokens that it gave can still be verified, and is the same when
it is turned on again.
Source: IAM User Guide, "Federating AWS identities to external services"; `iam-sts` reference, section 13.10.
"""

from datetime import datetime

import msgspec

from remit.directory.signing_keys import NewKey, SigningKey, new_key, private_key, sealed_key, signed
from remit.ids import AccountId, Secret, new_uuid
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "outbound-signing-key"
ALGORITHMS = ("RS256", "ES384")


class OutboundIssuer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An account's issuer; *id* is a UUID, in its URL."""

    id: str
    account: AccountId
    created_at: datetime
    keys: tuple[SigningKey, ...]
    is_enabled: bool = True


OUTBOUND_ISSUERS = Kind("outbound_issuer", OutboundIssuer, unique={"account": lambda issuer: (issuer.account,)})


def issuer_of(tx: Transaction, account: AccountId) -> OutboundIssuer | None:
    """Find the issuer of *account*, whether it is turned on or off; None when it never was on."""
    return tx.find(OUTBOUND_ISSUERS, "account", (account,))


def new_keys() -> tuple[NewKey, ...]:
    """Make a key for each algorithm. It takes long."""
    return tuple(new_key(algorithm) for algorithm in ALGORITHMS)


def create_issuer(
    tx: Transaction, account: AccountId, keys: tuple[NewKey, ...], *, at: datetime, is_enabled: bool = True
) -> OutboundIssuer:
    """Make the issuer of *account*."""
    created = OutboundIssuer(
        id=new_uuid(),
        account=account,
        created_at=at,
        keys=tuple(sealed_key(tx.keyring, _PURPOSE, key, new_uuid()) for key in keys),
        is_enabled=is_enabled,
    )
    tx.put(OUTBOUND_ISSUERS, created)
    return created


def private_key_of(keyring: Keyring, key: SigningKey) -> Secret:
    """Return the private part of *key*, PEM."""
    return private_key(keyring, _PURPOSE, key)


def sign(payload: bytes, key: SigningKey, private: Secret) -> Secret:
    """Return a token that says *payload*. It takes long.

    Args:
        private: of *key*.
    """
    return Secret(signed(payload, key, private, "JWT"))
