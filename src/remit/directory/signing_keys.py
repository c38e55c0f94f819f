"""Keys that the store signs with: whom it signs for publishes the public part, the private part is sealed.

INVARIANT: a private key leaves this module only to sign.
Source: RFC 7515 (JWS), RFC 7517 (JWK), RFC 9864 (the algorithm's name `Ed25519`).
"""

from typing import TYPE_CHECKING, Any

import msgspec

from remit.ids import Secret
from remit.store import Keyring

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

_RSA_BITS = 2048


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made; *public* is its JWK."""

    algorithm: str
    public: dict[str, Any]
    private: Secret


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key; *sealed* is its PEM, sealed for this id, which is the `kid` of what it signs."""

    id: str
    algorithm: str
    public: dict[str, Any]
    sealed: bytes


def new_key(algorithm: str) -> NewKey:
    """Make a key for *algorithm*: `RS256`, `ES384` or `Ed25519`. It takes long."""
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    key: RSAKey | ECKey | OKPKey
    match algorithm:
        case "RS256":
            key = RSAKey.generate_key(_RSA_BITS, private=True)
        case "ES384":
            key = ECKey.generate_key("P-384", private=True)
        case "Ed25519":
            key = OKPKey.generate_key("Ed25519", private=True)
        case _:
            raise ValueError(f"no keys for the algorithm `{algorithm}`")
    return NewKey(
        algorithm=algorithm,
        public=dict(key.as_dict(private=False)),
        private=Secret(key.as_pem(private=True).decode()),
    )


def sealed_key(keyring: Keyring, purpose: str, key: NewKey, id_: str) -> SigningKey:
    """Return *key* as it is kept, for one *purpose*."""
    public = {**key.public, "kid": id_, "use": "sig", "alg": key.algorithm}
    sealed = keyring.seal(purpose, key.private.reveal().encode(), id_.encode())
    return SigningKey(id=id_, algorithm=key.algorithm, public=public, sealed=sealed)


def private_key(keyring: Keyring, purpose: str, key: SigningKey) -> Secret:
    """Return the private part of *key*, PEM."""
    return Secret(keyring.open(purpose, key.sealed, key.id.encode()).decode())


def signed(payload: bytes, key: SigningKey, private: Secret, kind: str) -> str:
    """Return a JWS, compact, that says *payload*. It takes long.

    Args:
        private: of *key*.
        kind: what is signed, the header's `typ`, so that nothing passes for something else.
    """
    from joserfc import jws

    header = {"alg": key.algorithm, "kid": key.id, "typ": kind}
    return jws.serialize_compact(header, payload, _opened(key.algorithm, private), algorithms=[key.algorithm])


def _opened(algorithm: str, private: Secret) -> "RSAKey | ECKey | OKPKey":
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    kinds: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RS256": RSAKey, "ES384": ECKey, "Ed25519": OKPKey}
    return kinds[algorithm].import_key(private.reveal())
