"""A backup is one consistent picture, whole or not there; alike in both databases."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from store.things import (
    MASTER,
    answer,
    everything,
    opened,
    put,
    restored,
)
from store.writers import check_twins, twins

from remit.store import (
    Database,
    open_backend,
)
from remit.store.backup_file import BackupFile


def test_a_backup_brings_everything_back_into_an_empty_store(used: Database, backup: Path, tmp_path: Path) -> None:
    sealed = used.keyring.seal("test", b"secret")
    used.backend.backup(backup)

    assert restored(backup, str(tmp_path / "other.db")) == (2, 2)

    other = opened(str(tmp_path / "other.db"))
    assert everything(other) == everything(used)
    assert other.keyring.open("test", sealed) == b"secret"
    assert other.run(put("new")) == "made"
    other.close_now()


def test_a_backup_leaves_the_store_as_it_is(used: Database, backup: Path) -> None:
    before = everything(used)

    used.backend.backup(backup)

    assert everything(used) == before
    assert used.run(put("after")) == "made"


def test_a_backup_is_its_owners_and_a_single_file(used: Database, backup: Path) -> None:
    before = set(backup.parent.iterdir())

    used.backend.backup(backup)

    assert set(backup.parent.iterdir()) - before == {backup}
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_no_secret_in_clear(used: Database, backup: Path) -> None:
    sealed = used.keyring.seal("access-key", b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    used.run(put(sealed.hex(), "id-sealed"))

    used.backend.backup(backup)

    content = backup.read_bytes()
    assert sealed.hex().encode() in content
    assert b"wJalrXUtnFEMI" not in content
    assert MASTER not in content


def test_a_backup_takes_nobody_elses_place(used: Database, backup: Path) -> None:
    backup.write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        used.backend.backup(backup)

    assert backup.read_bytes() == b"mine"


def test_a_backup_into_a_folder_that_is_not_there_leaves_nothing(used: Database, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        used.backend.backup(tmp_path / "none" / "backup.db")

    assert not (tmp_path / "none").exists()


def test_a_backup_of_a_store_that_cannot_be_read_leaves_nothing(
    used: Database, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(backup.parent.iterdir())
    monkeypatch.setattr("remit.store.backup_file._digest", _interrupt)

    with pytest.raises(KeyboardInterrupt):
        used.backend.backup(backup)

    assert set(backup.parent.iterdir()) == before


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_backup_while_others_write_is_one_picture(address: str, tmp_path: Path) -> None:
    async def client(database: Database, number: int, stop: threading.Event) -> list[str]:
        answered: list[str] = []
        while not stop.is_set():
            answered.append(await answer(database, twins(f"{number}-{len(answered)}")))
        return answered

    def make_backups(stop: threading.Event) -> None:
        backend = open_backend(address)
        backend.open()
        for number in range(5):
            backend.backup(tmp_path / f"backup-{number}.db")
        backend.close()
        stop.set()

    async def scenario() -> None:
        database, stop = opened(address), threading.Event()
        for number in range(200):  # several pages, so that there is something to write meanwhile
            await answer(database, twins(f"old-{number}"))
        backups = asyncio.get_running_loop().run_in_executor(None, make_backups, stop)
        await asyncio.gather(*(client(database, number, stop) for number in range(4)))
        await backups
        await database.close()

    asyncio.run(scenario())

    counts = []
    for number in range(5):
        restored(tmp_path / f"backup-{number}.db", str(tmp_path / f"store-{number}.db"))
        counts.append(check_twins(str(tmp_path / f"store-{number}.db"), [f"old-{old}" for old in range(200)]))
    assert counts == sorted(counts)
    assert counts[-1] > 200


_CHILD = """
import sys
from pathlib import Path
from store.things import opened
database = opened(sys.argv[1])
print("ready", flush=True)
database.backend.backup(Path(sys.argv[2]))
print("done", flush=True)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_backup_leaves_no_half_file(used: Database, address: str, backup: Path, end: int) -> None:
    used.run(put("x" * 10_000_000, "id-large"))
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, address, str(backup)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    while not list(backup.parent.glob(".*.partial")) and child.poll() is None:
        time.sleep(0.0005)
    child.send_signal(end)
    said = child.communicate()[0]

    leftovers = list(backup.parent.glob(".backup*"))
    if "done" in said or backup.exists():  # it was faster
        BackupFile(backup).close()
    elif end == signal.SIGINT:
        assert leftovers == []
