"""Letting a program act for somebody who signed in: the page that `aws login` opens, without the page.

    GET  /v1/authorize?client_id=&redirect_uri=&state=&code_challenge=...   -> to the console, which asks
    POST /_remit/signin/authorize  {"clientId", ..., "credentials": {"sessionId", "sessionKey", "sessionToken"}}
                                   -> {"redirect"}, where the code is, and {"confirmation"}, which people can copy

Source: `iam-sts` reference, section 19.1, steps 1 and 2.
"""

import asyncio
import base64
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from remit.authz.authorize import ask, context, network_of
from remit.authz.targets import Target
from remit.clock import Clock
from remit.directory.console_access import policy_in_force
from remit.directory.sessions import seal_session
from remit.directory.signin_grants import code_of, create_grant
from remit.endpoint.connection import Respond
from remit.endpoint.federation import CONSOLE
from remit.endpoint.shown_credentials import REGION, CredentialsInvalid, ShownCredentials, holder
from remit.endpoint.unsigned import Outcome, SlowResults, answered, is_own_page, said, settled
from remit.policy import Resource
from remit.request import ROLE_SESSIONS, CallerKind, HttpRequest, HttpResponse, SessionKind
from remit.store import Answer, Database, Transaction

PAGE, PATH = "/v1/authorize", "/_remit/signin/authorize"
_OK, _FOUND, _BAD, _FORBIDDEN = 200, 302, 400, 403
_ACTION = "signin:AuthorizeOAuth2Access"
_GIVING = ROLE_SESSIONS | {SessionKind.CONSOLE}
_CONFIRMATION = "/v1/sessions/confirmation"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class _Client(NamedTuple):
    """A program that may ask, what policies call it, and where its code may be sent."""

    resource: str
    redirect: re.Pattern[str]


_CLIENTS = {
    "arn:aws:signin:::devtools/same-device": _Client(
        "localhost", re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}/oauth/callback", re.ASCII)
    ),
    "arn:aws:signin:::devtools/cross-device": _Client(
        "remote", re.compile(rf"https?://[^/?#@\s]+{re.escape(_CONFIRMATION)}", re.ASCII)
    ),
}


class _Asked(msgspec.Struct, frozen=True, rename="camel"):
    client_id: str
    redirect_uri: str
    state: str
    code_challenge: str
    credentials: ShownCredentials
    code_challenge_method: str = "SHA-256"
    response_type: str = "code"
    scope: str = "openid"


class Authorize:
    """Answers requests to let a program act for somebody.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(self, database: Database, clock: Clock, keep: Callable[["asyncio.Task[None]"], None]) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, now or later."""
        if http.path == PAGE:
            respond(HttpResponse(_FOUND, (("location", f"{CONSOLE}/authorize?{_clean(http.query)}"),), b""))
            return
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        return said(await self._outcome(http))

    async def _outcome(self, http: HttpRequest) -> Outcome:
        if not is_own_page(http):
            return Outcome(_FORBIDDEN, {"message": "authorize from a page of this server"})
        try:
            asked = msgspec.json.decode(http.body, type=_Asked)
        except msgspec.DecodeError as error:
            return _invalid(str(error))
        client = _CLIENTS.get(asked.client_id)
        if client is None or not _may_be_told(client, asked.redirect_uri, http):
            return _invalid("the client is not known, or its code may not be sent there")
        if (asked.response_type, asked.code_challenge_method, asked.scope) != ("code", "SHA-256", "openid"):
            return _invalid("response_type must be code, code_challenge_method SHA-256 and scope openid")
        if _CHALLENGE.fullmatch(asked.code_challenge) is None:
            return _invalid("code_challenge must be a SHA-256 in base64url")
        return await settled(self._database, partial(_granted, asked, client, http, self._clock.now()))


def _invalid(message: str) -> Outcome:
    return Outcome(_BAD, {"error": "INVALID_REQUEST", "message": message})


def _may_be_told(client: _Client, redirect: str, http: HttpRequest) -> bool:
    """Whether a code of *client* may be sent to *redirect*: on the device itself, or on this very server."""
    parts = urlsplit(redirect)
    is_here = parts.path != _CONFIRMATION or parts.netloc == http.headers.get("host", "")
    return is_here and client.redirect.fullmatch(redirect) is not None


def _clean(query: str) -> str:
    return re.sub(r"[^A-Za-z0-9._~%&=+:/-]", "", query)


def _granted(
    asked: _Asked, client: _Client, http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction
) -> Answer[Outcome]:
    del results
    try:
        found, caller = holder(tx, asked.credentials, at)
    except CredentialsInvalid:
        return Answer(Outcome(_BAD, {"error": "TOKEN_EXPIRED", "message": "the session is invalid or has expired"}))
    arn = f"arn:aws:signin:{REGION}:{caller.account}:oauth2/public-client/{client.resource}"
    policy = policy_in_force(tx, caller.account) or ""
    target = Target(resource=Resource(arn=arn, account=caller.account), shown=arn, policy=policy)
    said_keys = {"signin:oauthclientid": asked.client_id, "signin:oauthredirecturi": asked.redirect_uri}
    keys = context(tx, caller, target, network_of(http), said_keys, at=at, service="signin", region=REGION)
    if found.kind not in _GIVING or not ask(tx, caller, _ACTION, target, keys).is_allowed:
        message = f"User: {caller.arn} is not authorized to perform: {_ACTION} on resource: {arn}"
        return Answer(Outcome(_FORBIDDEN, {"error": "INSUFFICIENT_PERMISSIONS", "message": message}))
    grant = create_grant(
        tx,
        caller.account,
        client_id=asked.client_id,
        redirect_uri=asked.redirect_uri,
        challenge=asked.code_challenge,
        session=seal_session(tx.keyring, found),
        principal=caller.issuer_arn,
        is_role=caller.kind is CallerKind.ROLE_SESSION,
        at=at,
        ends_at=found.expires_at,
    )
    told = {"state": asked.state, "code": code_of(tx.keyring, grant)}
    copied = base64.b64encode("&".join(f"{name}={value}" for name, value in told.items()).encode()).decode()
    return Answer(Outcome(_OK, {"redirect": f"{asked.redirect_uri}?{urlencode(told)}", "confirmation": copied}))
