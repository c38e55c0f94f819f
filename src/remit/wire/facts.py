"""What others than the wire need to know of an operation: names, errors, whether it only reads."""

import msgspec

from remit.request import Protocol
from remit.wire.faults import status_of
from remit.wire.models import OperationModel, ServiceModel

# Operations that change nothing begin with one of these; the models mark few of them.
_READING = ("Get", "List", "Describe", "Lookup", "Search", "BatchGet", "Simulate", "Check", "Validate", "Query")


class ErrorFacts(msgspec.Struct, frozen=True):
    """One error that the model lists for an operation.

    Attributes:
        shape: the model's name, `NoSuchEntityException`.
        code: what the query protocol calls it, `NoSuchEntity`.
        members: of its shape, the message among them.
    """

    shape: str
    code: str
    status: int
    members: tuple[str, ...]


class OperationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One operation, as its model describes it.

    Attributes:
        protocol: the service's favourite among those that are spoken here.
        is_read: whether it changes nothing, by the model or else by its name; a service may know better
            (`sts:AssumeRole`).
        is_unsigned: whether AWS answers it without a signature.
        input_members, output_members: by the model's names, in the model's order.
    """

    service: str
    name: str
    signing_name: str
    api_version: str
    target_prefix: str
    protocol: Protocol
    is_read: bool
    is_unsigned: bool
    input_members: tuple[str, ...]
    output_members: tuple[str, ...]
    errors: tuple[ErrorFacts, ...]


def facts(model: ServiceModel, operation: OperationModel, protocol: Protocol) -> OperationFacts:
    """Gather what the model says of an operation."""
    asked, given = operation.input, operation.output
    return OperationFacts(
        service=model.name,
        name=operation.name,
        signing_name=model.signing_name,
        api_version=model.metadata.api_version,
        target_prefix=model.metadata.target_prefix,
        protocol=protocol,
        is_read=operation.readonly or operation.name.startswith(_READING),
        is_unsigned=operation.authtype == "none",
        input_members=tuple(model.shapes[asked.shape].members) if asked else (),
        output_members=tuple(model.shapes[given.shape].members) if given else (),
        errors=tuple(_error(model, ref.shape) for ref in operation.errors),
    )


def _error(model: ServiceModel, name: str) -> ErrorFacts:
    shape = model.shapes[name]
    code = shape.error.code if shape.error and shape.error.code else name
    return ErrorFacts(name, code, status_of(shape, 400), tuple(shape.members))
