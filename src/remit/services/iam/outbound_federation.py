"""Outbound federation: on, off, and who the account's issuer is. Source: `iam-sts` reference, section 13.10."""

from typing import Any

import msgspec

from remit.directory.outbound_federation import OUTBOUND_ISSUERS, OutboundIssuer, create_issuer, issuer_of, new_keys
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.registry import operation
from remit.store import Transaction

_DISABLED = "Outbound web identity federation is not enabled for this account."


def _enabled(call: Call[Any], tx: Transaction) -> OutboundIssuer:
    issuer = issuer_of(tx, call.account)
    if issuer is None or not issuer.is_enabled:
        raise ServiceError("FeatureDisabled", _DISABLED, 404)
    return issuer


@operation("EnableOutboundWebIdentityFederation")
def enable(call: Call[Any], tx: Transaction) -> shapes.EnableOutboundWebIdentityFederationResponse:
    """Let the account's principals have tokens; the issuer is the same each time."""
    issuer = issuer_of(tx, call.account)
    if issuer is None:
        issuer = create_issuer(tx, call.account, call.slowly("keys", new_keys), at=call.at)
    elif issuer.is_enabled:
        raise ServiceError(
            "FeatureEnabled", "Outbound web identity federation is already enabled for this account.", 409
        )
    else:
        tx.put(OUTBOUND_ISSUERS, msgspec.structs.replace(issuer, is_enabled=True))
    return {"IssuerIdentifier": call.outside.issuer_url(issuer.id)}


@operation("DisableOutboundWebIdentityFederation")
def disable(call: Call[Any], tx: Transaction) -> None:
    """Give no more tokens; those that were given stay valid."""
    tx.put(OUTBOUND_ISSUERS, msgspec.structs.replace(_enabled(call, tx), is_enabled=False))


@operation("GetOutboundWebIdentityFederationInfo")
def get_info(call: Call[Any], tx: Transaction) -> shapes.GetOutboundWebIdentityFederationInfoResponse:
    """Say who the issuer is."""
    return {"IssuerIdentifier": call.outside.issuer_url(_enabled(call, tx).id), "JwtVendingEnabled": True}
