"""What botocore serializes we read to the same values, and what we write botocore reads to the same values.

For every operation of every service whose protocol is spoken here.
"""

from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire.botocore_client import Client, document, spoken_protocol
from wire.values import Values

from remit.errors import ServiceError
from remit.wire import Wire, models

AT = datetime(2026, 2, 17, 14, 44, 27, tzinfo=UTC)
REQUEST_ID = "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE"
FOCUS = ("iam", "sts", "cloudtrail", "organizations", "account", "artifact", "accessanalyzer", "lambda", "sns", "rds")


class _Head(msgspec.Struct):
    metadata: dict[str, Any]


def _services() -> list[str]:
    names = sorted({path.parent.parent.name for path in models.folder().glob("*/*/service-2.json.gz")})
    return [name for name in names if spoken_protocol(msgspec.json.decode(document(name), type=_Head).metadata)]


SERVICES = _services()


def _has_event_stream(client: Client, shape_name: str) -> bool:
    return any(
        member.is_document_type is False and member.serialization.get("eventstream")
        for member in client.model.shape_for(shape_name).members.values()
        if member.type_name == "structure"
    )


def _check_input(wire: Wire, client: Client, operation: str, random: Random) -> None:
    model = wire.model(client.name)
    described = model.operations[operation]
    asked: dict[str, Any] = {}
    botocore_operation = client.operation(operation)
    if described.input is not None:
        plain = botocore_operation.endpoint is not None
        asked = Values(model, random, client.protocol).structure(described.input.shape, plain=plain)

    request = client.request(botocore_operation, asked)
    routed = wire.route(request, request_id=REQUEST_ID, at=AT)
    found = wire._speech(routed)[0].read(routed, request.body)

    assert routed.operation == operation
    assert _as_asked(model, described.input, found, asked) == asked
    try:
        assert _as_asked(model, described.input, wire.parse(routed, request.body), asked) == asked
    except ServiceError as refused:
        # Values are drawn without regard to constraints; whatever else happens would be a bug.
        assert refused.code == "ValidationError"  # noqa: PT017  # either outcome is right


def _as_asked(
    model: models.ServiceModel, ref: models.Ref | None, found: dict[str, Any], asked: dict[str, Any]
) -> dict[str, Any]:
    """A map of all parameters takes those of other members as well."""
    for member, field in model.members(ref.shape).items() if ref else ():
        if field.location == "querystring" and field.shape.type == "map" and member in found:
            found[member] = {key: value for key, value in found[member].items() if key in asked.get(member, {})}
            if not found[member]:
                del found[member]
    return found


def _check_output(wire: Wire, client: Client, operation: str, random: Random) -> None:
    model = wire.model(client.name)
    described = model.operations[operation]
    if described.output is None or _has_event_stream(client, described.output.shape):
        return
    output = Values(model, random, client.protocol, output=True).structure(described.output.shape)
    request = client.request(client.operation(operation), _sample(model, client, operation))
    routed = wire.route(request, request_id=REQUEST_ID, at=AT)

    response = wire.render(routed, output)
    found = client.read(client.operation(operation), response)

    metadata = found.pop("ResponseMetadata")
    assert metadata["RequestId"] == REQUEST_ID
    shape = described.output.shape
    assert _as_read(model, shape, output) == _without_other_headers(model, shape, found, output)


def _sample(model: models.ServiceModel, client: Client, operation: str) -> dict[str, Any]:
    asked = model.operations[operation].input
    if asked is None:
        return {}
    return Values(model, Random(0), client.protocol).structure(asked.shape, plain=True)


def _as_read(model: models.ServiceModel, shape_name: str, output: dict[str, Any]) -> dict[str, Any]:
    """Botocore gives a blob that is the whole body as text."""
    payload = model.shapes[shape_name].payload
    if isinstance(output.get(payload), bytes):
        return output | {payload: output[payload].decode()}
    return output


def _without_other_headers(
    model: models.ServiceModel, shape_name: str, found: dict[str, Any], output: dict[str, Any]
) -> dict[str, Any]:
    """A map of all headers with a prefix that others share takes those as well; an absent one is empty."""
    for member, field in model.members(shape_name).items():
        if field.location == "headers":
            found[member] = {key: value for key, value in found[member].items() if key in output.get(member, {})}
            if member not in output:
                del found[member]
        is_always_there = field.location == "statusCode" or field.wire_name.lower() == "content-type"
        if is_always_there and member not in output:
            found.pop(member, None)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_comes_and_goes_unchanged(service: str) -> None:
    wire = Wire([service])
    client = Client.of_service(service)
    random = Random(service)

    for operation in wire.operations(service):
        _check_input(wire, client, operation, random)
        _check_output(wire, client, operation, random)


@pytest.fixture(scope="module")
def focus() -> tuple[Wire, dict[str, Client]]:
    return Wire(FOCUS), {name: Client.of_service(name) for name in FOCUS}


@pytest.mark.parametrize("service", FOCUS)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data(), random=st.randoms(use_true_random=False))
def test_any_value_comes_and_goes_unchanged(
    focus: tuple[Wire, dict[str, Client]], service: str, data: st.DataObject, random: Random
) -> None:
    wire, clients = focus
    operation = data.draw(st.sampled_from(wire.operations(service)))

    _check_input(wire, clients[service], operation, random)
    _check_output(wire, clients[service], operation, random)
