"""Procurement portals that AWS sends e-invoices to, and what the issuer of our invoices is called there: nothing.

Source: Invoicing API reference, ListProcurementPortals, ListProcurementPortalSuppliers, `ProcurementPortalName`,
`EinvoiceDeliveryDocumentType`; `docs/choices-billing.md`.
"""

from typing import Any

from remit.directory.billing.facts import Missing, Thing
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.pages import page
from remit.services.invoicing.registry import operation
from remit.store import Transaction

# The portals that the model names, and how people call them.
_PORTALS = {"COUPA": "Coupa", "SAP_BUSINESS_NETWORK": "SAP Business Network"}
# Bills here are of one kind, and an invoice has one attachment.
_DEFAULT = {"InvoiceConfiguration": {"DocumentTypes": ["AWS_CLOUD_INVOICE"], "AttachmentTypes": ["INVOICE_PDF"]}}


@operation("ListProcurementPortals")
def list_procurement_portals(call: Call[shapes.ListProcurementPortalsRequest], tx: Transaction) -> dict[str, Any]:
    """List the portals that preferences may name."""
    names, following = page(call, tx, sorted(_PORTALS), str)
    portals = [
        {
            "PortalIdentifier": name,
            "PortalName": name,
            "PortalDisplayName": _PORTALS[name],
            "DefaultFeatureConfigurations": _DEFAULT,
        }
        for name in names
    ]
    return {"ProcurementPortals": portals, **following}


@operation("ListProcurementPortalSuppliers")
def list_procurement_portal_suppliers(
    call: Call[shapes.ListProcurementPortalSuppliersRequest], tx: Transaction
) -> dict[str, Any]:
    """List what the issuer of invoices is called at a portal: whoever issues them here is registered at none."""
    if call.input["PortalIdentifier"] not in _PORTALS:
        raise Missing(Thing.PORTAL, call.input["PortalIdentifier"])
    nothing: list[str] = []
    found, following = page(call, tx, nothing, str)
    return {"ProcurementPortalSuppliers": found, **following}
