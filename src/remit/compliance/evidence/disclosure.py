"""Showing a part: fields of an answer behind salted hashes, and one piece of evidence alone, with its proof.

A field is hidden before its answer becomes evidence: `hide` puts a hash where its value was, and returns the texts that
disclose it, to be kept apart. A salt follows from a secret, the answer and the field, so that the same answer makes the
same bytes, and one salt tells nothing of another.
Source: the way of RFC 9901 (SD-JWT), 4.2; JSON Pointer, RFC 6901.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from remit.compliance.evidence.errors import DisclosureInvalid
from remit.compliance.evidence.merkle import inclusion_proof
from remit.compliance.evidence.standalone.archive import BLOCK
from remit.compliance.evidence.standalone.checking import check, lines
from remit.compliance.evidence.standalone.proofs import HIDDEN, PROOF, at_pointer, disclosed
from remit.compliance.evidence.standalone.replaying import Items
from remit.compliance.evidence.standalone.tree import ATTESTATION, EVIDENCE, LISTING, leaf_hash, leaf_line

_SALT_BYTES = 16


class Hidden(NamedTuple):
    """An answer with hidden fields.

    Attributes:
        content: what becomes evidence.
        disclosures: JSON Pointer -> the text that discloses the field.
    """

    content: bytes
    disclosures: dict[str, str]


def hide(answer: bytes, pointers: Iterable[str], secret: bytes) -> Hidden:
    """Put salted hashes where *pointers* lead in *answer*, which is JSON.

    Args:
        answer: the answer as it came.
        pointers: JSON Pointers; none may lead into another's field.
        secret: 32 random bytes that stay with the collector; salts are made of it.

    Raises:
        DisclosureInvalid: the answer is not JSON, or a pointer leads nowhere, to the whole, or into another's field.
    """
    try:
        document = json.loads(answer)
    except ValueError as error:
        raise DisclosureInvalid(f"fields can be hidden in JSON only: {error}") from None
    whole, disclosures = hashlib.sha256(answer).digest(), dict[str, str]()
    for pointer in sorted(set(pointers)):
        if any(pointer.startswith(f"{other}/") for other in disclosures):
            raise DisclosureInvalid(f"{pointer!r} leads into a field that is hidden already")
        try:
            value = at_pointer(document, pointer)
            parent, key = at_pointer(document, pointer.rpartition("/")[0]), pointer.rpartition("/")[2]
        except ValueError as error:
            raise DisclosureInvalid(f"{error} in the answer") from None
        if not pointer:
            raise DisclosureInvalid("the whole answer cannot be hidden: leave it out of the bundle")
        salt = hmac.digest(secret, whole + pointer.encode(), "sha256")[:_SALT_BYTES]
        text = json.dumps([base64.urlsafe_b64encode(salt).decode().rstrip("="), pointer, value], separators=(",", ":"))
        hidden = {HIDDEN: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}
        if isinstance(parent, list):
            parent[int(key)] = hidden
        else:
            parent[key.replace("~1", "/").replace("~0", "~")] = hidden
        disclosures[pointer] = text
    return Hidden(json.dumps(document, separators=(",", ":")).encode(), disclosures)


def disclose(content: bytes, disclosures: Iterable[str]) -> dict[str, Any]:
    """Return JSON Pointer -> value of the fields that *disclosures* disclose in a piece of evidence.

    Raises:
        DisclosureInvalid: one does not belong to it.
    """
    try:
        return disclosed(content, disclosures)
    except (ValueError, TypeError, AttributeError) as error:
        raise DisclosureInvalid(str(error)) from None


def prove(bundle: Path, sha256: str, disclosures: Iterable[str] = ()) -> bytes:
    """Return a file that proves one piece of a bundle's evidence alone, for `verify.py --proof`.

    Args:
        bundle: a bundle; it is verified first.
        sha256: of the piece, in hexadecimal.
        disclosures: texts of hidden fields to be disclosed with it.

    Raises:
        DisclosureInvalid: the bundle does not verify or does not have the piece, or a disclosure does not belong to it.
        OSError: the bundle cannot be read.
    """
    with bundle.open("rb", buffering=BLOCK) as file:
        report = check(file)
        if report.problems:
            name, what = next(iter(report.problems.items()))
            raise DisclosureInvalid(f"the bundle does not verify: {name}: {what}")
        try:
            content = Items(file)(sha256)
        except KeyError:
            raise DisclosureInvalid(f"the bundle has no evidence `{sha256}`") from None
        listing, attestation = report.files[LISTING], report.files[ATTESTATION]
        texts = list(disclosures)
        disclose(content, texts)
        leaf = leaf_hash(leaf_line(sha256, EVIDENCE + sha256))
        index, path = inclusion_proof(_leaves(file, listing.offset, listing.size), leaf)
        file.seek(attestation.offset)
        proof = {
            "form": PROOF,
            "content": base64.b64encode(content).decode(),
            "index": index,
            "path": [one.hex() for one in path],
            "disclosures": texts,
            "attestation": file.read(attestation.size).decode(),
        }
    return (json.dumps(proof, indent=1, sort_keys=True) + "\n").encode()


def _leaves(file: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    """Yield the hash of each leaf that `merkle.json` of a verified bundle lists."""
    for line in lines(file, at, size):
        if line.startswith(b'"'):
            sha256, _, name = line.rstrip(b",").strip(b'"').decode().partition("  ")
            yield leaf_hash(leaf_line(sha256, name or EVIDENCE + sha256))
