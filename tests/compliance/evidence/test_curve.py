"""The verifier's own Ed25519 against RFC 8032's vectors, `cryptography`, and signatures that must not hold."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from evidence import KEY
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.evidence.standalone.curve import key_id, verify_ed25519

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
# RFC 8032, 7.1: key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]
MESSAGE = b"message"
SIGNATURE = KEY.sign(MESSAGE)
R, S = SIGNATURE[:32], int.from_bytes(SIGNATURE[32:], "little")


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    verify_ed25519(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))

    with pytest.raises(ValueError, match="not made over these bytes"):
        verify_ed25519(bytes.fromhex(key), bytes.fromhex(message) + b"\0", bytes.fromhex(signature))


def le(number: int) -> bytes:
    return number.to_bytes(32, "little")


REFUSED = {
    "S not reduced": (KEY.public, R + le(S + L)),
    "S is L": (KEY.public, R + le(L)),
    "S of 256 bits": (KEY.public, R + b"\xff" * 32),
    "S zero": (KEY.public, R + le(0)),
    "R zero": (KEY.public, le(0) + le(S)),
    "R not on the curve": (KEY.public, le(2) + le(S)),
    "R above the field": (KEY.public, le(P + 1) + le(S)),
    "R of the other sign": (KEY.public, R[:31] + bytes([R[31] ^ 0x80]) + le(S)),
    "all zero": (KEY.public, bytes(64)),
    "truncated": (KEY.public, SIGNATURE[:63]),
    "too long": (KEY.public, SIGNATURE + b"\0"),
    "empty": (KEY.public, b""),
    "hash instead of R": (KEY.public, hashlib.sha256(R).digest() + le(S)),
    "S negated": (KEY.public, R + le(L - S)),
    "halves swapped": (KEY.public, SIGNATURE[32:] + R),
    "key not on the curve": (le(2), SIGNATURE),
    "key above the field": (le(P + 1), SIGNATURE),
    "key of 31 bytes": (KEY.public[:31], SIGNATURE),
    "x zero with a sign": (le(1 | 1 << 255), le(1) + le(0)),
    **{f"key of small order {text[:8]}": (bytes.fromhex(text), le(1) + le(0)) for text in SMALL_ORDER},
    **{f"R of small order {text[:8]}": (KEY.public, bytes.fromhex(text) + le(0)) for text in SMALL_ORDER},
}


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
