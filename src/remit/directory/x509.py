"""X.509 certificates and their private keys, as far as IAM looks into them.

INVARIANT: everything here may take milliseconds: only for `Call.slowly`.
Source: IAM User Guide, "Manage server certificates in IAM"; `iam-sts` reference, section 11.
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from remit.ids import Secret

if TYPE_CHECKING:
    from cryptography import x509


class Flaw(StrEnum):
    """What is wrong with a certificate, its chain or its key."""

    BODY = "the certificate cannot be read"
    EXPIRED = "the certificate is not valid now"
    CHAIN = "the chain cannot be read"
    LINK = "a certificate was not issued by the next one"
    KEY = "the private key cannot be read"
    PAIR = "the private key is another certificate's"


class Flawed(msgspec.Struct, frozen=True):
    """A certificate that is refused; *index* is the place in the chain of the one that the next one did not issue."""

    flaw: Flaw
    index: int = -1


class Certificate(msgspec.Struct, frozen=True):
    """What is known of a certificate: a digest by which it is recognised, and until when it is valid."""

    digest: str
    expires_at: datetime


def read_certificate(body: str) -> Certificate | None:
    """Read one certificate in PEM; None when it is none."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        found = x509.load_pem_x509_certificate(body.encode())
        found.public_key()
        return Certificate(found.fingerprint(SHA256()).hex(), found.not_valid_after_utc)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None


def read_server_certificate(body: str, chain: str, key: Secret, at: datetime) -> Certificate | Flawed:
    """Read a certificate with the chain of those who issued it and its private key, and look whether they fit.

    Args:
        chain: certificates in PEM, the issuer of *body* first; empty for none.
        key: in PEM, not encrypted.
        at: when it must be valid.
    """
    from cryptography import x509

    known = read_certificate(body)
    if known is None:
        return Flawed(Flaw.BODY)
    own = x509.load_pem_x509_certificate(body.encode())
    if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
        return Flawed(Flaw.EXPIRED)
    return _key_flaw(own, key) or _chain_flaw(own, chain) or known


def _key_flaw(certificate: "x509.Certificate", key: Secret) -> Flawed | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    try:
        public = load_pem_private_key(key.reveal().encode(), None).public_key().public_bytes(*form)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it is encrypted
        return Flawed(Flaw.KEY)
    return None if public == certificate.public_key().public_bytes(*form) else Flawed(Flaw.PAIR)


def _chain_flaw(certificate: "x509.Certificate", chain: str) -> Flawed | None:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        issuers = x509.load_pem_x509_certificates(chain.encode()) if chain else []
    except (ValueError, x509.InvalidVersion):
        return Flawed(Flaw.CHAIN)
    for index, (issued, issuer) in enumerate(zip([certificate, *issuers], issuers, strict=False), start=-1):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return Flawed(Flaw.LINK, index)
    return None
