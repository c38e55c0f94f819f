"""From consolidated billing to all features.

Source: `organizations` reference, 3.1, EnableAllFeatures, and 4.4.
"""

from typing import Any

from remit.directory.organizations import Organization
from remit.directory.organizations.all_features import enable_all_features
from remit.request import Call
from remit.services.organizations.handshake_shapes import handshake_shape
from remit.services.organizations.registry import By, organization_operation
from remit.store import Transaction


@organization_operation("EnableAllFeatures", By.MANAGEMENT)
def enable_all_features_(call: Call[Any], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """Ask every invited member to agree; the answer is the attempt as it began."""
    return {"Handshake": handshake_shape(call, enable_all_features(tx, organization, at=call.at))}
