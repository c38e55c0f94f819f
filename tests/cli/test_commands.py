"""The commands, as a person at a terminal and a program meet them."""

import base64
import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from serving import ACCOUNT, BIN, CLEAN, Served, served

from remit.cli import main
from remit.directory.totp import STEP_SECONDS, code_at

pytestmark = pytest.mark.conformance


class Shell:
    """Runs `remit` beside a server, in a state folder of its own."""

    def __init__(self, server: Served, state: Path) -> None:
        self.server = server
        self.environment = {**CLEAN, "XDG_STATE_HOME": str(state), "HOME": str(state)}

    def __call__(
        self,
        *arguments: str,
        status: int = 0,
        typed: str = "",
        **variables: str,
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [BIN / "remit", *arguments],
            env={**self.environment, **variables},
            cwd=self.environment["HOME"],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    data = tmp_path_factory.mktemp("data")
    with served("--data", str(data), "--allow-reset", XDG_STATE_HOME=str(state), HOME=str(state)) as server:
        yield Shell(server, state)


@pytest.fixture(autouse=True)
def _empty(shell):
    shell.server.reset()


def test_remit_alone_shows_five_commands(capsys):
    assert main([]) == 0

    assert re.findall(r"^  remit (\w+)", capsys.readouterr().out, re.MULTILINE) == [
        "serve",
        "env",
        "can",
        "trail",
        "status",
    ]


@pytest.mark.parametrize(
    "command", ["serve", "env", "profile", "status", "doctor", "config", "reset", "backup", "restore", "can", "explain"]
)
def test_every_commands_help_begins_with_an_example(command, capsys):
    assert main([command, "--help"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("Example: ")
    for option in ("--json", "--quiet", "--verbose", "--color", "--help"):
        assert option in said


def test_quiet_says_nothing_but_errors(shell):
    assert shell("can", "root", "s3:GetObject", "-q").stdout == ""
    assert shell("can", "user/nobody", "s3:GetObject", "-q", status=1).stderr != ""


def test_colours_only_when_asked_or_at_a_terminal(shell):
    assert "\x1b[" not in shell("config").stdout
    assert "\x1b[" in shell("config", "--color").stdout
    assert "\x1b[" not in shell("config", NO_COLOR="1").stdout


def test_a_port_that_a_server_of_ours_has_is_said_with_its_process(shell):
    port = shell.server.endpoint.rsplit(":", 1)[-1]

    said = shell("serve", "--port", port, "--ephemeral", status=1).stderr

    pid = shell.server.process.pid
    assert said == (
        f"remit: cannot listen on 127.0.0.1:{port}: address already in use by pid {pid} (remit serve). "
        f"Use --port, or stop it: kill {pid}\n"
    )


def test_env_points_aws_tools_at_the_server(shell):
    said = shell("env").stdout
    data = json.loads(shell("env", "--json").stdout)

    assert f"export AWS_ENDPOINT_URL={shell.server.endpoint}" in said
    assert said.endswith("\nunset AWS_SESSION_TOKEN\n")  # a role's would spoil the administrator's key
    assert data["AWS_ACCESS_KEY_ID"] == shell.server.admin.access_key_id
    assert data["AWS_SECRET_ACCESS_KEY"] == shell.server.admin.secret_access_key.reveal()


def test_env_assumes_a_role_when_asked(shell):
    trust = {"Effect": "Allow", "Principal": {"AWS": shell.server.admin.arn}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    shell.server.client("iam").create_role(RoleName="Job", Path="/", AssumeRolePolicyDocument=document)

    variables = json.loads(shell("env", "--as", "Job", "--json").stdout)

    done = subprocess.run(
        [BIN / "aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
        env={**CLEAN, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == f"arn:aws:sts::{ACCOUNT}:assumed-role/Job/remit"
    assert "not authorized to perform: sts:AssumeRole" in shell("env", "--as", "Nothing", status=1).stderr


def test_a_profile_is_written_only_when_asked_and_keeps_what_was_there(shell, tmp_path):
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("# mine\n[default]\nregion = eu-west-1\n")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}

    shown = shell("profile", **files).stdout
    assert shell.server.admin.secret_access_key.reveal() not in shown
    assert "Nothing was written" in shown
    assert not credentials.exists()

    shell("profile", "--write", **files)
    shell("profile", "--write", **files)

    assert config.read_text().startswith("# mine\n[default]\nregion = eu-west-1\n")
    assert config.read_text().count("[profile remit]") == 1
    assert credentials.stat().st_mode & 0o077 == 0
    done = subprocess.run(
        [BIN / "aws", "--profile", "remit", "sts", "get-caller-identity", "--query", "Account", "--output", "text"],
        env={**CLEAN, **files},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == ACCOUNT


def test_status_counts(shell):
    shell.server.client("iam").create_user(UserName="alice")

    found = json.loads(shell("status", "--json").stdout)

    assert found["server"] == "answers"
    assert found["users"] == 2
    assert found["endpoint"] == shell.server.endpoint
    assert {"policies", "contacts", "organization_policies", "artifact-report-copies"} <= found.keys()
    shown = shell("status").stdout
    assert "artifact-reports" in shown
    assert "groups" not in shown  # there are none


def test_config_says_where_a_value_comes_from_and_shows_no_secret(shell):
    found = json.loads(
        shell(
            "config",
            "--json",
            REMIT_PORT="8000",
            REMIT_ROOT_ACCESS_KEY_ID="AKIA",
            REMIT_ROOT_SECRET_ACCESS_KEY="s3cr3t",
        ).stdout
    )

    assert found["port"] == {"value": 8000, "source": "REMIT_PORT"}
    assert found["host"] == {"value": "127.0.0.1", "source": "default"}
    assert found["root_secret_access_key"]["value"] == "****"
    assert "REMIT_PORT" in shell("config", status=1, REMIT_PORT="many").stderr


def test_accounts_are_made_and_listed(shell):
    made = json.loads(shell("account", "create", "--id", "222222222222", "--email", "a@b.example", "--json").stdout)
    again = shell("account", "create", "--id", "222222222222", "--email", "c@d.example", status=1)
    wrong = shell("account", "create", "--id", "22", "--email", "c@d.example", status=1)

    listed = json.loads(shell("account", "list", "--json").stdout)

    assert made["account"] == "222222222222"
    assert {account["account"] for account in listed} == {ACCOUNT, "222222222222"}
    assert "no account" not in again.stderr
    assert "twelve digits" in wrong.stderr
    # The server took the new account in: its administrator signs at once.
    import boto3

    client = boto3.client(
        "sts",
        endpoint_url=shell.server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=made["access_key_id"],
        aws_secret_access_key=made["secret_access_key"],
    )
    assert client.get_caller_identity()["Account"] == "222222222222"


def test_can_says_yes_and_no_and_why(shell):
    shell.server.user(
        "bob", {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}
    )

    yes = shell("can", "user/bob", "s3:GetObject", "arn:aws:s3:::reports/q3.csv").stdout
    no = shell("can", "user/bob", "s3:PutObject", "arn:aws:s3:::reports/q3.csv", status=1).stdout
    data = json.loads(shell("can", "user/bob", "s3:GetObject", "arn:aws:s3:::reports/x", "--json").stdout)

    assert yes.startswith("yes: user/bob may s3:GetObject on arn:aws:s3:::reports/q3.csv")
    assert 'statement "Read"' in yes
    assert no.startswith("no: user/bob may not s3:PutObject")
    assert len(no.splitlines()) <= 10
    assert data["allowed"] is True


def test_can_takes_conditions(shell):
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    shell.server.user("bob", {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": office})

    shell("can", "user/bob", "s3:GetObject", "arn:aws:s3:::b/k", "-c", "aws:SourceIp=203.0.113.7")
    shell("can", "user/bob", "s3:GetObject", "arn:aws:s3:::b/k", "-c", "aws:SourceIp=198.51.100.1", status=1)
    shell("can", "user/bob", "s3:GetObject", "arn:aws:s3:::b/k", status=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user/nobody", "s3:GetObject"), "no user `nobody`"),
        (("somebody", "s3:GetObject"), "not a user, a role or root: `somebody`"),
        (("root", "GetObject"), "not an action: `GetObject`"),
        (("root", "s3:GetObject", "*", "-c", "novalue"), "not KEY=VALUE: `novalue`"),
    ],
)
def test_can_says_what_it_does_not_understand(shell, arguments, words):
    assert words in shell("can", *arguments, status=1).stderr


def test_explain_tells_of_a_request_of_the_trail(shell):
    bob = shell.server.user("bob")
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as refused:
        bob.client("iam").list_users()
    request = refused.value.response["ResponseMetadata"]["RequestId"]
    shell.server.events()  # what was answered before is in the trail now

    said = shell("explain", request, status=1).stdout

    assert "ListUsers was refused with AccessDenied" in said
    assert f"no: {bob.arn} may not iam:ListUsers on *" in said
    assert "no request with id `nothing`" in shell("explain", "nothing", status=3).stderr


def test_the_trail_shows_the_newest_last(shell):
    shell.server.client("iam").create_user(UserName="alice")
    shell.server.events()

    lines = [json.loads(line) for line in shell("trail", "tail", "--json").stdout.splitlines()]

    assert lines[0]["eventName"] == "CreateUser"
    assert "iam:CreateUser" in shell("trail", "tail").stdout


def test_following_the_trail_ends_at_ctrl_c(shell):
    process = subprocess.Popen(
        [BIN / "remit", "trail", "tail", "-n", "0", "--follow", "--json"],
        env={**shell.environment, "PYTHONUNBUFFERED": "1"},
        # Tests that run in the background of a shell inherit a SIGINT that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # no threads here yet
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(process.stdout.readline()))
    reader.start()
    for number in range(200):
        shell.server.client("iam").create_user(UserName=f"u{number}")
        reader.join(0.1)
        if seen:
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)

    assert json.loads(seen[0])["eventName"] == "CreateUser"
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_a_backup_comes_back(shell, tmp_path):
    shell.server.client("iam").create_user(UserName="alice")
    file, data = tmp_path / "backup.db", tmp_path / "restored"
    shell("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert "exists" in shell("backup", str(file), status=1).stderr
    assert "put the master key" in shell("restore", str(file), "--data", str(data), "--yes", status=1).stderr

    data.mkdir(mode=0o700)
    key = shell.server.data / "master.key"
    (data / "master.key").write_bytes(key.read_bytes())
    (data / "master.key").chmod(0o600)
    shell("restore", str(file), "--data", str(data), "--yes")

    with served_again(data) as endpoint:
        users = shell.server.admin.client("iam", endpoint_url=endpoint).list_users()["Users"]
    assert [user["UserName"] for user in users] == ["admin", "alice"]


def served_again(data):
    from contextlib import contextmanager

    from ports import free_port

    @contextmanager
    def running():
        process = subprocess.Popen(
            [BIN / "remit", "serve", "--port", str(free_port()), "--data", str(data), "--json"],
            env=CLEAN,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield json.loads(process.stdout.readline())["endpoint"]
        finally:
            process.terminate()
            process.communicate(timeout=15)

    return running()


def test_reset_empties_the_server(shell):
    shell.server.client("iam").create_user(UserName="alice")

    shell("reset", "--yes")

    assert len(shell.server.client("iam").list_users()["Users"]) == 1


def test_doctor_finds_what_is_unwise(shell):
    (shell.server.data / "credentials").chmod(0o644)
    try:
        findings = json.loads(shell("doctor", "--json", status=1).stdout)
    finally:
        (shell.server.data / "credentials").chmod(0o600)

    assert any(finding["where"].endswith("credentials") for finding in findings)


def test_without_a_store_commands_say_where_they_looked(tmp_path):
    environment = {**CLEAN, "XDG_STATE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    for command in (["env"], ["can", "root", "s3:GetObject"], ["doctor"], ["trail", "tail"]):
        done = subprocess.run([BIN / "remit", *command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 3, command
        assert str(tmp_path) in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_closed_pipe_is_no_error(shell):
    for _ in range(30):
        shell.server.client("iam").list_groups()
    shell.server.events()

    done = subprocess.run(
        ["bash", "-c", f"{BIN / 'remit'} trail tail -n 10000 --json | head -n 1"],
        env={**os.environ, **shell.environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""


def test_doctor_finds_people_without_mfa_and_a_root_user_in_use(shell):
    iam = shell.server.client("iam")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password="correct Horse 1")

    findings = json.loads(shell("doctor", "--json", status=1).stdout)

    account = shell.server.account
    found = {(finding["what"], finding["where"]) for finding in findings}
    assert ("the root user has no MFA device", account) in found
    assert ("a user with a password has no MFA device", f"arn:aws:iam::{account}:user/bob") in found
    assert ("the root user has an access key", account) not in found


def test_the_root_user_gets_a_password_and_an_app(shell):
    summary = lambda: shell.server.client("iam").get_account_summary()["SummaryMap"]  # noqa: E731
    assert (summary()["AccountPasswordPresent"], summary()["AccountMFAEnabled"]) == (0, 0)

    said = shell("credentials", "root-password", status=1, typed="short1!\n").stderr
    assert "minimum length (8)" in said
    for password in ("correct Horse 1", "another Horse 2"):
        shell("credentials", "root-password", typed=f"{password}\n")
    wrong = shell("credentials", "root-mfa", "--json", status=1, typed="000000\n000000\n")
    seed = json.loads(wrong.stdout)["seed"]

    assert "not a code of MFA device" in wrong.stderr
    assert len(seed) == 64
    assert (summary()["AccountPasswordPresent"], summary()["AccountMFAEnabled"]) == (1, 0)
    assert shell.server.client("iam").list_virtual_mfa_devices()["VirtualMFADevices"] == []
    serial = _enable_root_device(shell)
    assert summary()["AccountMFAEnabled"] == 1
    (device,) = shell.server.client("iam").list_virtual_mfa_devices()["VirtualMFADevices"]
    assert device["SerialNumber"] == serial == f"arn:aws:iam::{ACCOUNT}:mfa/root-account-mfa-device"
    assert device["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


def _enable_root_device(shell):
    with subprocess.Popen(
        [BIN / "remit", "credentials", "root-mfa", "--json"],
        env=shell.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        shown = json.loads(process.stdout.readline())
        first, second = codes(shown["seed"], -1, 0)
        process.communicate(f"{first}\n{second}\n")
        assert process.returncode == 0
    return shown["serial"]


def codes(seed, *ahead):
    now = int(time.time()) // STEP_SECONDS
    return [code_at(base64.b32decode(seed), now + steps) for steps in ahead]


def test_a_hardware_token_is_known_by_its_serial_number(shell):
    iam = shell.server.client("iam")
    iam.create_user(UserName="bob")
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    shell("credentials", "hardware-token", "GAHT12345678", status=1, typed="no seed\n")
    shell("credentials", "hardware-token", "GAHT12345678", typed=f"{seed}\n")
    shell("credentials", "hardware-token", "GAHT12345678", status=1, typed=f"{seed}\n")
    first, second = codes(seed, -1, 0)
    iam.enable_mfa_device(
        UserName="bob", SerialNumber="GAHT12345678", AuthenticationCode1=first, AuthenticationCode2=second
    )

    (device,) = iam.list_mfa_devices(UserName="bob")["MFADevices"]
    assert device["SerialNumber"] == "GAHT12345678"
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    iam.deactivate_mfa_device(UserName="bob", SerialNumber="GAHT12345678")
    assert iam.list_mfa_devices(UserName="bob")["MFADevices"] == []
