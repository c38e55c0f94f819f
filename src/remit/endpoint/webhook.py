"""The webhook: notifications posted as JSON to a URL of the operator's, signed so that the receiver knows the sender.

    POST /path HTTP/1.1
    content-type: application/json
    x-remit-timestamp: 1795608000                   seconds since 1970, of this attempt
    x-remit-signature: sha256=HEX                   HMAC-SHA256 of the timestamp's digits and the body, with the secret

Any answer from 200 to 299 is a receipt. Nobody is followed to another address, and what is in the answer is not read.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import msgspec

from remit.authn.https import SECONDS_MAX
from remit.directory.notifications import Notification
from remit.endpoint.letters import letter_of
from remit.ids import Secret

_SECRET_MIN = 16
_PORTS = {"http": 80, "https": 443}


class Untold(Exception):
    """A notification did not reach its receiver; the message says why, for a person."""


class Place(msgspec.Struct, frozen=True):
    """Where a URL leads; the *authority* is the host, with the port where the URL has one."""

    scheme: str
    authority: str
    host: str
    port: int
    target: str


class Webhook(msgspec.Struct, frozen=True):
    """Where notifications are posted to, and what signs them."""

    url: str
    secret: Secret


def webhook_place(url: str) -> Place:
    """Return where *url* leads.

    Raises:
        ValueError: it is none that notifications may be posted to; the message says why.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port
    if parts.scheme not in _PORTS or not host or not (url.isascii() and url.isprintable() and " " not in url):
        raise ValueError("not a URL of https or http")
    if parts.username is not None:
        raise ValueError("a URL with a name or password in it")
    if parts.scheme == "http" and not _is_here(host):
        raise ValueError("http is for this machine only, https for others")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, parts.netloc, host, port if port is not None else _PORTS[parts.scheme], target)


def webhook_secret(path: Path) -> Secret:
    """Read the secret that signs what is posted.

    Raises:
        ValueError: there is none in *path*, it is short, or others may read it.
    """
    try:
        text = path.read_text(encoding="utf-8").strip()
        mode = path.stat().st_mode
    except OSError as error:
        raise ValueError(f"cannot read the webhook's secret {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the webhook's secret {path} is no text") from None
    if mode & 0o077:
        raise ValueError(f"others may read the webhook's secret {path}; run: chmod 600 {path}")
    if len(text) < _SECRET_MIN:
        raise ValueError(f"the webhook's secret {path} has fewer than {_SECRET_MIN} characters")
    return Secret(text)


def body_of(notification: Notification) -> bytes:
    """Return what is posted of a notification; it is the same at each attempt.

    One that is for a topic has its ARN, and what people read of it: whoever receives it can hand it on as it is.
    """
    said: dict[str, object] = {
        "id": notification.id,
        "account": notification.account,
        "event": notification.event,
        "subject": notification.subject,
        "details": notification.details,
        "createdAt": notification.created_at,
    }
    if notification.topic:
        letter = letter_of(notification)
        said |= {"topicArn": notification.topic, "title": letter.subject, "message": "\n".join(letter.lines)}
    return msgspec.json.encode(said)


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """Return what a receiver compares."""
    made = hmac.new(secret.reveal().encode(), timestamp.encode() + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


class Posting:
    """One attempt to post; `run` belongs to a thread, `abort` to any other."""

    def __init__(self, webhook: Webhook, notification: Notification, at: datetime) -> None:
        self._place = webhook_place(webhook.url)
        self._body = body_of(notification)
        timestamp = f"{int(at.timestamp())}"
        self._headers = {
            "host": self._place.authority,
            "content-type": "application/json",
            "user-agent": "remit",
            "x-remit-timestamp": timestamp,
            "x-remit-signature": signature(webhook.secret, timestamp, self._body),
        }
        self._socket: socket.socket | None = None
        self._is_aborted = False

    def run(self) -> None:
        """Post.

        Raises:
            Untold: nobody says to have received it.
        """
        place = self._place
        connection = http.client.HTTPConnection(place.host, place.port)
        try:
            connection.sock = self._connect()
            connection.request("POST", place.target, self._body, self._headers)
            status = connection.getresponse().status
        except ssl.SSLCertVerificationError as error:
            raise Untold(f"{place.host}: {error.verify_message}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Untold(f"{place.host}: {error or type(error).__name__}") from None
        finally:
            connection.close()
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise Untold(f"{place.host} answered {status}")

    def abort(self) -> None:
        """End it, if it has not ended."""
        self._is_aborted = True
        if self._socket is not None:
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # the socket's own, which leaves TLS alone

    def _connect(self) -> socket.socket:
        place = self._place
        made = raw = socket.create_connection((place.host, place.port), timeout=SECONDS_MAX)
        try:
            if place.scheme == "https":
                made = _library().wrap_socket(raw, server_hostname=place.host, do_handshake_on_connect=False)
            elif not ipaddress.ip_address(raw.getpeername()[0]).is_loopback:
                self._refuse("is not this machine")
            # The socket is known before anything is read from it, so that it can be aborted at any moment.
            self._socket = made
            if self._is_aborted:
                self._refuse("took too long")
            if isinstance(made, ssl.SSLSocket):
                made.do_handshake()
        except BaseException:
            made.close()
            raise
        return made

    def _refuse(self, why: str) -> NoReturn:
        raise Untold(f"{self._place.host} {why}")


@lru_cache(maxsize=1)
def _library() -> ssl.SSLContext:
    """Trust what the machine trusts."""
    return ssl.create_default_context()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
