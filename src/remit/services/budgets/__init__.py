"""AWS Budgets: what may be spent, who is told when it is, and what is done then."""

from remit.services.budgets import actions, budgets, histories, notifications, subscribers, tags
from remit.services.budgets.registry import BUDGETS

# Importing a module registers its operations.
MODULES = (actions, budgets, histories, notifications, subscribers, tags)

__all__ = ["BUDGETS"]
