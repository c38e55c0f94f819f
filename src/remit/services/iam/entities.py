"""Entities as IAM's answers show them.

What is left out when, clients rely on: `iam-sts` reference, section 1.2.
"""

from datetime import datetime
from typing import TypedDict

from remit.clock import whole_second
from remit.directory.access_reports import TRACKED
from remit.directory.attachments import Holder, attachment_count, boundary_count
from remit.directory.groups import Group
from remit.directory.instance_profiles import InstanceProfile
from remit.directory.policies import Policy, PolicyVersion
from remit.directory.principals import show_principals
from remit.directory.roles import ROLES, Role
from remit.directory.users import User
from remit.ids import AccountId
from remit.services.iam import shapes
from remit.services.iam.documents import encoded
from remit.store import Transaction


def tag_list(tags: dict[str, str]) -> list[shapes.Tag]:
    """Show tags as the list of Key and Value that the wire has."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def boundary_shape(arn: str) -> shapes.AttachedPermissionsBoundary:
    """Show a permissions boundary; its type is `Policy`, whatever the model's enum says (recorded)."""
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def user_shape(user: User, *, full: bool) -> shapes.User:
    """Show a user; tags and boundary only in the *full* form of CreateUser and GetUser, and only when there are any."""
    shape: shapes.User = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": whole_second(user.created_at),
    }
    if user.password_last_used is not None:
        shape["PasswordLastUsed"] = whole_second(user.password_last_used)
    if full and user.tags:
        shape["Tags"] = tag_list(user.tags)
    if full and user.boundary:
        shape["PermissionsBoundary"] = boundary_shape(user.boundary)
    return shape


def group_shape(group: Group) -> shapes.Group:
    """Show a group."""
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": whole_second(group.created_at),
    }


def role_shape(tx: Transaction, role: Role) -> shapes.Role:
    """Show a role in the form that every answer has in common: as CreateRole gives it, without tags and boundary."""
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": whole_second(role.created_at),
        "AssumeRolePolicyDocument": encoded(show_principals(tx, role.trust)),
    }


def instance_profile_shape(tx: Transaction, profile: InstanceProfile) -> shapes.InstanceProfile:
    """Show an instance profile with the role in it, without tags."""
    role = tx.get(ROLES, profile.role)
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": whole_second(profile.created_at),
        "Roles": [] if role is None else [role_shape(tx, role)],
    }


def last_used_shape(role: Role, at: datetime) -> shapes.RoleLastUsed:
    """Show when and where a session of *role* was last used; empty when none was in the 400 days before *at*."""
    if role.last_used_at is None or at - role.last_used_at > TRACKED:
        return {}
    return {"LastUsedDate": whole_second(role.last_used_at), "Region": role.last_used_region}


class RoleExtras(TypedDict, total=False):
    """What a role is shown with when it has it."""

    Tags: list[shapes.Tag]
    PermissionsBoundary: shapes.AttachedPermissionsBoundary
    SourceRoleTemplate: shapes.SourceRoleTemplate


def role_extras(role: Role) -> RoleExtras:
    """Return tags, boundary and template of a role, as CreateRole and GetRole show them: only when there are any."""
    extras: RoleExtras = {}
    if role.tags:
        extras["Tags"] = tag_list(role.tags)
    if role.boundary:
        extras["PermissionsBoundary"] = boundary_shape(role.boundary)
    if role.template_arn:
        extras["SourceRoleTemplate"] = {
            "TemplateArn": role.template_arn,
            "TemplateMinorVersion": role.template_minor,
        }
    return extras


def policy_shape(tx: Transaction, account: AccountId, policy: Policy) -> shapes.Policy:
    """Show a managed policy as *account* sees it, without description and tags."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": f"v{policy.default}",
        "AttachmentCount": attachment_count(tx, account, policy.arn),
        "PermissionsBoundaryUsageCount": boundary_count(tx, account, policy.arn),
        "IsAttachable": True,
        "CreateDate": whole_second(policy.created_at),
        "UpdateDate": whole_second(policy.updated_at),
    }


def version_shape(policy: Policy, version: PolicyVersion) -> shapes.PolicyVersion:
    """Show a version of *policy*, without its document."""
    return {
        "VersionId": version.id,
        "IsDefaultVersion": version.number == policy.default,
        "CreateDate": whole_second(version.created_at),
    }


def attached_shape(policy: Policy) -> shapes.AttachedPolicy:
    """Show a policy in a list of attachments."""
    return {"PolicyName": policy.name, "PolicyArn": policy.arn}


def name_key(holder: Holder | Policy | InstanceProfile) -> str:
    """Return what lists of entities are sorted by."""
    return holder.name.lower()
