"""Faults that were planted on moto: all are found, and none is invented.

`faults.txt` has a line for each finding that fails, in order: the check, and what it is about.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.faulty import REGION, Faulty
from motos import moto_server

from remit.clock import SystemClock
from remit.compliance.checks import CHECKS, Facts, Verdict
from remit.compliance.collecting import collect
from remit.compliance.snapshots import Answer, Shelf, Snapshot, Status
from remit.compliance.status import Evaluation
from remit.compliance.status import Status as Cells
from remit.ids import Secret
from remit.wire.reader import Reader

pytestmark = pytest.mark.conformance
FAULTS = (Path(__file__).parent / "faults.txt").read_text().splitlines()
NAMES = frozenset(name for check in CHECKS.values() for name in check.reads)


@pytest.fixture(scope="module")
def faulty() -> Iterator[Faulty]:
    with moto_server() as url:
        account = Faulty(url)
        account.furnish()
        yield account


@pytest.fixture(scope="module")
def taken(faulty: Faulty, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    reader = Reader(faulty.endpoint, "us-east-1", "a", Secret("b"), rate=1000)
    shelf = Shelf(tmp_path_factory.mktemp("snapshots"))
    return collect(reader, shelf, SystemClock(), names=NAMES, regions=(REGION,)).snapshot


def failing(snapshot: Snapshot) -> set[tuple[str, str]]:
    facts = Facts(snapshot=snapshot)
    return {
        (finding.check, finding.subject)
        for check in CHECKS.values()
        for finding in check.outcome(facts).findings
        if finding.verdict is Verdict.FAIL
    }


def test_every_planted_fault_is_found_and_none_is_invented(faulty: Faulty, taken: Snapshot) -> None:
    found = sorted(f"{check} {faulty.named(subject)}" for check, subject in failing(taken))

    assert found == FAULTS
    assert len(FAULTS) >= 60


def test_no_read_that_is_denied_makes_anything_green(taken: Snapshot) -> None:
    """Deny each kind of read alone: no cell becomes MET, and every check that failed is still heard of."""
    at = taken.header.taken_at
    whole = Evaluation(Facts(snapshot=taken))
    cells = {name: whole.cell(name, at).status for name in whole.model.halves}
    failed = {check for check, _ in failing(taken)}
    for name in sorted({f"{read.service}:{read.operation}" for read in taken.answers}):
        denied = {
            read: Answer(Status.DENIED, at, code="AccessDenied")
            if f"{read.service}:{read.operation}" == name
            else answer
            for read, answer in taken.answers.items()
        }
        judged = Evaluation(Facts(snapshot=Snapshot(taken.header, denied)))
        for half, was in cells.items():
            now = judged.cell(half, at).status
            assert was is not Cells.NOT_MET or now in (Cells.NOT_MET, Cells.UNKNOWN), (name, half)
        for check in failed:
            assert judged.outcome(check).verdict in (Verdict.FAIL, Verdict.UNKNOWN), (name, check)
