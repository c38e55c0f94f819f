"""A new file is there whole or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.store.new_files import new_file


def write(path: Path, then: Callable[[], object] = lambda: None) -> None:
    with new_file(path) as partial:
        assert not path.exists()
        partial.write_bytes(b"whole")
        then()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == b"whole"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_a_file_that_did_not_become_whole(tmp_path: Path, error: type[BaseException]) -> None:
    def stop() -> None:
        raise error

    with pytest.raises(error):
        write(tmp_path / "file", stop)

    assert names_in(tmp_path) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "none")

    for name in ("file", "dangling"):
        with pytest.raises(FileExistsError):
            write(tmp_path / name)

    assert (tmp_path / "file").read_bytes() == b"mine"
    assert names_in(tmp_path) == ["dangling", "file"]


@pytest.mark.parametrize("links", [True, False])
def test_who_comes_second_does_not_take_the_place_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)

    with pytest.raises(FileExistsError):
        write(tmp_path / "file", lambda: (tmp_path / "file").write_bytes(b"first"))

    assert (tmp_path / "file").read_bytes() == b"first"
    assert names_in(tmp_path) == ["file"]


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)

    write(tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == b"whole"
    assert names_in(tmp_path) == ["file"]


def _no_links(*_: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_file_whose_sync_fails_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OSError, match="Input/output error"):
        write(tmp_path / "file")

    assert names_in(tmp_path) == []
