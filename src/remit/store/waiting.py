"""Works, from the first time they run until their answers may be given."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from remit.store.backend import Blob, Document
from remit.store.record import Record
from remit.store.transaction import Transaction

T = TypeVar("T")


class Answer(msgspec.Struct, Generic[T]):
    """What a work came to: its result, and the records for the trail."""

    value: T
    records: tuple[Record, ...] = ()


# A work runs on a transaction, and again from the start whenever what it saw turned out not to last.
# It takes its own changes back when it refuses. INVARIANT: it has no effect but through the transaction.
Work = Callable[[Transaction], Answer[T]]


class Waiting(Generic[T]):
    """A work and what it came to so far.

    Attributes:
        future: where the answer goes; None while there is no need to wait.
        transaction: of the last run; None before the first.
        documents: what it changed, as stored.
    """

    __slots__ = ("_answer", "_error", "documents", "future", "transaction", "work")

    def __init__(self, work: Work[T], future: asyncio.Future[T] | None = None) -> None:
        self.work = work
        self.future = future
        self.transaction: Transaction | None = None
        self.documents: list[Document] = []
        self._answer: Answer[T] | None = None
        self._error: Exception | None = None

    def run(self, transaction: Transaction) -> None:
        """Run the work, for the first time or again. What it raises is its answer, and takes its changes back."""
        self.transaction = transaction
        self._answer = self._error = None
        try:
            self._answer = self.work(transaction)
            self.documents = transaction.documents() if transaction.changes else []
        except BaseException as error:
            self.roll_back()
            self._answer = None
            if not isinstance(error, Exception):
                raise
            self._error = error

    def roll_back(self) -> None:
        """Take the changes back, if there are any."""
        self.documents = []
        if self.transaction is not None:
            self.transaction.rollback()

    @property
    def changes(self) -> bool:
        """Whether it changed something, so that its answer waits for a commit."""
        transaction = self.transaction
        return transaction is not None and (bool(transaction.changes) or transaction.forgets_trail)

    @property
    def records(self) -> tuple[Record, ...]:
        """The records of the last run."""
        return () if self._answer is None else self._answer.records

    def result(self) -> T:
        """Return what the last run came to, or raise it."""
        if self._answer is None:
            raise self._error or RuntimeError("a work that did not run has no result")
        return self._answer.value

    def give(self) -> None:
        """Give the answer to the one who waits."""
        if self.future is not None and not self.future.done():
            if self._answer is not None:
                self.future.set_result(self._answer.value)
            else:
                self.fail(self._error or RuntimeError("a work that did not run has no result"))

    def fail(self, error: BaseException) -> None:
        """Tell the one who waits that there is no answer."""
        if self.future is not None and not self.future.done():
            self.future.set_exception(error)


class Batch:
    """What the writer needs of a queue: what changed, and the records that go with it."""

    def __init__(self, queue: Iterable[Waiting[Any]]) -> None:
        # Of several changes of one entity the last one stays.
        merged: dict[tuple[str, str], Document] = {}
        self.records: list[Record] = []
        blobs: dict[str, bytes] = {}
        self.forgets_trail = False
        for waiting in queue:
            for document in waiting.documents:
                merged[document.kind, document.id] = document
            self.records += waiting.records
            if waiting.transaction is not None:
                blobs.update(waiting.transaction.blobs)
                self.forgets_trail |= waiting.transaction.forgets_trail
        self.documents = list(merged.values())
        self.blobs = [Blob(id_, body) for id_, body in blobs.items()]
