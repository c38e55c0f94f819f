"""Certificates of acceptance, as links lead to them."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from composed import ACCOUNT, Composed, composed
from pdf.documents import plain

from remit.clock import FixedClock, SystemClock
from remit.directory.artifact.certificate_proofs import CertificateRefused, prove, read_keys
from remit.directory.artifact.certificates import CERTIFICATE_KEYS, new_certificate_key, rotate_certificate_key
from remit.directory.artifact.customer_agreements import CUSTOMER_AGREEMENTS
from remit.endpoint import artifact_documents
from remit.endpoint.issuers import CERTIFICATE_KEYS_PATH
from remit.pdf import PdfExtraMissing, check
from remit.store import Transaction

DOCUMENT, NDA = plain(1, "Our agreement."), plain(1, "Our NDA.")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SystemClock().now())


@pytest.fixture
def remit(tmp_path: Path, clock: FixedClock) -> Iterator[Composed]:
    with composed(tmp_path, clock) as whole:
        yield whole


def accept(remit: Composed) -> str:
    """Accept an agreement of our own, and return the id of what is in force."""
    artifact = remit.client("artifact")
    offer = artifact.create_agreement(
        name="Ours", document=DOCUMENT, ndaDocument=NDA, acceptanceTerms=["One.", "Two."], terminateTerms=["Done."]
    )["agreement"]
    nda = artifact.get_nda_for_agreement(agreementId=offer["id"])["ndaToken"]
    artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda)
    token = artifact.get_agreement(agreementId=offer["id"])["agreementToken"]
    id_: str = artifact.accept_agreement(
        agreementId=offer["id"], agreementToken=token, acceptedTerms=["One.", "Two."], scope="ACCOUNT"
    )["customerAgreement"]["id"]
    return id_


@pytest.fixture
def accepted(remit: Composed) -> str:
    return accept(remit)


def links(remit: Composed, id_: str) -> tuple[str, str]:
    """Return the link to the PDF, and that to the certificate alone."""
    shown = remit.client("artifact").get_customer_agreement(customerAgreementId=id_)
    return shown["documentPresignedUrl"], shown["certificatePresignedUrl"]


def keys(remit: Composed) -> bytes:
    return remit.fetch(f"{remit.admin.endpoint}{CERTIFICATE_KEYS_PATH}").body


def test_both_links_lead_to_what_the_published_key_proves(remit: Composed, clock: FixedClock, accepted: str) -> None:
    at = clock.now().replace(microsecond=0)
    clock.advance(timedelta(minutes=1))
    pdf, alone = (remit.fetch(link) for link in links(remit, accepted))

    assert (pdf.status, dict(pdf.headers)["content-type"]) == (200, "application/pdf")
    assert (alone.status, dict(alone.headers)["content-type"]) == (200, "application/jose+json")
    assert check(pdf.body).page_texts[-1].startswith("Our agreement.")
    certificate = prove(alone.body, read_keys(keys(remit)))
    assert prove(pdf.body, read_keys(keys(remit))) == certificate
    assert (certificate.id, certificate.account, certificate.provider) == (accepted, ACCOUNT, ACCOUNT)
    assert (certificate.principal, certificate.source_ip) == (remit.admin.arn, "::1")
    assert certificate.accepted_at == at
    assert [term.text for term in certificate.terms] == ["One.", "Two."]
    assert certificate.nda is not None
    assert certificate.nda.principal == remit.admin.arn


def test_certificates_are_the_same_each_time_of_one_key_and_outlast_the_agreement(
    remit: Composed, clock: FixedClock, accepted: str
) -> None:
    first = [remit.fetch(link).body for link in links(remit, accepted)]
    clock.advance(timedelta(minutes=10))
    remit.client("artifact").terminate_agreement(customerAgreementId=accepted, acceptedTerms=["Done."])

    assert [remit.fetch(link).body for link in links(remit, accepted)] == first
    assert len(json.loads(keys(remit))["keys"]) == 1


def test_a_restarted_server_signs_with_the_key_that_is_sealed_in_its_store(tmp_path: Path) -> None:
    with composed(tmp_path) as remit:
        id_ = accept(remit)
        first, published = remit.fetch(links(remit, id_)[1]).body, keys(remit)
    with composed(tmp_path) as remit:
        assert keys(remit) == published
        assert remit.fetch(links(remit, id_)[1]).body == first


def test_the_published_key_has_no_private_part(remit: Composed, accepted: str) -> None:
    assert json.loads(keys(remit)) == {"keys": []}
    remit.fetch(links(remit, accepted)[1])

    (key,) = json.loads(keys(remit))["keys"]

    assert sorted(key) == ["alg", "crv", "kid", "kty", "use", "x"]
    (kept,) = remit.change(lambda tx: tx.all(CERTIFICATE_KEYS))
    assert b"PRIVATE KEY" not in kept.key.sealed


def test_what_a_key_signed_that_was_rotated_still_verifies(remit: Composed, clock: FixedClock, accepted: str) -> None:
    before = [remit.fetch(link).body for link in links(remit, accepted)]
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        new = new_certificate_key()
        remit.change(lambda tx, new=new: rotate_certificate_key(tx, new, clock.now()))
    after = [remit.fetch(link).body for link in links(remit, accepted)]

    published = json.loads(keys(remit))["keys"]
    known = read_keys(keys(remit))
    said = [prove(one, known) for one in (*before, *after)]
    assert said == [said[0]] * 4
    assert before != after
    assert json.loads(base64.urlsafe_b64decode(json.loads(after[1])["protected"] + "=="))["kid"] == published[0]["kid"]
    assert len({key["kid"] for key in published}) == 3
    # Of what signs no more only the public part is there, and the newest alone verifies nothing older.
    kept = remit.change(lambda tx: tx.all(CERTIFICATE_KEYS))
    assert [bool(one.key.sealed) for one in sorted(kept, key=lambda one: one.retired_at is None)] == [
        False,
        False,
        True,
    ]
    with pytest.raises(CertificateRefused):
        prove(before[1], read_keys(json.dumps(published[0]).encode()))


def test_the_first_key_may_come_before_the_first_certificate(remit: Composed, clock: FixedClock, accepted: str) -> None:
    key = new_certificate_key()
    kept = remit.change(lambda tx: rotate_certificate_key(tx, key, clock.now()))

    assert prove(remit.fetch(links(remit, accepted)[1]).body, read_keys(keys(remit))).id == accepted
    assert [one["kid"] for one in json.loads(keys(remit))["keys"]] == [kept.id]


def test_what_was_signed_on_paper_has_no_certificate(remit: Composed) -> None:
    artifact = remit.client("artifact")
    paper = artifact.create_agreement(name="Paper", document=DOCUMENT, awsAccountId=ACCOUNT)["customerAgreement"]

    shown = artifact.get_customer_agreement(customerAgreementId=paper["id"])

    assert "certificatePresignedUrl" not in shown
    assert remit.fetch(shown["documentPresignedUrl"]).body == DOCUMENT


def test_an_acceptance_that_is_gone_has_none(remit: Composed, accepted: str) -> None:
    both = links(remit, accepted)

    def forget(tx: Transaction) -> None:
        for one in tx.all(CUSTOMER_AGREEMENTS):
            tx.delete(CUSTOMER_AGREEMENTS, one)

    remit.change(forget)

    assert [remit.fetch(link).status for link in both] == [410, 410]


def test_without_the_extra_there_is_the_certificate_alone(
    remit: Composed, accepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> bytes:
        raise PdfExtraMissing

    monkeypatch.setattr(artifact_documents, "certified_document", missing)
    pdf, alone = (remit.fetch(link) for link in links(remit, accepted))

    assert (pdf.status, alone.status) == (501, 200)
    assert b"remit[pdf]" in pdf.body
