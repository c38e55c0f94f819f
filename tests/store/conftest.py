"""One suite for both databases: `address` is a SQLite file or a PostgreSQL database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.things import ODD, a_record, opened, put

from remit.store import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    address: str = request.getfixturevalue("postgresql_address")
    return address


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that other users can reach, which is not so of `tmp_path`."""
    with tempfile.TemporaryDirectory(prefix="remit-store-") as folder:
        yield Path(folder)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


@pytest.fixture
def used(address: str) -> Iterator[Database]:
    """Make a store with two things, a secret and a trail."""
    database = opened(address)
    database.run(put("ana", records=(a_record(event_id="e-1"),), tags=("t",)))
    database.run(put(ODD, "id-odd", (a_record(event_id="e-2", user="böb", resources="[]"),)))
    yield database
    database.close_now()
