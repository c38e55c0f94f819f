"""Where the operations of Organizations register themselves, each with who may call it.

The policies of the caller's own account come first, as everywhere. Then the service asks who the caller is to the
organization: most operations are for the management account, many of those that read for delegated administrators,
and those that its resource policy delegates for whom it names.
Source: `organizations` reference, 3 (in brackets behind each operation), 9.5.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from functools import wraps
from typing import Any

from remit.directory.organizations import Organization, organization_of
from remit.directory.organizations.resource_policies import resource_policy_of
from remit.errors import AccessDenied, ServiceError
from remit.request import Call
from remit.services.organizations.errors import in_words_of_organizations, invalid, throttled
from remit.services.organizations.settlement import settle
from remit.services.service import Service
from remit.store import Transaction

ORGANIZATIONS = Service("organizations", in_words_of_organizations, invalid, throttled)

# Registers an operation that any account may call, in an organization or not.
operation = ORGANIZATIONS.operation

Handler = Callable[[Call[Any], Transaction, Organization], Mapping[str, Any] | None]

# What the resource policy of an organization can delegate (9.5), by the operation's name.
DELEGABLE = frozenset(
    {
        "AttachPolicy",
        "CreatePolicy",
        "DeletePolicy",
        "DescribeAccount",
        "DescribeCreateAccountStatus",
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "DetachPolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAWSServiceAccessForOrganization",
        "ListChildren",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListHandshakesForAccount",
        "ListHandshakesForOrganization",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
        "TagResource",
        "UntagResource",
        "UpdatePolicy",
    }
)


class By(Enum):
    """Who may call an operation, beside those to whom the resource policy delegates it."""

    MANAGEMENT = auto()  # the management account
    ADMINISTRATORS = auto()  # and the delegated administrators of any service
    MEMBERS = auto()  # every account of the organization


def organization_operation(name: str, by: By) -> Callable[[Handler], Handler]:
    """Register the decorated function, which gets the caller's organization as well."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def within(call: Call[Any], tx: Transaction) -> Mapping[str, Any] | None:
            organization = settle(tx, own_organization(call, tx), at=call.at)
            check_standing(call, tx, organization, by)
            return handler(call, tx, organization)

        operation(name)(within)
        return handler

    return register


def own_organization(call: Call[Any], tx: Transaction) -> Organization:
    """Return the organization that the caller's account is in.

    Raises:
        ServiceError: it is in none.
    """
    organization = organization_of(tx, call.account)
    if organization is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return organization


def check_standing(call: Call[Any], tx: Transaction, organization: Organization, by: By) -> None:
    """Look whether the caller's account may call the operation.

    Raises:
        AccessDenied: it may not.
    """
    if organization.is_managed_by(call.account) or by is By.MEMBERS:
        return
    if by is By.ADMINISTRATORS and organization.services_administered_by(call.account):
        return
    policy = resource_policy_of(tx, organization) if call.operation in DELEGABLE else None
    if policy is None or not call.is_granted_by(policy.content, organization.account):
        raise AccessDenied("You don't have permissions to access this resource.")
