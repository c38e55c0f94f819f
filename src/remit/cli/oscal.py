"""`remit oscal`: documents of OSCAL, whoever wrote them."""

from pathlib import Path
from typing import Any

import click

from remit.cli.frame import framed
from remit.cli.options import read_json
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.exports.oscal import PlanUnreadable, broken_links


@click.group("oscal")
def command() -> None:
    """Look at OSCAL documents."""


@framed("link", "remit oscal link ssp-provider.json ssp-customer.json")
@click.argument("provider", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("customer", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def link(*, provider: Path, customer: Path, as_json: bool) -> int:
    """Find broken links between a provider's security plan and a customer's. Exits with 1 if one is broken.

    Each plan may be valid alone: what is inherited must be provided, what is satisfied must have been asked for, and
    all that was asked for must be satisfied.
    """
    try:
        found = broken_links(_read(provider), _read(customer))
    except PlanUnreadable as error:
        raise Failed(str(error), REFUSED) from None
    if as_json:
        Say.json(
            [
                {"control": one.control, "trouble": one.trouble.value, "uuid": one.uuid, "message": one.message}
                for one in found
            ]
        )
    else:
        for one in found:
            Say.line(f"{one.trouble:<8} {one.control}: {one.message}")
        Say.line(f"{len(found)} {'link is' if len(found) == 1 else 'links are'} broken")
    return REFUSED if found else 0


def _read(path: Path) -> Any:
    try:
        return read_json(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"cannot read {path}: {error}", REFUSED) from None


command.add_command(link)
