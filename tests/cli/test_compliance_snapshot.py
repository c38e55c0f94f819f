"""`remit compliance snapshot` of a served Remit."""

import json

import pytest
from cli.test_commands import Shell
from serving import ACCOUNT, served

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory):
    state, data = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("data")
    environment = {"XDG_STATE_HOME": str(state), "HOME": str(state), "REMIT_DATA": str(data)}
    with served("--data", str(data), "--allow-reset", **environment) as server:
        yield Shell(server, state)


def test_a_snapshot_of_the_server_is_taken_and_shown(shell: Shell, tmp_path):
    folder = ("--snapshots", str(tmp_path))

    taken = json.loads(shell("compliance", "snapshot", "--regions", "eu-west-1", *folder, "--json").stdout)

    assert taken[0]["account"] == ACCOUNT
    assert taken[0]["regions"] == ["eu-west-1"]
    assert taken[0]["reads"]["answered"] >= 1
    assert taken[0]["reads"]["failed"] > 0  # Remit has no EC2, and says so
    (cell,) = json.loads(shell("responsibility", "explain", "SR-C1", *folder, "--json").stdout)
    assert (cell["account"], cell["status"]) == (ACCOUNT, "UNKNOWN")


def test_a_region_that_is_not_enabled_is_refused(shell: Shell, tmp_path):
    refused = shell("compliance", "snapshot", "--regions", "mars-1", "--snapshots", str(tmp_path), status=3)

    assert "mars-1 is not a region" in refused.stderr
