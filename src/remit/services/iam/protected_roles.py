"""Roles that only AWS may change: service-linked ones, and those of Identity Center.

Source: `iam-sts` reference, section 4 (UnmodifiableEntity).
"""

from typing import Any

from remit.directory import roles as directory
from remit.directory.roles import Role
from remit.errors import ServiceError
from remit.request import Call
from remit.store import Transaction


def changeable_role(call: Call[Any], tx: Transaction) -> Role:
    """Find the role the call names, which it wants to change.

    Raises:
        NotFound: there is none of that name.
        ServiceError: UnmodifiableEntity, it belongs to AWS.
    """
    role = directory.role(tx, call.account, call.input["RoleName"])
    if role.is_protected:
        raise ServiceError(
            "UnmodifiableEntity",
            f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS",
        )
    return role
