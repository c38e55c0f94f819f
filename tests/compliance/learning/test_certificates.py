"""Certificates: what verifies, what does not, and what counts as training evidence."""

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from remit.clock import SystemClock
from remit.compliance.evidence.keys import KeyRing
from remit.compliance.evidence.signing import SigningKey
from remit.compliance.learning.attempts import Attempt, Attempts
from remit.compliance.learning.certificates import certificates_in
from remit.compliance.learning.certificates.issuing import STATUS, Issuer, NotIssued
from remit.compliance.learning.certificates.proof import ProofInvalid, did_of, public_of, secured, verified
from remit.compliance.learning.certificates.reading import NotCounted, check, look_into, read
from remit.compliance.learning.certificates.statuses import BITS, is_revoked, status_list
from remit.compliance.learning.labs import labs

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
STRANGER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))

# W3C, "Data Integrity EdDSA Cryptosuites v1.0", appendix with test vectors, representation eddsa-jcs-2022.
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_VECTOR = {
    "@context": W3C_CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{W3C_KEY}#{W3C_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": W3C_CONTEXT,
        "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    },
}


def passed(attempts: Attempts, course: str) -> None:
    for lab in labs().values():
        if lab.course == course:
            attempt = Attempt(
                learner=attempts.learner, lab=lab.id, seed="ab" * 16, accounts={}, started_at=AT - timedelta(hours=1)
            )
            attempts.note_passed(attempt, AT)


class Desk:
    """An issuer, and somebody who has passed A2."""

    def __init__(self, folder: Path) -> None:
        self.ring = KeyRing(folder / "keys", SystemClock())
        self.issuer = Issuer(folder, self.ring)
        self.attempts = Attempts(folder, "ada@example.com")
        passed(self.attempts, "A2")
        self.path, self.document = self.issuer.issue(self.attempts, "A2", AT)

    @property
    def keys(self) -> set[bytes]:
        return {one.public for one in self.ring.public_keys()}

    def certificates(self) -> Any:
        return certificates_in(self.issuer.folder, self.keys)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_vector_of_the_specification_verifies_and_a_changed_one_does_not() -> None:
    assert did_of(verified(W3C_VECTOR)) == f"did:key:{W3C_KEY}"

    with pytest.raises(ProofInvalid, match="altered"):
        verified({**W3C_VECTOR, "name": "Alumni credential"})


def test_a_certificate_is_an_open_badge_that_names_holder_course_labs_and_seeds(desk: Desk) -> None:
    document = desk.document

    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(document["type"])
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "ada@example.com"
    assert [one["name"] for one in document["evidence"]] == [f"A2-{number}" for number in range(1, 7)]
    assert all("ab" * 16 in one["narrative"] for one in document["evidence"])
    assert public_of(document["issuer"]["id"]) == verified(document)


def test_a_verified_certificate_is_training_evidence(desk: Desk) -> None:
    (one,) = desk.certificates()

    assert (one.holder, one.course, one.issued_at) == ("ada@example.com", "A2", AT)
    assert one.expires_at == AT + timedelta(days=365)


def test_what_a_rotated_key_signed_still_counts(desk: Desk) -> None:
    desk.ring.rotate()

    assert len(desk.certificates()) == 1


def test_a_certificate_is_issued_for_a_whole_course_only(desk: Desk) -> None:
    with pytest.raises(NotIssued, match="A1-1"):
        desk.issuer.issue(desk.attempts, "A1", AT)
    with pytest.raises(NotIssued, match="no course"):
        desk.issuer.issue(desk.attempts, "B7", AT)


def test_a_revoked_certificate_does_not_count_and_the_others_do(desk: Desk) -> None:
    desk.issuer.issue(desk.attempts, "A2", AT + timedelta(days=1))

    desk.issuer.revoke(desk.document["id"], "issued to somebody else", AT)

    assert [one.issued_at for one in desk.certificates()] == [AT + timedelta(days=1)]
    assert look_into(desk.issuer.folder, desk.keys).refused == {desk.path.name: "it was revoked"}
    with pytest.raises(NotIssued, match="before"):
        desk.issuer.revoke(desk.document["id"], "again", AT)


def alter(*path: Any, value: Any) -> Any:
    def altered(document: dict[str, Any]) -> dict[str, Any]:
        found: Any = document
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = value
        return document

    return altered


SUBJECT = "credentialSubject"
ALTERATIONS = {
    "another holder": alter(SUBJECT, "identifier", 0, "identityHash", value="eve@example.com"),
    "another course": alter(SUBJECT, "achievement", "humanCode", value="A5"),
    "a longer time": alter("validUntil", value="2099-01-01T00:00:00Z"),
    "another place in the list": alter("credentialStatus", "statusListIndex", value="1"),
    "another seed": alter("evidence", 0, "narrative", value="seed 00"),
    "another context": alter("@context", 0, value="https://example.com/"),
    "another issuer": alter("issuer", "id", value=did_of(STRANGER.public)),
    "another method": alter("proof", "verificationMethod", value=did_of(STRANGER.public)),
    "another suite": alter("proof", "cryptosuite", value="eddsa-rdfc-2022"),
    "another purpose": alter("proof", "proofPurpose", value="authentication"),
    "no signature": alter("proof", "proofValue", value=""),
    "a signature of nonsense": alter("proof", "proofValue", value="z" + "0" * 88),
    "a proof that is a text": alter("proof", value="z"),
    "a number that no reader keeps": alter("evidence", value=2**80),
}


@pytest.mark.parametrize("altered", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_certificate_does_not_count(altered: Any, desk: Desk) -> None:
    desk.path.write_text(json.dumps(altered(copy.deepcopy(desk.document))))

    assert desk.certificates() == ()
    assert desk.path.name in look_into(desk.issuer.folder, desk.keys).refused


def test_what_a_stranger_signed_does_not_count(desk: Desk) -> None:
    bare = {name: value for name, value in desk.document.items() if name != "proof"}
    bare["issuer"] = {**bare["issuer"], "id": did_of(STRANGER.public)}

    desk.path.write_text(json.dumps(secured(bare, STRANGER, AT)))

    assert desk.certificates() == ()
    assert "no key that you trust" in look_into(desk.issuer.folder, desk.keys).refused[desk.path.name]


def test_a_certificate_without_a_status_list_does_not_count(desk: Desk) -> None:
    (desk.issuer.folder / STATUS).unlink()

    assert desk.certificates() == ()


def test_a_status_list_of_a_stranger_says_nothing(desk: Desk) -> None:
    forged = status_list(desk.document["credentialStatus"]["statusListCredential"], [], STRANGER, AT)
    (desk.issuer.folder / STATUS).write_text(json.dumps(forged))

    assert desk.certificates() == ()


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '"x"', '{"@context": []}', '{"@context": [], "type": 3}'])
def test_other_files_do_not_count_and_disturb_nobody(text: str, desk: Desk) -> None:
    (desk.issuer.folder / "other.json").write_text(text)

    assert len(desk.certificates()) == 1


def test_an_expired_certificate_is_told_to_have_expired(desk: Desk) -> None:
    lists, until = [read(desk.issuer.folder / STATUS)], AT + timedelta(days=365)

    assert check(desk.document, desk.keys, lists, until - timedelta(seconds=1)).course == "A2"
    with pytest.raises(NotCounted, match="counted until"):
        check(desk.document, desk.keys, lists, until)


@pytest.mark.parametrize("index", [0, 1, 7, 8, BITS - 1])
def test_a_bit_of_the_status_list_is_one_certificates(index: int) -> None:
    made = status_list("urn:uuid:1", [index], STRANGER, AT)

    assert [one for one in (0, 1, 7, 8, BITS - 1) if is_revoked(made, one)] == [index]


@pytest.mark.parametrize("did", ["", "did:web:example.com", "did:key:z6Mk", "did:key:zOOO", "did:key:" + "z" * 4000])
def test_only_an_ed25519_did_key_is_a_key(did: str) -> None:
    with pytest.raises(ProofInvalid):
        public_of(did)
