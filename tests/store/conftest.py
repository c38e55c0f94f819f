"""One suite for both databases: `address` is a SQLite file or a PostgreSQL database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


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
