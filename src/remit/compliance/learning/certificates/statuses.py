"""Revocation: a list of bits that its issuer signs; a certificate says which bit is its own.

Source: W3C, "Bitstring Status List v1.0": at least 131,072 bits, so that a bit says nothing about whose it is; gzip,
base64url, multibase.
"""

import base64
import gzip
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from remit.compliance.evidence.signing import SigningKey
from remit.compliance.learning.certificates.proof import did_of, secured

BITS = 131_072
_KIND, _SUBJECT, _ENTRY = "BitstringStatusListCredential", "BitstringStatusList", "BitstringStatusListEntry"
_MULTIBASE = "u"  # base64url without padding
_BYTES_MAX = 1 << 20


class StatusUnreadable(Exception):
    """A status list that cannot be read; a line for a person."""


def status_list(id_: str, revoked: Collection[int], key: SigningKey, at: datetime) -> dict[str, Any]:
    """Return the signed list in which the bits *revoked* are set."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8  # the first index is the left-most bit
    encoded = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": id_,
        "type": ["VerifiableCredential", _KIND],
        "issuer": did_of(key.public),
        "validFrom": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "id": f"{id_}#list",
            "type": _SUBJECT,
            "statusPurpose": "revocation",
            "encodedList": _MULTIBASE + encoded,
        },
    }
    return secured(document, key, at)


def entry(list_id: str, index: int) -> dict[str, str]:
    """Return what a certificate says of its bit."""
    return {
        "id": f"{list_id}#{index}",
        "type": _ENTRY,
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": list_id,
    }


def is_list(document: Mapping[str, Any]) -> bool:
    """Say whether a credential is a status list."""
    types: Any = document.get("type")
    return isinstance(types, list) and _KIND in types


def is_revoked(document: Mapping[str, Any], index: int) -> bool:
    """Say whether a bit of a list, which was verified before, is set; *index* is at least 0.

    Raises:
        StatusUnreadable: it is no list, or has no such bit.
    """
    try:
        subject = document["credentialSubject"]
        text = str(subject["encodedList"])
        if subject["statusPurpose"] != "revocation" or not text.startswith(_MULTIBASE):
            raise StatusUnreadable("not a list of what was revoked")
        raw = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        bits = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _BYTES_MAX)
        return bool(bits[index // 8] & 0x80 >> index % 8)
    except (KeyError, TypeError, ValueError, IndexError, zlib.error):
        raise StatusUnreadable("a status list that cannot be read, or has no such bit") from None
