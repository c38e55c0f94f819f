"""One piece of evidence, disclosed alone: its bytes, its path to the root, the attestation, and fields that it hid.

A hidden field is `{"$redacted": "sha256:HASH"}`, and what discloses it is the text `["SALT", "/POINTER", VALUE]` with
that hash.
Source: the way of RFC 9901 (SD-JWT), 4.2; JSON Pointer, RFC 6901.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from remit.compliance.evidence.standalone.attestation import Attested, read_attestation
from remit.compliance.evidence.standalone.tree import EVIDENCE, leaf_hash, leaf_line, root_of_path

_INDEX = re.compile("0|[1-9][0-9]{0,9}")
PROOF, HIDDEN = "urn:remit:evidence-proof:v1", "$redacted"


class Proved(NamedTuple):
    """A piece of evidence that belongs to a signed tree.

    Attributes:
        disclosed: JSON Pointer -> value of each hidden field that was disclosed with it.
    """

    name: str
    content: bytes
    attested: Attested
    disclosed: dict[str, Any]


def read_proof(text: bytes) -> Proved:
    """Read the proof of one piece of evidence and check all it says.

    Raises:
        ValueError: it is none, or something in it does not hold.
    """
    try:
        proof = json.loads(text)
        if proof["form"] != PROOF:
            raise ValueError(f"a file of another kind: {proof['form']!a}")
        content = base64.b64decode(proof["content"], validate=True)
        path = [bytes.fromhex(one) for one in proof["path"]]
        index, disclosures, attestation = proof["index"], proof["disclosures"], proof["attestation"].encode()
        attested = read_attestation(attestation)
        sha256 = hashlib.sha256(content).hexdigest()
        root = root_of_path(leaf_hash(leaf_line(sha256, EVIDENCE + sha256)), index, attested.leaves, path)
        if root.hex() != attested.root:
            raise ValueError(f"the content with SHA-256 {sha256} is not leaf {index} of the tree that was signed")
        return Proved(EVIDENCE + sha256, content, attested, disclosed(content, disclosures))
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a proof of evidence: {type(error).__name__} {error}") from None


def disclosed(content: bytes, disclosures: Iterable[str]) -> dict[str, Any]:
    """Return the values of hidden fields, by their JSON Pointers, each checked against the hash that stands there.

    Raises:
        ValueError: one does not belong to *content*.
    """
    values: dict[str, Any] = {}
    for text in disclosures:
        _, pointer, value = json.loads(text)
        field = at_pointer(json.loads(content), pointer)
        if field != {HIDDEN: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}:
            raise ValueError(f"the disclosure of {pointer!a} does not have the hash that stands there")
        values[pointer] = value
    return values


def at_pointer(document: Any, pointer: str) -> Any:
    """Return what a JSON Pointer leads to.

    Raises:
        ValueError: there is nothing.
    """
    found = document
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!a}")
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(key) if isinstance(found, list) and _INDEX.fullmatch(key) else key]
        except (LookupError, TypeError):
            raise ValueError(f"there is no {pointer!a}") from None
    return found
