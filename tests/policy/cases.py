"""The cases of `tests/cases/policy`, read as `remit policy test` reads them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from remit.cli.cases import read_cases
from remit.cli.cases.reading import policies_of as policies
from remit.cli.cases.reading import request_of as request

__all__ = ["Case", "case_id", "cases", "policies", "request"]

FOLDER = Path(__file__).parents[1] / "cases" / "policy"

Case = Mapping[str, Any]


@cache
def cases(kind: str) -> list[Case]:
    """Return every case of *kind*, those of format 2 written out."""
    return [case.said for case in read_cases([FOLDER]) if case.kind == kind]


def case_id(case: Case) -> str:
    return str(case["id"])
