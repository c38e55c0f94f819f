"""Certificates of acceptance verified without the server, from the public keys alone: as JSON, or as PDF.

CertificateRefused
└── whatever is wrong: no certificate, altered, signed by nobody whose key is given
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from remit.directory.artifact.certificate_pages import (
    AGREEMENT_FILE,
    CERTIFICATE_FILE,
    FILE_KIND,
    LAST_LINE,
    Sealed,
)
from remit.directory.artifact.certificates import ALGORITHM, KIND, Certificate, Flattened, public_key
from remit.pdf import PdfRefused, attached, without_last_line

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

T = TypeVar("T")
_PDF = b"%PDF-"


class CertificateRefused(Exception):
    """What was handed in proves nothing. The message says why, and what can be done."""


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


def read_keys(text: bytes) -> dict[str, "OKPKey"]:
    """Return the Ed25519 keys of a JWK or of a set of them, by their thumbprints.

    Raises:
        CertificateRefused: there is none.
    """
    from joserfc.errors import JoseError

    try:
        given = msgspec.json.decode(text, type=dict[str, Any])
        rows = msgspec.convert(given.get("keys", [given]), list[dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise CertificateRefused("the key is neither a JWK nor a set of them") from None
    found: dict[str, OKPKey] = {}
    for row in rows:
        if (row.get("kty"), row.get("crv")) == ("OKP", ALGORITHM):
            with suppress(JoseError, ValueError, TypeError, KeyError):
                key = public_key(row)
                found[key.thumbprint()] = key
    if not found:
        raise CertificateRefused("no Ed25519 key is there: no certificate was made yet, or it is another server's file")
    return found


def prove(given: bytes, keys: Mapping[str, "OKPKey"]) -> Certificate:
    """Return what a certificate says that was signed with one of *keys*. Blocks: up to some seconds for a PDF.

    Args:
        given: JSON or PDF.
        keys: of `read_keys`.

    Raises:
        CertificateRefused: it is none, was altered, or was signed with another key.
        PdfExtraMissing: it is a PDF, and the extra is not installed.
    """
    return _of_document(given, keys) if given.startswith(_PDF) else _of_json(given, keys)


def _of_json(given: bytes, keys: Mapping[str, "OKPKey"]) -> Certificate:
    try:
        flat = msgspec.json.decode(given, type=Flattened)
    except msgspec.DecodeError:
        raise CertificateRefused("it is no certificate: neither a PDF nor a JWS in JSON") from None
    return _said(f"{flat.protected}.{flat.payload}.{flat.signature}", keys, KIND, Certificate)


def _of_document(given: bytes, keys: Mapping[str, "OKPKey"]) -> Certificate:
    parted = without_last_line(given, LAST_LINE)
    if parted is None:
        raise CertificateRefused(
            "the PDF was altered, or another program stored it anew: its last line is no signature. Its pages prove "
            f"nothing; ask for it again, or take the attached {CERTIFICATE_FILE} out and verify that"
        )
    document, line = parted
    seal = _said(line, keys, FILE_KIND, Sealed)
    if not hmac.compare_digest(sha256(document).hexdigest(), seal.sha256):
        raise CertificateRefused("the PDF was altered since it was signed")
    try:
        written, agreement = (attached(document, name) for name in (CERTIFICATE_FILE, AGREEMENT_FILE))
    except PdfRefused as refused:
        raise CertificateRefused(f"the PDF cannot be read: {refused.message}") from None
    if written is None or agreement is None:
        raise CertificateRefused(f"the PDF has no {CERTIFICATE_FILE} and {AGREEMENT_FILE} attached")
    certificate = _of_json(written, keys)
    if certificate.id != seal.id or certificate.agreement.document_sha256 != sha256(agreement).hexdigest():
        raise CertificateRefused("what is attached to the PDF is of another acceptance")
    return certificate


def _said(compact: str, keys: Mapping[str, "OKPKey"], kind: str, type_: type[T]) -> T:
    """Return what a JWS of this *kind* says, signed with one of *keys*.

    Raises:
        CertificateRefused: it is none of these.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        begin = compact.partition(".")[0]
        header = msgspec.json.decode(base64.urlsafe_b64decode(begin + "=" * (-len(begin) % 4)), type=_Header)
    except (binascii.Error, ValueError):
        raise CertificateRefused("it is no certificate: its header cannot be read") from None
    if (header.typ, header.alg) != (kind, ALGORITHM):
        raise CertificateRefused(f"it is no certificate of acceptance, but `{header.typ}` signed with {header.alg}")
    key = keys.get(header.kid)
    if key is None:
        raise CertificateRefused(f"it was signed with the key {header.kid}, and given is {', '.join(sorted(keys))}")
    try:
        payload = jws.deserialize_compact(compact, key, algorithms=[ALGORITHM]).payload
    except (JoseError, ValueError):
        raise CertificateRefused("it was altered: its signature is not of what it says") from None
    try:
        return msgspec.json.decode(payload, type=type_)
    except msgspec.DecodeError as error:
        raise CertificateRefused(f"it was signed, and this version of Remit cannot read it: {error}") from None
