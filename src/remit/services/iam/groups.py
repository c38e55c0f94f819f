"""Groups and their members. Source: `iam-sts` reference, sections 4 and 5."""

from remit.directory import groups as directory
from remit.directory import users as user_directory
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import group_shape, name_key, user_shape
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.registry import operation
from remit.store import Transaction


@operation("CreateGroup")
def create_group(call: Call[shapes.CreateGroupRequest], tx: Transaction) -> shapes.CreateGroupResponse:
    """Create a group without members and policies."""
    group = directory.create_group(
        tx,
        call.account,
        call.input["GroupName"],
        path=call.input.get("Path", "/"),
        partition=call.partition,
        at=call.at,
    )
    return {"Group": group_shape(group)}


@operation("GetGroup")
def get_group(call: Call[shapes.GetGroupRequest], tx: Transaction) -> shapes.GetGroupResponse:
    """Show a group and a page of its members."""
    group = directory.group(tx, call.account, call.input["GroupName"])
    users, more = page(call, tx, directory.members(tx, group), name_key)
    return {"Group": group_shape(group), "Users": [user_shape(user, full=False) for user in users], **more}


@operation("ListGroups")
def list_groups(call: Call[shapes.ListGroupsRequest], tx: Transaction) -> shapes.ListGroupsResponse:
    """List the groups below a path."""
    found = with_prefix(call, directory.groups(tx, call.account), lambda group: group.path)
    groups, more = page(call, tx, found, name_key)
    return {"Groups": [group_shape(group) for group in groups], **more}


@operation("UpdateGroup")
def update_group(call: Call[shapes.UpdateGroupRequest], tx: Transaction) -> None:
    """Give a group another name or path. The permission is needed for the new name, too."""
    asked = call.input
    group = directory.group(tx, call.account, asked["GroupName"])
    name, path = asked.get("NewGroupName", group.name), asked.get("NewPath", group.path)
    if (name, path) == (group.name, group.path):
        return
    call.require("iam:UpdateGroup", f"arn:{group.partition}:iam::{call.account}:group{path}{name}")
    directory.rename_group(tx, group, name=name, path=path)


@operation("DeleteGroup")
def delete_group(call: Call[shapes.DeleteGroupRequest], tx: Transaction) -> None:
    """Delete a group that has neither members nor policies."""
    directory.delete_group(tx, directory.group(tx, call.account, call.input["GroupName"]))


@operation("AddUserToGroup")
def add_user_to_group(call: Call[shapes.AddUserToGroupRequest], tx: Transaction) -> None:
    """Put a user into a group. The user is looked up first (recorded)."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    directory.add_member(tx, directory.group(tx, call.account, call.input["GroupName"]), user)


@operation("RemoveUserFromGroup")
def remove_user_from_group(call: Call[shapes.RemoveUserFromGroupRequest], tx: Transaction) -> None:
    """Take a user out of a group; no error when it is not in it (recorded)."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    directory.remove_member(tx, directory.group(tx, call.account, call.input["GroupName"]), user)


@operation("ListGroupsForUser")
def list_groups_for_user(
    call: Call[shapes.ListGroupsForUserRequest], tx: Transaction
) -> shapes.ListGroupsForUserResponse:
    """List the groups a user is in."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    groups, more = page(call, tx, directory.groups_of(tx, user), name_key)
    return {"Groups": [group_shape(group) for group in groups], **more}
