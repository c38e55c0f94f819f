"""Everything that authorization in an account is made of, in one stream of pages.

Users come first, then groups, roles and managed policies, each by name. A page also ends where its documents would get
too long, so that no page keeps others waiting.
Source: `iam-sts` reference, sections 1.2, 1.5 and 15.
"""

from datetime import datetime
from typing import Any, cast

from remit.clock import whole_second
from remit.directory import groups as group_directory
from remit.directory import instance_profiles as instance_profile_directory
from remit.directory import policies as policy_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import Holder, attached_policies
from remit.directory.aws_managed import aws_managed_policy, is_aws_managed
from remit.directory.groups import GROUPS, Group
from remit.directory.policies import Policy
from remit.directory.principals import show_principals
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS, User
from remit.ids import AccountId
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.documents import encoded
from remit.services.iam.entities import (
    attached_shape,
    boundary_shape,
    instance_profile_shape,
    last_used_shape,
    name_key,
    policy_shape,
    tag_list,
    version_shape,
)
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.store import Transaction

_Entity = User | Group | Role | Policy
_ORDER: dict[type[_Entity], str] = {User: "1", Group: "2", Role: "3", Policy: "4"}
_LOCAL, _AWS = "LocalManagedPolicy", "AWSManagedPolicy"
_FILTERS = ("User", "Group", "Role", _LOCAL, _AWS)
# So much takes up to 30 ms: the characters of documents, and everything else about an entity counted in the same coin.
_PAGE_CHARACTERS = 500_000
_BESIDES_DOCUMENTS: dict[type[_Entity], int] = {User: 500, Group: 500, Role: 2_000, Policy: 500}


@operation("GetAccountAuthorizationDetails")
def get_account_authorization_details(
    call: Call[shapes.GetAccountAuthorizationDetailsRequest], tx: Transaction
) -> shapes.GetAccountAuthorizationDetailsResponse:
    """Show users, groups, roles and policies with all that they may do; of AWS's policies those that somebody has."""
    wanted = frozenset(call.input.get("Filter", ()) or _FILTERS)
    found, more = page(call, tx, _stream(tx, call.account, wanted), _key, size=_characters, size_max=_PAGE_CHARACTERS)
    response: shapes.GetAccountAuthorizationDetailsResponse = {
        "UserDetailList": [_user(tx, entity) for entity in found if isinstance(entity, User)],
        "GroupDetailList": [_group(tx, entity) for entity in found if isinstance(entity, Group)],
        "RoleDetailList": [_role(tx, entity, call.at) for entity in found if isinstance(entity, Role)],
        "Policies": [_policy(tx, call.account, entity) for entity in found if isinstance(entity, Policy)],
        **more,
    }
    return response


def _stream(tx: Transaction, account: AccountId, wanted: frozenset[str]) -> list[_Entity]:
    found: list[_Entity] = []
    if "User" in wanted:
        found += user_directory.users(tx, account)
    if "Group" in wanted:
        found += group_directory.groups(tx, account)
    if "Role" in wanted:
        found += role_directory.roles(tx, account)
    policies: list[Policy] = []
    if _LOCAL in wanted:
        policies += policy_directory.policies(tx, account)
    if _AWS in wanted:
        policies += _aws_managed_in_use(tx, account)
    return [*found, *sorted(policies, key=_key)]


def _aws_managed_in_use(tx: Transaction, account: AccountId) -> list[Policy]:
    principals: list[User | Role] = [*tx.select(USERS, "account", account), *tx.select(ROLES, "account", account)]
    arns = {arn for principal in principals for arn in principal.attached}
    arns |= {principal.boundary for principal in principals}
    arns |= {arn for group in tx.select(GROUPS, "account", account) for arn in group.attached}
    return [policy for arn in arns if is_aws_managed(arn) and (policy := aws_managed_policy(arn)) is not None]


def _key(entity: _Entity) -> str:
    # AWS's policies and the account's own may have the same name; the ARN tells them apart.
    return f"{_ORDER[type(entity)]} {name_key(entity)} {entity.arn}"


def _characters(entity: _Entity) -> int:
    if isinstance(entity, Policy):
        documents = [version.document for version in entity.versions]
    else:
        documents = list(entity.inline.values())
    return _BESIDES_DOCUMENTS[type(entity)] + sum(map(len, documents))


def _inline(holder: Holder) -> list[shapes.PolicyDetail]:
    return [
        {"PolicyName": name, "PolicyDocument": encoded(holder.inline[name])}
        for name in sorted(holder.inline, key=str.lower)
    ]


def _attached(tx: Transaction, holder: Holder) -> list[shapes.AttachedPolicy]:
    return [attached_shape(policy) for policy in attached_policies(tx, holder)]


def _user(tx: Transaction, user: User) -> shapes.UserDetail:
    shape: shapes.UserDetail = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": whole_second(user.created_at),
        "GroupList": [group.name for group in group_directory.groups_of(tx, user)],
        "AttachedManagedPolicies": _attached(tx, user),
        "Tags": tag_list(user.tags),
    }
    if user.inline:  # of groups and roles the list is there even when it is empty (recorded)
        shape["UserPolicyList"] = _inline(user)
    if user.boundary:
        shape["PermissionsBoundary"] = boundary_shape(user.boundary)
    return shape


def _group(tx: Transaction, group: Group) -> shapes.GroupDetail:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": whole_second(group.created_at),
        "GroupPolicyList": _inline(group),
        "AttachedManagedPolicies": _attached(tx, group),
    }


def _role(tx: Transaction, role: Role, at: datetime) -> shapes.RoleDetail:
    profiles = instance_profile_directory.instance_profiles_of(tx, role.id)
    shape: shapes.RoleDetail = {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": whole_second(role.created_at),
        "AssumeRolePolicyDocument": encoded(show_principals(tx, role.trust)),
        "InstanceProfileList": [instance_profile_shape(tx, profile) for profile in profiles],
        "RolePolicyList": _inline(role),
        "AttachedManagedPolicies": _attached(tx, role),
        "Tags": tag_list(role.tags),
        "RoleLastUsed": last_used_shape(role, at),
    }
    if role.boundary:
        shape["PermissionsBoundary"] = boundary_shape(role.boundary)
    return shape


def _policy(tx: Transaction, account: AccountId, policy: Policy) -> shapes.ManagedPolicyDetail:
    shown: dict[str, Any] = {  # of a policy without tags, which details do not have
        **policy_shape(tx, account, policy),
        "PolicyVersionList": [
            {**version_shape(policy, version), "Document": encoded(version.document)}
            for version in reversed(policy.versions)
        ],
    }
    if policy.description is not None:
        shown["Description"] = policy.description
    return cast("shapes.ManagedPolicyDetail", shown)
