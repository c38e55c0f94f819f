"""The attestation: a DSSE envelope around an in-toto statement that names the root of the tree.

Source: DSSE 1.0.2, protocol; in-toto Attestation Framework 1.0, Statement.
"""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from remit.compliance.evidence.standalone.curve import key_id, verify_ed25519

STATEMENT, PAYLOAD_TYPE = "https://in-toto.io/Statement/v1", "application/vnd.in-toto+json"
PREDICATE = "urn:remit:evidence-bundle:v1"


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return what a signature of an envelope signs: its pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def envelope_text(payload: bytes, keyid: str, signature: bytes) -> bytes:
    """Return an envelope with one signature, in the form in which compliance-trestle writes it too."""
    signed = {"keyid": keyid, "sig": base64.b64encode(signature).decode()}
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [signed],
    }
    return (json.dumps(envelope, indent=2, sort_keys=True) + "\n").encode()


class Attested(NamedTuple):
    """What an attestation says whose signature holds.

    Attributes:
        root: of the tree, in hexadecimal.
        leaves: how many it has.
        listing: the SHA-256 of `merkle.json`.
        public: the signer's key.
        predicate: scope, period, collector, endpoint and versions.
    """

    root: str
    leaves: int
    listing: str
    public: bytes
    predicate: dict[str, Any]


def read_attestation(text: bytes) -> Attested:
    """Read an attestation and check its signature, with the key that it names itself.

    Raises:
        ValueError: it is none, or the signature does not hold.
    """
    try:
        envelope = json.loads(text)
        signed = envelope["signatures"][0]
        payload, signature = (base64.b64decode(each, validate=True) for each in (envelope["payload"], signed["sig"]))
        if envelope_text(payload, signed["keyid"], signature) != text:
            raise ValueError("not in the form in which it was written")
        statement = json.loads(payload)
        predicate = statement["predicate"]
        public = bytes.fromhex(predicate["signer"]["publicKey"])
        root, listing = (subject["digest"]["sha256"] for subject in statement["subject"])
        leaves, kind = predicate["tree"]["leaves"], (statement["_type"], statement["predicateType"])
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(f"not the attestation of a bundle: {type(error).__name__} {error}") from None
    if kind != (STATEMENT, PREDICATE):
        raise ValueError(f"an attestation of another kind: {kind!a}")
    if signed["keyid"] != key_id(public):
        raise ValueError("the key id is not that of the key")
    verify_ed25519(public, pae(PAYLOAD_TYPE, payload), signature)
    return Attested(root, leaves, listing, public, predicate)
