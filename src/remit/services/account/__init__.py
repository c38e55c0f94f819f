"""AWS Account Management: contacts, regions, the root user's e-mail address, the account's name."""

from remit.services.account import alternate_contacts, contacts, information, primary_email, regions
from remit.services.account.registry import ACCOUNT

# Importing a module registers its operations.
MODULES = (alternate_contacts, contacts, information, primary_email, regions)

__all__ = ["ACCOUNT"]
