"""Ed25519 signatures that hold, and some that must not."""

import hashlib

from evidence import KEY

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
