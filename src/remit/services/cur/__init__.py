"""AWS Cost and Usage Report: reports of the older kind, delivered to buckets."""

from remit.services.cur import definitions, tags
from remit.services.cur.registry import COST_AND_USAGE_REPORTS

# Importing a module registers its operations.
MODULES = (definitions, tags)

__all__ = ["COST_AND_USAGE_REPORTS"]
