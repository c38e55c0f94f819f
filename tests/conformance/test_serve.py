"""`remit serve` as a process: starting, what it says, refusing to start, ending."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from ports import free_port
from serving import ACCOUNT, BIN, CLEAN, served

pytestmark = pytest.mark.conformance


def get(url, method="GET", headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def run(*arguments, timeout=30, **variables):
    return subprocess.run(
        [BIN / "remit", *arguments],
        env={**CLEAN, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def test_health_readiness_and_metrics(server):
    server.client("iam").list_users()

    assert get(f"{server.endpoint}/_remit/health") == (200, '{"status":"ok"}\n')
    assert get(f"{server.endpoint}/_remit/ready")[0] == 200
    status, metrics = get(f"{server.endpoint}/_remit/metrics")
    assert status == 200
    assert 'remit_requests_total{operation="ListUsers",service="iam",status="200"}' in metrics
    assert get(f"{server.endpoint}/_remit/health", "DELETE")[0] == 405
    assert get(f"{server.endpoint}/_remit/nothing")[0] == 404


def test_state_survives_a_restart_and_secrets_are_private(tmp_path):
    with served("--data", str(tmp_path)) as first:
        first.client("iam").create_user(UserName="alice")
        admin = first.admin
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    process = subprocess.Popen(
        [BIN / "remit", "serve", "--port", str(free_port()), "--data", str(tmp_path), "--json"],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = json.loads(process.stdout.readline())
    try:
        again = admin.client("iam", endpoint_url=said["endpoint"])
        assert again.get_user(UserName="alice")["User"]["UserName"] == "alice"
    finally:
        process.terminate()
        process.communicate(timeout=15)

    assert said["access_key_id"] is None  # shown once
    assert said["account"] == ACCOUNT
    assert modes["master.key"] == modes["credentials"] == modes["remit.db"] == 0o600
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("remit.db"))
    assert admin.secret_access_key.reveal().encode() not in stored


def test_the_root_users_key_can_come_from_the_environment():
    key, secret = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    process = subprocess.Popen(
        [BIN / "remit", "serve", "--port", str(free_port()), "--ephemeral", "--no-admin", "--json"],
        env={
            **CLEAN,
            "REMIT_ROOT_ACCESS_KEY_ID": key,
            "REMIT_ROOT_SECRET_ACCESS_KEY": secret,
            "REMIT_ACCOUNT_ID": ACCOUNT,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = json.loads(process.stdout.readline())
    try:
        import boto3

        client = boto3.client(
            "sts",
            endpoint_url=said["endpoint"],
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
        )
        assert client.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    finally:
        process.terminate()
        process.communicate(timeout=15)


def test_reset_is_only_there_when_allowed_and_only_for_this_machine(server, tmp_path):
    server.client("iam").create_user(UserName="alice")
    page = {"Origin": "https://evil.example"}
    assert get(f"{server.endpoint}/_remit/reset", "POST", page)[0] == 403
    assert get(f"{server.endpoint}/_remit/reset", "GET")[0] == 404

    server.reset()

    assert [user["UserName"] for user in server.client("iam").list_users()["Users"]] == ["admin"]
    with served("--data", str(tmp_path)) as careful:
        assert get(f"{careful.endpoint}/_remit/reset", "POST")[0] == 404


def test_a_port_in_use_is_said_in_one_line(tmp_path):
    with socket.socket() as taken:
        port = free_port()
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = run("serve", "--port", str(port), "--data", str(tmp_path))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"remit: cannot listen on 127.0.0.1:{port}: ")
    assert "in use" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def newer(folder):
    run_once(folder)
    with sqlite3.connect(folder / "remit.db") as connection:
        connection.execute("UPDATE metadata SET value = '999' WHERE key = 'schema'")


def damaged(folder):
    run_once(folder)
    with (folder / "remit.db").open("r+b") as file:
        file.write(os.urandom(4096))
    for rest in ("remit.db-wal", "remit.db-shm"):
        (folder / rest).unlink(missing_ok=True)


def keyless(folder):
    run_once(folder)
    (folder / "master.key").write_text("0" * 64 + "\n")


def readable(folder):
    run_once(folder)
    (folder / "master.key").chmod(0o644)


def run_once(folder):
    with served("--data", str(folder)):
        pass


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (newer, "written by a newer Remit"),
        (damaged, "is damaged"),
        (keyless, "the master key does not open this store"),
        (readable, "others may read the master key"),
    ],
)
def test_a_store_that_cannot_be_used_is_said_in_one_line(tmp_path, spoil, words):
    spoil(tmp_path)

    done = run("serve", "--port", str(free_port()), "--data", str(tmp_path))

    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_none_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    done = run("serve", "--port", str(free_port()), "--data", str(tmp_path / "file" / "data"))

    assert done.returncode == 1
    assert done.stderr.startswith("remit: cannot make the data folder")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("flags", [("--port", "seventy"), ("--no-such-flag",), ("--workers", "0")])
def test_wrong_use_has_its_own_status(flags):
    assert run("serve", *flags).returncode == 2


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_requests_that_are_being_answered_are_finished(sign):
    with served("--ephemeral") as server:
        iam = server.client("iam")
        made: list[str] = []
        cut: list[Exception] = []

        def work():
            for number in range(100_000):
                try:
                    iam.create_user(UserName=f"u{number}")
                except (EndpointConnectionError, ClientError, OSError) as error:
                    cut.append(error)
                    return
                except Exception as error:  # noqa: BLE001  # botocore has many words for a closed connection
                    cut.append(error)
                    return
                made.append(f"u{number}")
                if number == 20:
                    server.process.send_signal(sign)

        thread = threading.Thread(target=work)
        thread.start()
        status = server.process.wait(timeout=15)
        thread.join(30)

    assert status == 0
    assert len(made) > 20
    # What was cut is a connection, never an answer: nobody got half of one, or a 500.
    assert not any(isinstance(error, ClientError) for error in cut)


def test_tls(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    process = subprocess.Popen(
        [BIN / "remit", "serve", "--port", str(free_port()), "--ephemeral", "--json", "--tls-cert", certificate,
         "--tls-key", key],
        env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = json.loads(process.stdout.readline())
    try:
        import boto3

        def client(service):
            return boto3.client(
                service,
                endpoint_url=said["endpoint"],
                verify=str(certificate),
                region_name="us-east-1",
                aws_access_key_id=said["access_key_id"],
                aws_secret_access_key=said["secret_access_key"],
            )

        assert said["endpoint"].startswith("https://")
        client("iam").list_users()
        events = client("cloudtrail").lookup_events()["Events"]
        assert json.loads(events[0]["CloudTrailEvent"])["tlsDetails"]["clientProvidedHostHeader"].startswith(
            "127.0.0.1:"
        )
    finally:
        process.terminate()
        process.communicate(timeout=15)


def test_browsers_may_call_from_anywhere(server):
    headers = {"Origin": "https://app.example", "Access-Control-Request-Headers": "authorization,x-amz-date"}
    request = urllib.request.Request(server.endpoint, method="OPTIONS", headers=headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "authorization,x-amz-date"
    assert get(server.endpoint, headers={"Origin": "https://app.example"})[0] in (400, 403)


def test_a_request_id_is_in_header_and_body(server):
    request = urllib.request.Request(
        server.endpoint, data=b"Action=GetCallerIdentity&Version=2011-06-15", method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)

    body = caught.value.read().decode()
    assert caught.value.code == 403
    assert f"<RequestId>{caught.value.headers['x-amzn-RequestId']}</RequestId>" in body
    assert "<Code>MissingAuthenticationToken</Code>" in body
    assert caught.value.headers["date"]
