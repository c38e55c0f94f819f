"""The test kit, as a user's own test suite meets it: a folder with tests, run by an unchanged pytest."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.conformance
ROOT = Path(__file__).parents[2]


def run(folder: Path, text: str, *flags: str) -> "subprocess.CompletedProcess[str]":
    (folder / "test_it.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *flags],
        cwd=folder,
        env={**os.environ, "AWS_PROFILE": "production", "AWS_ACCESS_KEY_ID": "real"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_documentations_example_passes(tmp_path):
    example = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "testing.md").read_text(), re.DOTALL)

    done = run(tmp_path, example[0])

    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_documentations_other_example_runs():
    example = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "testing.md").read_text(), re.DOTALL)[1]

    subprocess.run([sys.executable, "-c", example], check=True, timeout=60)


def test_a_refusal_that_fails_a_test_is_explained_once(tmp_path):
    done = run(
        tmp_path,
        "def test_it(as_user, assert_allowed):\n"
        "    bob = as_user('bob').client('iam')\n"
        "    assert_allowed(lambda: bob.list_users())\n",
    )

    assert "1 failed" in done.stdout
    assert done.stdout.count("Remit explains") == 1
    assert "may not iam:ListUsers on *" in done.stdout


@pytest.mark.parametrize(
    ("action", "by", "outcome"),
    [
        ("iam:GetUser", "identity", "1 passed"),
        ("iam:GetUser", None, "1 passed"),
        ("iam:GetUser", "boundary", "1 failed"),
        ("iam:*", None, "1 failed"),
    ],
)
def test_assert_denied_wants_a_refusal_by_the_layer_that_is_named(tmp_path, action, by, outcome):
    done = run(
        tmp_path,
        "def test_it(as_user, assert_denied):\n"
        f"    allow = {{'Effect': 'Allow', 'Action': {action!r}, 'Resource': '*'}}\n"
        "    bob = as_user('bob', {'Version': '2012-10-17', 'Statement': allow}).client('iam')\n"
        f"    assert_denied(lambda: bob.list_users(), by={by!r})\n",
    )

    assert outcome in done.stdout, done.stdout


def test_each_test_begins_afresh_and_variables_are_put_back(tmp_path):
    done = run(
        tmp_path,
        "import os, pytest\n"
        "@pytest.mark.parametrize('turn', [1, 2])\n"
        "def test_it(remit, turn):\n"
        "    remit.client('iam').create_user(UserName='alice')\n"
        "    assert os.environ['AWS_ENDPOINT_URL'] == remit.endpoint\n"
        "    assert 'AWS_PROFILE' not in os.environ\n"
        "def test_after():\n"
        "    assert os.environ['AWS_PROFILE'] == 'production'\n"
        "    assert os.environ['AWS_ACCESS_KEY_ID'] == 'real'\n"
        "    assert 'AWS_ENDPOINT_URL' not in os.environ\n",
    )

    assert "3 passed" in done.stdout, done.stdout


def test_roles_are_assumed(tmp_path):
    done = run(
        tmp_path,
        "def test_it(as_role, assert_denied, remit_account):\n"
        "    job = as_role('job', {'Version': '2012-10-17', 'Statement': "
        "[{'Effect': 'Allow', 'Action': 'iam:ListUsers', 'Resource': '*'}]})\n"
        "    assert job.arn == f'arn:aws:sts::{remit_account}:assumed-role/job/test'\n"
        "    job.client('iam').list_users()\n"
        "    assert_denied(lambda: job.client('iam').list_roles())\n",
    )

    assert "1 passed" in done.stdout, done.stdout


def test_serving_leaves_nothing_behind():
    import remit

    with remit.serve() as server:
        alice = server.user("alice")
        assert alice.client("sts").get_caller_identity()["Arn"] == alice.arn
        folder = server._whole.settings.data
        assert folder.exists()

    assert not folder.exists()


def test_a_refusal_is_explained_by_its_error():
    from botocore.exceptions import ClientError

    import remit

    with remit.serve() as server:
        bob = server.user(
            "bob",
            {
                "Version": "2012-10-17",
                "Statement": [{"Sid": "No", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
            },
        )
        with pytest.raises(ClientError) as refused:
            bob.client("iam").list_users()

        assert 'test, statement "No"' in server.explain(refused.value)
        with pytest.raises(LookupError):
            server.explain(ValueError("something else"))


def test_an_identity_does_not_show_its_secret():
    import remit

    with remit.serve() as server:
        text = json.dumps({"repr": repr(server.administrator)})

        assert server.administrator.secret_access_key.reveal() not in text
