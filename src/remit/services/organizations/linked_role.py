"""The service-linked role of Organizations: what a member of an organization with all features has.

Source: `organizations` reference, 3.1, 3.4 and 4.4.
"""

from typing import Any

from remit.directory.organizations.creations import SERVICE
from remit.directory.service_linked_roles import create_service_linked_role, has_service_linked_role
from remit.errors import AccessDenied, ServiceError
from remit.request import Call
from remit.store import Transaction

_ROLE = f"role/aws-service-role/{SERVICE}/AWSServiceRoleForOrganizations"


def make_service_linked_role(call: Call[Any], tx: Transaction) -> None:
    """Make the role of Organizations in the caller's account, if it has none.

    Raises:
        ServiceError: the caller may not make it.
    """
    if has_service_linked_role(tx, call.account, SERVICE):
        return
    arn = f"arn:{call.partition}:iam::{call.account}:{_ROLE}"
    try:
        call.require("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": SERVICE})
    except AccessDenied as denied:
        raise ServiceError(
            "AccessDeniedForDependencyException",
            denied.message,
            members={"Reason": "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE"},
        ) from denied
    create_service_linked_role(tx, call.account, SERVICE, at=call.at, partition=call.partition)
