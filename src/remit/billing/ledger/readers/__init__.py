"""Files of usage: our own records, CUR 2.0 and FOCUS 1.2, as JSON Lines, CSV or Parquet.

    ledger.add_source(source_of(Path("usage.jsonl.gz")), is_account)

Facts of quantity only are taken: what a line cost elsewhere is not read.
"""

from pathlib import Path

from remit.billing.ledger.adding import Source
from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.cur import CurSource
from remit.billing.ledger.readers.focus import FocusSource
from remit.billing.ledger.readers.json_lines import JsonLinesSource
from remit.billing.ledger.readers.record import UsageRecord
from remit.billing.ledger.readers.record_table import RecordTableSource
from remit.billing.ledger.readers.tables import Table, table_of

__all__ = ["UsageRecord", "source_of"]

_JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def source_of(path: Path) -> Source:
    """Return what reads a file, by its name and its columns.

    Raises:
        UsageRefused: it is of none of the forms.
    """
    if path.name.lower().endswith(_JSON_LINES):
        return JsonLinesSource(path)
    table: Table = table_of(path)
    for form in (RecordTableSource, CurSource, FocusSource):
        if form.is_form_of(table):
            return form(table)
    raise UsageRefused(
        f"{path}: its columns are neither those of usage records (usage_id, account, ...), nor of CUR 2.0"
        " (line_item_usage_account_id, ...), nor of FOCUS (SubAccountId, ChargeCategory, ...)"
    )
