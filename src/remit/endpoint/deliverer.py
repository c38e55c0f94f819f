"""Exports and reports are delivered beside all requests: what is due is claimed, written in a thread, and noted.

Whatever is being written when the server ends is written again later: see `directory.billing.exports`.
"""

import logging
from functools import partial
from pathlib import Path

from remit.billing.exports.carrying_out import carried_out
from remit.billing.exports.deliveries import kept, take
from remit.clock import Clock
from remit.endpoint.rounds import Rounds
from remit.endpoint.slow_work import in_daemon
from remit.store import Database

_log = logging.getLogger("remit.exports")

_ROUND_SECONDS = 1.0


class Deliverer:
    """Delivers, from `start` to `close`, one export after the other. Belongs to the event loop.

    Args:
        data: the data folder, with the ledgers.
        folder: where buckets are folders; None where nothing can be delivered, which executions then say.
    """

    def __init__(self, database: Database, clock: Clock, data: Path, folder: Path | None) -> None:
        self._clock = clock
        self._data = data
        self._folder = folder
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
            outcome = await in_daemon(partial(carried_out, task, self._data, self._folder))
            if outcome.message:
                _log.warning("%s was not delivered: %s", outcome.execution.of, outcome.message)
            await self._rounds.do(lambda tx, outcome=outcome: kept(tx, outcome, self._clock.now()))  # type: ignore[misc]  # bound early
        return 0.0 if tasks else _ROUND_SECONDS
