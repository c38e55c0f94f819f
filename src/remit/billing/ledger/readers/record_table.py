"""Records of usage as CSV or Parquet: the columns of the record; tags as a map, or as a JSON object in a text."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remit.billing.ledger.columnar import name
from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.record import UsageRecord
from remit.billing.ledger.readers.tables import Table, TableSource
from remit.billing.ledger.usage_checks import USAGE_COLUMNS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NEEDED = [field.encode_name for field in msgspec.structs.fields(UsageRecord) if field.required]


class RecordTableSource(TableSource):
    """A file of records."""

    @staticmethod
    def is_form_of(table: Table) -> bool:
        """Say whether a table has records."""
        return "usage_id" in table.columns

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Return the SELECT of the file."""
        del connection, work
        table = self.table
        missing = [column for column in _NEEDED if column not in table.columns]
        foreign = [column for column in table.columns if column not in USAGE_COLUMNS]
        if missing or foreign:
            said = [f"column {column} is missing" for column in missing]
            said += [f"column {column} is none of a record" for column in foreign]
            raise UsageRefused(f"{self.name}: {', '.join(said)}; `remit schema usage` shows the form")
        columns = ", ".join(
            f"{table.map(column) if column == 'tags' else table.text(column)} AS {name(column)}"
            for column in USAGE_COLUMNS
        )
        problem = (
            f'CASE WHEN {table.is_bad_map("tags")} THEN \'tags is no JSON object of texts: write {{"team":"blue"}}\''
            f" WHEN {table.text('unit')} IS NULL THEN 'unit is missing: give it a value' END"
        )
        return f"SELECT row, {columns}, {problem} AS problem FROM {table.rows()}"
