"""Trusted access for services, and the member accounts that administer them.

Source: `organizations` reference, 3.7 and 11.
"""

from typing import Any

from remit.directory.accounts import Account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization, member_accounts
from remit.directory.organizations.members import known_member
from remit.directory.organizations.service_access import (
    deregister_administrator,
    disable_access,
    enable_access,
    register_administrator,
    trusted_services,
)
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.errors import invalid_input
from remit.services.organizations.pages import numbered, page
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.summaries import administrator_shape
from remit.store import Transaction


@organization_operation("EnableAWSServiceAccess", By.MANAGEMENT)
def enable_aws_service_access(
    call: Call[shapes.EnableAWSServiceAccessRequest], tx: Transaction, organization: Organization
) -> None:
    """Give a service trusted access."""
    enable_access(tx, organization, _known(call.input["ServicePrincipal"]), at=call.at)


@organization_operation("DisableAWSServiceAccess", By.MANAGEMENT)
def disable_aws_service_access(
    call: Call[shapes.DisableAWSServiceAccessRequest], tx: Transaction, organization: Organization
) -> None:
    """Take trusted access from a service; its delegated administrators go with it."""
    disable_access(tx, organization, _known(call.input["ServicePrincipal"]))


@organization_operation("ListAWSServiceAccessForOrganization", By.ADMINISTRATORS)
def list_aws_service_access_for_organization(
    call: Call[shapes.ListAWSServiceAccessForOrganizationRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the services with trusted access."""
    every = sorted(organization.trusted_services.items())
    found, following = page(call, tx, every, lambda one: one[0])
    services = [{"ServicePrincipal": service, "DateEnabled": since} for service, since in found]
    return {"EnabledServicePrincipals": services, **following}


@organization_operation("RegisterDelegatedAdministrator", By.MANAGEMENT)
def register_delegated_administrator(
    call: Call[shapes.RegisterDelegatedAdministratorRequest], tx: Transaction, organization: Organization
) -> None:
    """Make a member account the administrator of a service."""
    account, service = _named(call, tx, organization)
    register_administrator(tx, organization, account, service, at=call.at)


@organization_operation("DeregisterDelegatedAdministrator", By.MANAGEMENT)
def deregister_delegated_administrator(
    call: Call[shapes.DeregisterDelegatedAdministratorRequest], tx: Transaction, organization: Organization
) -> None:
    """Let a member account no longer administer a service."""
    account, service = _named(call, tx, organization)
    deregister_administrator(tx, organization, account, service)


@organization_operation("ListDelegatedAdministrators", By.ADMINISTRATORS)
def list_delegated_administrators(
    call: Call[shapes.ListDelegatedAdministratorsRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the accounts that administer a service, or any."""
    service = call.input.get("ServicePrincipal")
    if service is not None:
        _known(service)
    named = organization.delegated_administrators
    ids = set(named.get(service, ())) if service is not None else {id_ for held in named.values() for id_ in held}
    every = [account for account in member_accounts(tx, organization) if account.id in ids]
    found, following = page(call, tx, every, lambda account: account.id)
    return {
        "DelegatedAdministrators": [administrator_shape(organization, account) for account in found],
        **following,
    }


@organization_operation("ListDelegatedServicesForAccount", By.ADMINISTRATORS)
def list_delegated_services_for_account(
    call: Call[shapes.ListDelegatedServicesForAccountRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the services that a member account administers."""
    account = known_member(tx, organization, call.input["AccountId"])
    every = list(organization.services_administered_by(account.id).items())
    if not every:
        raise NotFound(Noun.DELEGATED_ADMINISTRATOR, account.id)
    found, following = numbered(call, tx, every)
    services = [{"ServicePrincipal": service, "DelegationEnabledDate": since} for service, since in found]
    return {"DelegatedServices": services, **following}


def _named(call: Call[Any], tx: Transaction, organization: Organization) -> tuple[Account, str]:
    account = known_member(tx, organization, call.input["AccountId"])
    return account, _known(call.input["ServicePrincipal"])


def _known(service: str) -> str:
    """Return the principal of a service that works with Organizations.

    Raises:
        ServiceError: there is no such service.
    """
    if service not in trusted_services():
        raise invalid_input("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
    return service
