"""Case files: what policies must come to, written down as questions and answers, and asked of every backend.

    for case in read_cases([Path("tests/cases/policy")]):
        outcome = run(case, BACKENDS["reference"])

A file is `{"format": 1, "group": ..., "cases": [...]}`; each case is of one kind, `decide`, `validate`, `message` or
`context`, and complete in itself. `docs/policy-cases.md` describes the form.
"""

from remit.cli.cases.backends import BACKENDS
from remit.cli.cases.reading import Case, CasesUnreadable, read_cases
from remit.cli.cases.running import Outcome, run

__all__ = ["BACKENDS", "Case", "CasesUnreadable", "Outcome", "read_cases", "run"]
