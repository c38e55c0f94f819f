"""What a payer's accounts used and what its bills say, in files: Parquet, read by DuckDB.

ledger = Ledger(ledger_folder(data, payer))
ledger.add_usage(records, is_account)
ledger.write_month("2026-03", lines, facts)
with ledger.open_lines(["2026-03"]) as opened:
    opened.connection.execute("SELECT sum(unblended) FROM lines").fetchone()
ledger.close("2026-03")
"""

from remit.billing.ledger.adding import STEPS, Added, Source
from remit.billing.ledger.errors import (
    BulkMissing,
    LedgerDamaged,
    LedgerError,
    MonthClosed,
    MonthUnbilled,
    QueryRefused,
    UsageRefused,
)
from remit.billing.ledger.ledger import Ledger, Quarantined, Recorded, ledger_folder
from remit.billing.ledger.months import Month, MonthState
from remit.billing.ledger.opened import Opened

__all__ = [
    "STEPS",
    "Added",
    "BulkMissing",
    "Ledger",
    "LedgerDamaged",
    "LedgerError",
    "Month",
    "MonthClosed",
    "MonthState",
    "MonthUnbilled",
    "Opened",
    "Quarantined",
    "QueryRefused",
    "Recorded",
    "Source",
    "UsageRefused",
    "ledger_folder",
]
