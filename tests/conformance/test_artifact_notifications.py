"""Notifications of Artifact, from PutAccountSettings to the e-mail's file and the webhook."""

import email
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conformance.artifact import member_client
from conformance.test_artifact_agreements import acceptance
from conformance.test_artifact_publisher import key, new, pdf
from ports import free_port
from serving import BIN, CLEAN, Served, served
from webhooks import SECRET, Heard, Hook, until, webhook

from remit.endpoint.webhook import signature
from remit.ids import Secret

pytestmark = pytest.mark.conformance
# What waits for a webhook that hangs waits for five seconds, the time that one is given.
_HANGS = 4.0


@contextmanager
def told_by(hook: Hook, folder: Path, *more: str) -> Iterator[Served]:
    """Serve with both channels: e-mails in `mail` below *folder*."""
    with served(
        "--data", str(folder / "data"), "--mail-folder", str(folder / "mail"), *flags(hook, folder), *more
    ) as found:
        yield found


def flags(hook: Hook, folder: Path) -> tuple[str, ...]:
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)
    return "--notify-webhook", hook.url, "--notify-webhook-secret-file", str(secret)


def publish(server: Served, **others: Any) -> dict[str, Any]:
    artifact = server.client("artifact")
    term = artifact.create_term(name="Terms", document=pdf())["term"]["arn"]
    made = artifact.create_report(**new(term, **others))["reportDetails"]
    published: dict[str, Any] = artifact.publish_report(**key(made))["reportDetails"]
    return published


def subscribe(artifact: Any, status: str = "SUBSCRIBED") -> None:
    artifact.put_account_settings(notificationSubscriptionStatus=status)


def events(heard: list[Heard]) -> list[tuple[str, str]]:
    return sorted((one.says["event"], one.says["account"]) for one in heard)


@pytest.mark.parametrize("workers", ["1", "3"])
def test_who_subscribed_is_told_of_a_report_and_nobody_else(tmp_path: Path, workers: str) -> None:
    with webhook() as hook, told_by(hook, tmp_path, "--workers", workers) as server:
        organizations = server.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        request = organizations.create_account(Email="member@example.com", AccountName="m")["CreateAccountStatus"]
        member = member_client(server, request["AccountId"])
        subscribe(member)
        subscribe(server.client("artifact"))
        subscribe(server.client("artifact"), "NOT_SUBSCRIBED")

        report = publish(server)

        mail = tmp_path / "mail"
        until(lambda: bool(hook.heard) and mail.is_dir() and bool(list(mail.glob("*.eml"))))
        time.sleep(1.5)  # a round of every worker: what was told once is not told again
        shown = subprocess.run(
            [BIN / "remit", "artifact", "notifications", "--json", "--data", str(server.data)],
            env=CLEAN,
            capture_output=True,
            check=True,
        )

    (heard,) = hook.heard
    assert heard.headers["x-remit-signature"] == signature(
        Secret(SECRET), heard.headers["x-remit-timestamp"], heard.body
    )
    assert (heard.says["event"], heard.says["account"]) == ("REPORT_VERSION_PUBLISHED", request["AccountId"])
    assert heard.says["details"]["reportId"] == report["id"]
    (path,) = mail.iterdir()
    message = email.message_from_bytes(path.read_bytes())
    assert (message["To"], message["Subject"]) == ("member@example.com", "SOC 2 of ours: version 1 is published")
    (one,) = json.loads(shown.stdout)
    assert (one["id"], one["channels"]) == (
        heard.says["id"],
        {"mail": {"state": "told"}, "webhook": {"state": "told"}},
    )


def test_agreements_and_members_are_told_of(tmp_path: Path) -> None:
    with webhook() as hook, told_by(hook, tmp_path) as server:
        organizations, artifact = server.client("organizations"), server.client("artifact")
        organizations.create_organization(FeatureSet="ALL")
        organizations.enable_aws_service_access(ServicePrincipal="aws-artifact-account-sync.amazonaws.com")
        server.client("iam").create_service_linked_role(AWSServiceName="artifact.amazonaws.com")
        subscribe(artifact)
        offer = artifact.create_agreement(
            name="Ours", document=pdf(), scopes=["ORGANIZATION"], acceptanceTerms=["One."], terminateTerms=["Done."]
        )["agreement"]
        artifact.accept_agreement(**{**acceptance(artifact, offer), "scope": "ORGANIZATION"})

        member = organizations.create_account(Email="m@example.com", AccountName="m")["CreateAccountStatus"][
            "AccountId"
        ]
        second = artifact.revise_agreement(
            agreementId=offer["id"], sequenceNumber=offer["sequenceNumber"], acceptanceTerms=["Two."]
        )["agreement"]
        artifact.revise_agreement(
            agreementId=offer["id"], sequenceNumber=second["sequenceNumber"], terminateCustomerAgreements=True
        )
        until(lambda: len(hook.heard) == 3)

    assert events(hook.heard) == [
        ("AGREEMENT_REVISED", server.account),
        ("AGREEMENT_TERMINATED", server.account),
        ("MEMBER_JOINED", server.account),
    ]
    assert {one.says["details"].get("memberAccountId") for one in hook.heard} == {None, member}


def test_a_refused_publication_is_told_to_nobody(tmp_path: Path) -> None:
    with webhook() as hook, told_by(hook, tmp_path) as server:
        artifact = server.client("artifact")
        subscribe(artifact)
        published = publish(server)
        for _ in range(2):
            with pytest.raises(artifact.exceptions.ConflictException):
                artifact.publish_report(**key(published))
        until(lambda: bool(hook.heard))
        time.sleep(1.5)

    assert len(hook.heard) == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_webhook_that_hangs_keeps_no_request_and_no_end_waiting(tmp_path: Path, workers: str) -> None:
    with webhook(0) as hook:
        with told_by(hook, tmp_path, "--workers", workers) as server:
            subscribe(server.client("artifact"))
            publish(server)
            until(lambda: bool(hook.heard))

            started = time.monotonic()
            server.client("iam").list_users()
            assert time.monotonic() - started < _HANGS
            started = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            server.process.wait(10)
            took = time.monotonic() - started

        assert server.process.returncode == 0
        assert took < _HANGS


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--notify-webhook": "http://hooks.example.com/"}, "http is for this machine only"),
        ({"--notify-webhook": ""}, "go together"),
        ({"--notify-webhook-secret-file": "/nowhere/secret"}, "cannot read the webhook's secret /nowhere/secret"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_at_the_start(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with webhook() as hook:
        given = dict(zip(*[iter(flags(hook, tmp_path))] * 2, strict=True)) | changed
    done = subprocess.run(
        [
            BIN / "remit",
            "serve",
            "--ephemeral",
            "--port",
            str(free_port()),
            *(each for pair in given.items() for each in pair),
        ],
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
