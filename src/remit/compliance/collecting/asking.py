"""Asking: what follows from what, each once, in threads."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from queue import SimpleQueue
from typing import Any

from remit.clock import Clock
from remit.compliance.collecting.plan import first, following, needed
from remit.compliance.snapshots import READS, Answer, Header, Read, Status
from remit.compliance.snapshots.answers import answered
from remit.wire.reader import Reader, ReadFailed

_THREADS = 12
_TRIES, _PAUSE_SECONDS = 60, 0.5
# What says that an answer is still being made.
_UNFINISHED = frozenset({"STARTED", "INPROGRESS", "IN_PROGRESS", "ReportInProgress", "ReportNotPresent"})

Progress = Callable[[int, int], None]
# Makes the value of a read with these parameters; returns it, and the id of the request that counts.
Maker = Callable[[Reader, Mapping[str, str]], tuple[dict[str, Any], str]]


class Asking:
    """Asks an endpoint about one account.

    Args:
        names: of the reads; those that they follow are asked, too.
        held: answers that are there already.
        progress: called with how many reads are done and how many are known; None for nobody.
        makers: name of a read whose value is made of more than one answer -> what makes it.
    """

    def __init__(
        self,
        reader: Reader,
        clock: Clock,
        header: Header,
        names: frozenset[str],
        held: Mapping[Read, Answer],
        progress: Progress | None,
        makers: Mapping[str, Maker],
    ) -> None:
        self._makers = makers
        self._reader = reader
        self._clock = clock
        self._header = header
        self._kinds = tuple(kind for kind in needed(names) if not kind.is_made or kind.name in makers)
        self._held = held
        self._progress = progress
        self._known: set[Read] = set()
        self._waiting: SimpleQueue[Read | None] = SimpleQueue()
        self._ended: SimpleQueue[tuple[Read, Answer] | BaseException] = SimpleQueue()

    def answers(self) -> Iterator[tuple[Read, Answer]]:
        """Return reads and answers as they come."""
        # Who interrupts a collection does not wait for an endpoint that hangs: threads that are daemons end with us.
        for _ in range(_THREADS):
            threading.Thread(target=self._work, name="remit-read", daemon=True).start()
        try:
            self._begin(first(self._kinds, self._header.account, self._header.regions_read))
            done = 0
            while done < len(self._known):
                ended = self._ended.get()
                if isinstance(ended, BaseException):
                    raise ended
                done += 1
                self._begin(following(self._kinds, *ended, self._header.account))
                if self._progress is not None:
                    self._progress(done, len(self._known))
                yield ended
        finally:
            for _ in range(_THREADS):
                self._waiting.put(None)

    def _begin(self, reads: Iterable[Read]) -> None:
        for asked in reads:
            if asked in self._known:
                continue
            self._known.add(asked)
            if asked in self._held:
                self._ended.put((asked, self._held[asked]))
            else:
                self._waiting.put(asked)

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            try:
                self._ended.put((asked, _ask(self._reader, self._clock, asked, self._makers)))
            except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
                self._ended.put(error)


def _ask(reader: Reader, clock: Clock, asked: Read, makers: Mapping[str, Maker]) -> Answer:
    name = f"{asked.service}:{asked.operation}"
    kinds = READS[name]
    maker = makers.get(name)
    try:
        value, request_id = (
            _value(reader, asked, kinds[0].prepared_by) if maker is None else maker(reader, dict(asked.params))
        )
        return answered(value, clock.now(), request_id=request_id)
    except ReadFailed as failed:
        absent = any(failed.code in kind.absent for kind in kinds)
        status = Status.ABSENT if absent else Status.DENIED if failed.is_refusal else Status.FAILED
        return Answer(status, clock.now(), code=failed.code, message=failed.message)
    except TypeError as error:
        return Answer(Status.FAILED, clock.now(), code="Nonsense", message=str(error))


def _value(reader: Reader, asked: Read, prepared_by: str) -> tuple[dict[str, Any], str]:
    params = {key: json.loads(value) if value[:1] in "[{" else value for key, value in asked.params}
    if not prepared_by:
        return reader.read(asked.service, asked.operation, asked.region, params)
    prepared, _ = reader.read(asked.service, prepared_by.partition(":")[2], asked.region, params)
    asking = {"JobId": prepared["JobId"]} if "JobId" in prepared else {}
    for _ in range(_TRIES):
        try:
            value, request_id = reader.read(asked.service, asked.operation, asked.region, asking)
        except ReadFailed as failed:
            if failed.code not in _UNFINISHED:
                raise
        else:
            if value.get("JobStatus") not in _UNFINISHED:
                return value, request_id
        time.sleep(_PAUSE_SECONDS)
    raise ReadFailed("Unfinished", f"{asked} was not there after {_TRIES * _PAUSE_SECONDS:.0f} s")
