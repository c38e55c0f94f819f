"""Handshakes as answers show them.

Source: `organizations` reference, 3.4 and 4.3; the API reference's examples.
"""

from typing import Any

from remit.directory.organizations.handshakes import Handshake, HandshakeResource
from remit.request import Call


def handshake_shape(call: Call[Any], handshake: Handshake) -> dict[str, Any]:
    """Show a handshake as it is at the time of the call."""
    parties = [{"Id": handshake.organization, "Type": "ORGANIZATION"}]
    if handshake.party is not None:
        parties.append({"Id": handshake.party.id, "Type": handshake.party.type.value})
    return {
        "Id": handshake.id,
        "Arn": handshake.arn,
        "Parties": parties,
        "State": handshake.state_at(call.at).value,
        "RequestedTimestamp": handshake.requested_at,
        "ExpirationTimestamp": handshake.expires_at,
        "Action": handshake.action.value,
        "Resources": [_resource_shape(resource) for resource in handshake.resources],
    }


def _resource_shape(resource: HandshakeResource) -> dict[str, Any]:
    shown: dict[str, Any] = {"Value": resource.value, "Type": resource.type}
    if resource.resources:
        shown["Resources"] = [_resource_shape(within) for within in resource.resources]
    return shown
