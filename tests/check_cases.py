"""Cases of checks: what an account has, and what a check says of it.

    CASES = (
        Case("iam.root.keys", PASS, {"iam:GetAccountSummary": {"SummaryMap": {"AccountAccessKeysPresent": 0}}}),
        Case("iam.root.keys", UNKNOWN, {"iam:GetAccountSummary": "AccessDenied"}, says="was denied"),
    )

Files beside `tests/compliance/checks/test_cases.py`, in `cases/`; answers are written as `snapshots` reads them.
"""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from snapshots import facts, snapshot

from remit.compliance.checks import Facts

_FOLDER = Path(__file__).parent / "compliance" / "checks" / "cases"

PASS, FAIL, UNKNOWN, NA = "PASS", "FAIL", "UNKNOWN", "NA"


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        verdict: of the check as a whole.
        says: what the reason of a finding with that verdict has in it.
        organization: what the management account was answered; None for no snapshot of one.
        management: its id.
        more: members of `Facts`, and of the snapshot's header.
    """

    check: str
    verdict: str
    answers: Mapping[str, object]
    says: str = ""
    organization: Mapping[str, object] | None = None
    management: str = "999999999999"
    more: Mapping[str, object] = field(default_factory=dict)

    def facts(self, **changed: object) -> Facts:
        """Return the facts; *changed* stands in place of answers."""
        held = None if self.organization is None else snapshot(self.organization, account=self.management)
        return facts({**self.answers, **changed}, held, **self.more)


def read_cases() -> tuple[Case, ...]:
    """Return the cases of all files."""
    return tuple(case for file in sorted(_FOLDER.glob("*.py")) for case in runpy.run_path(str(file))["CASES"])
