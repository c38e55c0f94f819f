"""Requests to Remit's own paths that nobody signs: work on the store, with slow work beside it, and JSON as the answer.

No AWS protocol is spoken here. Each path says in its own module what it takes and whom it believes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import msgspec

from remit.endpoint.connection import Respond
from remit.endpoint.slow_work import done
from remit.request import HttpRequest, HttpResponse
from remit.slow_work import SlowWork
from remit.store import Answer, Database, StoreError, Transaction

_log = logging.getLogger("remit.endpoint")

T = TypeVar("T")
SlowResults = Mapping[str, Any]
_HEADERS = (("content-type", "application/json"), ("cache-control", "no-store"))
_BUG, _BROKEN = 500, 503


class Outcome(msgspec.Struct, frozen=True):
    """What is answered; *is_mistake* says whether something was guessed wrong, *is_in* whether somebody signed in."""

    status: int
    body: Mapping[str, Any]
    is_mistake: bool = False
    is_in: bool = False


async def answered(work: Awaitable[HttpResponse], respond: Respond) -> None:
    """Respond with what *work* comes to, whatever that is."""
    try:
        response = await work
    except StoreError as error:
        response = said(Outcome(_BROKEN, {"message": str(error)}))
    except Exception:  # noqa: BLE001  # whatever it is, the caller gets an answer
        _log.exception("bug in a request that nobody signs")
        response = said(Outcome(_BUG, {"message": "internal failure"}))
    respond(response)


def said(outcome: Outcome) -> HttpResponse:
    """Write an outcome down."""
    return HttpResponse(outcome.status, _HEADERS, msgspec.json.encode(outcome.body) + b"\n")


def is_own_page(http: HttpRequest) -> bool:
    """Whether a request comes from no page at all, or from one of this server."""
    origin = http.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == http.headers.get("host", "")


async def settled(database: Database, work: Callable[[SlowResults, Transaction], Answer[T]]) -> T:
    """Do *work* on the store, and again after each piece of slow work that it needs; return what it comes to."""
    results: dict[str, Any] = {}

    def attempt(tx: Transaction) -> Answer[T | SlowWork]:
        try:
            answer = work(results, tx)
        except SlowWork as slow:
            tx.rollback()
            return Answer(slow)
        return Answer(answer.value, answer.records)

    while True:
        found = database.execute(attempt)
        value = await cast("asyncio.Future[T | SlowWork]", found) if isinstance(found, asyncio.Future) else found
        if not isinstance(value, SlowWork):
            return value
        results[value.name] = await done(value)
