"""The sample library: reports, terms and agreements, so that a new server has something to hand out.

All are written for Remit and say so on every page (`data/SOURCE.md`). They are put into the store as if the provider
had published them, and can be unpublished and deleted like any other; their documents stay in the package.
"""

from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from remit.directory.artifact.agreements import AGREEMENTS, Agreement, AgreementScope, AgreementType
from remit.directory.artifact.reports import (
    REPORT_VERSIONS,
    REPORTS,
    AcceptanceType,
    Description,
    PublishedState,
    Report,
    ReportVersion,
    Upload,
    UploadState,
)
from remit.directory.artifact.terms import TERMS, Term
from remit.ids import AccountId
from remit.store import Transaction


class SampleVersion(msgspec.Struct, frozen=True, rename="camel"):
    """A version of a sample report; *file* is in `data`, *term* the slug of its terms."""

    version: int
    period_start: date
    period_end: date
    issued: date
    term: str
    file: str
    sha256: str


class SampleReport(msgspec.Struct, frozen=True, rename="camel"):
    """A sample report."""

    id: str
    name: str
    description: str
    category: str
    series: str
    company_name: str
    product_name: str
    acceptance_type: AcceptanceType
    versions: list[SampleVersion]


class SampleTerm(msgspec.Struct, frozen=True):
    """Sample terms."""

    slug: str
    id: str
    name: str
    version: int
    issued: date
    file: str
    sha256: str


class SampleAgreement(msgspec.Struct, frozen=True, rename="camel"):
    """A sample agreement; one of the kind `NDA` comes before all others and is not offered itself."""

    id: str
    kind: Literal["NDA", "AGREEMENT"]
    name: str
    description: str
    type: AgreementType
    version: int
    scopes: tuple[AgreementScope, ...]
    issued: date
    acceptance_terms: tuple[str, ...]
    terminate_terms: tuple[str, ...]
    file: str
    sha256: str


class Catalog(msgspec.Struct, frozen=True):
    """What the library holds."""

    reports: list[SampleReport]
    terms: list[SampleTerm]


@cache
def catalog() -> Catalog:
    """Read what the library holds."""
    text = resources.files("remit.directory.artifact").joinpath("data/catalog.json").read_bytes()
    return msgspec.json.decode(text, type=Catalog)


@cache
def sample_agreements() -> list[SampleAgreement]:
    """Read the agreements of the library."""
    text = resources.files("remit.directory.artifact").joinpath("data/agreements.json").read_bytes()
    return msgspec.json.decode(text, type=list[SampleAgreement])


def put_samples(tx: Transaction, account: AccountId) -> None:
    """Publish the sample reports and offer the sample agreements in the name of *account*, the provider's."""
    terms = {sample.slug: _term(sample, account) for sample in catalog().terms}
    for term in terms.values():
        tx.put(TERMS, term)
    for sample in catalog().reports:
        newest = max(version.version for version in sample.versions)
        tx.put(REPORTS, Report(id=sample.id, account=account, newest=newest, shown=newest))
        for version in sample.versions:
            tx.put(REPORT_VERSIONS, _version(sample, version, terms[version.term], account))

    nda = next(sample.sha256 for sample in sample_agreements() if sample.kind == "NDA")
    for agreement in sample_agreements():
        if agreement.kind == "AGREEMENT":
            tx.put(AGREEMENTS, _agreement(agreement, nda, account))


def _agreement(sample: SampleAgreement, nda: str, account: AccountId) -> Agreement:
    return Agreement(
        id=sample.id,
        account=account,
        name=sample.name,
        description=sample.description,
        type=sample.type,
        version=sample.version,
        document=sample.sha256,
        nda=nda,
        scopes=sample.scopes,
        acceptance_terms=sample.acceptance_terms,
        terminate_terms=sample.terminate_terms,
        created_at=_midnight(sample.issued),
        modified_at=_midnight(sample.issued),
    )


def _term(sample: SampleTerm, account: AccountId) -> Term:
    return Term(
        id=f"{sample.id}:{sample.version}",
        account=account,
        term=sample.id,
        number=sample.version,
        name=sample.name,
        document=sample.sha256,
        created_at=_midnight(sample.issued),
    )


def _version(sample: SampleReport, version: SampleVersion, term: Term, account: AccountId) -> ReportVersion:
    return ReportVersion(
        id=f"{sample.id}:{version.version}",
        account=account,
        report=sample.id,
        number=version.version,
        says=Description(
            name=sample.name,
            description=sample.description,
            series=sample.series,
            category=sample.category,
            company_name=sample.company_name,
            product_name=sample.product_name,
            acceptance=sample.acceptance_type,
            term=term.id,
            period_start=_midnight(version.period_start),
            period_end=_midnight(version.period_end),
        ),
        upload=Upload(state=UploadState.COMPLETE, document=version.sha256),
        state=PublishedState.PUBLISHED,
        created_at=_midnight(version.issued),
        modified_at=_midnight(version.issued),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
