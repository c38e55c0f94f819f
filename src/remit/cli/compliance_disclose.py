"""`remit compliance disclose`: one piece of evidence, with what proves that it belongs to a bundle."""

import json
from pathlib import Path
from typing import Any

import click

from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say
from remit.compliance.evidence.disclosure import prove
from remit.compliance.evidence.errors import DisclosureInvalid


@framed("disclose", "remit compliance disclose bundle.zip 3f5a… --output item.proof.json")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("sha256")
@click.option(
    "--field",
    "pointers",
    multiple=True,
    metavar="POINTER",
    help="Disclose this hidden field too, by its JSON Pointer, for example /User/UserName; may be repeated.",
)
@click.option(
    "--disclosures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What discloses hidden fields, kept apart from the bundle: JSON, hash of the piece -> pointer -> text.",
)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
def disclose(*, bundle: Path, sha256: str, pointers: tuple[str, ...], disclosures: Path | None, output: Path) -> None:
    """Write a file that proves one piece of evidence alone; `verify.py --proof` checks it, without the bundle."""
    texts = _texts(sha256, pointers, disclosures)
    try:
        with Say.working(f"verifying {bundle}"):
            output.write_bytes(prove(bundle, sha256, texts))
    except DisclosureInvalid as error:
        raise Failed(str(error), REFUSED) from None
    except OSError as error:
        raise Failed(f"cannot read {bundle} or write {output}: {error.strerror}") from None
    Say.line(f"{output} proves evidence/{sha256}; check it with `remit compliance verify --proof {output}`")


def _texts(sha256: str, pointers: tuple[str, ...], disclosures: Path | None) -> list[str]:
    """Find the texts that disclose the fields of a piece."""
    if not pointers:
        return []
    if disclosures is None:
        raise click.UsageError("--field needs --disclosures, the file that was kept apart from the bundle")
    try:
        known: Any = json.loads(disclosures.read_bytes())
        return [str(known[sha256][pointer]) for pointer in pointers]
    except (OSError, ValueError, TypeError) as error:
        raise Failed(f"cannot read {disclosures}: {error}") from None
    except KeyError as error:
        raise Failed(f"{disclosures} has nothing that discloses {error} of evidence `{sha256}`", REFUSED) from None
