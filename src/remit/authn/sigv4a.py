"""Signature Version 4A: asymmetric, for any of a set of regions.

The client derives a private key from its secret key and signs with ECDSA; who keeps the secret derives the public half
of the same key and checks. The STS model lists it beside SigV4, and no client uses it unless told to.
Source: `iam-sts` reference, section 2.4; AWS's signing test suite, `v4a` (`public-key.json`); NIST SP 800-108,
"KDF in Counter Mode", for the derivation.
"""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from remit.authn.scope import ECDSA
from remit.ids import Secret

# The order of P-256. Source: NIST SP 800-186, section 3.2.1.3.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ATTEMPTS = 254
# DER: two numbers of at most 33 bytes with their heads.
_SIGNATURE_CHARACTERS_MAX = 144
_HEXADECIMAL = frozenset("0123456789abcdef")


def public_key(key_id: str, secret: Secret) -> ec.EllipticCurvePublicKey:
    """Derive the public key of an access key."""
    input_key = b"AWS4A" + secret.reveal().encode()
    for counter in range(1, _ATTEMPTS + 1):
        fixed = b"\0\0\0\1" + ECDSA.encode() + b"\0" + key_id.encode() + bytes((counter,)) + b"\0\0\1\0"
        candidate = int.from_bytes(hmac.digest(input_key, fixed, "sha256"))
        if candidate <= _ORDER - 2:
            return ec.derive_private_key(candidate + 1, ec.SECP256R1()).public_key()
    raise AssertionError("254 numbers in a row were beyond the order of the curve")


def is_signature_of(key: ec.EllipticCurvePublicKey, text: bytes, sent: str) -> bool:
    """Say whether *sent* is a signature of *text*. Nothing here is secret, so time tells nothing."""
    if len(sent) > _SIGNATURE_CHARACTERS_MAX or len(sent) % 2 or not _HEXADECIMAL.issuperset(sent):
        return False
    try:
        key.verify(bytes.fromhex(sent), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
