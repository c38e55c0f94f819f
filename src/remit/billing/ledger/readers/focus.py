"""FOCUS 1.0 to 1.2, as AWS writes it: its own columns `x_ServiceCode`, `x_UsageType` and `x_Operation` name the usage.

Rows of other providers have none of them: their service's name and their SKU's meter, or the SKU, stand for these.
A commitment that nobody used is a row of the category Usage without a consumed quantity: it is no usage.

Source: FOCUS specification 1.2, ChargeCategory, ConsumedQuantity, CommitmentDiscountStatus; AWS Data Exports user
guide, "FOCUS 1.2 with AWS columns".
"""

from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.reports import hashed_id, staged
from remit.billing.ledger.readers.tables import Table, TableSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NEEDED = ("SubAccountId", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "ServiceName")


class FocusSource(TableSource):
    """A FOCUS data set."""

    @staticmethod
    def is_form_of(table: Table) -> bool:
        """Say whether a table is one."""
        return "ChargeCategory" in table.columns

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Return the SELECT of the rows of usage."""
        del connection, work
        table = self.table
        missing = [column for column in _NEEDED if column not in table.columns]
        if missing:
            raise UsageRefused(f"{self.name}: a FOCUS data set without {', '.join(missing)}; select them in the export")
        consumed = table.text("ConsumedQuantity")
        facts = {
            "usage_id": hashed_id(table, "focus"),
            "account": table.text("SubAccountId", "BillingAccountId"),
            "service": table.text("x_ServiceCode", "ServiceName"),
            "usage_type": table.text("x_UsageType", "SkuMeter", "SkuId"),
            "operation": table.text("x_Operation"),
            "region": table.text("RegionId"),
            "start": table.text("ChargePeriodStart"),
            "end": table.text("ChargePeriodEnd"),
            "quantity": f"coalesce({consumed}, {table.text('PricingQuantity')})",
            "unit": f"CASE WHEN {consumed} IS NULL THEN {table.text('PricingUnit')}"
            f" ELSE {table.text('ConsumedUnit')} END",
            "zone": table.text("AvailabilityZone"),
            "resource": table.text("ResourceId"),
            "tags": table.map("Tags"),
        }
        is_unused = f"coalesce({table.text('CommitmentDiscountStatus')}, '') = 'Unused'"
        return staged(table, facts, f"(ChargeCategory = 'Usage' AND NOT {is_unused})", "BillingCurrency", "Tags")
