"""Values of any shape, drawn at random: what a caller could send and a handler could answer.

The random source may be Hypothesis's (`st.randoms(use_true_random=False)`), then a failure shrinks.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from remit.wire.models import Field, ServiceModel

_DEPTH_MAX = 4
_TEXT = "abcXYZ019 _-/+=.@:&<>'\"%;,?#{}[]~\\éßΩ漢😀\n\t\r"  # characters of several scripts are the point
_PLAIN = "abcXYZ019-"
_START = datetime(2001, 1, 1, tzinfo=UTC)


class Values:
    """Draws values of one service's shapes.

    Some things a protocol cannot say, so they are never drawn: an empty structure or map in a form, an empty list in a
    header.
    """

    def __init__(self, model: ServiceModel, random: Random, protocol: str, *, output: bool = False) -> None:
        self._model = model
        self._random = random
        self._protocol = protocol
        self._output = output

    def structure(self, name: str, depth: int = 0, *, plain: bool = False) -> dict[str, Any]:
        shape = self._model.shapes[name]
        fields = {member: field for member, field in self._model.members(name).items() if not field.shape.eventstream}
        if shape.union:
            fields = dict([self._random.choice(list(fields.items()))])
        found: dict[str, Any] = {}
        for member, field in fields.items():
            is_wanted = member in shape.required or shape.union or field.location == "uri" or shape.payload == member
            if not is_wanted and (depth > _DEPTH_MAX or self._random.random() < 0.4):
                continue
            if depth > _DEPTH_MAX + 6 and not shape.union and field.shape.type in ("structure", "list", "map"):
                continue
            is_payload = shape.payload == member
            value = self._member(field, depth, plain=plain, is_payload=is_payload, is_required=member in shape.required)
            if value is not None:
                found[member] = value
        return found

    def _member(self, field: Field, depth: int, *, plain: bool, is_payload: bool, is_required: bool) -> Any:
        random = self._random
        if field.location == "statusCode":
            return random.choice([200, 201, 202])
        if field.json_value and field.location:
            return {"key": random.randrange(9)}
        if field.location in ("header", "headers", "uri", "querystring") or is_payload:
            return self._outside(field, depth, plain=plain, is_required=is_required)
        return self._value(field, depth, plain=plain)

    def _outside(self, field: Field, depth: int, *, plain: bool, is_required: bool) -> Any:
        """A value outside the body, or the whole body."""
        shape = field.shape
        match shape.type:
            case "list":
                element = self._model.element(shape)
                count = self._random.randint(1, 3)
                return [self._outside_scalar(element, field.location) for _ in range(count)]
            case "map":
                value = self._model.entry(shape)[1]
                if value.shape.type == "list":
                    return {f"k{number}": ["a", self._text(_PLAIN, 1)] for number in range(self._random.randint(1, 3))}
                return {f"k{number}": self._text(_PLAIN, 1) for number in range(self._random.randint(1, 3))}
            case "structure":
                # Clients send an empty object for a payload that is absent.
                value = self._value(field, depth, plain=plain)
                return value if value or is_required or self._output else None
            case "blob":
                return self._text(_PLAIN, 1).encode()
            case _:
                return self._outside_scalar(field, "uri" if plain else field.location)

    def _outside_scalar(self, field: Field, location: str) -> Any:
        if field.shape.type == "string":
            return self._text({"header": _PLAIN, "uri": _PLAIN}.get(location, _TEXT), 1)
        if field.shape.type == "timestamp":
            return _START + timedelta(seconds=self._random.randrange(10**9))
        return self._value(field, 9, plain=False)

    def _value(self, field: Field, depth: int, *, plain: bool) -> Any:
        random, shape = self._random, field.shape
        match shape.type:
            case "structure":
                if shape.document:
                    return {"a": [1, "x", None, {"b": True}], "n": random.randrange(9)}
                value = self.structure(field.shape_name, depth + 1)
                return value if value or self._protocol != "query" or self._output else None
            case "list":
                least = 1 if field.flattened else 0
                count = 1 if depth > _DEPTH_MAX else random.randint(least, 3)
                element = self._model.element(shape)
                items = [self._value(element, depth + 1, plain=False) for _ in range(count)]
                return [item for item in items if item is not None] or (None if least else [])
            case "map":
                key, value = self._model.entry(shape)
                # A form or a flattened element cannot say that a map is empty.
                least = 1 if self._protocol == "query" else 0
                drawn = {
                    f"{self._value(key, depth + 1, plain=False)}{number}": self._value(value, depth + 1, plain=False)
                    for number in range(random.randint(least, 2))
                }
                return {name: item for name, item in drawn.items() if item is not None} or (None if least else {})
            case _:
                return self._scalar(field, plain=plain)

    def _scalar(self, field: Field, *, plain: bool) -> Any:
        random = self._random
        match field.shape.type:
            case "string" | "character":
                return self._text(_PLAIN if plain else _TEXT, 1 if plain else 0)
            case "integer":
                return random.randint(-(2**31), 2**31 - 1)
            case "long":
                return random.randint(-(2**63), 2**63 - 1)
            case "float" | "double":
                return random.choice([0.0, -1.5, 1e10, 3.25, 1e-7, 123456.789])
            case "boolean":
                return random.choice([True, False])
            case "blob":
                return bytes(random.randrange(256) for _ in range(random.randint(0, 5)))
            case "timestamp":
                whole = self._output or field.timestamp_format == "rfc822"
                fraction = 0 if whole else random.choice([0, 0, 123_000, 1])
                return _START + timedelta(seconds=random.randrange(10**9), microseconds=fraction)
            case other:
                raise AssertionError(other)

    def _text(self, alphabet: str, least: int) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(self._random.randint(least, 6)))
