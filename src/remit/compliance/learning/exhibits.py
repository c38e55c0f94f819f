"""Files that are made for a learner rather than written in the lab: name in a lab's file -> who makes them."""

from collections.abc import Callable, Mapping
from typing import Any

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.bills import bill_file
from remit.compliance.learning.bundles import bundle_files, disclosure_files
from remit.compliance.learning.reports import report_file
from remit.compliance.model import read_model

# Given the name, the attempt and its parameters; returns files by name.
Exhibit = Callable[[str, Attempt, Mapping[str, Any]], dict[str, bytes]]


def _duties(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """List the duties that the learner sorts."""
    del attempt
    rows = [f'{number},"{one["duty"]}"' for number, one in enumerate(drawn["duties"], start=1)]
    return {name: ("\n".join(["number,duty", *rows]) + "\n").encode()}


def _model(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """List the halves of the shared responsibility model."""
    del attempt, drawn
    rows = [f"{half.id:<8} {half.party:<9} {half.statement}" for half in read_model().halves.values()]
    return {name: ("\n".join(rows) + "\n").encode()}


EXHIBITS: Mapping[str, Exhibit] = {
    "bill": bill_file,
    "bundles": bundle_files,
    "disclosure": disclosure_files,
    "duties": _duties,
    "model": _model,
    "report": report_file,
}
