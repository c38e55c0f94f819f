"""Records of usage that the program has in hand, as a source for the ledger."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remit.billing.ledger.columnar import first_line, name, quoted
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.money import decimal
from remit.billing.usage import Usage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class RecordSource:
    """Records, in the order in which they come."""

    row = "record"

    def __init__(self, records: Iterable[Usage], name: str = "usage") -> None:
        self.name = name
        self._records = records

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Write the records to a file of JSON Lines; return the SELECT of it."""
        del connection
        path = work / "records"
        encoder = msgspec.json.Encoder()
        with path.open("wb") as file:
            for row, record in enumerate(self._records, 1):
                file.write(encoder.encode({"row": row, **_members(record)}) + b"\n")
        form = {"row": "BIGINT", **dict.fromkeys(USAGE_COLUMNS, "VARCHAR"), "tags": USAGE_COLUMNS["tags"]}
        columns = ", ".join(f"{name(column)}: {quoted(kind)}" for column, kind in form.items())
        return (
            "SELECT *, NULL::VARCHAR AS problem FROM"
            f" read_json({quoted(path)}, format = 'newline_delimited', columns = {{{columns}}})"
        )

    def explained(self, error: Exception) -> str:
        """Say what the engine found."""
        return f"{self.name}: {first_line(error)}"


def _members(record: Usage) -> dict[str, object]:
    return {
        **record._asdict(),
        "start": record.start.isoformat(),
        "end": record.end.isoformat(),
        "quantity": f"{decimal(record.quantity, 30):f}",
        "tags": dict(record.tags),
    }
