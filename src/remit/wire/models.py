"""AWS's service models, as botocore carries them: which operations a service has and what their shapes hold.

A model is read straight from botocore's data files: importing botocore itself would cost more than the whole start may.
Documentation is skipped while decoding, so a model of 800 kB of text costs two milliseconds and little memory.
Where a model says something else than the service does, `patches.py` corrects it while it is loaded.
Source: botocore's `data/SERVICE/VERSION/service-2.json.gz`.
"""

import gzip
import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from remit.wire import patches, sdk

_SERVICE_FILE = "service-2.json.gz"


class Ref(msgspec.Struct, frozen=True, rename="camel"):
    """A place where a shape is used, with the traits that the place adds to the shape's own."""

    shape: str
    location: str = ""
    location_name: str = ""
    flattened: bool = False
    timestamp_format: str = ""
    result_wrapper: str = ""
    jsonvalue: bool = False


class ErrorTrait(msgspec.Struct, frozen=True, rename="camel"):
    """What a modelled error is called on the wire, and its status; 0 if the model does not say."""

    code: str = ""
    http_status_code: int = 0
    sender_fault: bool = True


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    """A type of the model: `structure`, `list`, `map` or one of the scalars."""

    type: str
    members: dict[str, Ref] = {}
    required: list[str] = []
    member: Ref | None = None
    key: Ref | None = None
    value: Ref | None = None
    min: float | None = None
    max: float | None = None
    pattern: str = ""
    enum: list[str] = []
    payload: str = ""
    location_name: str = ""
    flattened: bool = False
    timestamp_format: str = ""
    sensitive: bool = False
    hashed: bool = False  # ours, set by a correction: a trail records the hash
    document: bool = False
    union: bool = False
    eventstream: bool = False
    sparse: bool = False
    exception: bool = False
    fault: bool = False
    error: ErrorTrait | None = None


class Http(msgspec.Struct, frozen=True, rename="camel"):
    """How an operation is bound to HTTP."""

    method: str = "POST"
    request_uri: str = "/"
    response_code: int = 200


class OperationModel(msgspec.Struct, frozen=True):
    """One operation as the model describes it."""

    name: str
    http: Http
    input: Ref | None = None
    output: Ref | None = None
    errors: list[Ref] = []
    authtype: str = ""
    readonly: bool = False


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """What is true of the whole service."""

    api_version: str
    protocol: str
    endpoint_prefix: str = ""
    protocols: list[str] = []
    signing_name: str = ""
    json_version: str = ""
    target_prefix: str = ""
    xml_namespace: str = ""
    aws_query_compatible: Mapping[str, Any] | None = None


class Field(msgspec.Struct, frozen=True):
    """A shape in its place: the shape's traits with those of the place laid over them, as botocore merges them.

    Attributes:
        wire_name: the name on the wire; empty when the place gives none, then the member's own name counts.
    """

    shape: Shape
    shape_name: str
    wire_name: str
    location: str
    flattened: bool
    timestamp_format: str
    json_value: bool


class ServiceModel(msgspec.Struct, frozen=True):
    """One service.

    Attributes:
        name: botocore's name of the service, the folder its model lies in; filled in after decoding.
    """

    metadata: Metadata
    operations: dict[str, OperationModel]
    shapes: dict[str, Shape]
    name: str = ""

    @property
    def signing_name(self) -> str:
        """The service's name in a credential scope."""
        return self.metadata.signing_name or self.metadata.endpoint_prefix

    def field(self, ref: Ref) -> Field:
        """Look a reference up and merge the traits of both."""
        shape = self.shapes[ref.shape]
        return Field(
            shape=shape,
            shape_name=ref.shape,
            wire_name=ref.location_name or shape.location_name,
            location=ref.location,
            flattened=ref.flattened or shape.flattened,
            timestamp_format=ref.timestamp_format or shape.timestamp_format,
            json_value=ref.jsonvalue,
        )

    def element(self, shape: Shape) -> Field:
        """Look up what a list holds."""
        if shape.member is None:
            raise TypeError("only a list has elements")
        return self.field(shape.member)

    def entry(self, shape: Shape) -> tuple[Field, Field]:
        """Look up what a map holds: its key and its value."""
        if shape.key is None or shape.value is None:
            raise TypeError("only a map has entries")
        return self.field(shape.key), self.field(shape.value)

    def members(self, shape_name: str) -> dict[str, Field]:
        """Look up the members of a structure, by the model's names."""
        return {name: self.field(ref) for name, ref in self.shapes[shape_name].members.items()}


class _Merge(msgspec.Struct, frozen=True):
    """What an extension adds to a model."""

    operations: dict[str, OperationModel]
    shapes: dict[str, Shape]


class _Extension(msgspec.Struct, frozen=True):
    """A document that SDKs merge into a model."""

    merge: _Merge


def decode(name: str, document: bytes | str) -> ServiceModel:
    """Read one model from its JSON text, extend it and correct it.

    Raises:
        LookupError: an extension or a correction does not fit the model.
    """
    model = msgspec.structs.replace(msgspec.json.decode(document, type=ServiceModel), name=name)
    return patches.apply(_extended(model))


def _extended(model: ServiceModel) -> ServiceModel:
    document = sdk.extension(model.name, model.metadata.api_version)
    if document is None:
        return model
    added = msgspec.json.decode(document, type=_Extension).merge
    taken = (added.operations.keys() & model.operations.keys()) | (added.shapes.keys() & model.shapes.keys())
    if taken:
        raise LookupError(f"the extension of {model.name} has what its model has already: {', '.join(sorted(taken))}")
    operations, shapes = {**model.operations, **added.operations}, {**model.shapes, **added.shapes}
    return msgspec.structs.replace(model, operations=operations, shapes=shapes)


def folder() -> Path:
    """Find botocore's data files without importing botocore.

    Raises:
        ModuleNotFoundError: botocore is not installed.
    """
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore carries the service models and is not installed", name="botocore")
    return Path(spec.origin).parent / "data"


@cache
def load(name: str) -> ServiceModel:
    """Load the newest model of the service that botocore calls *name*, once in the life of the process.

    Raises:
        LookupError: botocore has no such service.
    """
    versions = sorted(folder().glob(f"{name}/*/{_SERVICE_FILE}"))
    if not versions:
        raise LookupError(f"botocore has no model of a service `{name}`")
    return decode(name, gzip.decompress(versions[-1].read_bytes()))
