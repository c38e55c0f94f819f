"""Signatures beside OSCAL files, in the form that compliance-trestle 5.2 makes and reads (`trestle sign`, `verify`).

The sidecar is a DSSE envelope around an in-toto statement whose subject is the SHA-256 of the file's canonical form, so
that a file that was only laid out anew still verifies.
Source: compliance-trestle 5.2.0, `trestle/core/signing.py`; `tests/compliance/evidence/data/` has one made by it.
"""

import base64
import hashlib
import json
from typing import Any, cast

from remit.compliance.evidence.canonical import canonical
from remit.compliance.evidence.errors import NotSigned
from remit.compliance.evidence.signing import SigningKey, envelope
from remit.compliance.evidence.standalone.attestation import PAYLOAD_TYPE, STATEMENT, pae
from remit.compliance.evidence.standalone.curve import verify_ed25519

SIDECAR_SUFFIX = ".dsse.json"
_PREDICATE = "https://oscal-compass.github.io/compliance-trestle/predicates/oscal-signing/v1"
# Digest algorithms of a statement -> hashlib's names.
_DIGESTS = {"sha224": "sha224", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"} | {
    f"sha3_{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)
}


def sign_oscal(name: str, document: bytes, key: SigningKey) -> bytes:
    """Return the sidecar of an OSCAL file in JSON.

    Args:
        name: the file's name without folders, which the statement holds.
        document: what is in it.
        key: whose signature it is.

    Raises:
        ValueError: it is not JSON, or has no canonical form.
    """
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": hashlib.sha256(_canonical(document)).hexdigest()}}],
        "predicateType": _PREDICATE,
        "predicate": {
            "canonicalization": "RFC8785",
            "digestAlgorithm": "sha256",
            "digestSource": "canonical-json",
            "tool": "remit",
        },
    }
    return envelope(json.dumps(statement, separators=(",", ":"), sort_keys=True).encode(), key)


def verify_oscal(name: str, document: bytes, sidecar: bytes, public: bytes) -> None:
    """Check the sidecar of an OSCAL file, made by Remit or by compliance-trestle.

    Args:
        name: the file's name without folders.
        document: what is in it.
        sidecar: the signature beside it.
        public: the signer's key, 32 bytes.

    Raises:
        NotSigned: it does not hold.
    """
    try:
        signed = json.loads(sidecar)
        payload = base64.b64decode(signed["payload"], validate=True)
        signatures = [base64.b64decode(one["sig"], validate=True) for one in signed["signatures"]]
        if signed["payloadType"] != PAYLOAD_TYPE or not any(_is_by(public, payload, one) for one in signatures):
            raise NotSigned(f"the sidecar of {name} has no signature by this key")
        statement = json.loads(payload)
        kinds = (statement["_type"], statement["predicateType"], statement["predicate"]["canonicalization"])
        (subject,) = statement["subject"]
        algorithm = cast("str", statement["predicate"]["digestAlgorithm"])
        told, digest = subject["name"], subject["digest"][algorithm]
        if kinds != (STATEMENT, _PREDICATE, "RFC8785"):
            raise NotSigned(f"the sidecar of {name} is a statement of another kind: {kinds}")
        made = hashlib.new(_DIGESTS[algorithm], _canonical(document)).hexdigest()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotSigned(f"{name} or its sidecar cannot be read: {error!r}") from None
    if told != name:
        raise NotSigned(f"the sidecar is that of `{told}`, not of `{name}`")
    if made != digest:
        raise NotSigned(f"{name} is not what was signed: its canonical form has the digest {made}")


def _canonical(document: bytes) -> bytes:
    return canonical(json.loads(document, object_pairs_hook=_once))


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice in an object: readers differ in which one they take."""
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a name stands twice in an object")
    return found


def _is_by(public: bytes, payload: bytes, signature: bytes) -> bool:
    try:
        verify_ed25519(public, pae(PAYLOAD_TYPE, payload), signature)
    except ValueError:
        return False
    return True
