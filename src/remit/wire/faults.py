"""Errors before they are written: which code, status and members an error has in a protocol.

The query protocol sends a modelled error's code (`NoSuchEntity`), the JSON protocols its shape's name
(`NoSuchEntityException`); `ServiceError.code` may be either. The model's status counts before the error's own. Errors
that any operation can give (`CommonError`) have a code for each family of protocols.
Source: `iam-sts` reference, section 1.4; Smithy, "AWS JSON 1.1 protocol" and "AWS query protocol".
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.errors import CommonError, ServiceError
from remit.request import Protocol
from remit.wire.models import OperationModel, ServiceModel, Shape

_SERVER_ERRORS = 500
# What newer services call a fault of theirs, in the place of the common codes.
_OWN_FAULT = "InternalServerException"
# In rest-json the status tells the class of the error, where the json protocol gives 400 to all of them.
_REST_STATUS = {"SerializationException": 400, "ThrottlingException": 429, "UnknownOperationException": 404}


class Fault(msgspec.Struct, frozen=True):
    """An error, ready to be written.

    Attributes:
        code: what the client looks for.
        message: None leaves it out.
        shape_name: of the modelled error, empty if the model does not have it.
        query_code: the code under the query protocol, for services that once spoke it; empty if it is the shape's name.
    """

    code: str
    status: int
    message: str | None
    members: Mapping[str, Any]
    shape_name: str = ""
    query_code: str = ""

    @property
    def is_senders(self) -> bool:
        """Whether the sender is to blame, and not the service."""
        return self.status < _SERVER_ERRORS


def modelled(model: ServiceModel, operation: OperationModel | None, code: str) -> tuple[str, Shape] | None:
    """Find the error shape of this name or code: first among the operation's errors, then among the service's."""
    names = [ref.shape for ref in operation.errors] if operation else []
    for name in names:
        shape = model.shapes[name]
        if code in (name, shape.error.code if shape.error else name):
            return name, shape
    namesake = model.shapes.get(code)
    if namesake is not None and namesake.exception:
        return code, namesake
    for name, shape in model.shapes.items():
        if shape.exception and shape.error is not None and shape.error.code == code:
            return name, shape
    return None


def status_of(shape: Shape, otherwise: int) -> int:
    """Give the model's status of an error shape; 500 for a fault of the service; else *otherwise*."""
    if shape.error is not None and shape.error.http_status_code:
        return shape.error.http_status_code
    return _SERVER_ERRORS if shape.fault else otherwise


def fault(
    model: ServiceModel | None, operation: OperationModel | None, protocol: Protocol, error: ServiceError
) -> Fault:
    """Work out what to send for an error.

    Args:
        model: of the service, None if the request named none that we know.
        operation: None if the request named none that we know.
        protocol: which the answer is written in.
        error: what happened.
    """
    code, status = error.code, error.status
    is_query = protocol in (Protocol.QUERY, Protocol.EC2)
    if isinstance(error, CommonError):
        code, status = _common(error, protocol)
    found = modelled(model, operation, code) if model else None
    if found is None and model and status == _SERVER_ERRORS:
        found = modelled(model, None, _OWN_FAULT)
    if found is None:
        return Fault(code, status, error.message, error.members)
    name, shape = found
    query_code = shape.error.code if shape.error else ""
    return Fault(
        code=(query_code or name) if is_query else name,
        status=status_of(shape, status),
        message=error.message,
        members=error.members,
        shape_name=name,
        query_code=query_code,
    )


def _common(error: CommonError, protocol: Protocol) -> tuple[str, int]:
    match protocol:
        case Protocol.QUERY | Protocol.EC2 | Protocol.REST_XML:
            return error.query_code, error.query_status
        case Protocol.REST_JSON:
            return error.json_code, _REST_STATUS.get(error.json_code, error.query_status)
        case _:
            return error.json_code, error.json_status
