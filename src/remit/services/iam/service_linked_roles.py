"""Service-linked roles. Source: `iam-sts` reference, section 15 and appendix B."""

from remit.arn import region_of_service
from remit.directory import service_linked_roles as directory
from remit.errors import ValidationError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import role_shape
from remit.services.iam.errors import invalid_input
from remit.services.iam.registry import operation
from remit.store import Transaction

_ROLE_NAME_CHARACTERS_MAX = 64


@operation("CreateServiceLinkedRole")
def create_service_linked_role(
    call: Call[shapes.CreateServiceLinkedRoleRequest], tx: Transaction
) -> shapes.CreateServiceLinkedRoleResponse:
    """Create the role that a service acts with, under the name and with the policy that AWS gives it."""
    service, suffix = call.input["AWSServiceName"], call.input.get("CustomSuffix", "")
    if len(directory.linked_role_name(service, suffix)) > _ROLE_NAME_CHARACTERS_MAX:
        raise ValidationError(
            "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have length "
            f"less than or equal to {_ROLE_NAME_CHARACTERS_MAX}"
        )
    role = directory.create_service_linked_role(
        tx,
        call.account,
        service,
        suffix=suffix,
        description=call.input.get("Description"),
        partition=call.partition,
        at=call.at,
    )
    shape = role_shape(tx, role)
    if role.description is not None:
        shape["Description"] = role.description
    return {"Role": shape}


@operation("DeleteServiceLinkedRole")
def delete_service_linked_role(
    call: Call[shapes.DeleteServiceLinkedRoleRequest], tx: Transaction
) -> shapes.DeleteServiceLinkedRoleResponse:
    """Start to delete a service-linked role; asked twice, the first deletion goes on."""
    task = directory.start_deletion(tx, call.account, call.input["RoleName"], at=call.at)
    return {"DeletionTaskId": task.id}


@operation("GetServiceLinkedRoleDeletionStatus")
def get_service_linked_role_deletion_status(
    call: Call[shapes.GetServiceLinkedRoleDeletionStatusRequest], tx: Transaction
) -> shapes.GetServiceLinkedRoleDeletionStatusResponse:
    """Say how far a deletion is."""
    id_ = call.input["DeletionTaskId"]
    if directory.role_of_task(id_) is None:
        raise invalid_input(f"The deletion task id {id_} is not valid.")
    task = directory.deletion_task(tx, call.account, id_)
    status = task.status(call.at)
    if status is not directory.DeletionStatus.FAILED:
        return {"Status": status}
    usage: shapes.RoleUsageType = {
        "Region": region_of_service("artifact", call.region),
        "Resources": list(task.used_by),
    }
    reason = "The role is in use: end what needs it, and delete it again."
    return {"Status": status, "Reason": {"Reason": reason, "RoleUsageList": [usage]}}
