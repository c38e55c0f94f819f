"""Managed policies on users, groups and roles. Source: `iam-sts` reference, sections 1.3, 1.6, 4 and 7."""

from typing import Any

from remit.arn import Arn
from remit.directory import groups as group_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import Holder, attach, attached_policies, detach
from remit.directory.facts import Noun
from remit.directory.roles import SERVICE_LINKED_PATH
from remit.errors import ServiceError, ValidationError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import attached_shape, name_key
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.policies import visible_policy
from remit.services.iam.protected_roles import changeable_role
from remit.services.iam.registry import operation
from remit.store import Transaction


def _attach(call: Call[Any], tx: Transaction, holder: Holder) -> None:
    arn: str = call.input["PolicyArn"]
    try:
        Arn.parse(arn)
    except ValueError:
        raise ValidationError(f"ARN {arn} is not valid.") from None
    policy = visible_policy(call, tx, arn, Noun.ATTACHABLE_POLICY)
    if policy.path.startswith(SERVICE_LINKED_PATH):
        raise ServiceError("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
    attach(tx, holder, policy)


def _list(call: Call[Any], tx: Transaction, holder: Holder) -> dict[str, Any]:
    found = with_prefix(call, attached_policies(tx, holder), lambda policy: policy.path)
    policies, more = page(call, tx, sorted(found, key=name_key), name_key)
    return {"AttachedPolicies": [attached_shape(policy) for policy in policies], **more}


@operation("AttachUserPolicy")
def attach_user_policy(call: Call[shapes.AttachUserPolicyRequest], tx: Transaction) -> None:
    """Attach a managed policy to a user."""
    _attach(call, tx, user_directory.user(tx, call.account, call.input["UserName"]))


@operation("DetachUserPolicy")
def detach_user_policy(call: Call[shapes.DetachUserPolicyRequest], tx: Transaction) -> None:
    """Take a managed policy off a user."""
    detach(tx, user_directory.user(tx, call.account, call.input["UserName"]), call.input["PolicyArn"])


@operation("ListAttachedUserPolicies")
def list_attached_user_policies(call: Call[shapes.ListAttachedUserPoliciesRequest], tx: Transaction) -> dict[str, Any]:
    """List the managed policies of a user."""
    return _list(call, tx, user_directory.user(tx, call.account, call.input["UserName"]))


@operation("AttachGroupPolicy")
def attach_group_policy(call: Call[shapes.AttachGroupPolicyRequest], tx: Transaction) -> None:
    """Attach a managed policy to a group."""
    _attach(call, tx, group_directory.group(tx, call.account, call.input["GroupName"]))


@operation("DetachGroupPolicy")
def detach_group_policy(call: Call[shapes.DetachGroupPolicyRequest], tx: Transaction) -> None:
    """Take a managed policy off a group."""
    detach(tx, group_directory.group(tx, call.account, call.input["GroupName"]), call.input["PolicyArn"])


@operation("ListAttachedGroupPolicies")
def list_attached_group_policies(
    call: Call[shapes.ListAttachedGroupPoliciesRequest], tx: Transaction
) -> dict[str, Any]:
    """List the managed policies of a group."""
    return _list(call, tx, group_directory.group(tx, call.account, call.input["GroupName"]))


@operation("AttachRolePolicy")
def attach_role_policy(call: Call[shapes.AttachRolePolicyRequest], tx: Transaction) -> None:
    """Attach a managed policy to a role."""
    _attach(call, tx, changeable_role(call, tx))


@operation("DetachRolePolicy")
def detach_role_policy(call: Call[shapes.DetachRolePolicyRequest], tx: Transaction) -> None:
    """Take a managed policy off a role."""
    detach(tx, changeable_role(call, tx), call.input["PolicyArn"])


@operation("ListAttachedRolePolicies")
def list_attached_role_policies(call: Call[shapes.ListAttachedRolePoliciesRequest], tx: Transaction) -> dict[str, Any]:
    """List the managed policies of a role."""
    return _list(call, tx, role_directory.role(tx, call.account, call.input["RoleName"]))
