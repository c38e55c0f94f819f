"""Invitations to join the organization.

Source: `organizations` reference, 3.4, InviteAccountToOrganization.
"""

from typing import Any

from remit.directory.organizations import Organization
from remit.directory.organizations.invitations import invite_account
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.free_text import check_free_text
from remit.services.organizations.handshake_shapes import handshake_shape
from remit.services.organizations.parties import party
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.tags import new_tags
from remit.store import Transaction


@organization_operation("InviteAccountToOrganization", By.MANAGEMENT)
def invite_account_to_organization(
    call: Call[shapes.InviteAccountToOrganizationRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Invite an account, by its id or by the e-mail address of its root user."""
    asked = call.input
    notes = asked.get("Notes", "")
    check_free_text(notes)
    tags = new_tags(tx, organization, "organizations:account", asked)
    invitation = invite_account(tx, organization, party(asked["Target"]), notes=notes, tags=tags, at=call.at)
    return {"Handshake": handshake_shape(call, invitation)}
