"""CUR 2.0, and the older reports in Parquet, whose columns have the same names.

Usage is in lines of three types: those that no commitment covers, and those that a reservation or a Savings Plan does.
Fees, credits, refunds, negations and tax are no usage.

Source: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0", line item columns.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.reports import hashed_id, staged
from remit.billing.ledger.readers.tables import Table, TableSource
from remit.billing.lines import LineType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_USAGE = (LineType.USAGE, LineType.DISCOUNTED_USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE)
_NEEDED = (
    "line_item_usage_account_id",
    "line_item_line_item_type",
    "line_item_product_code",
    "line_item_usage_type",
    "line_item_usage_start_date",
    "line_item_usage_end_date",
    "line_item_usage_amount",
)


class CurSource(TableSource):
    """A Cost and Usage Report."""

    @staticmethod
    def is_form_of(table: Table) -> bool:
        """Say whether a table is one."""
        return "line_item_usage_account_id" in table.columns

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Return the SELECT of the lines of usage."""
        del connection, work
        table = self.table
        missing = [column for column in _NEEDED if column not in table.columns]
        if missing:
            raise UsageRefused(f"{self.name}: a CUR without {', '.join(missing)}; select them in the export")
        line, interval = table.text("identity_line_item_id"), table.text("identity_time_interval")
        facts = {
            "usage_id": f"coalesce({line} || '/' || {interval}, {hashed_id(table, 'cur')})",
            "account": table.text("line_item_usage_account_id"),
            "service": table.text("product_servicecode", "line_item_product_code"),
            "usage_type": table.text("line_item_usage_type"),
            "operation": table.text("line_item_operation"),
            "region": table.text("product_region_code", "product_region"),
            "start": table.text("line_item_usage_start_date"),
            "end": table.text("line_item_usage_end_date"),
            "quantity": table.text("line_item_usage_amount"),
            "unit": table.text("pricing_unit"),
            "zone": table.text("line_item_availability_zone"),
            "resource": table.text("line_item_resource_id"),
            "tags": table.map("resource_tags"),
        }
        if "identity_line_item_id" in table.columns and "identity_time_interval" in table.columns:
            facts["usage_id"] = f"{line} || '/' || {interval}"
        kinds = ", ".join(f"'{kind}'" for kind in _USAGE)
        is_usage = f"line_item_line_item_type IN ({kinds})"
        return staged(table, facts, is_usage, "line_item_currency_code", "resource_tags")
