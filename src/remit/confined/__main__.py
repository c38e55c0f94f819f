"""The child's side: input on stdin, a frame on stdout.

    python -I -m remit.confined FUNCTION SECONDS CLOCK_SECONDS MEMORY_BYTES

Limits are set after the reader's module is loaded, which is our own code, and before the first byte of input is read.
What the reader prints goes nowhere: the pipe of the answer has a number that only this module knows.
"""

import math
import os
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import cast

from remit.confined.errors import Refusal
from remit.confined.frames import Kind, frame

_FILES_MAX = 16


def main(function: str, seconds: float, clock_seconds: float, memory_bytes: int) -> None:
    """Run the reader and write how it ended."""
    # The default action of both signals ends the child. The parent kills at the deadline as well, if it is alive.
    for timer, number, after in (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, clock_seconds),
    ):
        signal.signal(number, signal.SIG_DFL)
        signal.setitimer(timer, after)
    answer_pipe = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    reader = _reader(function)
    _limit(seconds, memory_bytes)
    _write(answer_pipe, _run(reader))
    # Nothing that the reader left behind runs at exit.
    os._exit(0)


def _reader(function: str) -> Callable[[bytes], bytes]:
    module, _, name = function.partition(":")
    return cast("Callable[[bytes], bytes]", getattr(import_module(module), name))


def _limit(seconds: float, memory_bytes: int) -> None:
    cpu_seconds = math.ceil(seconds) + 1  # whole seconds only: the timer is sooner
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_NOFILE: _FILES_MAX,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,  # it can write no file; pipes are not counted
        resource.RLIMIT_NPROC: 0,  # nor start a process; root is not held to this one
    }
    for kind, limit in limits.items():
        _, hard = resource.getrlimit(kind)
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (most, most))


def _run(reader: Callable[[bytes], bytes]) -> bytes:
    try:
        with os.fdopen(0, "rb") as pipe:
            payload = pipe.read()
        return frame(Kind.ANSWER, reader(payload))
    except Refusal as refusal:
        return frame(Kind.REFUSAL, refusal.message.encode(errors="replace"))
    except MemoryError:
        return frame(Kind.MEMORY, b"")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        return frame(Kind.ERROR, f"{type(error).__name__}: {error}".encode(errors="replace"))


def _write(pipe: int, whole: bytes) -> None:
    left = memoryview(whole)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
