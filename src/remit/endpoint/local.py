"""What the server says of itself, below `/_remit/`: health, readiness, metrics, issuers, and the reset for tests.

These are no AWS operations: unsigned, and with nothing in them that an account owns.
"""

import ipaddress
from collections.abc import Callable

import msgspec

from remit.endpoint.connection import Respond
from remit.endpoint.issuers import PREFIX as ISSUERS
from remit.endpoint.issuers import Issuers
from remit.endpoint.observer import Observer
from remit.request import HttpRequest, HttpResponse
from remit.store import Database

PREFIX = "/_remit/"
# Asks for something, which is told None when it is done, or why it is not.
Ask = Callable[[Callable[[str | None], None]], None]
_JSON = (("content-type", "application/json"),)
_OK, _FORBIDDEN, _NOT_FOUND, _NOT_ALLOWED, _UNAVAILABLE = 200, 403, 404, 405, 503


class Local:
    """Answers requests to paths below `/_remit/`.

    Args:
        reset: empties the store, or None where that is not allowed.
        ready: tells None, or why the server should get no requests now.
    """

    def __init__(
        self,
        database: Database,
        observer: Observer,
        issuers: Issuers,
        *,
        reset: Ask | None,
        ready: Ask,
    ) -> None:
        self._database = database
        self._observer = observer
        self._issuers = issuers
        self._reset = reset
        self._ready = ready

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, now or when the store has answered."""
        if http.path == f"{PREFIX}reset" and http.method == "POST" and self._reset is not None:
            # A page in the user's browser is a loopback client, too; browsers say where a POST comes from.
            if not _is_loopback(http.peer) or "origin" in http.headers or "x-forwarded-for" in http.headers:
                respond(_say(_FORBIDDEN, {"message": "reset is for clients on this machine"}))
            else:
                self._reset(lambda failure: respond(_done("reset", failure)))
        elif http.path.startswith(ISSUERS) and http.method in ("GET", "HEAD"):
            self._issuers.handle(http, respond)
        elif http.path == f"{PREFIX}ready" and http.method in ("GET", "HEAD"):
            self._ready(lambda failure: respond(_done("ok", failure)))
        else:
            respond(self._answer(http))

    def _answer(self, http: HttpRequest) -> HttpResponse:
        match http.path.removeprefix(PREFIX), http.method:
            case "health", "GET" | "HEAD":
                return _say(_OK, {"status": "ok"})
            case "metrics", "GET" | "HEAD":
                return HttpResponse(
                    _OK, (("content-type", "text/plain; version=0.0.4"),), self._observer.metrics(self._database)
                )
            case (("health" | "ready" | "metrics"), _):
                return _say(_NOT_ALLOWED, {"message": f"use GET, not {http.method}"})
            case _:
                return _say(_NOT_FOUND, {"message": f"there is no {http.path}"})


def _done(status: str, failure: str | None) -> HttpResponse:
    return _say(_OK, {"status": status}) if failure is None else _say(_UNAVAILABLE, {"status": failure})


def _say(status: int, body: dict[str, str]) -> HttpResponse:
    return HttpResponse(status, _JSON, msgspec.json.encode(body) + b"\n")


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
