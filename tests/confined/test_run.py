import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.confined import Crashed, Refused, TookTooLong, TookTooMuch, run
from remit.confined.frames import Kind, frame, unframe

READERS = """
import os, resource, subprocess, sys, time
from remit.confined import Refusal

def backwards(payload): return payload[::-1]
def loop(payload):
    while True: pass
def sleep(payload): time.sleep(600)
def eat(payload): return len([bytearray(1 << 24) for _ in range(1000)]).to_bytes()
def abort(payload): os.abort()
def leave(payload): os._exit(0)
def refuse(payload): raise Refusal("not a thing: `%s`" % payload.decode())
def fail(payload): raise ValueError("odd")
def recurse(payload): return recurse(payload)
def chatter(payload):
    print("noise" * 100000)
    os.write(1, frame_like)
    os.write(2, b"more noise")
    return b"answer"
frame_like = bytes([1]) + (5).to_bytes(8, "big") + b"false"
def wrong_type(payload): return "text"
def long(payload): return bytes(len(payload) * 2)
def deaf(payload): return b"heard nothing"
def told(payload):
    kinds = ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CPU", "RLIMIT_AS")
    limits = ",".join(str(resource.getrlimit(getattr(resource, kind))[0]) for kind in kinds)
    files = ",".join(sorted(os.listdir("/proc/self/fd"))) if os.path.exists("/proc/self/fd") else "?"
    return "|".join((limits, ",".join(sorted(os.environ)), os.getcwd(), str(sys.flags.isolated), files)).encode()
def write_file(payload):
    with open(payload, "wb") as file: file.write(b"x" * 100)
    return b"written"
def child(payload):
    made = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open("/proc/self/stat") as stat: return f"{os.getpid()} {made.pid}".encode()
def child_then_loop(payload):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    while True: pass
"""


@pytest.fixture(scope="module", autouse=True)
def _readers() -> Iterator[None]:
    """Put the readers where an isolated Python finds modules."""
    module = Path(sysconfig.get_path("purelib")) / "_remit_test_readers.py"
    module.write_text(READERS)
    yield
    module.unlink()


def reader(name: str) -> str:
    return f"_remit_test_readers:{name}"


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # a grandchild that init has not reaped yet is dead


def gone(processes: list[int]) -> bool:
    """Wait until they have ended: the system needs a moment after the signal."""
    deadline = time.monotonic() + 5
    while any(map(alive, processes)) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return not any(map(alive, processes))


def test_the_answer_is_what_the_reader_returns() -> None:
    assert run(reader("backwards"), b"abc") == b"cba"


def test_an_empty_input_may_have_an_empty_answer() -> None:
    assert run(reader("backwards"), b"") == b""


def test_a_large_input_and_a_large_answer_pass() -> None:
    payload = os.urandom(32 << 20)

    assert run(reader("backwards"), payload, seconds=10) == payload[::-1]


def test_an_input_that_is_not_read_to_its_end_is_no_error() -> None:
    assert run(reader("deaf"), bytes(32 << 20), seconds=10) == b"heard nothing"


def test_a_refusal_comes_back_in_the_readers_words() -> None:
    with pytest.raises(Refused) as refused:
        run(reader("refuse"), b"foo")

    assert refused.value.message == "not a thing: `foo`"


@pytest.mark.parametrize("name", ["loop", "sleep"])
def test_a_reader_that_does_not_end_is_ended(name: str) -> None:
    begun = time.monotonic()

    with pytest.raises(TookTooLong):
        run(reader(name), b"", seconds=0.5)

    assert time.monotonic() - begun < 2


def test_a_reader_that_eats_memory_is_refused_more() -> None:
    with pytest.raises(TookTooMuch):
        run(reader("eat"), b"")


@pytest.mark.parametrize("name", ["abort", "leave", "fail", "recurse", "wrong_type", "no_such_reader"])
def test_any_other_end_is_a_crash(name: str) -> None:
    with pytest.raises(Crashed):
        run(reader(name), b"")


def test_an_answer_longer_than_the_memory_is_not_taken() -> None:
    with pytest.raises((Crashed, TookTooMuch)):
        run(reader("long"), bytes(60 << 20), seconds=10, memory_bytes=100 << 20)


def test_what_the_reader_prints_is_not_its_answer() -> None:
    assert run(reader("chatter"), b"") == b"answer"


def test_the_reader_inherits_nothing_and_is_held_to_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_SECRET", "shown to nobody")
    own = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(own, True)

    limits, environment, folder, isolated, files = run(reader("told"), b"").decode().split("|")
    os.close(own)

    assert limits == "0,0,16,3,300000000"
    assert set(environment.split(",")) <= {"", "LC_CTYPE", "LD_LIBRARY_PATH"}
    assert (folder, isolated) == ("/", "1")
    # stdout and stderr go nowhere, the pipe of the answer, and the folder that is being listed; the input is closed.
    assert files.split(",") in (["0", "1", "2", "3"], ["1", "2", "3", "4"], ["?"])


def test_the_reader_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Crashed):
        run(reader("write_file"), str(tmp_path / "made").encode())

    assert not (tmp_path / "made").exists() or (tmp_path / "made").read_bytes() == b""


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc to look at processes")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a process in spite of the limit")
def test_what_the_reader_starts_ends_with_it() -> None:
    answer = run(reader("child"), b"")

    assert gone([int(process) for process in answer.split()])


@pytest.mark.skipif(os.geteuid() == 0, reason="root is not held to the limit of processes")
def test_the_reader_starts_no_process() -> None:
    with pytest.raises(Crashed):
        run(reader("child"), b"")


def test_threads_run_readers_at_once() -> None:
    answers: dict[int, bytes] = {}

    def ask(number: int) -> None:
        answers[number] = run(reader("backwards"), b"%04d" % number, seconds=20)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {number: (b"%04d" % number)[::-1] for number in range(8)}


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc to look at processes")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_its_parent(by: signal.Signals) -> None:
    code = f"from remit.confined import run; print('begun', flush=True); run({reader('sleep')!r}, b'', seconds=1.5)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"begun\n"
    children = _children(parent.pid)

    parent.send_signal(by)
    parent.wait()
    parent.stdout.close()

    assert children
    assert gone(children)


def _children(parent: int) -> list[int]:
    """Wait for the reader's process and return it."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        if text:
            return [int(process) for process in text.split()]
        threading.Event().wait(0.01)
    return []


@pytest.mark.parametrize("kind", list(Kind))
def test_a_frame_is_read_as_it_was_written_and_only_whole(kind: Kind) -> None:
    written = frame(kind, b"body")

    assert unframe(written) == (kind, b"body")
    assert all(unframe(written[:length]) is None for length in range(len(written)))
    assert unframe(written + b"x") is None
    assert unframe(b"\x09" + written[1:]) is None
