"""Write a store of today's schema in both databases' forms; run it for each new schema, before its release.

PYTHONPATH=tests .venv/bin/python tests/store/stores/make.py POSTGRESQL_ADDRESS tests/store/stores
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from store.things import a_record, opened, put

from remit.store.migrations import STEPS


def main(address: str, folder: Path) -> None:
    """Fill a SQLite file and the empty database at *address* alike, and put both into *folder*."""
    name = f"schema-{STEPS[-1].number}"
    with tempfile.TemporaryDirectory() as place:
        for store in (f"{place}/store.db", address):
            database = opened(store)
            database.run(put("ana", records=(a_record(event_id="e-ana"),), tags=("admin",)))
            database.run(put("bob", records=(a_record(event_id="e-bob", user="b\u00f6b"),)))
            database.close_now()
        Path(f"{place}/store.db").replace(folder / f"{name}.db")
    dump = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", address]
    text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    lines = [
        line for line in text.splitlines() if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog"))
    ]
    (folder / f"{name}.sql").write_text("\n".join(lines).replace("public.", "") + "\n", encoding="utf-8")


main(sys.argv[1], Path(sys.argv[2]))
