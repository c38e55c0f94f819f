"""An unchanged AWS SDK for JavaScript v3, driven by `javascript/call.mjs`."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from serving import Served

from remit.ids import Secret
from remit.testing import Identity

FOLDER = Path(__file__).with_name("javascript")
pytestmark = [pytest.mark.conformance, pytest.mark.javascript, pytest.mark.usefixtures("_sdk")]

Calls = Callable[..., list[dict[str, Any]]]
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
}


@pytest.fixture(scope="module")
def _sdk() -> None:
    if shutil.which("node") is None or not (FOLDER / "node_modules").is_dir():
        pytest.fail("no SDK: `make javascript` installs it (it needs Node.js), or deselect with -m 'not javascript'")


@pytest.fixture
def calls(server: Served) -> Calls:
    """Give a function that makes calls as *identity* (an administrator by default) and returns what came back."""

    def make(*made: tuple[str, str, dict[str, Any]], identity: Identity | None = None) -> list[dict[str, Any]]:
        who = identity or server.admin
        token = {} if who.session_token is None else {"sessionToken": who.session_token}
        asked = {
            "endpoint": server.endpoint,
            "credentials": {
                "accessKeyId": who.access_key_id,
                "secretAccessKey": who.secret_access_key.reveal(),
                **token,
            },
            "calls": [{"client": client, "command": command, "input": input_} for client, command, input_ in made],
        }
        done = subprocess.run(
            ["node", "call.mjs"],
            cwd=FOLDER,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return make


def test_the_sdk_makes_and_reads_entities(calls: Calls, server: Served) -> None:
    tag = {"Key": "team", "Value": "größe"}
    made, read, missing, taken = calls(
        ("IAM", "CreateUser", {"UserName": "ana", "Path": "/a/", "Tags": [tag]}),
        ("IAM", "GetUser", {"UserName": "ana"}),
        ("IAM", "GetUser", {"UserName": "nobody"}),
        ("IAM", "CreateUser", {"UserName": "ANA"}),
    )

    assert made["output"]["User"]["Arn"] == f"arn:aws:iam::{server.account}:user/a/ana"
    assert read["output"]["User"]["Tags"] == [tag]
    assert read["output"]["User"]["CreateDate"].endswith("Z")
    assert missing["error"] == {
        "name": "NoSuchEntityException",
        "message": "The user with name nobody cannot be found.",
        "status": 404,
    }
    assert taken["error"]["name"] == "EntityAlreadyExistsException"


def test_the_sdk_pages_and_waits(calls: Calls) -> None:
    users = [("IAM", "CreateUser", {"UserName": f"user-{number}"}) for number in range(3)]
    *_, pages, waited = calls(
        *users, ("IAM", "paginateListUsers", {}), ("IAM", "waitUntilUserExists", {"UserName": "user-2"})
    )

    assert [[user["UserName"] for user in page["Users"]] for page in pages["output"]] == [
        ["admin", "user-0"],
        ["user-1", "user-2"],
    ]
    assert waited["output"]["state"] == "SUCCESS"


def test_the_sdk_is_denied_and_told_why(calls: Calls, server: Served) -> None:
    (denied,) = calls(("IAM", "ListUsers", {}), identity=server.user("bob"))

    assert (denied["error"]["name"], denied["error"]["status"]) == ("AccessDenied", 403)
    assert "because no identity-based policy allows the iam:ListUsers action" in denied["error"]["message"]


def test_the_sdk_assumes_a_role_and_uses_it(calls: Calls, server: Served) -> None:
    made, assumed = calls(
        ("IAM", "CreateRole", {"RoleName": "builder", "AssumeRolePolicyDocument": json.dumps(TRUST)}),
        ("STS", "AssumeRole", {"RoleArn": f"arn:aws:iam::{server.account}:role/builder", "RoleSessionName": "run"}),
    )
    assert json.loads(unquote(made["output"]["Role"]["AssumeRolePolicyDocument"]))["Version"] == "2012-10-17"
    given = assumed["output"]["Credentials"]
    session = Identity(
        "builder",
        given["AccessKeyId"],
        Secret(given["SecretAccessKey"]),
        given["SessionToken"],
        server.endpoint,
    )

    who, denied = calls(("STS", "GetCallerIdentity", {}), ("IAM", "ListUsers", {}), identity=session)

    assert who["output"]["Arn"] == f"arn:aws:sts::{server.account}:assumed-role/builder/run"
    assert denied["error"]["name"] == "AccessDenied"


def test_the_sdk_reads_the_event_history(calls: Calls) -> None:
    attribute = {"AttributeKey": "EventName", "AttributeValue": "CreateUser"}
    _, found = calls(
        ("IAM", "CreateUser", {"UserName": "seen"}),
        ("CloudTrail", "LookupEvents", {"LookupAttributes": [attribute]}),
    )

    assert "output" in found, found
    (event,) = found["output"]["Events"]
    assert json.loads(event["CloudTrailEvent"])["requestParameters"] == {"userName": "seen"}


def test_a_wrong_secret_is_told_so(calls: Calls, server: Served) -> None:
    wrong = Identity("", server.admin.access_key_id, Secret("x" * 40), None, server.endpoint)

    (refused,) = calls(("STS", "GetCallerIdentity", {}), identity=wrong)

    assert refused["error"]["name"] == "SignatureDoesNotMatch"
