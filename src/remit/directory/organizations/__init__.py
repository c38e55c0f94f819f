"""Organizations: accounts that one of them, the management account, governs.

    organization    the organization and its root
    units           organizational units, the tree below the root
    members         accounts in it: how they join, move and leave
    policies        policies of every type, and what is attached without being asked
    attachments     which policies are attached to what; which types are enabled
    tree            ancestors, paths and the levels of policies that bind an account

Its accounts name the organization (`Account.membership`), so an account is in one at most.
Source: AWS Organizations User Guide, "Terminology and concepts"; `organizations` reference.
"""

from remit.directory.organizations.members import join_organization, member_accounts, organization_of
from remit.directory.organizations.organization import (
    ORGANIZATIONS,
    FeatureSet,
    Organization,
    create_organization,
)
from remit.directory.organizations.policies import ORGANIZATION_POLICIES, OrganizationPolicy, PolicyType
from remit.directory.organizations.units import UNITS, OrganizationalUnit

__all__ = [
    "ORGANIZATIONS",
    "ORGANIZATION_POLICIES",
    "UNITS",
    "FeatureSet",
    "Organization",
    "OrganizationPolicy",
    "OrganizationalUnit",
    "PolicyType",
    "create_organization",
    "join_organization",
    "member_accounts",
    "organization_of",
]
