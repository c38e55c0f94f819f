"""Values as JSON: what the json and rest-json protocols carry in bodies.

A member that is null counts as absent; members that the model does not know are ignored. Timestamps are seconds since
1970 unless the model says another form, blobs are base64, and numbers that JSON lacks are the texts `NaN`, `Infinity`,
`-Infinity`.
Source: Smithy, "AWS JSON 1.1 protocol"; the texts of SerializationException as AWS's services give them ("STRING_VALUE
can not be converted to an Integer", "Start of list found where not expected").
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import msgspec

from remit.errors import MalformedInput
from remit.wire import scalars, timestamps
from remit.wire.models import Field, ServiceModel

# What Python's own stack bears with room to spare, in checks, handlers and trail; real inputs stay below 20.
DEPTH_MAX = 64

Convert = Callable[[Any], Any]

_TOKENS: Mapping[type, str] = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE"}
_TARGETS = {
    "string": "a String",
    "character": "a String",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
    "boolean": "a Boolean",
    "blob": "a Blob",
    "timestamp": "a Timestamp",
}


def decode(body: bytes) -> Any:
    """Decode a JSON text; an empty one is an empty object, as clients send it for operations without input.

    Raises:
        MalformedInput: not JSON, or nested more than DEPTH_MAX deep.
    """
    if not body:
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedInput(f"the body is not JSON: {error}") from None
    # Counting brackets is quick and never too low; only a text with so many of them is walked.
    if body.count(b"[") + body.count(b"{") > DEPTH_MAX and _depth_exceeds(value, DEPTH_MAX):
        raise MalformedInput(f"the body is nested more than {DEPTH_MAX} deep")
    return value


def encode(value: Any) -> bytes:
    """Encode as compact JSON."""
    return msgspec.json.encode(value)


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            item
            for container in level
            if isinstance(container, (dict, list))
            for item in (container.values() if isinstance(container, dict) else container)
        ]
        if not level:
            return False
    return any(isinstance(item, (dict, list)) for item in level)


def refuse(value: Any, type_name: str) -> MalformedInput:
    """Word the refusal of a value that is of another JSON type than the model's."""
    if isinstance(value, dict):
        return MalformedInput("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return MalformedInput("Start of list found where not expected")
    token = str(value).upper() + "_VALUE" if isinstance(value, bool) else _TOKENS[type(value)]
    return MalformedInput(f"{token} can not be converted to {_TARGETS[type_name]}")


class JsonReader:
    """Makes the readers of one service's shapes: from decoded JSON to members by the model's names."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._structures: dict[str, Convert] = {}

    def structure(self, name: str, members: Mapping[str, Field] | None = None) -> Convert:
        """Make the reader of a structure, or of some of its *members* only."""
        if members is None:
            if name in self._structures:
                return self._structures[name]
            if self._model.shapes[name].document:
                return _unchanged
        readers: dict[str, tuple[str, Convert]] = {}

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise MalformedInput("Unexpected field type")
            found: dict[str, Any] = {}
            for key, item in cast("dict[str, Any]", value).items():
                if item is not None and (member := readers.get(key)) is not None:
                    found[member[0]] = member[1](item)
            return found

        if members is None:
            self._structures[name] = read
            members = self._model.members(name)
        for member, field in members.items():
            readers[field.wire_name or member] = (member, self.of(field))
        return read

    def of(self, field: Field) -> Convert:
        """Make the reader of any shape in its place."""
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                return self._list(field)
            case "map":
                return self._map(field)
            case _:
                return _scalar_reader(field)

    def _list(self, field: Field) -> Convert:
        read_item = self.of(self._model.element(field.shape))

        def read(value: Any) -> list[Any]:
            if type(value) is not list:
                raise MalformedInput("Expected list or null")
            # AWS keeps a null in a list and lets the constraints complain of it.
            items = cast("Iterable[Any]", value)
            return [None if item is None else read_item(item) for item in items]

        return read

    def _map(self, field: Field) -> Convert:
        read_item = self.of(self._model.entry(field.shape)[1])

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise MalformedInput("Expected map or null")
            entries = cast("dict[str, Any]", value)
            return {key: None if item is None else read_item(item) for key, item in entries.items()}

        return read


def _unchanged(value: Any) -> Any:
    return value


def _scalar_reader(field: Field) -> Convert:
    type_name = field.shape.type
    match type_name:
        case "string" | "character":
            return _exactly(str, type_name)
        case "boolean":
            return _exactly(bool, type_name)
        case "integer" | "long":
            return _integer_reader(type_name)
        case "float" | "double":
            return _float_reader(type_name)
        case "blob":
            return _blob_reader
        case "timestamp":
            return _timestamp_reader(field.timestamp_format or timestamps.EPOCH)
        case _:
            raise TypeError(f"not a scalar: `{type_name}`")


def _exactly(python_type: type, type_name: str) -> Convert:
    def read(value: Any) -> Any:
        if type(value) is not python_type:
            raise refuse(value, type_name)
        return value

    return read


def _integer_reader(type_name: str) -> Convert:
    def read(value: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not scalars.fits(value, type_name):
            raise refuse(value, type_name)
        return value

    return read


def _float_reader(type_name: str) -> Convert:
    def read(value: Any) -> float:
        if type(value) is float:
            return value
        if type(value) is int:
            try:
                return float(value)
            except OverflowError:
                raise refuse(value, type_name) from None
        if value in ("NaN", "Infinity", "-Infinity"):
            return scalars.read_float(value)
        raise refuse(value, type_name)

    return read


def _blob_reader(value: Any) -> bytes:
    if type(value) is not str:
        raise refuse(value, "blob")
    return scalars.read_blob(value)


def _timestamp_reader(form: str) -> Convert:
    read_text = timestamps.text_reader(form)

    def read(value: Any) -> Any:
        try:
            if type(value) in (int, float):
                return timestamps.read_epoch(value)
            if type(value) is str and form != timestamps.EPOCH:
                return read_text(value)
        except ValueError:
            pass
        raise refuse(value, "timestamp")

    return read


def _for_each_item(convert: Convert | None) -> Convert | None:
    if convert is None:
        return None
    return lambda items: [None if item is None else convert(item) for item in items]


def _for_each_value(convert: Convert | None) -> Convert | None:
    if convert is None:
        return None
    return lambda entries: {key: None if item is None else convert(item) for key, item in entries.items()}


class JsonWriter:
    """Makes the writers of one service's shapes: from members by the model's names to what JSON can encode."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._structures: dict[str, Convert] = {}

    def structure(self, name: str, members: Mapping[str, Field] | None = None) -> Convert:
        """Make the writer of a structure, or of some of its *members* only.

        The writer raises KeyError for a member that the model does not have: a bug of whoever made the value.
        """
        if members is None:
            if name in self._structures:
                return self._structures[name]
            if self._model.shapes[name].document:
                return _unchanged
        writers: dict[str, tuple[str, Convert | None]] = {}

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            written: dict[str, Any] = {}
            for member, item in value.items():
                if item is not None:
                    key, convert = writers[member]
                    written[key] = item if convert is None else convert(item)
            return written

        if members is None:
            self._structures[name] = write
            members = self._model.members(name)
        for member, field in members.items():
            writers[member] = (field.wire_name or member, self.of(field))
        return write

    def of(self, field: Field) -> Convert | None:
        """Make the writer of any shape in its place; None when JSON takes the value as it is."""
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                return _for_each_item(self.of(self._model.element(field.shape)))
            case "map":
                return _for_each_value(self.of(self._model.entry(field.shape)[1]))
            case "timestamp":
                return _timestamp_writer(field.timestamp_format or timestamps.EPOCH)
            case kind:
                return _SCALAR_WRITERS.get(kind)


def _write_float(value: float) -> float | str:
    return value if math.isfinite(value) else scalars.write_float(value)


# Scalars that JSON does not take as they are.
_SCALAR_WRITERS: dict[str, Convert] = {"blob": scalars.write_blob, "float": _write_float, "double": _write_float}


def _timestamp_writer(form: str) -> Convert:
    return timestamps.write_epoch if form == timestamps.EPOCH else timestamps.text_writer(form)
