"""Which policies are attached to what.

Source: `organizations` reference, 3.5.
"""

from typing import Any

from remit.directory.organizations import Organization, PolicyType
from remit.directory.organizations.attachments import (
    Targets,
    attach,
    attached_to,
    detach,
    find_target,
    targets_of,
)
from remit.directory.organizations.policies import known_policy
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.pages import numbered
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.summaries import policy_summary, target_summary
from remit.store import Transaction


@organization_operation("AttachPolicy", By.MANAGEMENT)
def attach_policy(call: Call[shapes.AttachPolicyRequest], tx: Transaction, organization: Organization) -> None:
    """Attach a policy to the root, a unit or an account, as its newest."""
    policy = known_policy(tx, organization, call.input["PolicyId"])
    attach(tx, organization, policy, find_target(tx, organization, call.input["TargetId"]))


@organization_operation("DetachPolicy", By.MANAGEMENT)
def detach_policy(call: Call[shapes.DetachPolicyRequest], tx: Transaction, organization: Organization) -> None:
    """Take a policy from the root, a unit or an account."""
    policy = known_policy(tx, organization, call.input["PolicyId"])
    detach(tx, organization, policy, find_target(tx, organization, call.input["TargetId"]))


@organization_operation("ListPoliciesForTarget", By.ADMINISTRATORS)
def list_policies_for_target(
    call: Call[shapes.ListPoliciesForTargetRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the policies of a type that are attached to the target itself."""
    type_ = PolicyType(call.input["Filter"])
    target = find_target(tx, organization, call.input["TargetId"])
    ids = attached_to(target, type_) if type_ in organization.policy_types else ()
    found, following = numbered(call, tx, ids)
    return {"Policies": [policy_summary(known_policy(tx, organization, id_)) for id_ in found], **following}


@organization_operation("ListTargetsForPolicy", By.ADMINISTRATORS)
def list_targets_for_policy(
    call: Call[shapes.ListTargetsForPolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List what a policy is attached to; a page of one that is nearly everywhere may be short."""
    policy = known_policy(tx, organization, call.input["PolicyId"])
    is_everywhere = policy.is_aws_managed and policy.type in organization.policy_types
    every = Targets(tx, organization) if is_everywhere else targets_of(tx, organization, policy)
    page, following = numbered(call, tx, every)
    found = [target for target in page if policy.id in attached_to(target, policy.type)]
    return {"Targets": [target_summary(organization, target) for target in found], **following}
