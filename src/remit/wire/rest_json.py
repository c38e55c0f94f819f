"""The rest-json protocol: the operation in method and path, JSON in the body.

Account, Artifact and Access Analyzer speak it.

Source: Smithy, "AWS restJson1 protocol".
"""

from collections.abc import Callable, Mapping
from typing import Any

from remit.errors import MalformedInput
from remit.request import HttpResponse, Routed
from remit.wire import json_values, rest
from remit.wire.faults import Fault
from remit.wire.json_rpc import ERROR_TYPE, message_key
from remit.wire.models import Field, OperationModel, ServiceModel
from remit.wire.query import REQUEST_ID
from remit.wire.speech import Read, Speech, Write

_JSON = ("Content-Type", "application/json")
_NO_BODY_STATUSES = (204, 205, 304)


_ReadBody = Callable[[bytes], dict[str, Any]]


class RestJsonSpeaker:
    """One service under the rest-json protocol, or nobody's errors when there is no model."""

    def __init__(self, model: ServiceModel | None) -> None:
        self._model = model
        if model is not None:
            self._reader = json_values.JsonReader(model)
            self._writer = json_values.JsonWriter(model)

    def speech(self, operation: OperationModel) -> Speech:
        """Make what reads and writes the operation."""
        assert self._model is not None  # noqa: S101  # only a service has operations
        return Speech(self._read(self._model, operation), self._write(self._model, operation))

    def _read(self, model: ServiceModel, operation: OperationModel) -> Read:
        if operation.input is None:
            return lambda routed, body: {}
        shape = model.shapes[operation.input.shape]
        fields = model.members(operation.input.shape)
        outside = {name: field for name, field in fields.items() if field.location}
        takers = [rest.taker(model, name, field) for name, field in outside.items()]
        read_body = self._body_reader(shape.payload, fields, is_required=shape.payload in shape.required)

        def read(routed: Routed, body: bytes) -> dict[str, Any]:
            found = read_body(body)
            if takers:
                query = rest.query_of(routed.http)
                for take in takers:
                    take(routed, query, found)
            return found

        return read

    def _body_reader(self, payload: str, fields: Mapping[str, Field], *, is_required: bool) -> _ReadBody:
        if not payload:
            inside = {name: field for name, field in fields.items() if not field.location}
            if not inside:
                return lambda body: {}
            read_members = self._reader.structure("", inside)

            def read_inside(body: bytes) -> dict[str, Any]:
                found: dict[str, Any] = read_members(json_values.decode(body))
                return found

            return read_inside
        field = fields[payload]
        if field.shape.eventstream:
            return lambda body: {}
        match field.shape.type:
            case "blob":
                return lambda body: {payload: body} if body else {}
            case "string":
                return lambda body: {payload: _text(body)} if body else {}
            case _:
                read_payload = self._reader.of(field)

                def read(body: bytes) -> dict[str, Any]:
                    value = json_values.decode(body)
                    # Clients send `{}` for a payload that they leave out.
                    return {payload: read_payload(value)} if body and (value != {} or is_required) else {}

                return read

    def _write(self, model: ServiceModel, operation: OperationModel) -> Write:
        if operation.output is None:
            return lambda request_id, output: HttpResponse(
                operation.http.response_code, ((REQUEST_ID, request_id),), b""
            )
        write = _OutputWriter(model, self._writer, operation.output.shape)

        def answer(request_id: str, output: Mapping[str, Any]) -> HttpResponse:
            status, headers, body = write(output, operation.http.response_code)
            return HttpResponse(status, ((REQUEST_ID, request_id), *headers), body)

        return answer

    def refuse(self, fault: Fault, request_id: str) -> HttpResponse:
        """Write an error: its name in a header, its members where its shape puts them."""
        message = {} if fault.message is None else {"message": fault.message}
        if self._model is None or not fault.shape_name:
            return HttpResponse(
                fault.status,
                ((REQUEST_ID, request_id), _JSON, (ERROR_TYPE, fault.code)),
                json_values.encode(message),
            )
        shape = self._model.shapes[fault.shape_name]
        write = _OutputWriter(self._model, self._writer, fault.shape_name)
        _, headers, body = write(fault.members, fault.status)
        if fault.message is not None and not shape.payload:
            body = json_values.encode({message_key(shape): fault.message} | json_values.decode(body))
        return HttpResponse(fault.status, ((REQUEST_ID, request_id), (ERROR_TYPE, fault.code), *headers), body)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise MalformedInput("the body is not UTF-8") from None


class _OutputWriter:
    """Writes one output shape: each member to its place in the answer."""

    def __init__(self, model: ServiceModel, writer: json_values.JsonWriter, shape_name: str) -> None:
        shape = model.shapes[shape_name]
        fields = model.members(shape_name)
        self._payload = shape.payload
        self._payload_type = fields[shape.payload].shape.type if shape.payload else ""
        self._write_payload = None
        inside = {name: field for name, field in fields.items() if not field.location and not field.shape.eventstream}
        if shape.payload and not fields[shape.payload].shape.eventstream:
            if self._payload_type not in ("blob", "string"):
                self._write_payload = writer.of(fields[shape.payload])
            inside.pop(shape.payload)
        self._write_body = writer.structure("", inside)
        self._status = next((name for name, field in fields.items() if field.location == "statusCode"), "")
        self._putters = {
            name: rest.header_putter(model, name, field)
            for name, field in fields.items()
            if field.location in ("header", "headers")
        }

    def __call__(self, output: Mapping[str, Any], status: int) -> tuple[int, list[tuple[str, str]], bytes]:
        """Give status, headers and body."""
        headers: list[tuple[str, str]] = []
        rest_of_it: dict[str, Any] = {}
        for member, value in output.items():
            if value is None:
                continue
            if member in self._putters:
                self._putters[member](value, headers)
            elif member == self._status:
                status = value
            else:
                rest_of_it[member] = value
        if status in _NO_BODY_STATUSES:
            if not rest_of_it:
                return status, headers, b""
            # A few models give 204 to operations whose output has a body, which HTTP forbids.
            status = 200
        body, content_type = self._body(rest_of_it)
        if content_type and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", content_type))
        return status, headers, body

    def _body(self, members: dict[str, Any]) -> tuple[bytes, str]:
        if not self._payload:
            return json_values.encode(self._write_body(members)), _JSON[1]
        value = members.get(self._payload)
        if value is None:
            return b"", ""
        match self._payload_type:
            case "blob":
                return value, "application/octet-stream"
            case "string":
                return value.encode(), "text/plain"
            case _:
                written = value if self._write_payload is None else self._write_payload(value)
                return json_values.encode(written), _JSON[1]
