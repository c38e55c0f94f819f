"""The json protocol, 1.0 and 1.1: one path, the operation in `X-Amz-Target`, JSON in and out.

CloudTrail and Organizations speak it.

Services that once spoke query (`awsQueryCompatible`) add the old code in `x-amzn-query-error`.
The module is not called `json`, so that no reader takes it for the standard library's.
Source: `iam-sts` reference, end of section 1.4; Smithy, "AWS JSON 1.0 protocol", "AWS JSON 1.1 protocol", "AWS query
compatible".
"""

from collections.abc import Mapping
from typing import Any

from remit.request import HttpResponse, Routed
from remit.wire import json_values
from remit.wire.faults import Fault
from remit.wire.models import OperationModel, ServiceModel, Shape
from remit.wire.query import REQUEST_ID
from remit.wire.speech import Read, Speech, Write

ERROR_TYPE = "x-amzn-ErrorType"
_QUERY_ERROR = "x-amzn-query-error"


def message_key(shape: Shape | None) -> str:
    """Say how an error spells its message: as its shape does, `message` if it has none."""
    for member, ref in shape.members.items() if shape else ():
        if member.lower() == "message":
            return ref.location_name or member
    return "message"


def _read_nothing(routed: Routed, body: bytes) -> dict[str, Any]:
    del routed
    json_values.decode(body)  # read even when nothing is asked: a broken body is refused whatever the operation
    return {}


class JsonSpeaker:
    """One service under the json protocol, or nobody's errors when there is no model."""

    def __init__(self, model: ServiceModel | None, json_version: str = "") -> None:
        self._model = model
        version = model.metadata.json_version if model and model.metadata.json_version else json_version or "1.1"
        self._content_type = ("Content-Type", f"application/x-amz-json-{version}")
        if model is not None:
            self._reader = json_values.JsonReader(model)
            self._writer = json_values.JsonWriter(model)

    def speech(self, operation: OperationModel) -> Speech:
        """Make what reads and writes the operation."""
        return Speech(self._read(operation), self._write(operation))

    def _read(self, operation: OperationModel) -> Read:
        if operation.input is None:
            return _read_nothing
        read_input = self._reader.structure(operation.input.shape)

        def read(_: Routed, body: bytes) -> dict[str, Any]:
            found: dict[str, Any] = read_input(json_values.decode(body))
            return found

        return read

    def _write(self, operation: OperationModel) -> Write:
        if operation.output is None:
            return lambda request_id, output: self._answer(200, request_id, b"")
        write_output = self._writer.structure(operation.output.shape)

        def write(request_id: str, output: Mapping[str, Any]) -> HttpResponse:
            return self._answer(200, request_id, json_values.encode(write_output(output)))

        return write

    def _answer(self, status: int, request_id: str, body: bytes, *headers: tuple[str, str]) -> HttpResponse:
        return HttpResponse(status, (self._content_type, (REQUEST_ID, request_id), *headers), body)

    def refuse(self, fault: Fault, request_id: str) -> HttpResponse:
        """Write an error: its name in the body and in a header."""
        shape = self._model.shapes[fault.shape_name] if self._model and fault.shape_name else None
        body: dict[str, Any] = {"__type": fault.code}
        if fault.message is not None:
            body[message_key(shape)] = fault.message
        if shape is not None and fault.members:
            body |= self._writer.structure(fault.shape_name)(fault.members)
        headers = [(ERROR_TYPE, fault.code)]
        if self._model and self._model.metadata.aws_query_compatible is not None and fault.query_code:
            headers.append((_QUERY_ERROR, f"{fault.query_code};{'Sender' if fault.is_senders else 'Receiver'}"))
        return self._answer(fault.status, request_id, json_values.encode(body), *headers)
