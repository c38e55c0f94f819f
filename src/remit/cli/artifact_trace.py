"""`remit artifact trace`: which download a copy of a report came from."""

from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.artifact.report_copies import ReportAcceptance, ReportCopy, copy_with_serial
from remit.directory.facts import NotFound
from remit.pdf import PdfError
from remit.pdf import trace as serials_in
from remit.store import Answer, Transaction


@framed("trace", "remit artifact trace found-on-the-web.pdf")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@json_option
def trace(*, file: Path, data: Path | None, as_json: bool) -> int:
    """Say to whom FILE, a copy of a report or a page of one, was given, and when. Exit status 1 when nobody knows."""
    try:
        serials = serials_in(file.read_bytes())
    except OSError as error:
        raise Failed(f"cannot read {file}: {error.strerror}") from None
    except PdfError as error:
        raise Failed(f"{file}: {error.message}", REFUSED) from None
    if not serials:
        raise Failed(f"{file} has no marks of a download", REFUSED)
    _, database = open_store(None, data)
    found = run(database, lambda tx: Answer([known for serial in serials if (known := _known(tx, serial)) is not None]))
    if not found:
        raise Failed(f"no download of this server has the serial number {', '.join(serials)}", REFUSED)
    if as_json:
        Say.json([{"copy": msgspec.to_builtins(copy), "acceptance": msgspec.to_builtins(of)} for copy, of in found])
        return 0
    for copy, acceptance in found:
        Say.pairs(
            {
                "serial number": copy.id,
                "report": acceptance.version,
                "account": acceptance.account,
                "principal": acceptance.principal,
                "terms accepted": f"{acceptance.at:%Y-%m-%d %H:%M:%S} UTC from {acceptance.source_ip}",
                "downloaded": f"{copy.at:%Y-%m-%d %H:%M:%S} UTC from {copy.source_ip}",
            }
        )
    return 0


def _known(tx: Transaction, serial: str) -> tuple[ReportCopy, ReportAcceptance] | None:
    try:
        return copy_with_serial(tx, serial)
    except NotFound:
        return None
