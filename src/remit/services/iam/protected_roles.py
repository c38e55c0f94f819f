"""Roles that only AWS may change: service-linked ones, and those of Identity Center.

Source: `iam-sts` reference, section 4 (UnmodifiableEntity).
"""

from typing import Any, NoReturn

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
        _refuse(role)
    return role


def describable_role(call: Call[Any], tx: Transaction) -> Role:
    """Find the role the call names, whose description it wants to change: that of a service-linked one may be.

    Raises:
        NotFound: there is none of that name.
        ServiceError: UnmodifiableEntity, it belongs to Identity Center.
    """
    role = directory.role(tx, call.account, call.input["RoleName"])
    if role.is_protected and not role.is_service_linked:
        _refuse(role)
    return role


def _refuse(role: Role) -> NoReturn:
    raise ServiceError(
        "UnmodifiableEntity",
        f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS",
    )
