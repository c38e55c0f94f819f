"""The database: one view in memory, one writer, and the promise that no answer shows what is not durable.

A work runs to its end on the view, without waiting. Its changes show at once to the works after it, but every answer
that could have seen them is held back until they are on disk. While one commit runs, the next one gathers.

    execute(work)   the view is checked for what other processes changed, and the work runs
                    it changed nothing and nothing is pending: it is answered
                    otherwise it waits in the queue for the commit that holds what it saw

With SQLite the check takes microseconds and is made on the spot. With PostgreSQL it is a round trip: it is made in a
thread, once for all the works that arrived before it began.

Two things can go wrong, and both take every pending change back out of the view, newest first:

- the commit fails: whoever changed something gets the failure, whoever only read reads again;
- another process committed in between: the writer, which now holds the store's lock, takes its changes in, and the
  whole queue runs again on what is true now. So a permission that another process took away is not used once more.
"""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from remit.store.backend import Backend
from remit.store.failures import CommitFailed, StoreError
from remit.store.kinds import Kind
from remit.store.mirror import Mirror, TakeIn
from remit.store.record import Record
from remit.store.sealing import Keyring
from remit.store.transaction import Transaction
from remit.store.waiting import Batch, Waiting, Work
from remit.store.waiting_records import WaitingRecords, in_loop, nothing

_log = logging.getLogger("remit.store")
T = TypeVar("T")
_Loop = asyncio.AbstractEventLoop


class Database:
    """A store, opened: give it works, get their answers.

    Attributes:
        commits, commit_failures, reruns: counts since the start.
    """

    def __init__(self, backend: Backend, kinds: Iterable[Kind[Any]]) -> None:
        self.backend = backend
        self.commits = self.commit_failures = self.reruns = 0
        self._mirror = Mirror(backend, kinds)
        self._writing_version = -1
        self._queue: list[Waiting[Any]] = []
        self._in_flight = 0
        self._commit_due = False
        self._arrived: list[Waiting[Any]] = []
        self._asking = False
        self._rebasing: Future[Batch] | None = None
        self._closed = self._gone = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="remit-writer")
        self._asker = ThreadPoolExecutor(1, thread_name_prefix="remit-news")
        self._records = WaitingRecords(backend.append, self._writer)
        self._loop: _Loop | None = None

    @property
    def keyring(self) -> Keyring:
        """Seals and opens secrets."""
        return self._mirror.keyring

    @property
    def records_lost(self) -> int:
        """How many records of the trail were given up since the start, because the disk took none."""
        return self._records.lost

    # -- opening and closing

    def open(self, master: bytes) -> None:
        """Open the store, make its data key if it has none, and take everything into memory.

        Raises:
            StoreError: with a line for a person.
        """
        self.backend.open()
        try:
            self._mirror.open(master)
        except BaseException:
            self.backend.close()
            raise

    async def close(self) -> None:
        """Take no more works, wait for those that are pending, write the last records, and let go of the store."""
        if self._gone:
            return
        self._closed = True
        loop = self._running_loop()
        while self._queue or self._arrived or self._asking:
            await loop.run_in_executor(self._asker, nothing)
            await loop.run_in_executor(self._writer, nothing)
        await self._records.flush(loop)
        self.close_now()

    def close_now(self) -> None:
        """Let go of the store without waiting for works; for processes that have no event loop, or have lost it."""
        self._closed = self._gone = True
        if self._rebasing is not None:
            self._rebasing.cancel()
        left = self._records.drain()
        try:
            if left:
                self._writer.submit(self.backend.append, left).result()
        except StoreError as error:
            self._records.lost += len(left)
            _log.error("lost %d records of the trail: %s", len(left), error)
        finally:
            self._asker.shutdown(wait=True)
            self._writer.shutdown(wait=True)
            self.backend.close()

    def _running_loop(self) -> _Loop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    # -- works

    def execute(self, work: Work[T]) -> T | asyncio.Future[T]:
        """Run *work*; return its answer, or a future of it when it must wait.

        Raises:
            StoreError: the store is closed, or cannot be asked whether others changed something.
        """
        if self._closed:
            raise CommitFailed("the store is closed")
        waiting = Waiting(work)
        if not self.backend.is_remote and self._is_fresh():
            waiting.run(self._transaction())
            if not self._queue and not waiting.changes:
                self._keep_records(waiting)
                return waiting.result()
        loop = self._running_loop()
        future = waiting.future = loop.create_future()
        if self.backend.is_remote:
            self._arrive(waiting, loop)
        else:
            self._queue_up(waiting, loop)
        return future

    def run(self, work: Work[T]) -> T:
        """Run *work* and make it durable before returning; for processes without an event loop.

        Raises:
            CommitFailed: nothing was changed.
        """
        assert not self._queue, "`run` is for processes without an event loop"  # noqa: S101  # only a bug breaks it
        head = self.backend.lock()
        waiting = Waiting(work)
        try:
            if head != self._mirror.version:
                self._mirror.learn(head, locked=True)()
            waiting.run(self._transaction())
            result = waiting.result()
            self._mirror.version = self._write(head, Batch([waiting]), [])
        except BaseException:
            self.backend.rollback()
            waiting.roll_back()
            raise
        finally:
            self._writing_version = -1
        return result

    def _transaction(self) -> Transaction:
        return Transaction(self._mirror.view, self._mirror.keyring, self.backend.records, self.backend.blob)

    def _queue_up(self, waiting: Waiting[Any], loop: _Loop) -> None:
        self._queue.append(waiting)
        # A turn of the loop later, so that requests that are already here share the commit.
        if not self._in_flight and not self._commit_due:
            self._commit_due = True
            loop.call_soon(self._start_commit, loop)

    def _again(self, waiting: Waiting[Any], loop: _Loop) -> None:
        """Put a work back to where `execute` began."""
        if waiting.future is None or waiting.future.done():  # its connection is gone, nobody waits
            return
        if self.backend.is_remote:
            self._arrive(waiting, loop)
            return
        try:
            fresh = self._is_fresh()
        except StoreError as error:
            waiting.fail(error)
            return
        self._place(waiting, loop, fresh=fresh)

    def _place(self, waiting: Waiting[Any], loop: _Loop, *, fresh: bool) -> None:
        """Run a work if the view is *fresh*; answer it, or let it wait for the next commit."""
        waiting.transaction = None
        if fresh:
            waiting.run(self._transaction())
            if not self._queue and not waiting.changes:
                self._keep_records(waiting)
                waiting.give()
                return
        self._queue_up(waiting, loop)

    # -- what other processes changed

    def _is_fresh(self) -> bool:
        """Take in what other processes changed; False when that must wait for the commit in flight."""
        head = self.backend.head()
        if head <= self._mirror.version or head == self._writing_version:
            return True
        if self._queue:
            return False
        self._mirror.learn(head, locked=False)()
        return True

    def _arrive(self, waiting: Waiting[Any], loop: _Loop) -> None:
        self._arrived.append(waiting)
        if not self._asking:
            self._asking = True
            loop.call_soon(self._ask, loop)  # a turn later, so that requests that are already here share the question

    def _ask(self, loop: _Loop) -> None:
        if self._gone:
            self._abandon()
            return
        arrived, self._arrived = self._arrived, []
        future = self._asker.submit(self._news)
        future.add_done_callback(lambda done: in_loop(loop, self._told, done, arrived, loop))

    def _news(self) -> tuple[int, TakeIn | None]:
        head = self.backend.head()
        known = head <= self._mirror.version or head == self._writing_version
        return head, None if known else self._mirror.learn(head, locked=False)

    def _told(self, done: Future[tuple[int, TakeIn | None]], arrived: list[Waiting[Any]], loop: _Loop) -> None:
        try:
            head, take_in = done.result()
            if take_in is not None and not self._queue:
                take_in()
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to those who wait
            for waiting in arrived:
                waiting.fail(error)
        else:
            fresh = head <= self._mirror.version or head == self._writing_version
            for waiting in arrived:
                if waiting.future is not None and not waiting.future.done():
                    self._place(waiting, loop, fresh=fresh)
        self._asking = bool(self._arrived)
        if self._asking:
            self._ask(loop)

    # -- committing: the event loop's side

    def _start_commit(self, loop: _Loop) -> None:
        self._commit_due = False
        if self._in_flight:
            return
        if self._gone:
            self._abandon()
        elif any(waiting.changes for waiting in self._queue):
            self._in_flight = len(self._queue)
            pending = self._records.take()
            future = self._writer.submit(self._commit, Batch(self._queue), pending, loop)
            future.add_done_callback(lambda done: in_loop(loop, self._committed, done, pending, loop))
        else:
            self._settle(loop)

    def _settle(self, loop: _Loop) -> None:
        """Answer a queue that waits for no change: works that only read, and works that have not run yet."""
        queue, self._queue = self._queue, []
        for waiting in queue:
            if waiting.transaction is None:
                self._again(waiting, loop)
            else:
                waiting.give()
                self._keep_records(waiting)

    def _rebase(self, take_in: TakeIn) -> Batch:
        """Take in what others committed, and run the whole queue again. The writer holds the store's lock meanwhile."""
        self.reruns += 1
        for waiting in reversed(self._queue):
            waiting.roll_back()
        take_in()
        for waiting in self._queue:
            waiting.run(self._transaction())
        self._in_flight = len(self._queue)
        return Batch(self._queue)

    def _committed(self, done: Future[int], pending: list[Record], loop: _Loop) -> None:
        batch, self._queue = self._queue[: self._in_flight], self._queue[self._in_flight :]
        self._in_flight = 0
        self._writing_version = -1
        error = done.exception()
        if error is None:
            self._mirror.version = done.result()
            self.commits += 1
            for waiting in batch:
                waiting.give()
        else:
            self._undo(batch, pending, error, loop)
        if self._queue:
            self._start_commit(loop)

    def _undo(self, batch: list[Waiting[Any]], pending: list[Record], error: BaseException, loop: _Loop) -> None:
        """Bring the view back to what is durable; fail the changes of *batch*, let everybody else try again."""
        self.commit_failures += 1
        _log.error("a commit failed: %s", error)
        self._records.give_back(pending, loop)
        failed = {id(waiting) for waiting in batch if waiting.changes}
        queue, self._queue = batch + self._queue, []
        for waiting in reversed(queue):
            waiting.roll_back()
        failure = error if isinstance(error, StoreError) else CommitFailed(str(error))
        for waiting in queue:
            if id(waiting) in failed:
                waiting.fail(type(failure)(str(failure)))
            else:
                self._again(waiting, loop)

    def _abandon(self) -> None:
        """Tell everyone who waits that the store was closed meanwhile."""
        abandoned, self._queue, self._arrived = self._queue + self._arrived, [], []
        for waiting in abandoned:
            waiting.fail(CommitFailed("the store is closed"))

    def _keep_records(self, waiting: Waiting[Any]) -> None:
        for record in waiting.records:
            self.record(record)

    # -- committing: the writer's side

    def _commit(self, batch: Batch, pending: list[Record], loop: _Loop) -> int:
        """Make *batch* durable and return the new version; first take in what others committed since ours."""
        head = self.backend.lock()
        try:
            if head != self._mirror.version:
                batch = self._in_loop(loop, self._mirror.learn(head, locked=True))
            return self._write(head, batch, pending)
        except BaseException:
            self._writing_version = -1  # before the lock is let go: the next to use this number is somebody else
            self.backend.rollback()
            raise

    def _write(self, head: int, batch: Batch, pending: list[Record]) -> int:
        """Write *batch* and end the transaction that began at version *head*; return the version that it made."""
        records = pending + batch.records
        if batch.forgets_trail:
            self.backend.forget_records()
            self.backend.forget_blobs()
            records = []
        if batch.documents:
            self._writing_version = head + 1
            self.backend.write(head + 1, batch.documents, records, batch.blobs)
        elif records:
            self.backend.write_records(records)
        self.backend.commit()
        return head + 1 if batch.documents else head

    def _in_loop(self, loop: _Loop, take_in: TakeIn) -> Batch:
        """Let the event loop, to which the view belongs, run `_rebase`; wait for what it says."""
        result: Future[Batch] = Future()

        def rebase() -> None:
            if result.set_running_or_notify_cancel():
                try:
                    result.set_result(self._rebase(take_in))
                except BaseException as error:  # noqa: BLE001  # goes to the writer, which fails the commit
                    result.set_exception(error)

        self._rebasing = result
        if self._gone:
            raise CommitFailed("the store is closed")
        loop.call_soon_threadsafe(rebase)
        return result.result()

    # -- the trail's records

    def record(self, record: Record) -> None:
        """Write *record* within `RECORDS_WAIT`, together with others."""
        if self._gone:
            self._records.lost += 1
        else:
            self._records.add(record, self._running_loop())

    async def flush(self) -> None:
        """Return when every record given so far is on disk, or was refused by it."""
        if not self._gone:
            await self._records.flush(self._running_loop())
