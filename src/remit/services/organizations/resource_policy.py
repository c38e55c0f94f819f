"""The organization's resource policy, by which it delegates the work on policies to member accounts.

Source: `organizations` reference, 3.8 and 9.5.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Any

from remit.arn import Arn
from remit.directory.organizations import Organization, PolicyType, member_accounts
from remit.directory.organizations.resource_policies import (
    RESOURCE_POLICIES,
    OrganizationResourcePolicy,
    known_resource_policy,
    put_resource_policy,
)
from remit.errors import ServiceError
from remit.policy import DocumentMalformed, PrincipalType, Statement, parse
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.errors import invalid_input
from remit.services.organizations.registry import DELEGABLE, By, organization_operation
from remit.services.organizations.tags import new_tags
from remit.store import Transaction

_SERVICE = "organizations:"
_DELEGABLE = frozenset(f"{_SERVICE}{name}".lower() for name in DELEGABLE)
_POLICY_TYPE = "organizations:policytype"


@organization_operation("PutResourcePolicy", By.MANAGEMENT)
def put_resource_policy_(
    call: Call[shapes.PutResourcePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Give the organization a resource policy, in the place of the one it has."""
    content = call.input["Content"]
    check_resource_policy(tx, organization, content)
    tags = new_tags(tx, organization, "organizations:resourcepolicy", call.input)
    return _shape(organization, put_resource_policy(tx, organization, content, tags))


@organization_operation("DescribeResourcePolicy", By.ADMINISTRATORS)
def describe_resource_policy(call: Call[Any], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """Show the resource policy."""
    del call
    return _shape(organization, known_resource_policy(tx, organization))


@organization_operation("DeleteResourcePolicy", By.MANAGEMENT)
def delete_resource_policy(call: Call[Any], tx: Transaction, organization: Organization) -> None:
    """Delete the resource policy: nothing is delegated any more."""
    del call
    tx.delete(RESOURCE_POLICIES, known_resource_policy(tx, organization))


def _shape(organization: Organization, policy: OrganizationResourcePolicy) -> dict[str, Any]:
    summary = {"Id": policy.id, "Arn": organization.arn_of("resourcepolicy", policy.id)}
    return {"ResourcePolicy": {"ResourcePolicySummary": summary, "Content": policy.content}}


def check_resource_policy(tx: Transaction, organization: Organization, content: str) -> None:
    """Look whether *content* can be the resource policy of *organization*.

    Raises:
        ServiceError: it cannot.
    """
    try:
        document = parse(content)
    except DocumentMalformed:
        raise invalid_input("INVALID_RESOURCE_POLICY_JSON", "You provided an invalid resource policy.") from None
    members = {account.id for account in member_accounts(tx, organization)} - {organization.account}
    for statement in document.statements:
        _check_principals(statement, members)
        _check_actions(statement)
        _check_resources(statement, organization)
        _check_types(statement)


def _check_principals(statement: Statement, members: Collection[str]) -> None:
    """Refuse a statement that names anybody but members: their accounts, users, roles."""
    principal = statement.principal
    if principal is None or principal.is_everyone or statement.not_principal is not None:
        raise _invalid_principal()
    for entry in principal.entries:
        account = entry.name if entry.name.isdigit() else _account_of(entry.name)
        if entry.type is not PrincipalType.AWS or account not in members:
            raise _invalid_principal()


def _account_of(name: str) -> str:
    try:
        arn = Arn.parse(name)
    except ValueError:
        return ""
    return arn.account if arn.service == "iam" else ""


def _invalid_principal() -> ServiceError:
    return invalid_input("INVALID_PRINCIPAL", "The resource policy has a principal that isn't a member account.")


def _check_actions(statement: Statement) -> None:
    """Refuse actions that cannot be delegated; a pattern must mean one that can, and delegates no others."""
    for action in statement.actions:
        pattern = action.text.lower()
        if not pattern.startswith(_SERVICE) or not any(fnmatchcase(name, pattern) for name in _DELEGABLE):
            raise _unsupported_action()
    if statement.not_actions:
        raise _unsupported_action()


def _unsupported_action() -> ServiceError:
    return invalid_input(
        "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", "The resource policy has an action that can't be delegated."
    )


def _check_resources(statement: Statement, organization: Organization) -> None:
    own = f"arn:{organization.partition}:organizations::{organization.account}:"
    awss = f"arn:{organization.partition}:organizations::aws:policy/"
    for resource in (*statement.resources, *statement.not_resources):
        if resource.text != "*" and not resource.text.startswith((own, awss)):
            raise invalid_input(
                "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY",
                "The resource policy has a resource that isn't of your organization.",
            )


def _check_types(statement: Statement) -> None:
    """Refuse types of policies that there are not, where a statement compares them exactly."""
    known = {type_.value for type_ in PolicyType}
    for condition in statement.conditions:
        if condition.key == _POLICY_TYPE and "Like" not in condition.operator_name:
            for value in condition.values:
                if value.text not in known:
                    raise invalid_input(
                        "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
                        "The resource policy has a policy type that can't be delegated.",
                    )
