"""AWS Artifact: reports, agreements and compliance inquiries, and the provider's side of them."""

from remit.services.artifact import inquiries, inquiry_tags, publisher_reports, reports, terms
from remit.services.artifact.registry import ARTIFACT

# Importing a module registers its operations.
MODULES = (reports, publisher_reports, terms, inquiries, inquiry_tags)

__all__ = ["ARTIFACT"]
