"""Central management of the root users of an organization's accounts: two features, each on or off.

Source: `iam-sts` reference, sections 1.4 (codes) and 14; IAM User Guide, "Centrally manage root access for member
accounts". The order of the checks: an organization, all its features, trusted access, the right account.
"""

from typing import Any

import msgspec

from remit.directory.organizations import ORGANIZATIONS, FeatureSet, Organization, organization_of
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.registry import operation
from remit.store import Transaction

_SERVICE = "iam.amazonaws.com"


def _administered(call: Call[Any], tx: Transaction) -> Organization:
    """Find the organization that the caller's account administers for IAM."""
    organization = _with_trusted_access(call, tx)
    if not organization.is_administered_by(call.account, _SERVICE):
        raise ServiceError(
            "AccountNotManagementOrDelegatedAdministratorException",
            "The request was rejected because the account making the request is not the management account or "
            "delegated administrator account for centralized root access.",
        )
    return organization


def _managed(call: Call[Any], tx: Transaction) -> Organization:
    """Find the organization that the caller's account manages."""
    organization = _administered(call, tx)
    if not organization.is_managed_by(call.account):
        raise ServiceError(
            "CallerIsNotManagementAccountException",
            "The request was rejected because the account making the request is not the management account for the "
            "organization.",
        )
    return organization


def _with_trusted_access(call: Call[Any], tx: Transaction) -> Organization:
    organization = organization_of(tx, call.account)
    if organization is None:
        raise ServiceError(
            "OrganizationNotFoundException",
            "The request was rejected because no organization is associated with your account.",
        )
    if organization.feature_set is not FeatureSet.ALL:
        raise ServiceError(
            "OrganizationNotInAllFeaturesModeException",
            "The request was rejected because your organization does not have All features enabled.",
        )
    if _SERVICE not in organization.trusted_services:
        raise ServiceError(
            "ServiceAccessNotEnabledException",
            "The request was rejected because trusted access is not enabled for IAM in Organizations.",
        )
    return organization


def _shown(organization: Organization) -> dict[str, Any]:
    features = {
        "RootCredentialsManagement": organization.root_credentials_management,
        "RootSessions": organization.root_sessions,
    }
    return {"OrganizationId": organization.id, "EnabledFeatures": [name for name, is_on in features.items() if is_on]}


def _changed(tx: Transaction, organization: Organization, **features: bool) -> dict[str, Any]:
    changed = msgspec.structs.replace(organization, **features)
    if changed != organization:
        tx.put(ORGANIZATIONS, changed)
    return _shown(changed)


@operation("ListOrganizationsFeatures")
def list_organizations_features(call: Call[shapes.ListOrganizationsFeaturesRequest], tx: Transaction) -> dict[str, Any]:
    """List the features that are on."""
    return _shown(_administered(call, tx))


@operation("EnableOrganizationsRootCredentialsManagement")
def enable_organizations_root_credentials_management(
    call: Call[shapes.EnableOrganizationsRootCredentialsManagementRequest], tx: Transaction
) -> dict[str, Any]:
    """Manage the credentials of member accounts' root users centrally; accounts made later have none."""
    return _changed(tx, _managed(call, tx), root_credentials_management=True)


@operation("EnableOrganizationsRootSessions")
def enable_organizations_root_sessions(
    call: Call[shapes.EnableOrganizationsRootSessionsRequest], tx: Transaction
) -> dict[str, Any]:
    """Let privileged tasks be done in member accounts as their root users."""
    return _changed(tx, _managed(call, tx), root_sessions=True)


@operation("DisableOrganizationsRootCredentialsManagement")
def disable_organizations_root_credentials_management(
    call: Call[shapes.DisableOrganizationsRootCredentialsManagementRequest], tx: Transaction
) -> dict[str, Any]:
    """Leave the credentials of member accounts' root users to the accounts again."""
    return _changed(tx, _administered(call, tx), root_credentials_management=False)


@operation("DisableOrganizationsRootSessions")
def disable_organizations_root_sessions(
    call: Call[shapes.DisableOrganizationsRootSessionsRequest], tx: Transaction
) -> dict[str, Any]:
    """Let nobody act as the root user of a member account."""
    return _changed(tx, _administered(call, tx), root_sessions=False)
