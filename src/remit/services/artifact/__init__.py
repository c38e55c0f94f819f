"""AWS Artifact: reports, agreements and compliance inquiries, and the provider's side of them."""

from remit.services.artifact import (
    account_settings,
    agreements,
    customer_agreements,
    inquiries,
    inquiry_tags,
    publisher_agreements,
    publisher_reports,
    reports,
    terms,
)
from remit.services.artifact.registry import ARTIFACT

# Importing a module registers its operations.
MODULES = (
    reports,
    publisher_reports,
    terms,
    agreements,
    customer_agreements,
    publisher_agreements,
    account_settings,
    inquiries,
    inquiry_tags,
)

__all__ = ["ARTIFACT"]
