"""Botocore's own serializers and parsers, without a network: what a client sends, and what it makes of our answers."""

import gzip
import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore.awsrequest
import botocore.model
import botocore.parsers
import botocore.serialize

from remit.request import HttpRequest, HttpResponse
from remit.wire import models, sdk

_PROTOCOLS = ("query", "json", "rest-json")


@cache
def document(service: str) -> bytes:
    path = max(models.folder().glob(f"{service}/*/service-2.json.gz"))
    return gzip.decompress(path.read_bytes())


def spoken_protocol(metadata: dict[str, Any]) -> str | None:
    """The protocol of ours that a service speaks, its favourite first."""
    named = [metadata["protocol"], *metadata.get("protocols", [])]
    return next((protocol for protocol in named if protocol in _PROTOCOLS), None)


class Client:
    """One service as a client sees it."""

    def __init__(self, name: str, description: dict[str, Any]) -> None:
        protocol = spoken_protocol(description["metadata"])
        assert protocol is not None
        self.name = name
        self.protocol: str = protocol
        self.model = botocore.model.ServiceModel(description, name)
        self._serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
        self._parser = botocore.parsers.create_parser(protocol)

    @classmethod
    def of_service(cls, name: str) -> "Client":
        """Return a client whose model has our extension, as a client's has when `AWS_DATA_PATH` leads to it."""
        description = json.loads(document(name))
        extension = sdk.extension(name, description["metadata"]["apiVersion"])
        if extension is not None:
            for part, added in json.loads(extension)["merge"].items():
                description[part].update(added)
        return cls(name, description)

    def operation(self, name: str) -> botocore.model.OperationModel:
        return self.model.operation_model(name)

    def request(self, operation: botocore.model.OperationModel, values: dict[str, Any]) -> HttpRequest:
        serialized = self._serializer.serialize_to_request(values, operation)
        botocore.awsrequest.prepare_request_dict(serialized, endpoint_url="http://127.0.0.1:7364")
        prepared = botocore.awsrequest.create_request_object(serialized).prepare()
        headers = {
            name.lower(): (value.decode() if isinstance(value, bytes) else value)
            for name, value in prepared.headers.items()
        }
        signing_name = self.model.signing_name
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential=AKIA/20260217/us-east-1/{signing_name}/aws4_request, x"
        url = urlsplit(prepared.url)
        body = prepared.body or b""
        body = body if isinstance(body, bytes) else body.encode()
        return HttpRequest(prepared.method, url.path or "/", url.query, headers, body, "127.0.0.1")

    def read(self, operation: botocore.model.OperationModel, response: HttpResponse) -> dict[str, Any]:
        return self.read_as(operation.output_shape, response)

    def read_as(self, shape: botocore.model.Shape | None, response: HttpResponse) -> dict[str, Any]:
        answer = {
            "status_code": response.status,
            "headers": botocore.awsrequest.HeadersDict(response.headers),
            "body": response.body,
            "context": {},
        }
        return self._parser.parse(answer, shape)
