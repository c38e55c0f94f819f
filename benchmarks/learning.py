"""How long it takes to found a lab and to grade it untouched; and `remit learn start` as a command, from its start.

    python benchmarks/learning.py

Prints medians of nine attempts for each lab, in milliseconds, durable in SQLite.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from remit.compliance.learning.attempts import Attempts, new_seed
from remit.compliance.learning.checking import check
from remit.compliance.learning.founding import Founded, begin, end, found
from remit.compliance.learning.grading.grading import Graded
from remit.compliance.learning.labs import Written, labs
from remit.endpoint.founding import found as found_first
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.store import Answer, Database, Transaction

TIMES = 9


def main() -> int:
    """Measure; return the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings, _ = read_settings({"data": folder}, {}, Path(os.devnull))
        database = open_database(settings)
        found_first(database, settings, datetime.now(UTC))
        print("lab    founded  graded  (ms, median)")
        for written in labs().values():
            spent = [_once(database, folder, written, f"learner{number}") for number in range(TIMES)]
            founded, graded = (median(one) * 1000 for one in zip(*spent, strict=True))
            print(f"{written.id:<6} {founded:7.1f} {graded:7.1f}")
        database.close_now()
        for lab in ("A2-1", "EXAM"):
            print(f"remit learn start {lab}: {_command(folder, lab) * 1000:.0f} ms")
    return 0


def _command(folder: Path, lab: str) -> float:
    """Return the seconds of `remit learn start` as a command, once Python has kept what it compiled."""
    command = [Path(sys.executable).parent / "remit", "learn", "start", lab, "--again", "--data", str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "PYTHONDONT"))}
    seconds: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run([*command, "--learner", "ada"], check=True, capture_output=True, env=environment)
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def _once(database: Database, folder: Path, written: Written, name: str) -> tuple[float, float]:
    """Found a lab, grade it, and end it; return the seconds of the first two."""
    attempt = begin(written, name, new_seed(), datetime.now(UTC))
    attempts = Attempts(folder, name)

    def founding(tx: Transaction) -> Answer[Founded]:
        return Answer(found(tx, written, attempt), tuple(tx.records))

    def grading(tx: Transaction) -> Answer[list[Graded]]:
        return Answer(check(tx, attempts, attempt, None, datetime.now(UTC), database.backend.records))

    began = time.perf_counter()
    database.run(founding)
    founded = time.perf_counter()
    database.run(grading)
    graded = time.perf_counter()
    database.run(lambda tx: Answer(end(tx, attempt)))
    return founded - began, graded - founded


if __name__ == "__main__":
    sys.exit(main())
