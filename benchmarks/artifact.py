"""ListReports with 5,000 reports of 50 versions each: a page of 300, through the whole path but the socket.

python benchmarks/artifact.py
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import msgspec
from composed import composed

from remit.directory.artifact.reports import REPORT_VERSIONS, REPORTS, Report
from remit.ids import new_artifact_id

REPORTS_COUNT, VERSIONS, ROUNDS = 5_000, 50, 100


def fill(tx):
    pattern = next(version for version in tx.all(REPORT_VERSIONS) if version.is_readable)
    for _ in range(REPORTS_COUNT):
        id_ = new_artifact_id("report")
        tx.put(REPORTS, Report(id=id_, account=pattern.account, newest=VERSIONS, shown=VERSIONS))
        for number in range(1, VERSIONS + 1):
            changed = {"id": f"{id_}:{number}", "report": id_, "number": number}
            tx.put(REPORT_VERSIONS, msgspec.structs.replace(pattern, **changed))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, composed(Path(folder)) as remit:
        remit.change(fill)
        artifact = remit.client("artifact")
        seconds = []
        token = None
        for _ in range(ROUNDS):
            given = {"maxResults": 300, **({"nextToken": token} if token else {})}
            calls = [lambda given=given: artifact.list_reports(**given)]
            started = time.perf_counter()
            (answer,) = remit.at_once(*calls)
            seconds.append(time.perf_counter() - started)
            token = msgspec.json.decode(answer.body).get("nextToken")
        milliseconds = sorted(1_000 * one for one in seconds)
        print(f"ListReports, a page of 300 of {REPORTS_COUNT:,} reports with {VERSIONS} versions each:")
        print(f"  median {statistics.median(milliseconds):.1f} ms, longest {milliseconds[-1]:.1f} ms (bar: 20)")
        print("  with the time that boto3 takes to write and sign the request")


if __name__ == "__main__":
    main()
