"""Policies of an organization: made, shown, changed, deleted.

Source: `organizations` reference, 3.5 and 5.
"""

from typing import Any

from remit.directory.facts import Noun
from remit.directory.organizations import ORGANIZATION_POLICIES, Organization, OrganizationPolicy, PolicyType
from remit.directory.organizations.attachments import is_attached
from remit.directory.organizations.policies import (
    AWS_MANAGED,
    create_policy,
    delete_policy,
    in_partition,
    known_policy,
    update_policy,
)
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.contents import check_content
from remit.services.organizations.pages import page
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.summaries import policy_shape, policy_summary
from remit.services.organizations.tags import new_tags
from remit.store import Transaction

_TO_CHANGE = Noun.ORGANIZATION_POLICY_TO_CHANGE


def key_of_policy(policy: OrganizationPolicy) -> str:
    """Return what lists of policies are sorted by."""
    return f"{policy.created_at}{policy.id}"


@organization_operation("CreatePolicy", By.MANAGEMENT)
def create_policy_(
    call: Call[shapes.CreatePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Make a policy that is attached to nothing; its type need not be enabled."""
    asked = call.input
    type_ = PolicyType(asked["Type"])
    tags = new_tags(tx, organization, "organizations:policy", asked)
    policy = create_policy(
        tx,
        organization,
        type_,
        name=asked["Name"],
        description=asked["Description"],
        content=asked["Content"],
        tags=tags,
        at=call.at,
    )
    check_content(type_, policy.content)
    return policy_shape(policy)


@organization_operation("DescribePolicy", By.ADMINISTRATORS)
def describe_policy(
    call: Call[shapes.DescribePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Show a policy with its content."""
    return policy_shape(known_policy(tx, organization, call.input["PolicyId"]))


@organization_operation("UpdatePolicy", By.MANAGEMENT)
def update_policy_(
    call: Call[shapes.UpdatePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Change a policy's name, description or content, for everything it is attached to."""
    asked = call.input
    content = asked.get("Content")
    policy = update_policy(
        tx,
        organization,
        known_policy(tx, organization, asked["PolicyId"], noun=_TO_CHANGE),
        name=asked.get("Name"),
        description=asked.get("Description"),
        content=content,
        at=call.at,
    )
    if content is not None:
        check_content(policy.type, content)
    return policy_shape(policy)


@organization_operation("DeletePolicy", By.MANAGEMENT)
def delete_policy_(call: Call[shapes.DeletePolicyRequest], tx: Transaction, organization: Organization) -> None:
    """Delete a policy that is attached to nothing."""
    policy = known_policy(tx, organization, call.input["PolicyId"], noun=_TO_CHANGE)
    delete_policy(tx, policy, is_attached=is_attached(tx, organization, policy))


@organization_operation("ListPolicies", By.ADMINISTRATORS)
def list_policies(
    call: Call[shapes.ListPoliciesRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the policies of a type, AWS's own first."""
    type_ = PolicyType(call.input["Filter"])
    own = tx.in_order(ORGANIZATION_POLICIES, "type", (organization.id, type_))
    managed = [in_partition(one, organization.partition) for one in AWS_MANAGED.values() if one.type is type_]
    policies, following = page(call, tx, [*managed, *own], key_of_policy)
    return {"Policies": [policy_summary(policy) for policy in policies], **following}
