"""`remit compliance report` and `evidence`: what was judged, as a file for others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from remit.cli.compliance_keys import key_ring
from remit.cli.compliance_scope import damaged, scope_of, scope_options
from remit.cli.frame import framed
from remit.cli.output import COULD_NOT, REFUSED, Failed, Say, json_option
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.exports import Report, oscal
from remit.compliance.exports.bundling import bundle
from remit.compliance.exports.cells import cells, csv
from remit.compliance.exports.html import html
from remit.compliance.exports.pages import pdf
from remit.compliance.exports.sarif import sarif
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.status.scope import Scope
from remit.pdf import PdfExtraMissing
from remit.store.new_files import new_file


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


# Form of a report -> how it is written.
_FORMS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda report: html(report).encode(),
    "pdf": pdf,
    "csv": csv,
    "json": lambda report: _json(cells(report)),
    "sarif": lambda report: _json(sarif(report)),
}
_OSCAL = "oscal"


@framed("report", "remit compliance report -o report.html")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The file; of OSCAL the folder.")
@click.option(
    "--form", type=click.Choice([*_FORMS, _OSCAL]), help="The form; by default what the file's name ends with."
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@scope_options
def report(
    *,
    output: Path,
    form: str | None,
    force: bool,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
) -> None:
    """Write what was judged as HTML, PDF, CSV, JSON or SARIF, or as OSCAL documents in a folder.

    The same snapshots, time and model give the same bytes.
    """
    chosen = form or output.suffix.removeprefix(".").lower()
    if chosen not in (*_FORMS, _OSCAL):
        raise Failed(f"no form of reports: `{chosen}`; there are {', '.join((*_FORMS, _OSCAL))}", REFUSED)
    made = _report(scope_of(snapshots, laid_down, at, accounts))
    if chosen == _OSCAL:
        for name, document in oscal.documents(made).items():
            _write(output / name, _json(document), force=force)
        return
    try:
        _write(output, _FORMS[chosen](made), force=force)
    except PdfExtraMissing as error:
        raise Failed(str(error), COULD_NOT) from None


@framed("evidence", "remit compliance evidence -o bundle.zip")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The bundle.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@scope_options
@json_option
def evidence(
    *,
    output: Path,
    force: bool,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a bundle: reports, OSCAL, every cell, every answer, the checks, and programs that verify it offline.

    It is signed with the key of the data folder: `remit compliance keys`. Who gets it runs `python3 verify.py` from it.
    """
    if output.exists() and not force:
        raise Failed(f"{output} is there already; name another file, or use --force", REFUSED)
    scope = scope_of(snapshots, laid_down, at, accounts)
    made = _report(scope)
    further = {"report.html": html(made).encode(), "cells.csv": csv(made)}
    further |= {f"oscal/{name}": _json(document) for name, document in oscal.documents(made).items()}
    try:
        further["report.pdf"] = pdf(made)
    except PdfExtraMissing:
        Say.error("the bundle has no report.pdf: install remit[pdf]")
    try:
        with Say.working("writing the bundle"):
            written = bundle(output, scope, key_ring(None).signing_key(), further)
    except KeyRingError as error:
        raise Failed(str(error), COULD_NOT) from None
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    except OSError as error:
        raise Failed(f"cannot write {output}: {error.strerror}", COULD_NOT) from None
    if as_json:
        Say.json({"file": str(output), "root": written.root, "items": written.items, "key": written.key})
        return
    Say.line(f"{output}: {written.items:,} items, root {written.root}")
    Say.line(f"signed by {written.key}; hand the key out: remit compliance keys export")


def _report(scope: Scope) -> Report:
    try:
        with Say.working("judging"):
            made = Report.of(scope)
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    if not made.accounts:
        raise Failed(f"no snapshot is as early as {scope.at:%Y-%m-%d %H:%M}", REFUSED)
    return made


def _write(path: Path, content: bytes, *, force: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if force:
            path.unlink(missing_ok=True)
        with new_file(path) as partial:
            partial.write_bytes(content)
    except FileExistsError:
        raise Failed(f"{path} is there already; name another file, or use --force", REFUSED) from None
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}", COULD_NOT) from None
    Say.line(f"{path}: {len(content):,} bytes")
