"""Outbound federation: the issuer whose tokens tell others who somebody in the account is, and the keys it signs with.

The issuer stays when the feature is turned off, so that tokens that it gave can still be verified, and is the same when
it is turned on again.
INVARIANT: a private key leaves this module only to sign a token.
Source: IAM User Guide, "Federating AWS identities to external services"; `iam-sts` reference, section 13.10.
"""

from datetime import datetime
from typing import Any

import msgspec

from remit.ids import AccountId, Secret, new_uuid
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "outbound-signing-key"
_RSA_BITS = 2048
# Algorithm -> what a key for it is made of.
ALGORITHMS = ("RS256", "ES384")


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made; *public* is its JWK."""

    algorithm: str
    public: dict[str, Any]
    private: Secret


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of an issuer; *sealed* is its PEM, sealed for this id, which is the `kid` of its tokens."""

    id: str
    algorithm: str
    public: dict[str, Any]
    sealed: bytes


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
    from joserfc.jwk import ECKey, RSAKey

    keys: tuple[RSAKey | ECKey, ...] = (
        RSAKey.generate_key(_RSA_BITS, private=True),
        ECKey.generate_key("P-384", private=True),
    )
    return tuple(
        NewKey(
            algorithm=algorithm,
            public=dict(key.as_dict(private=False)),
            private=Secret(key.as_pem(private=True).decode()),
        )
        for algorithm, key in zip(ALGORITHMS, keys, strict=True)
    )


def create_issuer(
    tx: Transaction, account: AccountId, keys: tuple[NewKey, ...], *, at: datetime, is_enabled: bool = True
) -> OutboundIssuer:
    """Make the issuer of *account*."""
    created = OutboundIssuer(
        id=new_uuid(),
        account=account,
        created_at=at,
        keys=tuple(_sealed(tx.keyring, key) for key in keys),
        is_enabled=is_enabled,
    )
    tx.put(OUTBOUND_ISSUERS, created)
    return created


def _sealed(keyring: Keyring, key: NewKey) -> SigningKey:
    id_ = new_uuid()
    public = {**key.public, "kid": id_, "use": "sig", "alg": key.algorithm}
    sealed = keyring.seal(_PURPOSE, key.private.reveal().encode(), id_.encode())
    return SigningKey(id=id_, algorithm=key.algorithm, public=public, sealed=sealed)


def private_key_of(keyring: Keyring, key: SigningKey) -> Secret:
    """Return the private part of *key*, PEM."""
    return Secret(keyring.open(_PURPOSE, key.sealed, key.id.encode()).decode())


def sign(payload: bytes, key: SigningKey, private: Secret) -> Secret:
    """Return a token that says *payload*. It takes long.

    Args:
        private: of *key*.
    """
    from joserfc import jws
    from joserfc.jwk import ECKey, RSAKey

    kind = RSAKey if key.algorithm.startswith("RS") else ECKey
    header = {"alg": key.algorithm, "kid": key.id, "typ": "JWT"}
    return Secret(jws.serialize_compact(header, payload, kind.import_key(private.reveal()), algorithms=[key.algorithm]))
