"""Fixtures for all tests: Hypothesis profiles, and a PostgreSQL server for those that ask for one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from motos import moto_server
from ports import free_port

_CALM = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=_CALM)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Nearly every test makes a store, and each change of a store is synchronized: a third of the tests' time goes into
# waiting for a disk, where there is one. `TMPDIR` chooses another place.
_MEMORY, _BYTES_NEEDED = Path("/dev/shm"), 4 << 30  # noqa: S108  # the folder of the system's own shared memory
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _BYTES_NEEDED:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None


def _postgresql_binaries() -> Path | None:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return newest[-1].parent if newest else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL server in a temporary folder; return its address without a database's name."""
    binaries = _postgresql_binaries()
    if binaries is None:
        pytest.fail("no PostgreSQL: install Debian's package `postgresql`, or deselect with -m 'not postgres'")
    port = free_port()
    # PostgreSQL refuses to run as root.
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="remit-postgresql-") as folder:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        subprocess.run(
            [*as_user, binaries / "initdb", "-D", data, "-U", "remit", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        control = [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-t", "30"]
        subprocess.run(
            [*control, "-l", f"{data}/log", "-o", options, "start"], check=True, capture_output=True, cwd=folder
        )
        try:
            yield f"postgresql://remit@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Start moto's server; return its URL. Tests leave no bucket behind."""
    with moto_server() as url:
        yield url


@pytest.fixture
def postgresql_address(postgresql_server: str) -> Iterator[str]:
    """Make an empty database; return its address."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield f"{postgresql_server}/{name}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
