"""Permissions boundaries of users and roles.

Source: IAM User Guide, "Permissions boundaries for IAM entities"; `iam-sts` reference, section 6.
"""

from collections.abc import Mapping
from typing import Any

from remit.arn import Arn
from remit.directory import users as user_directory
from remit.directory.attachments import policy_by_arn, put_boundary
from remit.directory.facts import Noun
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input
from remit.services.iam.protected_roles import changeable_role
from remit.services.iam.registry import operation
from remit.store import Transaction


def checked_boundary(call: Call[Any], tx: Transaction, arn: str | None) -> str:
    """Return the ARN of the policy that is to be a boundary; empty when *arn* is None.

    Raises:
        ServiceError: InvalidInput, it is no ARN of a policy.
        NotFound: there is no such policy.
    """
    if arn is None:
        return ""
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        raise invalid_input(f"ARN {arn} is not valid.") from None
    if parsed.service != "iam" or not parsed.resource.startswith("policy/"):
        raise invalid_input(f"ARN {arn} is not valid.")
    return policy_by_arn(tx, call.account, arn, Noun.BOUNDARY).arn


@operation("PutUserPermissionsBoundary")
def put_user_permissions_boundary(call: Call[shapes.PutUserPermissionsBoundaryRequest], tx: Transaction) -> None:
    """Set what a user's policies can give at most."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    put_boundary(tx, user, checked_boundary(call, tx, call.input["PermissionsBoundary"]))


@operation("DeleteUserPermissionsBoundary")
def delete_user_permissions_boundary(call: Call[Mapping[str, str]], tx: Transaction) -> None:
    """Take the boundary off a user; one that has none stays as it is."""
    put_boundary(tx, user_directory.user(tx, call.account, call.input["UserName"]), "")


@operation("PutRolePermissionsBoundary")
def put_role_permissions_boundary(call: Call[shapes.PutRolePermissionsBoundaryRequest], tx: Transaction) -> None:
    """Set what a role's policies can give at most."""
    role = changeable_role(call, tx)
    put_boundary(tx, role, checked_boundary(call, tx, call.input["PermissionsBoundary"]))


@operation("DeleteRolePermissionsBoundary")
def delete_role_permissions_boundary(call: Call[Mapping[str, str]], tx: Transaction) -> None:
    """Take the boundary off a role; one that has none stays as it is."""
    put_boundary(tx, changeable_role(call, tx), "")
