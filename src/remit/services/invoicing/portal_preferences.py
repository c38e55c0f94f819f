"""Preferences of procurement portals: made, shown, listed, replaced, made active or suspended, removed.

Source: Invoicing API reference, CreateProcurementPortalPreference and the operations beside it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory.billing import portal_preferences as directory
from remit.directory.billing.invoice_units import INVOICE_UNITS
from remit.directory.billing.portal_preferences import Feature, PortalPreference, Standing, Status, known_preference
from remit.directory.billing.standing import check_payer
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import wrong_field
from remit.services.invoicing.pages import page
from remit.services.invoicing.registry import TOKENS, operation
from remit.services.invoicing.tags import RULES, require_tagging
from remit.store import Transaction

_ARN = "ProcurementPortalPreferenceArn"
# Never changed once a preference is made.
_ENDS = ("ProcurementPortalName", "BuyerDomain", "BuyerIdentifier", "SupplierDomain", "SupplierIdentifier")
# Not kept: whom the call is about, what makes it repeatable, and secrets.
_LEFT_OUT = frozenset({_ARN, "ClientToken", "ResourceTags", "ProcurementPortalSharedSecret"})
# Not in the summaries of lists.
_DETAILS = frozenset(
    {
        "ProcurementPortalInstanceEndpoint",
        "TestEnvPreference",
        "EinvoiceDeliveryPreference",
        "MarketplacePunchOutPreference",
        "Contacts",
    }
)
_ACTIVATION = "EinvoiceDeliveryActivationDate"


def _said(call: Call[Any], tx: Transaction, ends: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of an input, if it can be.

    Raises:
        ServiceError: ValidationException, it cannot.
    """
    said = {**ends, **{name: value for name, value in call.input.items() if name not in _LEFT_OUT}}
    test: Mapping[str, Any] = said.get("TestEnvPreference", {})
    for place, given in (("", said), ("TestEnvPreference.", test)):
        endpoint: str = given.get("ProcurementPortalInstanceEndpoint", "https://")
        if not endpoint.startswith("https://"):
            raise wrong_field(f"{place}ProcurementPortalInstanceEndpoint", "The endpoint must be an HTTPS URL.")
    if said["EinvoiceDeliveryEnabled"] and "EinvoiceDeliveryPreference" not in said:
        raise wrong_field("EinvoiceDeliveryPreference", "Delivery of e-invoices needs an EinvoiceDeliveryPreference.")
    from_coupa = said.get("MarketplacePunchOutEnabled", False) and said["ProcurementPortalName"] == "COUPA"
    if from_coupa and "MarketplacePunchOutPreference" not in said:
        raise wrong_field("MarketplacePunchOutPreference", "PunchOut from Coupa needs a preference.")
    for arn in said.get("Selector", {}).get("InvoiceUnitArns", ()):
        unit = tx.get(INVOICE_UNITS, arn)
        if unit is None or unit.account != call.account or unit.deleted_at is not None:
            raise wrong_field("Selector.InvoiceUnitArns", f"There is no invoice unit {arn}.")
    if test:
        kept = {name: value for name, value in test.items() if name != "ProcurementPortalSharedSecret"}
        said["TestEnvPreference"] = kept
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(said))  # times as text
    return written


def _standings(said: Mapping[str, Any]) -> dict[Feature, Standing]:
    """Return how far the features are that are turned on: at their beginning."""
    return {feature: Standing() for feature in Feature if said[f"{feature}Enabled"]}


@operation("CreateProcurementPortalPreference")
def create_procurement_portal_preference(
    call: Call[shapes.CreateProcurementPortalPreferenceRequest], tx: Transaction
) -> dict[str, Any]:
    """Keep where e-invoices shall go; it is pending until it is validated."""
    check_payer(call, tx)

    def work() -> dict[str, Any]:
        said = _said(call, tx, {})
        made = PortalPreference(
            id=directory.new_arn(call.account, call.partition),
            account=call.account,
            said=said,
            standings=_standings(said),
            created_at=call.at,
            updated_at=call.at,
            tags=RULES.read(call.input.get("ResourceTags", ())),
        )
        require_tagging(call, made.id, made.tags)
        directory.create_preference(tx, made)
        return {_ARN: made.id}

    return TOKENS.once(call, tx, work)


def _known(call: Call[Any], tx: Transaction) -> PortalPreference:
    check_payer(call, tx)
    return known_preference(tx, call.account, call.input[_ARN])


@operation("GetProcurementPortalPreference")
def get_procurement_portal_preference(
    call: Call[shapes.GetProcurementPortalPreferenceRequest], tx: Transaction
) -> dict[str, Any]:
    """Show a preference, without its secrets."""
    return {"ProcurementPortalPreference": _shown(_known(call, tx))}


def _shown(one: PortalPreference) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "MarketplacePunchOutEnabled": False,
        **one.said,
        "AwsAccountId": one.account,
        _ARN: one.id,
        "Version": one.version,
        "CreateDate": whole_second(one.created_at),
        "LastUpdateDate": whole_second(one.updated_at),
    }
    delivery: Mapping[str, Any] = shown.get("EinvoiceDeliveryPreference", {})
    if delivery:
        at = datetime.fromisoformat(delivery[_ACTIVATION])
        shown["EinvoiceDeliveryPreference"] = {**delivery, _ACTIVATION: at}
    for feature, held in one.standings.items():
        shown[f"{feature}PreferenceStatus"] = str(held.status)
        if held.reason:
            shown[f"{feature}PreferenceStatusReason"] = held.reason
    return shown


@operation("ListProcurementPortalPreferences")
def list_procurement_portal_preferences(
    call: Call[shapes.ListProcurementPortalPreferencesRequest], tx: Transaction
) -> dict[str, Any]:
    """List the preferences, without their details."""
    check_payer(call, tx)
    found, following = page(call, tx, directory.preferences_of(tx, call.account), lambda one: one.id)
    shown = [{name: value for name, value in _shown(one).items() if name not in _DETAILS} for one in found]
    return {"ProcurementPortalPreferences": shown, **following}


@operation("PutProcurementPortalPreference")
def put_procurement_portal_preference(
    call: Call[shapes.PutProcurementPortalPreferenceRequest], tx: Transaction
) -> dict[str, Any]:
    """Replace all of a preference but its portal, buyer and supplier; it is pending again."""
    check_payer(call, tx)

    def work() -> dict[str, Any]:
        held = _known(call, tx)
        said = _said(call, tx, {name: held.said[name] for name in _ENDS})
        directory.change_preference(tx, held, call.at, said=said, standings=_standings(said), code=None)
        return {_ARN: held.id}

    return TOKENS.once(call, tx, work)


@operation("UpdateProcurementPortalPreferenceStatus")
def update_procurement_portal_preference_status(
    call: Call[shapes.UpdateProcurementPortalPreferenceStatusRequest], tx: Transaction
) -> dict[str, Any]:
    """Make features of a preference active, or suspend them."""
    check_payer(call, tx)
    asked: Mapping[str, Any] = call.input

    def work() -> dict[str, Any]:
        held = changed = _known(call, tx)
        for feature in Feature:
            member = f"{feature}PreferenceStatus"
            if member in asked:
                status = Status(asked[member]) if asked[member] in set(Status) else Status.PENDING
                standings = directory.stepped(changed, feature, status, asked.get(f"{member}Reason", ""))
                changed = msgspec.structs.replace(changed, standings=standings)
        if changed is held:
            raise wrong_field("EinvoiceDeliveryPreferenceStatus", "No status is given.")
        directory.change_preference(tx, held, call.at, standings=changed.standings)
        return {_ARN: held.id}

    return TOKENS.once(call, tx, work)


@operation("DeleteProcurementPortalPreference")
def delete_procurement_portal_preference(
    call: Call[shapes.DeleteProcurementPortalPreferenceRequest], tx: Transaction
) -> dict[str, Any]:
    """Remove a preference."""
    check_payer(call, tx)

    def work() -> dict[str, Any]:
        held = _known(call, tx)
        directory.delete_preference(tx, held)
        return {_ARN: held.id}

    return TOKENS.once(call, tx, work)
