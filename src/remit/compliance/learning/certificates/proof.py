"""Proofs of credentials: W3C Data Integrity, cryptosuite eddsa-jcs-2022, with keys as `did:key`.

The hashes of the canonical proof options and of the canonical document, one after the other, are signed with Ed25519.
Whoever verifies needs no network: the public key stands in the proof, and whether to trust it is for them to say.
Source: W3C, "Data Integrity EdDSA Cryptosuites v1.0", 3.3; "The did:key Method"; RFC 8785.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from remit.compliance.evidence.canonical import canonical
from remit.compliance.evidence.signing import SigningKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"  # multicodec: an Ed25519 public key
_DID, _MULTIBASE = "did:key:", "z"
_KEY_BYTES = 32
_TEXT_MAX = 200
_SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


class ProofInvalid(Exception):
    """A proof that does not hold, or of a kind that is not known; a line for a person."""


def did_of(public: bytes) -> str:
    """Return an Ed25519 public key of 32 bytes as `did:key:z6Mk...`."""
    return _DID + _MULTIBASE + _base58(_ED25519 + public)


def public_of(did: str) -> bytes:
    """Return the key of a `did:key`, with or without a fragment.

    Raises:
        ProofInvalid: it is none of an Ed25519 key.
    """
    text = did.partition("#")[0]
    raw = _unbase58(text.removeprefix(_DID)) if text.startswith(_DID) else b""
    if not raw.startswith(_ED25519) or len(raw) != len(_ED25519) + _KEY_BYTES:
        raise ProofInvalid(f"not the did:key of an Ed25519 key: `{did[:_TEXT_MAX]}`")
    return raw.removeprefix(_ED25519)


def secured(document: Mapping[str, Any], key: SigningKey, created: datetime) -> dict[str, Any]:
    """Return *document* with a proof of *key*; the same one each time."""
    did = did_of(key.public)
    options = {
        **_SUITE,
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "verificationMethod": f"{did}#{did.removeprefix(_DID)}",
        "@context": document["@context"],
    }
    signature = key.sign(_hashes(options, document))
    return {**document, "proof": {**options, "proofValue": _MULTIBASE + _base58(signature)}}


def verified(document: Mapping[str, Any]) -> bytes:
    """Verify the proof of *document*; return the public key that made it.

    Raises:
        ProofInvalid: there is none, of this kind, that holds.
    """
    found: Any = document.get("proof")
    if not isinstance(found, dict):
        raise ProofInvalid("there is no proof in it")
    proof = cast("dict[str, Any]", found)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if any(options.get(name) != value for name, value in _SUITE.items()):
        raise ProofInvalid(f"a proof of a kind that is not known: `{options.get('cryptosuite', options.get('type'))}`")
    bare = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in options:
        _check_context(options["@context"], bare.get("@context"))
        bare["@context"] = options["@context"]
    public = public_of(str(options.get("verificationMethod")))
    try:
        signature = _unbase58(str(proof.get("proofValue")))
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _hashes(options, bare))
    except (InvalidSignature, ValueError):
        raise ProofInvalid("the signature does not hold: something was altered after it was signed") from None
    return public


def _check_context(of_proof: Any, of_document: Any) -> None:
    """Refuse a document whose contexts do not begin with those that were signed."""
    signed, there = _listed(of_proof), _listed(of_document)
    if there[: len(signed)] != signed:
        raise ProofInvalid("the contexts of the document are not those that were signed")


def _listed(context: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", context) if isinstance(context, list) else [context]


def _hashes(options: Mapping[str, Any], document: Mapping[str, Any]) -> bytes:
    return b"".join(hashlib.sha256(canonical(dict(one))).digest() for one in (options, document))


def _base58(raw: bytes) -> str:
    number, text = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        text = _ALPHABET[digit] + text
    return _ALPHABET[0] * (len(raw) - len(raw.lstrip(b"\0"))) + text


def _unbase58(text: str) -> bytes:
    """Return what a multibase text in base58btc says.

    Raises:
        ProofInvalid: it is none.
    """
    digits = text.removeprefix(_MULTIBASE)
    if not text.startswith(_MULTIBASE) or not set(digits) <= set(_ALPHABET) or len(digits) > _TEXT_MAX:
        raise ProofInvalid(f"not base58btc: `{text[:_TEXT_MAX]}`")
    number = 0
    for digit in digits:
        number = number * len(_ALPHABET) + _ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
