"""AWS Free Tier: what was used of free offers, and the plans of accounts."""

from remit.services.freetier import activities, plans, usage
from remit.services.freetier.registry import FREE_TIER

# Importing a module registers its operations.
MODULES = (activities, plans, usage)

__all__ = ["FREE_TIER"]
