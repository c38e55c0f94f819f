"""Roles and their trust policies. Source: `iam-sts` reference, sections 1.2, 4 and 6."""

import msgspec

from remit.directory import roles as directory
from remit.directory.principals import bind_principals
from remit.directory.roles import DEFAULT_SESSION_SECONDS, IDENTITY_CENTER_PATH, ROLES, SERVICE_LINKED_PATH, Role
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.boundaries import checked_boundary
from remit.services.iam.documents import accept_trust
from remit.services.iam.entities import last_used_shape, name_key, role_extras, role_shape
from remit.services.iam.errors import invalid_input
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.protected_roles import changeable_role, describable_role
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


@operation("CreateRole")
def create_role(call: Call[shapes.CreateRoleRequest], tx: Transaction) -> shapes.CreateRoleResponse:
    """Create a role that its trust policy lets others assume, and that may do nothing yet."""
    asked = call.input
    path = asked.get("Path", "/")
    for reserved in (SERVICE_LINKED_PATH, IDENTITY_CENTER_PATH):
        if path.startswith(reserved):
            raise invalid_input(f"The path {reserved} is reserved for roles that AWS creates.")
    accept_trust(asked["AssumeRolePolicyDocument"])
    role = directory.create_role(
        tx,
        call.account,
        asked["RoleName"],
        path=path,
        trust=bind_principals(tx, asked["AssumeRolePolicyDocument"], call.partition),
        description=asked.get("Description"),
        session_seconds_max=asked.get("MaxSessionDuration", DEFAULT_SESSION_SECONDS),
        signin_seconds_max=asked.get("MaxSigninSessionDuration"),
        tags=new_tags(asked.get("Tags", []), fold=True),
        boundary=checked_boundary(call, tx, asked.get("PermissionsBoundary")),
        partition=call.partition,
        at=call.at,
    )
    return {"Role": {**role_shape(tx, role), **role_extras(role)}}


@operation("GetRole")
def get_role(call: Call[shapes.GetRoleRequest], tx: Transaction) -> shapes.GetRoleResponse:
    """Show a role with all that belongs to it."""
    role = directory.role(tx, call.account, call.input["RoleName"])
    shape: shapes.Role = {**_listed(tx, role), **role_extras(role), "RoleLastUsed": last_used_shape(role, call.at)}
    return {"Role": shape}


@operation("ListRoles")
def list_roles(call: Call[shapes.ListRolesRequest], tx: Transaction) -> shapes.ListRolesResponse:
    """List the roles below a path, without tags and boundaries."""
    found = with_prefix(call, directory.roles(tx, call.account), lambda role: role.path)
    roles, more = page(call, tx, found, name_key)
    return {"Roles": [_listed(tx, role) for role in roles], **more}


def _listed(tx: Transaction, role: Role) -> shapes.Role:
    shape = role_shape(tx, role)
    shape["MaxSessionDuration"] = role.session_seconds_max
    if role.description is not None:
        shape["Description"] = role.description
    if role.signin_seconds_max is not None:
        shape["MaxSigninSessionDuration"] = role.signin_seconds_max
    return shape


@operation("UpdateRole")
def update_role(call: Call[shapes.UpdateRoleRequest], tx: Transaction) -> shapes.UpdateRoleResponse:
    """Change description and longest sessions; without a longest session the call sets it to its default (recorded)."""
    asked = call.input
    resets = asked.get("ResetMaxSigninSessionDuration", False)
    if resets and "MaxSigninSessionDuration" in asked:
        raise invalid_input("MaxSigninSessionDuration cannot be set and reset in the same request.")
    is_about_sessions = resets or "MaxSessionDuration" in asked or "MaxSigninSessionDuration" in asked
    role = changeable_role(call, tx) if is_about_sessions else describable_role(call, tx)
    changed = msgspec.structs.replace(
        role,
        description=asked.get("Description", role.description),
        session_seconds_max=asked.get("MaxSessionDuration", DEFAULT_SESSION_SECONDS),
        signin_seconds_max=None if resets else asked.get("MaxSigninSessionDuration", role.signin_seconds_max),
    )
    tx.put(ROLES, changed)
    return {}


@operation("UpdateRoleDescription")
def update_role_description(
    call: Call[shapes.UpdateRoleDescriptionRequest], tx: Transaction
) -> shapes.UpdateRoleDescriptionResponse:
    """Change the description of a role, and show the role."""
    role = msgspec.structs.replace(describable_role(call, tx), description=call.input["Description"])
    tx.put(ROLES, role)
    return {"Role": {**role_shape(tx, role), "Description": call.input["Description"], **role_extras(role)}}


@operation("UpdateAssumeRolePolicy")
def update_assume_role_policy(call: Call[shapes.UpdateAssumeRolePolicyRequest], tx: Transaction) -> None:
    """Replace the trust policy."""
    role = changeable_role(call, tx)
    document = call.input["PolicyDocument"]
    accept_trust(document)
    tx.put(ROLES, msgspec.structs.replace(role, trust=bind_principals(tx, document, role.partition)))


@operation("DeleteRole")
def delete_role(call: Call[shapes.DeleteRoleRequest], tx: Transaction) -> None:
    """Delete a role that has no policies left; its sessions end with it."""
    directory.delete_role(tx, changeable_role(call, tx))
