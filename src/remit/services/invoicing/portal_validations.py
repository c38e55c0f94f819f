"""Validation of preferences of procurement portals: a code goes out, and comes back.

AWS sends it through the portal; here the message goes to the contact of the preference, and whoever runs the server
finds it in `remit outbox`.
Source: Invoicing API reference, SendProcurementPortalValidation and VerifyProcurementPortalValidation;
`docs/choices-billing.md`.
"""

from collections.abc import Mapping
from typing import Any

from remit.directory.billing import portal_preferences as directory
from remit.directory.billing.portal_preferences import PortalPreference, known_preference
from remit.directory.billing.standing import check_payer
from remit.directory.facts import OneTimeCodeRefused
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import PortalCodeWrong, wrong_field
from remit.services.invoicing.registry import TOKENS, operation
from remit.store import Transaction

_ARN = "ProcurementPortalPreferenceArn"


def _known(call: Call[Any], tx: Transaction) -> PortalPreference:
    check_payer(call, tx)
    return known_preference(tx, call.account, call.input[_ARN])


@operation("SendProcurementPortalValidation")
def send_procurement_portal_validation(
    call: Call[shapes.SendProcurementPortalValidationRequest], tx: Transaction
) -> dict[str, Any]:
    """Send a code to the contact of a preference."""

    def work() -> dict[str, Any]:
        held = _known(call, tx)
        contacts: list[Mapping[str, str]] = held.said["Contacts"]
        email = contacts[0].get("Email", "")
        if not email:
            raise wrong_field("Contacts", "The contact of the preference has no e-mail address.")
        directory.send_validation(tx, held, email, call.at)
        return {_ARN: held.id}

    return TOKENS.once(call, tx, work)


@operation("VerifyProcurementPortalValidation")
def verify_procurement_portal_validation(
    call: Call[shapes.VerifyProcurementPortalValidationRequest], tx: Transaction
) -> dict[str, Any]:
    """Take the code back: what is pending of the preference is validated."""

    def work() -> dict[str, Any]:
        held = _known(call, tx)
        try:
            directory.verify_validation(tx, held, call.input["Code"], call.at)
        except OneTimeCodeRefused:
            raise PortalCodeWrong(held.id) from None
        return {_ARN: held.id}

    return TOKENS.once(call, tx, work)
