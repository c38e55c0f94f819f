"""AWS Invoicing: invoices of closed months, invoice units that split them, to whom they go, and procurement portals."""

from remit.services.invoicing import (
    documents,
    portal_preferences,
    portal_validations,
    portals,
    profiles,
    summaries,
    tags,
    units,
)
from remit.services.invoicing.registry import INVOICING

# Importing a module registers its operations.
MODULES = (documents, portal_preferences, portal_validations, portals, profiles, summaries, tags, units)

__all__ = ["INVOICING"]
