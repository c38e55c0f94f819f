"""Users. Source: `iam-sts` reference, sections 4 and 5."""

from typing import Any

from remit.clock import whole_second
from remit.directory import users as directory
from remit.directory.accounts import known_account
from remit.directory.users import User
from remit.errors import ValidationError
from remit.request import Call, CallerKind
from remit.services.iam import shapes
from remit.services.iam.boundaries import checked_boundary
from remit.services.iam.entities import name_key, user_shape
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def named_user(call: Call[shapes.GetUserRequest], tx: Transaction) -> User | None:
    """Find the user that *call* is about: the one it names, else the one that signed; None when that is the root user.

    Raises:
        NotFound: there is no such user.
        ValidationError: the call names none, and a role or a federated user signed it.
    """
    name = call.input.get("UserName")
    if name is not None:
        return directory.user(tx, call.account, name)
    if call.caller.kind is CallerKind.ROOT:
        return None
    if call.caller.kind is not CallerKind.USER:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return directory.user(tx, call.account, call.caller.name)


@operation("CreateUser")
def create_user(call: Call[shapes.CreateUserRequest], tx: Transaction) -> shapes.CreateUserResponse:
    """Create a user that has no permissions and no credentials.

    Raises:
        AlreadyExists: the account has a user of that name, in whatever path.
        QuotaExceeded: the account has as many users as its quota allows.
    """
    asked = call.input
    user = directory.create_user(
        tx,
        call.account,
        asked["UserName"],
        path=asked.get("Path", "/"),
        tags=new_tags(asked.get("Tags", []), fold=True),
        boundary=checked_boundary(call, tx, asked.get("PermissionsBoundary")),
        partition=call.partition,
        at=call.at,
    )
    return {"User": user_shape(user, full=True)}


@operation("GetUser")
def get_user(call: Call[shapes.GetUserRequest], tx: Transaction) -> shapes.GetUserResponse:
    """Show a user, or who signed."""
    user = named_user(call, tx)
    return {"User": root_shape(call, tx) if user is None else user_shape(user, full=True)}


def root_shape(call: Call[Any], tx: Transaction) -> shapes.User:
    """Show the root user, who is no IAM user, as one (recorded)."""
    account = known_account(tx, call.account)
    return {
        "Path": "/",
        "UserName": account.name,
        "UserId": call.account,
        "Arn": f"arn:{call.partition}:iam::{call.account}:root",
        "CreateDate": whole_second(account.created_at),
    }


@operation("ListUsers")
def list_users(call: Call[shapes.ListUsersRequest], tx: Transaction) -> shapes.ListUsersResponse:
    """List the users below a path."""
    found = with_prefix(call, directory.users(tx, call.account), lambda user: user.path)
    users, more = page(call, tx, found, name_key)
    return {"Users": [user_shape(user, full=False) for user in users], **more}


@operation("UpdateUser")
def update_user(call: Call[shapes.UpdateUserRequest], tx: Transaction) -> None:
    """Give a user another name or path. The permission is needed for the new name, too."""
    asked = call.input
    user = directory.user(tx, call.account, asked["UserName"])
    name, path = asked.get("NewUserName", user.name), asked.get("NewPath", user.path)
    if (name, path) == (user.name, user.path):
        return
    call.require("iam:UpdateUser", f"arn:{user.partition}:iam::{call.account}:user{path}{name}")
    directory.rename_user(tx, user, name=name, path=path)


@operation("DeleteUser")
def delete_user(call: Call[shapes.DeleteUserRequest], tx: Transaction) -> None:
    """Delete a user that has nothing left."""
    directory.delete_user(tx, directory.user(tx, call.account, call.input["UserName"]))
