"""AWS CloudTrail: the event history."""

from remit.services.cloudtrail import events
from remit.services.cloudtrail.registry import CLOUDTRAIL

# Importing a module registers its operations.
MODULES = (events,)

__all__ = ["CLOUDTRAIL"]
