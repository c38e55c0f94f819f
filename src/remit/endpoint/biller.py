"""The server bills by itself: every hour or as the settings say, and soon after usage, terms or prices came.

    a thread    looks every few seconds whether it is time, which costs some calls of `stat`
    a child     does the round, with the lowest priority, so that no request waits for it: `billing_round`

Several processes of one server, and several servers over one data folder, take turns: who finds another one at it
leaves it to them.
"""

import fcntl
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import IO, cast

import msgspec

from remit.endpoint.settings import Settings

_log = logging.getLogger("remit.billing")

_LOOK_SECONDS = 15.0
_FIRST_SECONDS = 60.0
_LAST_SECONDS = 0.5
_LOCK = "round"
_Seen = dict[str, int]


class Biller:
    """Bills, from `start` to `close`; nothing where the settings say so, or where DuckDB is not installed.

    Args:
        settings: `bill_every_seconds` says how long after a round the next one comes; 0 for none.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data / "billing"
        self._first_seconds = min(_FIRST_SECONDS, float(settings.bill_every_seconds))
        self._look_seconds = min(_LOOK_SECONDS, float(settings.bill_every_seconds))
        self._is_ending = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, if there is something to do."""
        if self._settings.bill_every_seconds and find_spec("duckdb") is not None:
            self._thread = threading.Thread(target=self._live, name="remit-biller", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End; a round that goes on is given up, and done by the next server. It takes half a second at most."""
        self._is_ending.set()
        with self._lock:
            if self._child is not None:
                self._child.kill()
        if self._thread is not None:
            self._thread.join(_LAST_SECONDS)

    def _live(self) -> None:
        due, seen, before = monotonic() + self._first_seconds, self._seen(), _Seen()
        while not self._is_ending.wait(min(self._look_seconds, max(0.0, due - monotonic()))):
            now = self._seen()
            # What came is billed once no more comes: files are often imported one after the other.
            has_settled = now != seen and now == before
            before = now
            if has_settled or monotonic() >= due:
                try:
                    self.round()
                except Exception:  # noqa: BLE001  # the next round is done all the same
                    _log.exception("a bug in billing")
                due, seen = monotonic() + self._settings.bill_every_seconds, self._seen()
                before = seen

    def _seen(self) -> _Seen:
        """Return when what decides bills was changed last."""
        found: _Seen = {}
        for pattern in ("*/usage/parts.json", "*/terms.yaml", "prices"):
            for path in self._folder.glob(pattern):
                try:
                    found[str(path)] = path.stat().st_mtime_ns
                except OSError:  # it is replaced just now
                    continue
        return found

    def round(self) -> None:
        """Do a round, unless somebody else does."""
        try:
            with _turn(self._folder) as is_ours:
                if is_ours:
                    self._tell(*self._done())
        except OSError as error:
            _log.warning("no bills were made: %s", error)

    def _done(self) -> tuple[int, bytes]:
        """Let a child do a round; return its status and what it said."""
        with self._lock:
            if self._is_ending.is_set():
                return 0, b""
            child = self._child = subprocess.Popen(  # our own interpreter and module
                [sys.executable, "-P", "-m", "remit.endpoint.billing_round"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        # The pipe stays open while the child works: its end tells the child that the server is gone.
        with child:
            to, of = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
            with suppress(BrokenPipeError):
                to.write(msgspec.json.encode(_absolute(self._settings), enc_hook=str) + b"\n")
                to.flush()
            said = of.read()
            status = child.wait()
        return status, said

    def _tell(self, status: int, said: bytes) -> None:
        if self._is_ending.is_set():
            return
        if status:
            _log.warning("no bills were made: %s", said.decode() or f"the process ended with {status}")
            return
        done = msgspec.json.decode(said)
        for payer, period in done["billed"]:
            _log.info("billed %s of %s", period, payer)
        for trouble in done["troubles"]:
            _log.warning("%s", trouble)


def _absolute(settings: Settings) -> Settings:
    return msgspec.structs.replace(
        settings, data=settings.data.absolute(), master_key_file=settings.master_key_file.absolute()
    )


@contextmanager
def _turn(folder: Path) -> Generator[bool]:
    """Say whether nobody else does a round; until the block ends nobody else will."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_ours = False
        else:
            is_ours = True
        yield is_ours
    finally:
        os.close(descriptor)
