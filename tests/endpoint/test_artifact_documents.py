"""What Artifact's links lead to, with a clock that can be turned."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from composed import Composed, composed
from services.organizations.test_faults import refused_commits

from remit.clock import FixedClock, SystemClock
from remit.directory.artifact.report_copies import REPORT_ACCEPTANCES, REPORT_COPIES
from remit.directory.artifact.reports import REPORT_VERSIONS
from remit.endpoint import artifact_documents
from remit.pdf import PdfExtraMissing, trace
from remit.store import Transaction


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SystemClock().now())


@pytest.fixture
def remit(tmp_path: Path, clock: FixedClock) -> Iterator[Composed]:
    with composed(tmp_path, clock) as whole:
        yield whole


@pytest.fixture
def report(remit: Composed) -> str:
    id_: str = remit.client("artifact").list_reports()["reports"][0]["id"]
    return id_


@pytest.fixture
def token(remit: Composed, report: str) -> str:
    token: str = remit.client("artifact").get_term_for_report(reportId=report)["termToken"]
    return token


@pytest.fixture
def link(remit: Composed, report: str, token: str) -> str:
    link: str = remit.client("artifact").get_report(reportId=report, termToken=token)["documentPresignedUrl"]
    return link


def kept(remit: Composed, kind: Any) -> list[Any]:
    found: list[Any] = remit.change(lambda tx: tx.all(kind))
    return found


def test_a_link_ends_after_five_minutes(remit: Composed, clock: FixedClock, link: str) -> None:
    clock.advance(timedelta(seconds=299))
    assert remit.fetch(link).status == 200

    clock.advance(timedelta(seconds=1))
    late = remit.fetch(link)

    assert late.status == 403
    assert late.body == b'{"message":"The link is invalid or has expired. Request a new one."}\n'
    assert len(kept(remit, REPORT_COPIES)) == 1


def test_what_was_accepted_and_downloaded_is_kept(
    remit: Composed, clock: FixedClock, report: str, token: str, link: str
) -> None:
    answer = remit.fetch(link)

    (acceptance,) = kept(remit, REPORT_ACCEPTANCES)
    (copy,) = kept(remit, REPORT_COPIES)
    assert acceptance.principal == remit.admin.arn
    assert acceptance.version.startswith(f"{report}:")
    assert acceptance.source_ip == "::1"
    assert token not in repr(acceptance)
    assert (copy.acceptance, copy.at, copy.source_ip) == (acceptance.id, clock.now(), "::1")
    assert trace(answer.body) == (copy.id,)


def test_a_download_that_cannot_be_noted_is_none(remit: Composed, link: str) -> None:
    with refused_commits(remit.database):
        answer = remit.fetch(link)

    assert answer.status == 503
    assert b"PDF" not in answer.body
    assert kept(remit, REPORT_COPIES) == []
    assert remit.fetch(link).status == 200


def test_a_report_that_was_taken_back_is_given_no_longer(remit: Composed, report: str, link: str) -> None:
    def forget(tx: Transaction) -> None:
        for version in tx.select(REPORT_VERSIONS, "report", report):
            tx.delete(REPORT_VERSIONS, version)

    remit.change(forget)

    assert remit.fetch(link).status == 410


def test_an_acceptance_that_is_gone_opens_nothing(remit: Composed, link: str) -> None:
    def forget(tx: Transaction) -> None:
        for acceptance in tx.all(REPORT_ACCEPTANCES):
            tx.delete(REPORT_ACCEPTANCES, acceptance)

    remit.change(forget)

    assert remit.fetch(link).status == 410


def test_without_the_extra_the_answer_says_what_to_install(
    remit: Composed, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise PdfExtraMissing

    monkeypatch.setattr(artifact_documents, "stamp", missing)

    answer = remit.fetch(link)

    assert answer.status == 501
    assert b"remit[pdf]" in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_documents_are_fetched_with_get(remit: Composed, link: str, method: str) -> None:
    assert remit.fetch(link, method).status == 405
    assert kept(remit, REPORT_COPIES) == []
