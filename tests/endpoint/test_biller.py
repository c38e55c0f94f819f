"""The server bills by itself: in a process of its own, when it is time and when something came."""

import fcntl
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from composed import ACCOUNT, composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.endpoint.biller import Biller
from remit.endpoint.settings import Settings, read_settings

RECORD = {
    "usage_id": "one",
    "account": ACCOUNT,
    "service": "AmazonS3",
    "usage_type": "Requests",
    "operation": "GetObject",
    "region": "us-east-1",
    "start": "2026-03-01T00:00:00Z",
    "end": "2026-03-01T01:00:00Z",
    "quantity": "1",
    "unit": "Requests",
}


def settings(folder: Path, seconds: int = 3600) -> Settings:
    return read_settings({"data": folder, "bill_every_seconds": seconds}, {}, Path(os.devnull))[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with composed(tmp_path):
        pass
    (tmp_path / "usage.jsonl").write_text(json.dumps(RECORD) + "\n")
    return tmp_path


def imports(folder: Path) -> None:
    command = [Path(sys.executable).with_name("remit"), "usage", "import", folder / "usage.jsonl", "--data", folder]
    subprocess.run(command, check=True, capture_output=True)


def months(folder: Path) -> list[str]:
    return [month.period for month in Ledger(ledger_folder(folder, ACCOUNT)).months()]


def until(is_so: Callable[[], object]) -> None:
    """Wait until *is_so*, for as long as a round may take on a busy machine."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_round_is_done_by_a_process_of_its_own(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    imports(folder)

    with caplog.at_level(logging.INFO, "remit.billing"):
        Biller(settings(folder)).round()

    assert months(folder) == ["2026-03"]
    assert f"billed 2026-03 of {ACCOUNT}" in caplog.text


def test_a_store_that_cannot_be_opened_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "remit.db").write_bytes(b"no database" * 1000)

    Biller(settings(folder)).round()

    assert "no bills were made: " in caplog.text
    assert "remit.db is damaged" in caplog.text


def test_trouble_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    imports(folder)
    (ledger_folder(folder, ACCOUNT) / "terms.yaml").write_text("no terms")

    Biller(settings(folder)).round()

    assert f"bills of {ACCOUNT}: " in caplog.text


def test_who_finds_another_one_at_it_leaves_it_to_them(folder: Path) -> None:
    imports(folder)
    descriptor = os.open(folder / "billing" / "round", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    Biller(settings(folder)).round()
    assert months(folder) == []
    os.close(descriptor)
    Biller(settings(folder)).round()

    assert months(folder) == ["2026-03"]


class Counted(Biller):
    """Counts rounds instead of doing them."""

    def __init__(self, given: Settings) -> None:
        super().__init__(given)
        self.rounds = 0
        self.went = threading.Event()
        self.fails = False

    def round(self) -> None:
        self.rounds += 1
        self.went.set()
        if self.fails:
            raise ValueError("a bug")


def test_rounds_come_after_each_other_until_the_end(folder: Path) -> None:
    biller = Counted(settings(folder, 1))
    biller._first_seconds = biller._look_seconds = 0.01
    biller.start()
    assert biller.went.wait(10)
    biller.close()
    count = biller.rounds

    assert count >= 1
    assert not any(thread.name == "remit-biller" for thread in threading.enumerate())


def test_a_bug_ends_no_rounds(folder: Path) -> None:
    biller = Counted(settings(folder, 1))
    biller.fails = True
    biller._first_seconds = biller._look_seconds = 0.01
    biller.start()
    until(lambda: biller.rounds >= 2)
    biller.close()


@pytest.mark.parametrize("what", ["usage/parts.json", "terms.yaml"])
def test_what_came_is_billed_soon(folder: Path, what: str) -> None:
    biller = Counted(settings(folder))
    biller._look_seconds = 0.05
    biller.start()
    assert not biller.went.wait(0.3)

    path = ledger_folder(folder, ACCOUNT) / what
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    assert biller.went.wait(10)
    biller.close()
    assert biller.rounds == 1


def test_nothing_is_billed_where_the_settings_say_so(folder: Path) -> None:
    biller = Counted(settings(folder, 0))
    biller.start()

    assert not any(thread.name == "remit-biller" for thread in threading.enumerate())
    biller.close()


def test_nothing_is_billed_without_the_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remit.endpoint.biller.find_spec", lambda name: None)
    biller = Counted(settings(folder, 1))
    biller.start()

    assert not any(thread.name == "remit-biller" for thread in threading.enumerate())


def test_the_end_of_the_server_ends_a_round(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    real = subprocess.Popen

    def sleeper(command: list[str], **options: Any) -> Any:
        del command
        started.append(real([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[0]

    monkeypatch.setattr("remit.endpoint.biller.subprocess.Popen", sleeper)
    biller = Biller(settings(folder, 1))
    biller._first_seconds = 0.01
    biller.start()
    until(lambda: started)

    begun = time.monotonic()
    biller.close()

    assert time.monotonic() - begun < 5
    assert started[0].wait(10) == -9


def test_a_round_ends_with_its_server(folder: Path) -> None:
    """The pipe from the server is closed when the server is gone, however it went."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "remit.endpoint.billing_round"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        child.stdin.write(msgspec.json.encode(settings(folder), enc_hook=str) + b"\n")
        child.stdin.close()
        assert child.wait(30) == 3
