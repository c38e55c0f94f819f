"""The federation endpoint: credentials become a token, and the token a sign-in.

    /federation?Action=getSigninToken&Session={"sessionId", "sessionKey", "sessionToken"}[&SessionDuration=]
                -> {"SigninToken"}
    /federation?Action=login&Issuer=&Destination=&SigninToken=
                -> to the destination, on this server; the token is in the fragment, which browsers keep to themselves

Source: `iam-sts` reference, section 18; IAM User Guide, "Enable custom identity broker access to the AWS console".
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from remit.clock import Clock
from remit.directory.console_sessions import open_signin_token, prolonged, seal_signin_token
from remit.directory.roles import ROLES
from remit.directory.sessions import TokenInvalid
from remit.endpoint.connection import Respond
from remit.endpoint.shown_credentials import CredentialsInvalid, ShownCredentials, holder
from remit.endpoint.unsigned import Outcome, SlowResults, answered, said, settled
from remit.request import ROLE_SESSIONS, Caller, HttpRequest, HttpResponse, Session, SessionKind
from remit.store import Answer, Database, Transaction
from remit.trail.sign_in import signin_token

PATH = "/federation"
CONSOLE = "/_remit/console"
_OK, _FOUND, _BAD = 200, 302, 400
_FIELDS_MAX = 32
_SECONDS_MIN, _SECONDS_MAX = 900, 43_200
_EXCHANGED = ROLE_SESSIONS | {SessionKind.FEDERATION}


class Federation:
    """Answers requests to the federation endpoint.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(self, database: Database, clock: Clock, keep: Callable[["asyncio.Task[None]"], None]) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, later."""
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        body = http.body.decode("utf-8", "replace") if http.method == "POST" else ""
        try:
            given = dict(parse_qsl(f"{http.query}&{body}", keep_blank_values=True, max_num_fields=_FIELDS_MAX))
        except ValueError:
            return _bad(f"there are more than {_FIELDS_MAX} parameters")
        at = self._clock.now()
        match given.get("Action"):
            case "getSigninToken":
                return said(await settled(self._database, partial(_exchange, given, http, at)))
            case "login":
                return await settled(self._database, partial(_login, given, at))
            case _:
                return _bad("Action must be getSigninToken or login")


def _bad(message: str) -> HttpResponse:
    return said(Outcome(_BAD, {"message": message}))


def _exchange(
    given: dict[str, str], http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction
) -> Answer[Outcome]:
    del results
    try:
        session, caller = _session(tx, msgspec.json.decode(given.get("Session", ""), type=ShownCredentials), at)
        session = _with_duration(tx, session, given.get("SessionDuration", given.get("DurationSeconds")), at)
    except msgspec.DecodeError:
        return Answer(Outcome(_BAD, {"message": "Session must be JSON with sessionId, sessionKey and sessionToken"}))
    except _Refused as refused:
        return Answer(Outcome(_BAD, {"message": str(refused)}))
    token = seal_signin_token(tx.keyring, session, at)
    return Answer(Outcome(_OK, {"SigninToken": token}), (signin_token(http, at, caller),))


class _Refused(Exception):
    """Credentials that cannot be exchanged; the message says why."""


def _session(tx: Transaction, shown: ShownCredentials, at: datetime) -> tuple[Session, Caller]:
    try:
        found, caller = holder(tx, shown, at)
    except CredentialsInvalid:
        raise _Refused("The credentials in Session are invalid or expired") from None
    if found.kind not in _EXCHANGED:
        raise _Refused(f"Credentials of {found.kind} cannot be exchanged")
    return found, caller


def _with_duration(tx: Transaction, session: Session, asked: str | None, at: datetime) -> Session:
    """Return *session* as long as is asked for, which only the first role of a chain can be."""
    if asked is None:
        return session
    if not (asked.isascii() and asked.isdigit() and _SECONDS_MIN <= int(asked) <= _SECONDS_MAX):
        raise _Refused(f"SessionDuration must be between {_SECONDS_MIN} and {_SECONDS_MAX}")
    is_chained = ":sts:" in session.assumed_by
    role = tx.get(ROLES, session.issuer_id) if session.kind in ROLE_SESSIONS and not is_chained else None
    if role is None:
        raise _Refused("SessionDuration goes with credentials of AssumeRole that are not chained")
    if int(asked) > role.session_seconds_max:
        raise _Refused("SessionDuration exceeds the MaxSessionDuration set for the role")
    return prolonged(session, at=at, seconds=int(asked))


def _login(given: dict[str, str], at: datetime, results: SlowResults, tx: Transaction) -> Answer[HttpResponse]:
    del results
    token = given.get("SigninToken", "")
    try:
        session = open_signin_token(tx.keyring, token, at)
    except TokenInvalid:
        return Answer(_bad("The link is invalid or has expired; ask for a new one"))
    if at >= session.expires_at:
        return Answer(_bad("The session has expired; ask for a new link"))
    fragment: dict[str, Any] = {"signin-token": token, "issuer": given.get("Issuer", "")}
    place = _on_this_server(given.get("Destination", ""))
    told = "&".join(f"{name}={quote(value, safe='')}" for name, value in fragment.items() if value)
    headers = (("location", f"{place}#{told}"), ("cache-control", "no-store"), ("referrer-policy", "no-referrer"))
    return Answer(HttpResponse(_FOUND, headers, b""))


def _on_this_server(destination: str) -> str:
    """Return the page of this server's console that *destination*, one of AWS's console, stands for.

    Whatever host it names, nobody is sent to another one.
    """
    try:
        parts = urlsplit(destination)
    except ValueError:
        return f"{CONSOLE}/"
    path = quote("/" + parts.path.lstrip("/"), safe="/-._~%")
    query = quote(parts.query, safe="=&-._~%+,:/")
    return f"{CONSOLE}{path}" + (f"?{query}" if query else "")
