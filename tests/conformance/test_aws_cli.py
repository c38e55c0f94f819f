"""An unchanged AWS CLI."""

import json

import pytest

pytestmark = pytest.mark.conformance


def test_the_cli_is_allowed_and_denied(server):
    bob = server.user("bob")

    made = server.aws("iam", "create-group", "--group-name", "devs")
    denied = server.aws("iam", "create-group", "--group-name", "ops", identity=bob)

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["Group"]["GroupName"] == "devs"
    assert denied.returncode != 0
    assert "(AccessDenied) when calling the CreateGroup operation" in denied.stderr
    assert f"arn:aws:iam::{server.account}:group/ops" in denied.stderr


def test_the_cli_waits_for_a_user_and_pages_through_lists(server):
    for number in range(3):
        server.aws("iam", "create-user", "--user-name", f"user-{number}")

    waited = server.aws("iam", "wait", "user-exists", "--user-name", "user-2")
    listed = server.aws("iam", "list-users", "--page-size", "2", "--query", "Users[].UserName", "--output", "text")

    assert waited.returncode == 0, waited.stderr
    assert listed.stdout.split() == ["admin", "user-0", "user-1", "user-2"]


def test_the_cli_reads_the_event_history(server):
    server.aws("iam", "create-user", "--user-name", "seen")

    found = server.aws(
        "cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=EventName,AttributeValue=CreateUser"
    )

    (event,) = json.loads(found.stdout)["Events"]
    assert json.loads(event["CloudTrailEvent"])["requestParameters"] == {"userName": "seen"}


def test_a_wrong_key_is_told_so(server):
    from remit.ids import Secret
    from remit.testing import Identity

    wrong = Identity("", server.admin.access_key_id, Secret("x" * 40), None, server.endpoint)

    done = server.aws("sts", "get-caller-identity", identity=wrong)

    assert "(SignatureDoesNotMatch)" in done.stderr
    assert "The request signature we calculated does not match the signature you provided." in done.stderr


def test_the_cli_writes_a_picture_of_a_seed_and_reads_a_report(server, tmp_path):
    picture = tmp_path / "seed.png"
    made = server.aws(
        *("iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", "phone"),
        *("--bootstrap-method", "QRCodePNG", "--outfile", str(picture)),
    )
    begun = server.aws("iam", "generate-credential-report", "--query", "State", "--output", "text")

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["VirtualMFADevice"]["SerialNumber"] == f"arn:aws:iam::{server.account}:mfa/phone"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert begun.stdout.strip() == "STARTED"
