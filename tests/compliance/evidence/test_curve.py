"""The verifier's own Ed25519 against RFC 8032's vectors, `cryptography`, and signatures that must not hold."""

import pytest
from compliance.evidence.signatures import MESSAGE, REFUSED, VECTORS
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from evidence import KEY
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.evidence.standalone.curve import key_id, verify_ed25519


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    verify_ed25519(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))

    with pytest.raises(ValueError, match="not made over these bytes"):
        verify_ed25519(bytes.fromhex(key), bytes.fromhex(message) + b"\0", bytes.fromhex(signature))


@pytest.mark.parametrize(("public", "signature"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_signature_is_refused(public: bytes, signature: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify_ed25519(public, MESSAGE, signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511), st.booleans())
def test_it_agrees_with_cryptography(seed: bytes, message: bytes, bit: int, is_altered: bool) -> None:  # noqa: FBT001
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    signature = bytearray(private.sign(message))
    if is_altered:
        signature[bit // 8] ^= 1 << bit % 8

    assert _holds(public, message, bytes(signature)) is _holds_for_cryptography(public, message, bytes(signature))


def _holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        verify_ed25519(public, message, signature)
    except ValueError:
        return False
    return True


def _holds_for_cryptography(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_a_key_id_is_that_of_securesystemslib() -> None:
    # securesystemslib 1.6.0: SSlibKey.from_crypto(...).keyid
    assert key_id(KEY.public) == "63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a6fd18e9235b9"
