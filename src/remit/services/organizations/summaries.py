"""Things of an organization as answers show them.

Source: `organizations` reference, 2 and 3.
"""

from typing import Any

from remit.directory.accounts import Account, AccountState
from remit.directory.organizations import (
    FeatureSet,
    Organization,
    OrganizationalUnit,
    OrganizationPolicy,
)
from remit.directory.organizations.attachments import Target
from remit.directory.organizations.members import known_member, membership_of
from remit.directory.organizations.tree import path_to
from remit.store import Transaction

ROOT_NAME = "Root"
# State -> the status that older clients read (4.2).
_STATUS = {
    AccountState.PENDING_ACTIVATION: "SUSPENDED",
    AccountState.ACTIVE: "ACTIVE",
    AccountState.SUSPENDED: "SUSPENDED",
    AccountState.PENDING_CLOSURE: "PENDING_CLOSURE",
    AccountState.CLOSED: "SUSPENDED",
}


def organization_shape(tx: Transaction, organization: Organization) -> dict[str, Any]:
    """Show an organization; of its policy types what AWS always shows, the truth is in the root."""
    management = known_member(tx, organization, organization.account)
    is_all = organization.feature_set is FeatureSet.ALL
    return {
        "Id": organization.id,
        "Arn": organization.arn,
        "FeatureSet": organization.feature_set.value,
        "MasterAccountArn": organization.arn_of("account", organization.account),
        "MasterAccountId": organization.account,
        "MasterAccountEmail": management.email,
        "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}] if is_all else [],
    }


def root_shape(organization: Organization) -> dict[str, Any]:
    """Show the root of an organization, with the types of policies that are enabled in it."""
    return {
        "Id": organization.root,
        "Arn": organization.root_arn,
        "Name": ROOT_NAME,
        "PolicyTypes": [{"Type": type_, "Status": "ENABLED"} for type_ in organization.policy_types],
    }


def unit_shape(tx: Transaction, organization: Organization, unit: OrganizationalUnit) -> dict[str, Any]:
    """Show a unit."""
    return {
        "Id": unit.id,
        "Arn": organization.arn_of("ou", unit.id),
        "Name": unit.name,
        "Path": path_to(tx, organization, unit.id),
    }


def account_shape(tx: Transaction, organization: Organization, account: Account) -> dict[str, Any]:
    """Show an account of the organization."""
    membership = membership_of(account)
    return {
        **_account(organization, account),
        "Paths": [f"{path_to(tx, organization, membership.parent)}{account.id}/"],
    }


def administrator_shape(organization: Organization, account: Account) -> dict[str, Any]:
    """Show a delegated administrator; it is one since it became that of its first service."""
    since = min(organization.services_administered_by(account.id).values())
    return {**_account(organization, account), "DelegationEnabledDate": since}


def _account(organization: Organization, account: Account) -> dict[str, Any]:
    membership = membership_of(account)
    return {
        "Id": account.id,
        "Arn": organization.arn_of("account", account.id),
        "Email": account.email,
        "Name": account.name,
        "Status": _STATUS[account.state],
        "State": account.state.value,
        "JoinedMethod": membership.method.value,
        "JoinedTimestamp": membership.joined_at,
    }


def policy_summary(policy: OrganizationPolicy) -> dict[str, Any]:
    """Show a policy without its content."""
    return {
        "Id": policy.id,
        "Arn": policy.arn,
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.type.value,
        "AwsManaged": policy.is_aws_managed,
    }


def policy_shape(policy: OrganizationPolicy) -> dict[str, Any]:
    """Show a policy."""
    return {"Policy": {"PolicySummary": policy_summary(policy), "Content": policy.content}}


def target_summary(organization: Organization, target: Target) -> dict[str, Any]:
    """Show what a policy is attached to."""
    match target:
        case Organization():
            found = (target.root, target.root_arn, ROOT_NAME, "ROOT")
        case OrganizationalUnit():
            found = (target.id, organization.arn_of("ou", target.id), target.name, "ORGANIZATIONAL_UNIT")
        case Account():
            found = (target.id, organization.arn_of("account", target.id), target.name, "ACCOUNT")
    return dict(zip(("TargetId", "Arn", "Name", "Type"), found, strict=True))
