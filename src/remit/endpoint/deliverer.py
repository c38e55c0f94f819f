"""Exports and reports are delivered beside all requests: what is due is claimed, written in a thread, and noted.

What takes long stays claimed, so that no other server begins it. Whatever is being written when the server ends is
written again later: see `directory.billing.exports`.
"""

import asyncio
import logging
import threading
from functools import partial
from pathlib import Path

from remit.billing.exports.buckets import Buckets
from remit.billing.exports.carrying_out import Outcome, Task, carried_out
from remit.billing.exports.deliveries import RENEW_SECONDS, held, kept, take
from remit.clock import Clock
from remit.endpoint.rounds import Rounds
from remit.endpoint.slow_work import in_daemon
from remit.store import Database, StoreError, Transaction

_log = logging.getLogger("remit.exports")

_ROUND_SECONDS = 1.0


class Deliverer:
    """Delivers, from `start` to `close`, one export after the other. Belongs to the event loop.

    Args:
        data: the data folder, with the ledgers.
        buckets: where deliveries go; None where nothing can be delivered, which executions then say.
        renew_seconds: how often what is being delivered is claimed anew.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        data: Path,
        buckets: Buckets | None,
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._clock = clock
        self._data = data
        self._buckets = buckets
        self._renew_seconds = renew_seconds
        self._rounds = Rounds(database, "exports")

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._rounds.start((self.round, 0.0))

    async def close(self) -> None:
        """End, in less than a second."""
        await self._rounds.close()

    async def round(self) -> float:
        """Deliver one export that is due; say in how many seconds to look again.

        Raises:
            StoreError: the store takes no changes now.
        """
        tasks = await self._rounds.do(lambda tx: take(tx, self._clock.now(), 1))
        for task in tasks:
            outcome = await self._carried_out(task)
            if outcome.message:
                _log.warning("%s was not delivered: %s", outcome.execution.of, outcome.message)
            await self._rounds.do(partial(self._noted, outcome=outcome))
        return 0.0 if tasks else _ROUND_SECONDS

    def _noted(self, tx: Transaction, *, outcome: Outcome) -> None:
        kept(tx, outcome, self._clock.now())

    async def _carried_out(self, task: Task) -> Outcome:
        """Carry out a task in a thread, and renew its claim until then."""
        lost = threading.Event()
        work = asyncio.ensure_future(in_daemon(partial(carried_out, task, self._data, self._buckets, lost.is_set)))
        try:
            while not (await asyncio.wait([work], timeout=self._renew_seconds))[0]:
                try:
                    if not await self._rounds.do(lambda tx: held(tx, [task], self._clock.now())):
                        lost.set()
                except StoreError as error:
                    _log.warning("the claim on %s could not be renewed: %s", task.execution.of, error)
            return work.result()
        finally:
            work.cancel()
