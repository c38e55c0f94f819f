"""The parent's side: start the child, hand it the input, take its answer, and make sure that it is gone."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from typing import IO, Final, cast

from remit.confined.errors import ConfinedError, Crashed, Refused, TookTooLong, TookTooMuch
from remit.confined.frames import Kind, unframe

SECONDS: Final = 2.0
# By the clock a child may take longer than it computes, on a machine that is busy with something else.
PATIENCE: Final = 2.0
MEMORY_BYTES: Final = 300 * 1000 * 1000
_PIPE_BYTES = 1 << 18
# A Python whose shared library is in an unusual place does not start without it.
_INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def run(function: str, payload: bytes, *, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> bytes:
    """Run *function* on *payload* in a child process and return what it returns.

    Args:
        function: `package.module:name` of a function that takes and returns bytes.
        payload: its input.
        seconds: how long the child may compute; by the clock it may live twice as long, its start included.
        memory_bytes: how much address space it may have (where the system keeps to that), and how long its answer may
            be.

    Raises:
        Refused: the function raised `Refusal`.
        TookTooLong: it had not ended by then.
        TookTooMuch: it asked for more than *memory_bytes*.
        Crashed: it ended in any other way.
    """
    clock_seconds = seconds * PATIENCE
    deadline = time.monotonic() + clock_seconds
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            sys.executable,
            "-I",
            "-X",
            "utf8",
            "-m",
            "remit.confined",
            function,
            str(seconds),
            str(clock_seconds),
            str(memory_bytes),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ},
        cwd="/",
        close_fds=True,
        # A group of its own: it is killed as one, and a Ctrl-C at the terminal is the parent's to handle.
        start_new_session=True,
    )
    try:
        written = _exchange(child, payload, deadline, memory_bytes)
        return _answer(child, written, deadline)
    finally:
        _end(child)


def _exchange(child: subprocess.Popen[bytes], payload: bytes, deadline: float, answer_bytes_max: int) -> bytes:
    """Write the input and read the answer at once, so that neither waits for the other; until the child closes."""
    stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    left = memoryview(payload)
    answer = bytearray()
    os.set_blocking(stdin.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TookTooLong
            for key, _ in ready:
                if key.fileobj is stdin:
                    left = _write(stdin.fileno(), left)
                    if not left:
                        selector.unregister(stdin)
                        stdin.close()
                else:
                    some = os.read(stdout.fileno(), _PIPE_BYTES)
                    if not some:
                        return bytes(answer)
                    answer += some
                    if len(answer) > answer_bytes_max:
                        raise Crashed("the answer is too long")
    return bytes(answer)


def _write(pipe: int, left: memoryview) -> memoryview:
    try:
        return left[os.write(pipe, left[:_PIPE_BYTES]) :]
    except BlockingIOError:
        return left
    except BrokenPipeError:  # the child does not read on; what it says, or its end, tells why
        return left[:0]


def _answer(child: subprocess.Popen[bytes], written: bytes, deadline: float) -> bytes:
    match unframe(written):
        case Kind.ANSWER, body:
            return body
        case Kind.REFUSAL, body:
            raise Refused(body.decode(errors="replace"))
        case Kind.MEMORY, _:
            raise TookTooMuch
        case Kind.ERROR, body:
            raise Crashed(body.decode(errors="replace"))
        case _:
            raise _end_of(child, deadline)


def _end_of(child: subprocess.Popen[bytes], deadline: float) -> ConfinedError:
    """Say why a child that gave no answer is gone."""
    try:
        status = child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return TookTooLong()
    if -status in {signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU}:
        return TookTooLong()
    return Crashed(f"ended with status {status}")


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, of a group that has ended
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
