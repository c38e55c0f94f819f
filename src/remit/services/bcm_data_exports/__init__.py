"""AWS Billing and Cost Management Data Exports: what bills say, by query, delivered to buckets."""

from remit.services.bcm_data_exports import executions, exports, tables, tags
from remit.services.bcm_data_exports.registry import DATA_EXPORTS

# Importing a module registers its operations.
MODULES = (executions, exports, tables, tags)

__all__ = ["DATA_EXPORTS"]
