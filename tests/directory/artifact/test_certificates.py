"""Certificates of acceptance: what they say, and that nothing of them can be changed."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from pdf.documents import changed, plain

from remit.directory.artifact.agreements import AgreementScope, AgreementType
from remit.directory.artifact.certificate_pages import (
    AGREEMENT_FILE,
    CERTIFICATE_FILE,
    FILE_KIND,
    LAST_LINE,
    certified_document,
)
from remit.directory.artifact.certificate_proofs import CertificateRefused, prove, read_keys
from remit.directory.artifact.certificates import (
    KIND,
    AcceptedAgreement,
    Certificate,
    Signer,
    Term,
    new_certificate_key,
    public_key,
    signed_certificate,
)
from remit.directory.signing_keys import SigningKey
from remit.ids import account_id
from remit.pdf import attached, check, with_last_line, without_last_line

AGREEMENT = plain(2, "Clause {number}.")
TERMS = ("I have read it.", "I may bind the organization.")
ORGANIZATION = "arn:aws:organizations::111122223333:organization/o-exampleorgid"


def signer() -> Signer:
    key = new_certificate_key()
    id_ = public_key(key.public).thumbprint()
    public = {**key.public, "kid": id_}
    return Signer(SigningKey(id=id_, algorithm=key.algorithm, public=public, sealed=b""), key.private)


OURS, OTHERS = signer(), signer()
KEYS = read_keys(json.dumps({"keys": [OTHERS.key.public, OURS.key.public]}).encode())
CERTIFICATE = Certificate(
    id="customer-agreement-0000000000000000",
    arn="arn:aws:artifact::111122223333:customer-agreement/customer-agreement-0000000000000000",
    provider=account_id("123456789012"),
    agreement=AcceptedAgreement(
        id="agreement-0000000000000000",
        arn="arn:aws:artifact:::agreement/agreement-0000000000000000",
        name="Addendum",
        version=3,
        type=AgreementType.DEFAULT,
        document_sha256=hashlib.sha256(AGREEMENT).hexdigest(),
    ),
    account=account_id("111122223333"),
    scope=AgreementScope.ORGANIZATION,
    organization_arn=ORGANIZATION,
    terms=tuple(Term(text, hashlib.sha256(text.encode()).hexdigest()) for text in TERMS),
    terms_sha256=hashlib.sha256(json.dumps(TERMS, separators=(",", ":")).encode()).hexdigest(),
    principal="arn:aws:iam::111122223333:user/ana",
    source_ip="192.0.2.7",
    request_id="0f1d2c3b-0000-4000-8000-000000000000",
    accepted_at=datetime(2026, 11, 29, 6, 0, tzinfo=UTC),
    token_sha256="0" * 64,
)
WRITTEN = signed_certificate(CERTIFICATE, OURS)
OTHERS_WRITTEN = signed_certificate(CERTIFICATE, OTHERS)
DOCUMENT = certified_document(CERTIFICATE, WRITTEN, AGREEMENT, OURS)


def test_both_forms_prove_the_same() -> None:
    assert prove(WRITTEN, KEYS) == CERTIFICATE
    assert prove(DOCUMENT, KEYS) == CERTIFICATE
    assert attached(DOCUMENT, CERTIFICATE_FILE) == WRITTEN
    assert attached(DOCUMENT, AGREEMENT_FILE) == AGREEMENT


def test_the_same_acceptance_has_the_same_bytes() -> None:
    assert signed_certificate(CERTIFICATE, OURS) == WRITTEN
    assert certified_document(CERTIFICATE, WRITTEN, AGREEMENT, OURS) == DOCUMENT


def test_any_library_for_jws_verifies_it() -> None:
    flat = json.loads(WRITTEN)

    told = jws.deserialize_json(flat, OKPKey.import_key(OURS.key.public), algorithms=["Ed25519"])

    assert told.headers() == {"alg": "Ed25519", "kid": OURS.key.id, "typ": KIND}
    said = json.loads(told.payload or b"")
    assert said["terms"] == [{"text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()} for text in TERMS]
    assert (said["principal"], said["sourceIp"]) == (CERTIFICATE.principal, "192.0.2.7")
    assert (said["scope"], said["organizationArn"]) == ("ORGANIZATION", ORGANIZATION)
    assert said["acceptedAt"] == "2026-11-29T06:00:00Z"


def test_pages_say_who_accepted_what_and_then_comes_the_agreement() -> None:
    texts = check(DOCUMENT).page_texts
    front = " ".join(" ".join(texts[:-2]).split())

    assert [text.split(".")[0] for text in texts[-2:]] == ["Clause 1", "Clause 2"]
    agreement = CERTIFICATE.agreement
    for said in (
        agreement.id, agreement.arn, agreement.document_sha256, CERTIFICATE.principal, CERTIFICATE.source_ip,
        "2026-11-29 06:00:00 UTC", ORGANIZATION, *TERMS, OURS.key.id,
    ):  # fmt: skip
        assert said in front, said
    for term in CERTIFICATE.terms:
        assert term.sha256 in front.replace(" ", "")


def parted(written: bytes) -> dict[str, str]:
    flat: dict[str, str] = json.loads(written)
    return flat


def said_otherwise(**others: Any) -> bytes:
    """Change what a certificate says, and leave its signature."""
    flat = parted(WRITTEN)
    said = {**msgspec.to_builtins(CERTIFICATE), **others}
    return json.dumps({**flat, "payload": base64.urlsafe_b64encode(json.dumps(said).encode()).decode()}).encode()


def with_header(**header: str) -> bytes:
    protected = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return json.dumps({**parted(WRITTEN), "protected": protected}).encode()


def from_compact(compact: str) -> bytes:
    protected, payload, signature = compact.split(".")
    return json.dumps({"protected": protected, "payload": payload, "signature": signature}).encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no certificate"),
    "text": (b"hello", "no certificate"),
    "other JSON": (b'{"a":1}', "no certificate"),
    "an array": (b"[]", "no certificate"),
    "another principal": (said_otherwise(principal="arn:aws:iam::111122223333:user/eve"), "altered"),
    "another payload": (json.dumps({**parted(WRITTEN), "payload": ""}).encode(), "altered"),
    "no signature": (json.dumps({**parted(WRITTEN), "signature": ""}).encode(), "altered"),
    "another's signature": (
        json.dumps({**parted(WRITTEN), "signature": parted(OTHERS_WRITTEN)["signature"]}).encode(),
        "altered",
    ),
    "unsigned": (with_header(alg="none", kid=OURS.key.id, typ=KIND), "signed with none"),
    "signed with the public key": (with_header(alg="HS256", kid=OURS.key.id, typ=KIND), "signed with HS256"),
    "an unreadable header": (json.dumps({**parted(WRITTEN), "protected": "!"}).encode(), "header"),
    "a key in the header": (
        json.dumps({**parted(WRITTEN), "header": {"jwk": OURS.key.public}}).encode(),
        "no certificate",
    ),
    "an unknown key": (signed_certificate(CERTIFICATE, signer()), "signed with the key"),
    "of another kind": (from_compact(OURS.sign(msgspec.json.encode(CERTIFICATE), "JWT")), "but `JWT`"),
    "a PDF's last line": (from_compact(OURS.sign(b"{}", FILE_KIND)), "but `agreement-acceptance-pdf"),
    "signed, not a certificate": (from_compact(OURS.sign(b"{}", KIND)), "cannot read it"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_json_that_proves_nothing(name: str) -> None:
    given, why = REFUSED[name]

    with pytest.raises(CertificateRefused, match=why):
        prove(given, KEYS)


def sealed(document: bytes, id_: str = CERTIFICATE.id) -> bytes:
    """Sign a document as ours, whatever is in it."""
    seal = json.dumps({"id": id_, "sha256": hashlib.sha256(document).hexdigest()}).encode()
    return with_last_line(document, LAST_LINE, OURS.sign(seal, FILE_KIND))


def reworded(document: bytes) -> bytes:
    """Change one page, and put the signature back."""
    _, line = without_last_line(document, LAST_LINE) or (b"", "")
    return with_last_line(changed(document, lambda pdf: pdf.pages[0].rotate(90, relative=True)), LAST_LINE, line)


def with_attached(name: str, content: bytes) -> Callable[[Any], None]:
    def change(pdf: Any) -> None:
        pdf.attachments[name] = content

    return change


BODY = (without_last_line(DOCUMENT, LAST_LINE) or (b"", ""))[0]
PDF_REFUSED: dict[str, tuple[bytes, str]] = {
    "stored anew": (changed(DOCUMENT, lambda _: None), "last line is no signature"),
    "reworded": (reworded(DOCUMENT), "altered since"),
    "one bit": (DOCUMENT[:5000] + bytes([DOCUMENT[5000] ^ 1]) + DOCUMENT[5001:], "altered since"),
    "more behind it": (DOCUMENT + b"\n", "last line is no signature"),
    "cut": (BODY, "last line is no signature"),
    "another's seal": (certified_document(CERTIFICATE, WRITTEN, AGREEMENT, signer()), "signed with the key"),
    "nothing attached": (sealed(AGREEMENT), "has no"),
    "another agreement": (sealed(changed(BODY, with_attached(AGREEMENT_FILE, plain()))), "of another acceptance"),
    "another certificate": (sealed(BODY, "customer-agreement-1111111111111111"), "of another acceptance"),
    "an altered certificate": (
        sealed(changed(BODY, with_attached(CERTIFICATE_FILE, said_otherwise(account="999999999999")))),
        "its signature is not",
    ),
    "no PDF behind the beginning": (sealed(b"%PDF-1.7\n"), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", PDF_REFUSED)
def test_a_pdf_that_proves_nothing(name: str) -> None:
    given, why = PDF_REFUSED[name]

    with pytest.raises(CertificateRefused, match=why):
        prove(given, KEYS)


def test_keys_come_alone_or_in_sets_and_their_names_do_not_count() -> None:
    alone = {**OURS.key.public, "kid": "whatever", "d": "ignored", "alg": "none"}

    assert list(read_keys(json.dumps(alone).encode())) == [OURS.key.id]
    assert prove(WRITTEN, read_keys(json.dumps({"keys": [{"kty": "RSA"}, alone]}).encode())) == CERTIFICATE


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"{}", b'{"keys":[]}', b'{"keys":[1]}', b'{"keys":1}', b'{"kty":"OKP","crv":"Ed25519","x":"!"}'],
)
def test_what_has_no_key_is_refused(text: bytes) -> None:
    with pytest.raises(CertificateRefused):
        read_keys(text)
