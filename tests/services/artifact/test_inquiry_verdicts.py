"""Answers quote what the asking account's snapshot comes to, where there is one, and say of when it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from composed import ACCOUNT, Composed
from services.artifact.test_inquiries import PATCHES, SAID, UNKNOWN, create, queries

from remit.compliance.snapshots import Header, Read, Shelf, Snapshot
from remit.compliance.snapshots.answers import answered
from remit.compliance.snapshots.files import write
from remit.directory.artifact.passages import ROWS
from remit.directory.artifact.queries import TEXT_MAX, Cited, Query, QueryMessage, QueryStatus
from remit.services.artifact.live import with_verdicts

REGION = "eu-west-1"
# What SR-C5, patches of the guests, is judged by.
UNMANAGED = {
    Read("ec2", "DescribeInstances", REGION): {
        "Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]
    },
    Read("ssm", "DescribeInstanceInformation", REGION): {"InstanceInformationList": []},
}


def take(data: Path, at: Any, account: str = ACCOUNT) -> Path:
    """Lay a snapshot into a data folder: an instance that nobody manages."""
    header = Header(account=account, taken_at=at, regions=(REGION,), regions_read=(REGION,))
    answers = {read: answered(value, at) for read, value in UNMANAGED.items()}
    shelf = Shelf(data / "snapshots")
    shelf.unfinished(account)
    place = shelf.place(header)
    write(Snapshot(header, answers), place)
    return place


@pytest.fixture
def data(remit: Composed) -> Path:
    return remit.folder


def asked(remit: Composed, question: str = PATCHES) -> dict[str, Any]:
    artifact = remit.client("artifact")
    (query,) = queries(artifact, create(artifact, question))
    return query


def test_the_row_that_is_cited_is_told_as_the_snapshot_has_it(remit: Composed, data: Path) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    take(data, at)

    query = asked(remit)

    *_, live = query["citations"]
    said = f"By the snapshot of account {ACCOUNT} of {at:%Y-%m-%dT%H:%M:%S}"
    assert live["sourceContent"].startswith(said)
    assert "this is not met: patch.managed: " in live["sourceContent"]
    assert "i-1" in live["sourceContent"]
    assert query["response"].startswith(SAID)
    assert query["response"].endswith(f"{live['sourceContent']} [{len(query['citations'])}]")
    assert live["sourceLink"].endswith("#SR-C5")


def test_without_a_snapshot_an_answer_is_what_the_library_says(remit: Composed) -> None:
    query = asked(remit)

    assert query["response"] == f"{SAID} [1]"
    assert "snapshot" not in str(query["citations"]).lower()


def test_what_the_library_does_not_answer_no_snapshot_does(remit: Composed, data: Path) -> None:
    take(data, datetime.now(UTC))

    assert "response" not in asked(remit, UNKNOWN)


@pytest.mark.parametrize("what", ["another account", "later", "altered", "mistake"])
def test_a_snapshot_that_shows_nothing_of_the_account_is_not_quoted(remit: Composed, data: Path, what: str) -> None:
    at = datetime.now(UTC)
    place = take(
        data,
        at + timedelta(days=1) if what == "later" else at - timedelta(hours=1),
        "999988887777" if what == "another account" else ACCOUNT,
    )
    if what == "altered":
        place.write_bytes(place.read_bytes().replace(b"i-1", b"i-2"))
    if what == "mistake":
        (data / "compliance.yaml").write_text("parameters: 3\n")

    assert asked(remit)["response"] == f"{SAID} [1]"


def test_where_nobody_may_look_nothing_is_quoted(data: Path) -> None:
    take(data, datetime.now(UTC) - timedelta(hours=1))
    cited = Cited("Shared responsibility model SR-C5", SAID, f"{ROWS}SR-C5")
    query = Query(1, PATCHES, None, QueryStatus.COMPLETED, QueryMessage.COMPLETED, f"{SAID} [1]", (cited,))

    assert with_verdicts((query,), None, ACCOUNT, datetime.now(UTC)) == (query,)
    assert with_verdicts((query,), data, ACCOUNT, datetime.now(UTC)) != (query,)


def test_what_would_make_a_response_too_long_stays_out(data: Path) -> None:
    take(data, datetime.now(UTC) - timedelta(hours=1))
    cited = Cited("Shared responsibility model SR-C5", SAID, f"{ROWS}SR-C5")
    query = Query(1, PATCHES, None, QueryStatus.COMPLETED, QueryMessage.COMPLETED, "x" * (TEXT_MAX - 20), (cited,))

    assert with_verdicts((query,), data, ACCOUNT, datetime.now(UTC)) == (query,)


def test_a_row_that_the_model_does_not_have_is_passed_over(data: Path) -> None:
    take(data, datetime.now(UTC) - timedelta(hours=1))
    cited = Cited("Shared responsibility model SR-X9", SAID, f"{ROWS}SR-X9")
    query = Query(1, PATCHES, None, QueryStatus.COMPLETED, QueryMessage.COMPLETED, SAID, (cited,))

    assert with_verdicts((query,), data, ACCOUNT, datetime.now(UTC)) == (query,)
