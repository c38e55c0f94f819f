"""The end of an organization: with it goes everything in it but its accounts.

Source: `organizations` reference, 3.1, DeleteOrganization.
"""

from datetime import datetime
from typing import Any

from remit.directory.accounts import ACCOUNTS
from remit.directory.artifact.customer_agreements import end_all_of_organization
from remit.directory.facts import Hindrance, InUse, Noun
from remit.directory.organizations.creations import CREATE_ACCOUNT_REQUESTS
from remit.directory.organizations.handshakes import HandshakeState, end_handshake, handshakes_of
from remit.directory.organizations.members import known_member, leave_organization
from remit.directory.organizations.organization import ORGANIZATIONS, Organization
from remit.directory.organizations.policies import ORGANIZATION_POLICIES, PolicyType
from remit.directory.organizations.resource_policies import RESOURCE_POLICIES, resource_policy_of
from remit.directory.organizations.transfers import RESPONSIBILITY_TRANSFERS, check_no_transfer
from remit.directory.organizations.units import UNITS
from remit.store import Kind, Transaction


def delete_organization(tx: Transaction, organization: Organization, *, at: datetime) -> None:
    """Remove an organization that has no account left but its management account; its open handshakes are canceled.

    Raises:
        InUse: it has.
        ConstraintBroken: it takes part in a transfer of responsibility.
    """
    if tx.count(ACCOUNTS, "organization", organization.id) > 1:
        raise InUse(Noun.ORGANIZATION, Hindrance.MEMBERS)
    management = known_member(tx, organization, organization.account)
    check_no_transfer(tx, organization, management.email, at=at)
    for handshake in handshakes_of(tx, organization, at=at):
        if handshake.is_unanswered(at):
            end_handshake(tx, handshake, HandshakeState.CANCELED, at=at)
    end_all_of_organization(tx, organization.id, at)
    gone: list[tuple[Kind[Any], Any]] = [(UNITS, unit) for unit in tx.select(UNITS, "organization", organization.id)]
    for type_ in PolicyType:
        found = tx.select(ORGANIZATION_POLICIES, "type", (organization.id, type_))
        gone += [(ORGANIZATION_POLICIES, policy) for policy in found]
    requests = tx.select(CREATE_ACCOUNT_REQUESTS, "organization", organization.id)
    gone += [(CREATE_ACCOUNT_REQUESTS, request) for request in requests]
    over = tx.select(RESPONSIBILITY_TRANSFERS, "payer", organization.id)
    gone += [(RESPONSIBILITY_TRANSFERS, transfer) for transfer in over]
    if (resource_policy := resource_policy_of(tx, organization)) is not None:
        gone.append((RESOURCE_POLICIES, resource_policy))
    for kind, entity in gone:
        tx.delete(kind, entity)
    leave_organization(tx, management, at=at)
    tx.delete(ORGANIZATIONS, organization)
