"""`remit compliance snapshot` of a served Remit."""

import json
from pathlib import Path

import pytest
from cli.test_commands import Shell
from serving import ACCOUNT, served

from remit.compliance.snapshots import Answer, Shelf, Status

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory):
    state, data = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("data")
    environment = {"XDG_STATE_HOME": str(state), "HOME": str(state), "REMIT_DATA": str(data)}
    with served("--data", str(data), "--allow-reset", **environment) as server:
        yield Shell(server, state)


def reports_of(folder: Path) -> dict[str, Answer]:
    snapshot = Shelf(folder).newest(ACCOUNT)
    assert snapshot is not None
    return {
        dict(read.params)["reportId"]: answer
        for read, answer in snapshot.answers.items()
        if read.operation == "GetReport"
    }


def test_a_snapshot_of_the_server_is_taken_and_shown(shell: Shell, tmp_path):
    folder = ("--snapshots", str(tmp_path))

    taken = json.loads(shell("compliance", "snapshot", "--regions", "eu-west-1", *folder, "--json").stdout)

    assert taken[0]["account"] == ACCOUNT
    assert taken[0]["regions"] == ["eu-west-1"]
    assert taken[0]["reads"]["answered"] >= 1
    assert taken[0]["reads"]["failed"] > 0  # Remit has no EC2, and says so
    assert reports_of(tmp_path) == {}  # nobody's terms are accepted unasked
    (cell,) = json.loads(shell("responsibility", "explain", "SR-C1", *folder, "--json").stdout)
    assert (cell["account"], cell["status"]) == (ACCOUNT, "UNKNOWN")


def test_a_region_that_is_not_enabled_is_refused(shell: Shell, tmp_path):
    refused = shell("compliance", "snapshot", "--regions", "mars-1", "--snapshots", str(tmp_path), status=3)

    assert "mars-1 is not a region" in refused.stderr


def test_reports_are_read_when_somebody_says_so(shell: Shell, tmp_path):
    folder = ("--snapshots", str(tmp_path))

    shell("compliance", "snapshot", "--regions", "eu-west-1", "--read-reports", "--accept-terms", *folder)

    answers = reports_of(tmp_path).values()
    assert {answer.status for answer in answers} == {Status.ANSWERED}
    values = [answer.value() for answer in answers]
    assert any({"s3", "iam"} <= set(value["servicesInScope"]) for value in values)
    assert len({value["document"]["sha256"] for value in values}) == len(values)
    findings = json.loads(shell("compliance", "check", "rep.services", *folder, "--json").stdout)
    (iam,) = [one for one in findings if one["subject"] == f"{ACCOUNT}/iam"]
    assert (iam["verdict"], "names it on page" in iam["reason"]) == ("PASS", True)
