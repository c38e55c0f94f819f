"""Records of requests that ask for nothing we know: at most one a second for each source address.

So a flood of nonsense costs the trail little. Nobody signed them, and they are in nobody's trail but the operator's.
Source: `trail-records` reference, "Writing" (ruling).
"""

from datetime import datetime, timedelta
from typing import Protocol

from remit.errors import ServiceError
from remit.ids import AccountId
from remit.request import HttpRequest
from remit.store import Record
from remit.trail.record import UNKNOWN, write

_EVERY = timedelta(seconds=1)
_SOURCES_KEPT = 10_000


class Unrouted(Protocol):
    """What is known of a request that leads to no operation; `remit.wire.Unrouted` is one."""

    @property
    def http(self) -> HttpRequest:
        """The request."""
        ...

    @property
    def service(self) -> str:
        """The service that it names, empty for none."""
        ...

    @property
    def request_id(self) -> str:
        """The id that the caller was told."""
        ...

    @property
    def at(self) -> datetime:
        """When the request was complete."""
        ...


class Malformed:
    """Writes those records, and leaves out what comes too often."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def records(self, unrouted: Unrouted, error: ServiceError) -> list[Record]:
        """Return the record of *unrouted*, or nothing if its source had one within the last second."""
        peer, at = unrouted.http.peer, unrouted.at
        last = self._last.get(peer)
        if last is not None and at - last < _EVERY:
            return []
        if len(self._last) >= _SOURCES_KEPT:
            self._last.clear()
        self._last[peer] = at
        record = write(
            account=AccountId(""),
            identity=UNKNOWN,
            http=unrouted.http,
            at=at,
            source=f"{unrouted.service or 'unknown'}.amazonaws.com",
            name="Unknown",
            region="us-east-1",
            request_id=unrouted.request_id,
            is_read=False,
            error=(error.code, error.message or ""),
        )
        return [record]
