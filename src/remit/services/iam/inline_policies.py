"""Inline policies of users, groups and roles. Source: `iam-sts` reference, section 8."""

from typing import Any

from remit.directory import groups as group_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import Holder, delete_inline, inline_policy, put_inline
from remit.policy import PolicyType
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.documents import accept, encoded
from remit.services.iam.pages import page
from remit.services.iam.protected_roles import changeable_role
from remit.services.iam.registry import operation
from remit.store import Transaction


def _put(call: Call[Any], tx: Transaction, holder: Holder) -> None:
    document: str = call.input["PolicyDocument"]
    accept(document, PolicyType.INLINE)
    put_inline(tx, holder, call.input["PolicyName"], document)


def _document(call: Call[Any], holder: Holder) -> str:
    return encoded(inline_policy(holder, call.input["PolicyName"]))


def _names(call: Call[Any], tx: Transaction, holder: Holder) -> dict[str, Any]:
    names, more = page(call, tx, sorted(holder.inline), str)
    return {"PolicyNames": names, **more}


@operation("PutUserPolicy")
def put_user_policy(call: Call[shapes.PutUserPolicyRequest], tx: Transaction) -> None:
    """Write an inline policy into a user, over one of the same name."""
    _put(call, tx, user_directory.user(tx, call.account, call.input["UserName"]))


@operation("GetUserPolicy")
def get_user_policy(call: Call[shapes.GetUserPolicyRequest], tx: Transaction) -> shapes.GetUserPolicyResponse:
    """Show an inline policy of a user."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    return {
        "UserName": user.name,
        "PolicyName": call.input["PolicyName"],
        "PolicyDocument": _document(call, user),
    }


@operation("DeleteUserPolicy")
def delete_user_policy(call: Call[shapes.DeleteUserPolicyRequest], tx: Transaction) -> None:
    """Remove an inline policy from a user."""
    delete_inline(tx, user_directory.user(tx, call.account, call.input["UserName"]), call.input["PolicyName"])


@operation("ListUserPolicies")
def list_user_policies(call: Call[shapes.ListUserPoliciesRequest], tx: Transaction) -> dict[str, Any]:
    """List the names of a user's inline policies."""
    return _names(call, tx, user_directory.user(tx, call.account, call.input["UserName"]))


@operation("PutGroupPolicy")
def put_group_policy(call: Call[shapes.PutGroupPolicyRequest], tx: Transaction) -> None:
    """Write an inline policy into a group, over one of the same name."""
    _put(call, tx, group_directory.group(tx, call.account, call.input["GroupName"]))


@operation("GetGroupPolicy")
def get_group_policy(call: Call[shapes.GetGroupPolicyRequest], tx: Transaction) -> shapes.GetGroupPolicyResponse:
    """Show an inline policy of a group."""
    group = group_directory.group(tx, call.account, call.input["GroupName"])
    return {
        "GroupName": group.name,
        "PolicyName": call.input["PolicyName"],
        "PolicyDocument": _document(call, group),
    }


@operation("DeleteGroupPolicy")
def delete_group_policy(call: Call[shapes.DeleteGroupPolicyRequest], tx: Transaction) -> None:
    """Remove an inline policy from a group."""
    delete_inline(tx, group_directory.group(tx, call.account, call.input["GroupName"]), call.input["PolicyName"])


@operation("ListGroupPolicies")
def list_group_policies(call: Call[shapes.ListGroupPoliciesRequest], tx: Transaction) -> dict[str, Any]:
    """List the names of a group's inline policies."""
    return _names(call, tx, group_directory.group(tx, call.account, call.input["GroupName"]))


@operation("PutRolePolicy")
def put_role_policy(call: Call[shapes.PutRolePolicyRequest], tx: Transaction) -> None:
    """Write an inline policy into a role, over one of the same name."""
    _put(call, tx, changeable_role(call, tx))


@operation("GetRolePolicy")
def get_role_policy(call: Call[shapes.GetRolePolicyRequest], tx: Transaction) -> shapes.GetRolePolicyResponse:
    """Show an inline policy of a role."""
    role = role_directory.role(tx, call.account, call.input["RoleName"])
    return {
        "RoleName": role.name,
        "PolicyName": call.input["PolicyName"],
        "PolicyDocument": _document(call, role),
    }


@operation("DeleteRolePolicy")
def delete_role_policy(call: Call[shapes.DeleteRolePolicyRequest], tx: Transaction) -> None:
    """Remove an inline policy from a role."""
    delete_inline(tx, changeable_role(call, tx), call.input["PolicyName"])


@operation("ListRolePolicies")
def list_role_policies(call: Call[shapes.ListRolePoliciesRequest], tx: Transaction) -> dict[str, Any]:
    """List the names of a role's inline policies."""
    return _names(call, tx, role_directory.role(tx, call.account, call.input["RoleName"]))
