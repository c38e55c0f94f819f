"""Files that are made for a learner rather than written in the lab: name in a lab's file -> who makes them."""

from collections.abc import Callable, Mapping
from typing import Any

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.bills import bill_file
from remit.compliance.learning.bundles import bundle_files, disclosure_files
from remit.compliance.learning.reports import report_file

# Given the name, the attempt and its parameters; returns files by name.
Exhibit = Callable[[str, Attempt, Mapping[str, Any]], dict[str, bytes]]


def _duties(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """List the duties that the learner sorts."""
    del attempt
    rows = [f'{number},"{one["duty"]}"' for number, one in enumerate(drawn["duties"], start=1)]
    return {name: ("\n".join(["number,duty", *rows]) + "\n").encode()}


EXHIBITS: Mapping[str, Exhibit] = {
    "bill": bill_file,
    "bundles": bundle_files,
    "disclosure": disclosure_files,
    "duties": _duties,
    "report": report_file,
}
