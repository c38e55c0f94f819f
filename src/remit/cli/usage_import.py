"""`remit usage import`."""

from pathlib import Path

import click
import msgspec

from remit.billing.ledger import STEPS, Added, LedgerError
from remit.billing.ledger.readers import source_of
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import books


@framed("import", "remit usage import usage.jsonl.gz")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def import_(*, files: tuple[Path, ...], account: str | None, data: Path | None, as_json: bool) -> None:
    """Take usage from each FILE, all of the file or nothing of it. What is there already changes nothing.

    A FILE has records of our own form (JSON Lines, CSV, Parquet), or is a Cost and Usage Report 2.0 or a FOCUS data
    set (CSV, Parquet); JSON Lines and CSV may be packed with gzip. Only quantities are read, no prices.
    """
    told: list[dict[str, object]] = []
    with books(data, account) as found:
        for file in files:
            try:
                with Say.progress(f"importing {file.name}: step", STEPS) as step:
                    added = found.billing.ledger.add_source(source_of(file), found.payer.accounts.__contains__, step)
            except LedgerError as error:
                done = f"; {len(told)} files before it were imported" if told else ""
                raise Failed(f"{error}{done}", REFUSED) from None
            told.append({"file": str(file), **msgspec.to_builtins(added)})
            if not as_json:
                _say(file, added)
    if as_json:
        Say.json({"payer": found.payer.id, "files": told})


def _say(file: Path, added: Added) -> None:
    months = ", ".join(f"{count} for {period}" for period, count in added.added.items()) or "none"
    Say.line(f"{file}: new records: {months}; known already: {added.known}.")
    if added.late:
        Say.line(f"  {added.late} of them are of closed months: they come as corrections on the next open bill.")
    for account, count in added.unknown.items():
        Say.line(f"  {count} of account {account}, which is none of the payer's, are kept apart: `remit usage show`.")
