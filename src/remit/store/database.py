"""The database: one view in memory, one writer, and the promise that no answer shows what is not durable.

A work runs to its end on the view, without waiting. Its changes show at once to the works after it, but every answer
that could have seen them is held back until they are on disk. While one commit runs, the next one gathers.

    execute(work)   runs at once; changed nothing and nothing is pending: answered at once
                    otherwise it waits in the queue for the commit that holds what it saw

Two things can go wrong, and both take every pending change back out of the view, newest first:

- the commit fails: whoever changed something gets the failure, whoever only read reads again;
- another process committed in between: the writer, which now holds the store's lock, takes its changes in, and the
  whole queue runs again on what is true now. So a permission that another process took away is not used once more.

INVARIANT: the view equals version `_version` of the store plus the changes of the queue, in its order.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

import msgspec

from remit.store.backend import Backend, Document, Record, RecordQuery
from remit.store.failures import CommitFailed, StoreDamaged
from remit.store.kinds import Kind
from remit.store.sealing import DataKey, Keyring, new_data_key
from remit.store.transaction import Transaction
from remit.store.view import View

_log = logging.getLogger("remit.store")
_keys_decoder = msgspec.json.Decoder(list[DataKey])

# How long the records of reads and refusals may wait for company, in seconds (design.md: at most 100 ms behind).
RECORDS_WAIT = 0.1
# When the disk takes no records, so many are kept in memory to be tried again; older ones are lost, and counted.
RECORDS_KEPT = 50_000
_RECORDS_AT_ONCE = 4_000

T = TypeVar("T")


class Answer(msgspec.Struct, Generic[T]):
    """What a work came to: its result, and the records for the trail."""

    value: T
    records: tuple[Record, ...] = ()


# A work runs on a transaction, and again from the start whenever what it saw turned out not to last.
# It takes its own changes back when it refuses. INVARIANT: it has no effect but through the transaction.
Work = Callable[[Transaction], Answer[T]]
# What the writer needs of a queue: the transactions that changed something, and the records that go with them.
_Batch = tuple[list[Transaction], list[Record]]


class _Waiting(Generic[T]):
    """A work whose answer is held back. Its transaction is None while it has not run."""

    __slots__ = ("answer", "future", "transaction", "work")

    def __init__(self, work: Work[T], future: asyncio.Future[T]) -> None:
        self.work = work
        self.future = future
        self.transaction: Transaction | None = None
        self.answer: Answer[T] | None = None

    @property
    def changes(self) -> bool:
        return self.transaction is not None and bool(self.transaction.changes)


class Database:
    """A store, opened: give it works, get their answers.

    Attributes:
        keyring: seals and opens secrets.
        commits, commit_failures, reruns, records_lost: counts since the start.
    """

    def __init__(self, backend: Backend, kinds: Iterable[Kind[Any]]) -> None:
        self.backend = backend
        self.keyring: Keyring
        self.commits = self.commit_failures = self.reruns = self.records_lost = 0
        self._view = View(kinds)
        self._version = 0
        self._writing_version = -1
        self._queue: list[_Waiting[Any]] = []
        self._in_flight = 0
        self._commit_due = False
        self._records: list[Record] = []
        self._appending = False
        self._records_timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="remit-writer")
        self._loop: asyncio.AbstractEventLoop | None = None

    # -- opening and closing

    def open(self, master: bytes) -> None:
        """Open the store, make its data key if it has none, and take everything into memory.

        Raises:
            StoreError: with a line for a person.
        """
        self.backend.open()
        text = self.backend.metadata("data_keys")
        if text is None:
            self.backend.put_metadata("data_keys", msgspec.json.encode([new_data_key(master)]).decode())
            text = self.backend.metadata("data_keys") or "[]"
        try:
            self.keyring = Keyring(master, _keys_decoder.decode(text))
        except msgspec.DecodeError:
            raise StoreDamaged("the store's data keys cannot be read; restore a backup with `remit restore`") from None
        self._load()

    def _load(self) -> None:
        self._view.clear()
        self._version, documents = self.backend.load()
        self._take_in(documents)

    def _take_in(self, documents: Iterable[Document]) -> None:
        tables = self._view.by_name
        decoders = {name: msgspec.json.Decoder(table.kind.type) for name, table in tables.items()}
        for document in documents:
            try:
                entity = None if document.is_deletion else decoders[document.kind].decode(document.body)
                tables[document.kind].replace(document.id, entity)
            except (msgspec.DecodeError, KeyError) as error:
                raise StoreDamaged(
                    f"the store's document {document.kind} {document.id} cannot be read ({error}); "
                    "restore a backup with `remit restore`"
                ) from None

    async def close(self) -> None:
        """Wait for what is pending, write the last records, and let go of the store."""
        loop = asyncio.get_running_loop()
        while self._queue or self._in_flight or self._appending:
            await loop.run_in_executor(self._writer, _nothing)
        self.close_now()

    def close_now(self) -> None:
        """Let go of the store without waiting; for processes that have no event loop."""
        if self._records_timer is not None:
            self._records_timer.cancel()
        if self._records:
            try:
                self._writer.submit(self.backend.append, self._records).result()
            except CommitFailed as error:
                _log.error("lost %d records of the trail: %s", len(self._records), error)
        self._writer.shutdown(wait=True)
        self.backend.close()

    # -- works

    def execute(self, work: Work[T]) -> T | asyncio.Future[T]:
        """Run *work*; return its answer, or a future of it when it must wait for a commit.

        Raises:
            CommitFailed: the store cannot be asked whether others changed something.
        """
        transaction: Transaction | None = None
        answer: Answer[T] | None = None
        if self._fresh():
            transaction, answer = self._run(work)
            if not self._queue and not transaction.changes:
                for record in answer.records:
                    self.record(record)
                return answer.value
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        waiting = _Waiting(work, loop.create_future())
        waiting.transaction, waiting.answer = transaction, answer
        self._queue.append(waiting)
        self._commit_soon(loop)
        return waiting.future

    def _run(self, work: Work[T]) -> tuple[Transaction, Answer[T]]:
        transaction = Transaction(self._view, self.keyring, self.backend.records)
        try:
            return transaction, work(transaction)
        except BaseException:
            transaction.rollback()
            raise

    def run(self, work: Work[T]) -> T:
        """Run *work* and make it durable before returning; for processes without an event loop.

        Raises:
            CommitFailed: nothing was changed.
        """
        head = self.backend.lock()
        transaction = Transaction(self._view, self.keyring, self.backend.records)
        try:
            if head != self._version:
                self._catch_up(self.backend.locked_changes_since(self._version), head)
            answer = work(transaction)
            if transaction.changes or answer.records:
                self.backend.write(head + 1, _documents([transaction]), answer.records)
                self.backend.commit()
                self._version = head + 1
            else:
                self.backend.rollback()
        except BaseException:
            self.backend.rollback()
            transaction.rollback()
            raise
        return answer.value

    def _fresh(self) -> bool:
        """Take in what other processes changed; False when that must wait for the commit in flight."""
        head = self.backend.head()
        if head in (self._version, self._writing_version):
            return True
        if self._queue:
            return False
        self._catch_up(self.backend.changes_since(self._version), head)
        return True

    def _catch_up(self, documents: list[Document] | None, head: int) -> None:
        if documents is None:
            self._load()
        else:
            self._take_in(documents)
            self._version = head

    # -- committing: the event loop's side

    def _commit_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        # A turn of the loop later, so that requests that are already here share the commit.
        if not self._in_flight and not self._commit_due:
            self._commit_due = True
            loop.call_soon(self._start_commit, loop)

    def _start_commit(self, loop: asyncio.AbstractEventLoop) -> None:
        self._commit_due = False
        if self._in_flight:
            return
        if not any(waiting.changes for waiting in self._queue):
            self._settle()
            return
        self._in_flight = len(self._queue)
        pending, self._records = self._records, []
        future = self._writer.submit(self._commit, self._batch(), pending, loop)
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._committed, done, pending, loop))

    def _settle(self) -> None:
        """Answer a queue that waits for no change: works that only read, and works that have not run yet."""
        queue, self._queue = self._queue, []
        for waiting in queue:
            if waiting.transaction is None:
                self._execute_again(waiting)
            else:
                self._answer(waiting)
                self._keep_records(waiting)

    def _execute_again(self, waiting: _Waiting[Any]) -> None:
        """Put a work back to where `execute` began."""
        if waiting.future.done():  # its connection is gone, nobody waits
            return
        try:
            result = self.execute(waiting.work)
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the one who waits
            waiting.future.set_exception(error)
            return
        if isinstance(result, asyncio.Future):
            self._queue[-1].future = waiting.future
        else:
            waiting.future.set_result(result)

    def _batch(self) -> _Batch:
        transactions = [w.transaction for w in self._queue if w.transaction is not None and w.transaction.changes]
        return transactions, [record for w in self._queue if w.answer is not None for record in w.answer.records]

    def _rebase(self, head: int, documents: list[Document] | None) -> _Batch:
        """Take in what others committed, and run the whole queue again. The writer holds the store's lock meanwhile."""
        self.reruns += 1
        for waiting in reversed(self._queue):
            if waiting.transaction is not None:
                waiting.transaction.rollback()
        self._catch_up(documents, head)
        for waiting in self._queue:
            waiting.transaction, waiting.answer = self._run(waiting.work)
        self._in_flight = len(self._queue)
        return self._batch()

    def _committed(self, done: Future[int], pending: list[Record], loop: asyncio.AbstractEventLoop) -> None:
        batch, self._queue = self._queue[: self._in_flight], self._queue[self._in_flight :]
        self._in_flight = 0
        self._writing_version = -1
        error = done.exception()
        if error is None:
            self._version = done.result()
            self.commits += 1
            for waiting in batch:
                self._answer(waiting)
        else:
            self._undo(batch, pending, error)
        if self._queue:
            self._start_commit(loop)

    def _undo(self, batch: list[_Waiting[Any]], pending: list[Record], error: BaseException) -> None:
        """Bring the view back to what is durable; fail the changes of *batch*, let everybody else try again."""
        self.commit_failures += 1
        _log.error("a commit failed: %s", error)
        self._records = pending + self._records
        failed = {id(waiting) for waiting in batch if waiting.changes}
        queue, self._queue = batch + self._queue, []
        for waiting in reversed(queue):
            if waiting.transaction is not None:
                waiting.transaction.rollback()
        for waiting in queue:
            if id(waiting) not in failed:
                self._execute_again(waiting)
            elif not waiting.future.done():
                waiting.future.set_exception(CommitFailed(str(error)))

    @staticmethod
    def _answer(waiting: _Waiting[Any]) -> None:
        if waiting.answer is not None and not waiting.future.done():
            waiting.future.set_result(waiting.answer.value)

    def _keep_records(self, waiting: _Waiting[Any]) -> None:
        for record in waiting.answer.records if waiting.answer is not None else ():
            self.record(record)

    # -- committing: the writer's side

    def _commit(self, batch: _Batch, pending: list[Record], loop: asyncio.AbstractEventLoop) -> int:
        """Make *batch* durable and return the new version; first take in what others committed since ours."""
        head = self.backend.lock()
        try:
            if head != self._version:
                batch = self._in_loop(loop, head, self.backend.locked_changes_since(self._version))
            transactions, records = batch
            self._writing_version = head + 1
            if any(transaction.forgets_trail for transaction in transactions):
                self.backend.forget_records()
                pending, records = [], []
            self.backend.write(head + 1, _documents(transactions), pending + records)
            self.backend.commit()
        except BaseException:
            self._writing_version = -1  # before the lock is let go: the next to use this number is somebody else
            self.backend.rollback()
            raise
        return head + 1

    def _in_loop(self, loop: asyncio.AbstractEventLoop, head: int, documents: list[Document] | None) -> _Batch:
        """Let the event loop, to which the view belongs, run `_rebase`; wait for what it says."""
        result: Future[_Batch] = Future()

        def rebase() -> None:
            try:
                result.set_result(self._rebase(head, documents))
            except BaseException as error:  # noqa: BLE001  # goes to the writer, which fails the commit
                result.set_exception(error)

        loop.call_soon_threadsafe(rebase)
        return result.result()

    # -- the trail's records

    def record(self, record: Record) -> None:
        """Write *record* within `RECORDS_WAIT`, together with others."""
        records = self._records
        records.append(record)
        if self._records_timer is None:
            loop = self._loop
            if loop is None:
                loop = self._loop = asyncio.get_running_loop()
            self._records_timer = loop.call_later(RECORDS_WAIT, self._append_records, loop)
        elif len(records) == _RECORDS_AT_ONCE:
            self._append_records(self._loop or asyncio.get_running_loop())

    def _append_records(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._records_timer is not None:
            self._records_timer.cancel()
            self._records_timer = None
        if self._appending or not self._records:
            return
        self._appending = True
        records, self._records = self._records, []
        future = self._writer.submit(self.backend.append, records)
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._appended, done, records, loop))

    def _appended(self, done: Future[None], records: list[Record], loop: asyncio.AbstractEventLoop) -> None:
        self._appending = False
        error = done.exception()
        if error is not None:
            _log.error("the trail could not be written, will try again: %s", error)
            kept = [*records, *self._records][-RECORDS_KEPT:]
            self.records_lost += len(records) + len(self._records) - len(kept)
            self._records = kept
        if self._records and self._records_timer is None:
            self._records_timer = loop.call_later(RECORDS_WAIT, self._append_records, loop)

    async def flush(self) -> None:
        """Return when every record given so far is on disk, or was refused by it."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer, _nothing)  # whatever was given to the writer before is done
        if self._records:
            self._append_records(loop)
            await loop.run_in_executor(self._writer, _nothing)


def _nothing() -> None:
    """Do nothing, in turn: the writer does one thing after another."""


def _documents(transactions: Iterable[Transaction]) -> list[Document]:
    """Merge what transactions changed, in their order: of several changes of one entity the last one stays."""
    merged: dict[tuple[str, str], tuple[str, Any]] = {}
    for transaction in transactions:
        merged.update(transaction.changes)
    encode = msgspec.json.encode
    return [
        Document(kind, id_, account, msgspec.Raw(encode(entity)))
        for (kind, id_), (account, entity) in merged.items()
    ]
