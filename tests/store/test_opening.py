"""An address says which database it means."""

import sys
from pathlib import Path

import pytest

from remit.store import StoreUnusable, open_backend
from remit.store.postgresql import PostgresqlBackend
from remit.store.sqlite import SqliteBackend


@pytest.mark.parametrize("address", ["store.db", "/var/lib/remit/remit.db", "postgresql", "mysql://x/y"])
def test_a_path_means_sqlite(address: str) -> None:
    assert isinstance(open_backend(address), SqliteBackend)


@pytest.mark.parametrize("address", ["postgresql://remit@db/remit", "postgres://db"])
def test_a_connection_string_means_postgresql(address: str) -> None:
    assert isinstance(open_backend(address), PostgresqlBackend)


def test_postgresql_without_its_driver_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "remit.store.postgresql", None)

    with pytest.raises(StoreUnusable, match="pip install 'remit\\[postgres\\]'"):
        open_backend("postgresql://remit@db/remit")


@pytest.mark.parametrize(("durable", "expected"), [(True, 2), (False, 0)])
def test_only_a_store_that_ends_with_its_process_does_without_syncing(
    tmp_path: Path, *, durable: bool, expected: int
) -> None:
    backend = open_backend(str(tmp_path / "store.db"), durable=durable)
    assert isinstance(backend, SqliteBackend)
    backend.open()

    assert backend._write.execute("PRAGMA synchronous").fetchone() == (expected,)
    backend.close()
