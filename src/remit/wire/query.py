"""The query protocol: a form in, XML out. IAM and STS speak it.

Source: `iam-sts` reference, sections 1.1 and 1.2; Smithy, "AWS query protocol".
"""

import re
from collections.abc import Mapping
from typing import Any

from remit.request import HttpResponse, Routed
from remit.wire.faults import Fault
from remit.wire.models import OperationModel, ServiceModel
from remit.wire.query_forms import FormReader, read_form
from remit.wire.speech import Read, Speech, Write
from remit.wire.xml_values import XmlWriter, escaped

_CONTENT_TYPE = ("Content-Type", "text/xml")
REQUEST_ID = "x-amzn-RequestId"
# What AWS's front end puts on errors of requests that reached no service.
_UNKNOWN_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"


def answer(status: int, request_id: str, text: str) -> HttpResponse:
    """Put an XML text into an answer."""
    return HttpResponse(status, (_CONTENT_TYPE, (REQUEST_ID, request_id)), text.encode())


def _read_nothing(routed: Routed, body: bytes) -> dict[str, Any]:
    read_form(routed.http.query, body)
    return {}


# A form that asks for an operation and says nothing else.
_BARE = re.compile(rb"Action=[A-Za-z0-9]+&Version=[0-9-]+")


class QuerySpeaker:
    """One service under the query protocol, or nobody's errors when there is no model."""

    def __init__(self, model: ServiceModel | None) -> None:
        self._namespace = (model and model.metadata.xml_namespace) or _UNKNOWN_NAMESPACE
        self._model = model
        if model is not None:
            self._reader = FormReader(model)
            self._writer = XmlWriter(model)

    def speech(self, operation: OperationModel) -> Speech:
        """Make what reads and writes the operation."""
        return Speech(self._read(operation), self._write(operation))

    def _read(self, operation: OperationModel) -> Read:
        if operation.input is None:
            # Read even when nothing is asked: a broken form is refused whatever the operation.
            return _read_nothing
        read_input = self._reader.input(operation.input.shape)

        def read(routed: Routed, body: bytes) -> dict[str, Any]:
            if not routed.http.query and _BARE.fullmatch(body):
                return {}
            return read_input(read_form(routed.http.query, body))

        return read

    def _write(self, operation: OperationModel) -> Write:
        name = operation.name
        before = f'<{name}Response xmlns="{self._namespace}">'
        middle = "<ResponseMetadata><RequestId>"
        after = f"</RequestId></ResponseMetadata></{name}Response>"
        if operation.output is None:
            start = before + middle
            return lambda request_id, output: answer(200, request_id, f"{start}{request_id}{after}")
        write_output = self._writer.structure(operation.output.shape)
        wrapper = operation.output.result_wrapper
        if wrapper:
            before += f"<{wrapper}>"
            middle = f"</{wrapper}>{middle}"

        def write(request_id: str, output: Mapping[str, Any]) -> HttpResponse:
            return answer(200, request_id, f"{before}{write_output(output)}{middle}{request_id}{after}")

        return write

    def refuse(self, fault: Fault, request_id: str) -> HttpResponse:
        """Write an error; without a message its element is absent, as AWS was seen to answer ReportNotPresent."""
        message = "" if fault.message is None else f"<Message>{escaped(fault.message)}</Message>"
        members = ""
        if fault.members and fault.shape_name and self._model is not None:
            members = self._writer.structure(fault.shape_name)(fault.members)
        return answer(
            fault.status,
            request_id,
            f'<ErrorResponse xmlns="{self._namespace}"><Error>'
            f"<Type>{'Sender' if fault.is_senders else 'Receiver'}</Type>"
            f"<Code>{escaped(fault.code)}</Code>{message}{members}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>",
        )
