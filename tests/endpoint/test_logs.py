"""The log: one structured line a request."""

import json
import subprocess

import pytest
from ports import free_port
from serving import BIN, CLEAN

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance


def logged(*flags):
    """Serve, make one allowed, one refused and one malformed request; return what was logged."""
    process = subprocess.Popen(
        [BIN / "remit", "serve", "--port", str(free_port()), "--ephemeral", "--json", *flags],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = json.loads(process.stdout.readline())
    admin = Identity("", said["access_key_id"], Secret(said["secret_access_key"]), None, said["endpoint"])
    iam = admin.client("iam")
    iam.create_user(UserName="alice")
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_user(UserName="alice")
    process.terminate()
    _, errors = process.communicate(timeout=15)
    assert admin.secret_access_key.reveal() not in errors
    return errors.splitlines()


def test_programs_get_an_object_a_line():
    first, second = [json.loads(line) for line in logged()]

    assert first["action"] == "iam:CreateUser"
    assert first["caller"].endswith(":user/admin")
    assert (first["decision"], first["status"]) == ("ok", 200)
    assert len(first["request_id"]) == 36
    assert first["ms"] > 0
    assert (second["decision"], second["status"]) == ("EntityAlreadyExists", 409)


def test_people_get_a_line():
    first, second = logged("--log-format", "line")

    assert " 200 ok " in first
    assert "iam:CreateUser" in first
    assert "EntityAlreadyExists" in second


def test_a_quiet_log_is_quiet():
    assert logged("--log-level", "warning") == []
