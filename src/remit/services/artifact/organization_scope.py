"""Whether an account may accept an agreement for its organization, and what it has to do before it may.

Source: `artifact` reference, sections 4 and 6.
"""

from remit.directory.facts import Noun
from remit.directory.organizations import FeatureSet, Organization, organization_of
from remit.directory.service_linked_roles import has_service_linked_role, linked_role_name
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.services.artifact.errors import conflict
from remit.store import Transaction

_TRUSTED = "aws-artifact-account-sync.amazonaws.com"
_LINKED = "artifact.amazonaws.com"


def organization_to_bind(tx: Transaction, account: AccountId, agreement: str) -> Organization:
    """Return the organization that *account* may bind.

    Raises:
        AccessDenied: the account is a member.
        ServiceError: ConflictException, it is in none, or something has to be done before.
    """
    organization = organization_of(tx, account)
    if organization is None:
        raise conflict(
            Noun.AGREEMENT,
            agreement,
            "The account is in no organization. Accept the agreement for the account, or create an organization.",
        )
    if not organization.is_managed_by(account):
        raise AccessDenied(
            "Only the management account can accept agreements for its organization. "
            f"Sign in to the account {organization.account}, or accept the agreement for this account."
        )
    if organization.feature_set is not FeatureSet.ALL:
        raise conflict(Noun.AGREEMENT, agreement, "The organization needs all features: call EnableAllFeatures first.")
    if _TRUSTED not in organization.trusted_services:
        raise conflict(
            Noun.AGREEMENT,
            agreement,
            f"Artifact has no trusted access: call EnableAWSServiceAccess for {_TRUSTED} first.",
        )
    if not has_service_linked_role(tx, account, _LINKED):
        raise conflict(
            Noun.AGREEMENT,
            agreement,
            f"The role {linked_role_name(_LINKED)} is missing: call CreateServiceLinkedRole for {_LINKED} first.",
        )
    return organization
