"""AWS Price List: what services sell, what it costs, and price list files."""

from remit.services.pricing import price_lists, products
from remit.services.pricing.registry import PRICING

# Importing a module registers its operations.
MODULES = (price_lists, products)

__all__ = ["PRICING"]
