"""AWS's shared protocol cases, run backwards: requests are read, results are written.

`tests/cases/aws-protocol-tests/SOURCE.md` says where they come from and what backwards means.
"""

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.utils import parse_to_aware_datetime
from wire.botocore_client import Client

from remit.errors import ServiceError
from remit.request import HttpRequest, Protocol, Routed
from remit.wire import Wire, models

CASES = Path(__file__).parents[1] / "cases" / "aws-protocol-tests"
FILES = ("query", "json", "json_1_0", "json_1_0-query-compatible", "rest-json")
AT = datetime(2026, 2, 17, 14, 44, 27, tzinfo=UTC)
METADATA = {
    "endpointPrefix": "case",
    "signatureVersion": "v4",
    "serviceId": "case",
    "serviceFullName": "case",
    "uid": "case",
    "jsonVersion": "1.1",
    "targetPrefix": "Case",
}
COMPRESSED = "the body is compressed, which is not the wire's to undo"
# What these show happens in the client alone, or cannot be told from the request.
SKIPPED_INPUTS = {
    "SDKAppliedContentEncoding_awsQuery": COMPRESSED,
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery": COMPRESSED,
    "SDKAppliedContentEncoding_awsJson1_1": COMPRESSED,
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1": COMPRESSED,
    "SDKAppliedContentEncoding_awsJson1_0": COMPRESSED,
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0": COMPRESSED,
    "SDKAppliedContentEncoding_restJson1": COMPRESSED,
    "SDKAppendedGzipAfterProvidedEncoding_restJson1": COMPRESSED,
    "QueryProtocolIdempotencyTokenAutoFill": "the client makes up a token that the parameters do not have",
    "RestJsonQueryIdempotencyTokenAutoFill": "the client makes up a token that the parameters do not have",
    "QueryEmptyQueryMaps": "a form does not say that a map is empty",
    "RestJsonHttpPrefixHeadersAreNotPresent": "headers do not say that a map is empty",
    "RestJsonOmitsEmptyListQueryValues": "a query string does not say that a list is empty",
    "RestJsonQueryParamsStringListMap": "a server's map has every parameter (Smithy, httpQueryParams)",
    "RestJsonQueryPrecedence": "a server's map has every parameter (Smithy, httpQueryParams)",
}
# What botocore itself does not read back.
SKIPPED_OUTPUTS = {
    "AwsQueryDateTimeWithFractionalSeconds": "whole seconds under the query protocol, as IAM and STS give them",
    "RestJsonInputAndOutputWithQuotedStringHeaders": "botocore does not unquote lists in headers",
    "RestJsonInputAndOutputWithTimestampHeaders": "botocore takes lists of HTTP dates apart at every comma",
    "RestJsonHttpPayloadTraitsWithNoBlobBody": "botocore gives an absent blob as an empty one",
    "RestJsonHttpPayloadWithUnsetUnion": "botocore demands a member of an absent union",
}


def load(kind: str) -> list[Any]:
    return [
        pytest.param(suite, case, id=f"{name}-{case['id']}")
        for name in FILES
        for suite in json.loads((CASES / kind / f"{name}.json").read_text())
        for case in suite["cases"]
    ]


def service(suite: dict[str, Any], case: dict[str, Any]) -> tuple[Wire, Client]:
    given = case["given"]
    description = {
        "metadata": METADATA | suite["metadata"],
        "operations": {given["name"]: {"http": {"method": "POST", "requestUri": "/"}} | given},
        "shapes": suite["shapes"],
    }
    return Wire.of_models([models.decode("case", json.dumps(description))]), Client("case", description)


def http_of(serialized: dict[str, Any]) -> HttpRequest:
    # An endpoint with a path of its own is taken off before the request comes here.
    prefix = serialized.get("host", "").partition("/")[2]
    url = urlsplit(serialized["uri"].removeprefix(f"/{prefix}" if prefix else ""))
    headers = {name.lower(): value for name, value in serialized.get("headers", {}).items()}
    body = serialized.get("body", "") or ""
    return HttpRequest(serialized["method"], url.path or "/", url.query, headers, body.encode(), "127.0.0.1")


def comparable(value: Any, field: models.Field, model: models.ServiceModel) -> Any:
    """Bring the case's parameters to the types that we read: cases write times as numbers and blobs as text."""
    shape = field.shape
    match shape.type:
        case "structure" if shape.document:
            return value
        case "structure":
            members = model.members(field.shape_name)
            return {name: comparable(item, members[name], model) for name, item in value.items() if item is not None}
        case "list":
            return [comparable(item, model.element(shape), model) for item in value]
        case "map":
            return {name: comparable(item, model.entry(shape)[1], model) for name, item in value.items()}
        case "timestamp":
            return parse_to_aware_datetime(value)
        case "blob":
            return value if isinstance(value, bytes) else value.encode()
        case "string" if field.json_value and field.location:
            return json.loads(value) if isinstance(value, str) else value
        case "float" | "double":
            return float(value)
        case _:
            return value


def without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nan(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_nan(item) for item in value]
    return "nan" if isinstance(value, float) and math.isnan(value) else value


@pytest.mark.parametrize(("suite", "case"), load("input"))
def test_the_request_of_a_case_is_read_as_its_parameters(suite: dict[str, Any], case: dict[str, Any]) -> None:
    if case["id"] in SKIPPED_INPUTS:
        pytest.skip(SKIPPED_INPUTS[case["id"]])
    wire, _ = service(suite, case)
    model = wire.model("case")
    operation = model.operations[case["given"]["name"]]
    http = http_of(case["serialized"])
    target = f"{suite['metadata'].get('targetPrefix', 'Case')}.{operation.name}"
    if model.metadata.protocol == "json":
        assert http.headers.setdefault("x-amz-target", target) == target  # some cases leave it out

    routed = wire.route(http, request_id="id", at=AT)
    found = wire.parse(routed, http.body)

    assert routed.operation == operation.name
    if operation.input is None:
        assert found == {}
    else:
        expected = comparable(case["params"], model.field(operation.input), model)
        assert without_nan(found) == without_nan(expected)


def routed_to(wire: Wire, operation: str) -> Routed:
    facts = wire.facts("case", operation)
    http = HttpRequest("POST", "/", "", {}, b"", "127.0.0.1")
    return Routed(http, "case", "case", operation, Protocol(facts.protocol), "id", AT)


def check_error(wire: Wire, client: Client, case: dict[str, Any]) -> None:
    operation = case["given"]["name"]
    (ref,) = case["given"]["errors"]
    members = {name: value for name, value in case.get("error", {}).items() if name.lower() != "message"}
    error = ServiceError(ref["shape"], case.get("errorMessage"), case["response"]["status_code"], members)

    response = wire.render_error(routed_to(wire, operation), error)

    shape = client.model.shape_for(ref["shape"])
    parsed = client.read_as(None, response)
    assert parsed["Error"]["Code"] == case["errorCode"]
    assert parsed["ResponseMetadata"]["RequestId"] == "id"
    assert response.status == shape.metadata.get("error", {}).get("httpStatusCode", case["response"]["status_code"])
    assert client.read_as(shape, response) == case.get("error", {})


@pytest.mark.parametrize(("suite", "case"), load("output"))
def test_the_result_of_a_case_is_written_so_that_a_client_reads_it(suite: dict[str, Any], case: dict[str, Any]) -> None:
    wire, client = service(suite, case)
    if "errorCode" in case:
        check_error(wire, client, case)
        return
    if case["id"] in SKIPPED_OUTPUTS:
        pytest.skip(SKIPPED_OUTPUTS[case["id"]])
    operation = client.operation(case["given"]["name"])
    model = wire.model("case")
    ref = model.operations[operation.name].output
    result = comparable(case["result"], model.field(ref), model) if ref else {}
    # Botocore, and SimpleDB's model, name a flattened list's elements by the elements' own name; these two by the
    # member's.
    result = {name: item for name, item in result.items() if name not in ("flattenedList", "flattenedList2")}

    response = wire.render(routed_to(wire, operation.name), result)

    found = client.read(operation, response)
    assert found.pop("ResponseMetadata")["RequestId"] == "id"
    if case["id"] == "HttpPrefixHeadersResponse":  # the empty prefix takes the answer's own headers as well
        found["prefixHeaders"] = {name: found["prefixHeaders"][name] for name in result["prefixHeaders"]}
    assert without_nan(comparable(found, model.field(ref), model) if ref else found) == without_nan(result)
