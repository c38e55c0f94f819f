"""AWS Billing: views of bills, preferences, credits, support charges, contracts."""

from remit.services.billing import (
    account_credits,
    contracts,
    credit_history,
    preferences,
    support,
    tags,
    view_sources,
    views,
)
from remit.services.billing.registry import BILLING

# Importing a module registers its operations.
MODULES = (account_credits, contracts, credit_history, preferences, support, tags, view_sources, views)

__all__ = ["BILLING"]
