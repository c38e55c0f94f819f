"""Write the sample library of Artifact: reports, terms and agreements as PDF, their texts, and what is known of them.

    python tools/sample_reports.py

Sources are `tools/sample_reports/*.yaml`. Run twice it writes the same bytes; a file whose content is the same but for
the way it is packed is left as it is, since libraries of compression differ among machines.
"""

import gzip
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import msgspec
import pikepdf
from sample_pages import SOURCES, Library, Pages, Section, library, read, spoken

from remit.pdf import Layout, PageBreak, Paragraph, Part, Title, check, typeset

DATA = Path(__file__).parents[1] / "src" / "remit" / "directory" / "artifact" / "data"
_SHARED = frozenset({"provider", "controls", "customers", "statement", "terms", "agreements"})
_HEADER = "SAMPLE, no attestation. The provider, the auditors and all facts are invented."
# AWS's pattern of names: `ShortString` of the service's model.
_SHORT = re.compile(r"[a-zA-Z0-9_\-\s]{1,256}")
_ID = re.compile(r"(report|term|agreement)-[a-zA-Z0-9]{16}")


class Version(msgspec.Struct, forbid_unknown_fields=True):
    """A version of a report: another period, another auditor's letter."""

    version: int
    start: date
    end: date
    issued: date
    vars: dict[str, str] = {}
    exceptions: dict[str, tuple[str, str]] = {}


class Report(msgspec.Struct, forbid_unknown_fields=True):
    """A source of a report."""

    slug: str
    id: str
    name: str
    description: str
    category: str
    series: str
    product: str
    acceptance: Literal["PASSTHROUGH", "EXPLICIT"]
    term: str
    auditor: str
    versions: list[Version]
    sections: list[Section]
    company: str = ""


class Term(msgspec.Struct, forbid_unknown_fields=True):
    """A source of terms."""

    slug: str
    id: str
    version: int
    name: str
    issued: date
    sections: list[Section]


class Agreement(msgspec.Struct, forbid_unknown_fields=True):
    """A source of an agreement."""

    slug: str
    id: str
    kind: Literal["NDA", "AGREEMENT"]
    version: int
    name: str
    description: str
    scopes: list[Literal["ACCOUNT", "ORGANIZATION"]]
    issued: date
    acceptance: list[str]
    termination: list[str]
    sections: list[Section]
    vars: dict[str, str] = {}


def main() -> int:
    """Write the library; return the exit status."""
    shared = library()
    terms = read("terms.yaml", list[Term])
    agreements = read("agreements.yaml", list[Agreement])
    reports = [
        read(source.name, Report) for source in sorted(SOURCES.glob("*.yaml")) if source.stem not in _SHARED
    ]  # fmt: skip
    _refuse_odd(reports, terms, agreements)
    documents: dict[str, bytes] = {}
    catalog = {
        "reports": [_report(report, shared, documents) for report in reports],
        "terms": [_term(term, shared, documents) for term in terms],
    }
    offers = [_agreement(agreement, shared, documents) for agreement in agreements]
    texts = {_hash(document): list(check(document).page_texts) for document in documents.values()}
    _write_json(DATA / "catalog.json", catalog)
    _write_json(DATA / "agreements.json", offers)
    _write_packed(DATA / "page_texts.json.gz", json.dumps(texts, ensure_ascii=False, sort_keys=True).encode())
    for stale in set(DATA.glob("*.pdf")) - {DATA / name for name in documents}:
        stale.unlink()
    return 0


def _refuse_odd(reports: Iterable[Report], terms: Iterable[Term], agreements: Iterable[Agreement]) -> None:
    """Refuse what AWS's model would not carry, and ids that two have."""
    ids = [source.id for sources in (reports, terms, agreements) for source in sources]
    odd = [id_ for id_ in ids if _ID.fullmatch(id_) is None]
    for report in reports:
        short = (report.name, report.category, report.series, report.product, report.company or "-")
        odd += [text for text in short if _SHORT.fullmatch(text) is None]
    if odd or len(set(ids)) != len(ids):
        raise ValueError(f"names or ids that are not of their form, or twice: {odd}")


def _report(report: Report, shared: Library, documents: dict[str, bytes]) -> dict[str, Any]:
    company = report.company or shared.provider.name
    return {
        "slug": report.slug,
        "id": report.id,
        "name": report.name,
        "description": report.description,
        "category": report.category,
        "series": report.series,
        "companyName": company,
        "productName": report.product,
        "acceptanceType": report.acceptance,
        "versions": [
            {
                "version": version.version,
                "periodStart": version.start.isoformat(),
                "periodEnd": version.end.isoformat(),
                "issued": version.issued.isoformat(),
                "term": report.term,
                **_stored(
                    f"{report.slug}-{version.version}", _report_pages(report, version, company, shared), documents
                ),
            }
            for version in report.versions
        ],
    }


def _report_pages(report: Report, version: Version, company: str, shared: Library) -> bytes:
    told = {
        "provider": company,
        "auditor": report.auditor,
        "start": spoken(version.start),
        "end": spoken(version.end),
        "issued": spoken(version.issued),
    }
    names = {**told, **{name: text.format_map(told) for name, text in version.vars.items()}}
    period = f"As of {told['end']}" if version.start == version.end else f"Period {told['start']} to {told['end']}"
    lines = (f"{company}, {report.product}", period, f"Version {version.version}, issued {told['issued']}")
    front: list[Part] = [Title(report.name, lines), Paragraph(shared.provider.notice)]
    if report.acceptance == "EXPLICIT":
        front.append(PageBreak())
    pages = Pages(shared, names, version.exceptions).of(report.sections)
    footer = f"{company}: {report.name}, version {version.version}"
    return typeset(
        [*front, *pages],
        Layout(report.name, company, _noon(version.issued), header=_HEADER, footer=footer, subject=report.description),
    )


def _term(term: Term, shared: Library, documents: dict[str, bytes]) -> dict[str, Any]:
    document = _plain(term.name, term.version, term.issued, term.sections, {}, shared)
    return {
        "slug": term.slug,
        "id": term.id,
        "name": term.name,
        "version": term.version,
        "issued": term.issued.isoformat(),
        **_stored(f"term-{term.slug}-{term.version}", document, documents),
    }


def _agreement(agreement: Agreement, shared: Library, documents: dict[str, bytes]) -> dict[str, Any]:
    document = _plain(
        agreement.name, agreement.version, agreement.issued, agreement.sections, agreement.vars, shared
    )  # fmt: skip
    return {
        "slug": agreement.slug,
        "id": agreement.id,
        "kind": agreement.kind,
        "name": agreement.name,
        "description": agreement.description,
        "type": "DEFAULT",
        "version": agreement.version,
        "scopes": agreement.scopes,
        "issued": agreement.issued.isoformat(),
        "acceptanceTerms": agreement.acceptance,
        "terminateTerms": agreement.termination,
        **_stored(f"agreement-{agreement.slug}-{agreement.version}", document, documents),
    }


def _plain(
    name: str, version: int, issued: date, sections: list[Section], names: dict[str, str], shared: Library
) -> bytes:
    provider = shared.provider.name
    pages = Pages(shared, {"provider": provider, **names}, {}).of(sections)
    title = Title(name, (provider, f"Version {version}, {spoken(issued)}"))
    footer = f"{provider}: {name}, version {version}"
    return typeset(
        [title, *pages], Layout(name, provider, _noon(issued), header="SAMPLE, binds nobody.", footer=footer)
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _stored(name: str, document: bytes, documents: dict[str, bytes]) -> dict[str, str]:
    """Write a document, and return what the catalog says of its file."""
    path = DATA / f"{name}.pdf"
    kept = path.read_bytes() if path.exists() else b""
    if kept and _unpacked(kept) == _unpacked(document):
        document = kept
    else:
        path.write_bytes(document)
    documents[path.name] = document
    return {"file": path.name, "sha256": _hash(document)}


def _unpacked(document: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        written = io.BytesIO()
        pdf.save(written, qdf=True, static_id=True)
    return written.getvalue()


def _hash(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_packed(path: Path, content: bytes) -> None:
    if not path.exists() or gzip.decompress(path.read_bytes()) != content:
        path.write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
