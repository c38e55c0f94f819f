"""One notification, posted: signed, in bounded time, and received or not."""

import hashlib
import hmac
import ssl
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from directory.conftest import AT, OWN
from ports import free_port
from webhooks import SECRET, until, webhook

from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.notifications import Notification
from remit.endpoint import webhook as module
from remit.endpoint.webhook import Posting, Untold, Webhook, webhook_place, webhook_secret
from remit.ids import Secret

ONE = Notification(
    id="AGREEMENT_REVISED:agreement-1:2:111122223333",
    account=OWN,
    event=ArtifactEvent.AGREEMENT_REVISED,
    subject="agreement-1",
    details={"agreementName": "Ünser <BAA>"},
    created_at=AT,
    owed={},
)


def post(url: str) -> None:
    Posting(Webhook(url, Secret(SECRET)), ONE, AT).run()


# -- what may be set up


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://hooks.example.com/a/b?c=d", ("https", "hooks.example.com", 443, "/a/b?c=d")),
        ("https://10.0.0.1:8443", ("https", "10.0.0.1", 8443, "/")),
        ("http://localhost/x", ("http", "localhost", 80, "/x")),
        ("http://127.0.0.9:80/", ("http", "127.0.0.9", 80, "/")),
        ("http://[::1]:8000/", ("http", "::1", 8000, "/")),
    ],
)
def test_notifications_go_anywhere_by_https_and_to_this_machine_by_http(url: str, place: tuple[Any, ...]) -> None:
    found = webhook_place(url)

    assert (found.scheme, found.host, found.port, found.target) == place


@pytest.mark.parametrize(
    "url",
    [
        "hooks.example.com",
        "ftp://localhost/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "http://hooks.example.com/",
        "http://10.0.0.1/",
        "http://localhost.example.com/",
        "http://169.254.169.254/latest",
        "https://name:password@hooks.example.com/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:port/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nx-evil: 1",
        "https://[::1/",
        "https://höoks.example.com/",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        webhook_place(url)

    assert "password@" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"0123456789abcde\n", 0o600, "fewer than 16"),
        (b"", 0o600, "fewer than 16"),
        (b"\xff" * 32, 0o600, "is no text"),
        (b"0123456789abcdef", 0o640, "others may read"),
        (None, 0, "cannot read"),
    ],
)
def test_a_secret_that_is_none_is_refused(tmp_path: Path, content: bytes | None, mode: int, words: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)

    with pytest.raises(ValueError, match=words):
        webhook_secret(path)


def test_a_secret_is_its_line(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("0123456789abcdef\n")
    path.chmod(0o600)

    assert webhook_secret(path).reveal() == "0123456789abcdef"


# -- what is posted


def test_the_receiver_can_check_who_sent_it() -> None:
    with webhook() as hook:
        post(hook.url)

    (heard,) = hook.heard
    signed = hmac.new(SECRET.encode(), heard.headers["x-remit-timestamp"].encode() + heard.body, hashlib.sha256)
    assert heard.headers["x-remit-signature"] == f"sha256={signed.hexdigest()}"
    assert heard.headers["x-remit-timestamp"] == f"{int(AT.timestamp())}"
    assert heard.headers["content-type"] == "application/json"
    assert (heard.path, heard.headers["host"]) == ("/told?by=remit", hook.url.split("/")[2])
    assert heard.says == {
        "id": ONE.id,
        "account": OWN,
        "event": "AGREEMENT_REVISED",
        "subject": "agreement-1",
        "details": {"agreementName": "Ünser <BAA>"},
        "createdAt": "2026-11-24T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("status", "is_received"), [(200, True), (299, True), (300, False), (302, False), (500, False)]
)
def test_an_answer_of_200_to_299_is_a_receipt(status: int, *, is_received: bool) -> None:
    with webhook(status) as hook:
        if is_received:
            post(hook.url)
        else:
            with pytest.raises(Untold, match=f"localhost answered {status}"):
                post(hook.url)

    assert len(hook.heard) == 1  # nobody is followed


def test_a_port_that_nobody_listens_on_is_no_receipt() -> None:
    with pytest.raises(Untold, match="localhost: "):
        post(f"http://localhost:{free_port()}/")


def test_http_leads_nowhere_but_to_this_machine_whatever_a_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as hook:
        monkeypatch.setattr("ipaddress.IPv4Address.is_loopback", False)
        monkeypatch.setattr(
            module, "webhook_place", lambda _: module.Place("http", "x", "127.0.0.1", _port(hook.url), "/")
        )
        with pytest.raises(Untold, match="is not this machine"):
            post(hook.url)

    assert hook.heard == []


def _port(url: str) -> int:
    return urlsplit(url).port or 0


@pytest.mark.parametrize("status", [0, -1], ids=["silence", "drips"])
@pytest.mark.parametrize("is_https", [False, True], ids=["http", "https"])
def test_an_attempt_can_be_ended_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, *, is_https: bool
) -> None:
    with webhook(status, certificate_in=tmp_path if is_https else None) as hook:
        if is_https:
            monkeypatch.setattr(module, "_library", lambda: ssl.create_default_context(cafile=tmp_path / "hook.pem"))
        posting = Posting(Webhook(hook.url, Secret(SECRET)), ONE, AT)
        untold: list[Untold] = []

        def run() -> None:
            with pytest.raises(Untold) as caught:
                posting.run()
            untold.append(caught.value)

        thread = threading.Thread(target=run)
        thread.start()
        until(lambda: bool(hook.heard))
        started = time.monotonic()

        posting.abort()
        thread.join(10)

        assert time.monotonic() - started < 1
        assert len(untold) == 1


def test_an_attempt_that_was_ended_does_not_begin() -> None:
    with webhook() as hook:
        posting = Posting(Webhook(hook.url, Secret(SECRET)), ONE, AT)
        posting.abort()
        with pytest.raises(Untold, match="took too long"):
            posting.run()

    assert hook.heard == []


def test_over_https_only_a_server_that_the_machine_trusts_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook(certificate_in=tmp_path) as hook:
        with pytest.raises(Untold, match="localhost: self-signed certificate"):
            post(hook.url)
        assert hook.heard == []

        monkeypatch.setattr(module, "_library", lambda: ssl.create_default_context(cafile=tmp_path / "hook.pem"))
        post(hook.url)

    assert len(hook.heard) == 1
