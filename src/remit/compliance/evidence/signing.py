"""A collector's signature: Ed25519, in DSSE envelopes and in minisign's form.

Source: RFC 8032; DSSE 1.0.2; minisign's page on signature formats ("ED": over the BLAKE2b-512 of the file).
"""

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from remit.compliance.evidence.standalone.attestation import PAYLOAD_TYPE, envelope_text, pae
from remit.compliance.evidence.standalone.curve import key_id

_SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: what precedes the key in DER


class SigningKey:
    """A private key that signs. Its `repr` shows the id of its public half only.

    Attributes:
        public: 32 bytes.
        id: as securesystemslib and TUF make it, 64 hexadecimal digits.
    """

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = key_id(self.public)

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*, 64 bytes; always the same one."""
        return self._private.sign(message)

    def private_pem(self) -> bytes:
        """Return the private key, for a file that only its owner can read."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def envelope(payload: bytes, key: SigningKey) -> bytes:
    """Return a DSSE envelope around an in-toto statement."""
    return envelope_text(payload, key.id, key.sign(pae(PAYLOAD_TYPE, payload)))


def public_pem(public: bytes) -> bytes:
    """Return a public key as PEM (SubjectPublicKeyInfo), as OpenSSL reads it."""
    return b"-----BEGIN PUBLIC KEY-----\n%b\n-----END PUBLIC KEY-----\n" % base64.b64encode(_SPKI + public)


def minisign_public(public: bytes) -> bytes:
    """Return a public key as a file for `minisign -V -p`."""
    number = _minisign_number(public)
    line = base64.b64encode(b"Ed" + number + public)
    return b"untrusted comment: minisign public key %X\n%b\n" % (int.from_bytes(number, "little"), line)


def minisign_signature(path: Path, key: SigningKey) -> bytes:
    """Return what belongs into `FILE.minisig` beside a file, which is read in blocks.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "blake2b").digest()
    signature = key.sign(digest)
    trusted = f"file:{path.name}\thashed"
    of_both = base64.b64encode(key.sign(signature + trusted.encode())).decode()
    line = base64.b64encode(b"ED" + _minisign_number(key.public) + signature).decode()
    return f"untrusted comment: signed by key {key.id}\n{line}\ntrusted comment: {trusted}\n{of_both}\n".encode()


def _minisign_number(public: bytes) -> bytes:
    return bytes.fromhex(key_id(public))[:8]
