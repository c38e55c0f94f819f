"""One suite for both databases: `address` is a SQLite file or a PostgreSQL database."""

from pathlib import Path

import msgspec
import pytest

from remit.store import Kind


class Thing(msgspec.Struct, frozen=True):
    """An entity for tests."""

    id: str
    account: str
    name: str
    tags: tuple[str, ...] = ()


THINGS = Kind(
    "thing",
    Thing,
    unique={"name": lambda thing: (thing.account, thing.name)},
    groups={"account": lambda thing: (thing.account,), "tag": lambda thing: thing.tags},
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    address: str = request.getfixturevalue("postgresql_address")
    return address
