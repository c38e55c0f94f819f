"""Constraints in the words of a JSON schema: of services that have API Gateway check what they are asked.

All violations of one request are in one text: `[string "" is too short (length: 0, required minimum: 1), ...]`. The
values are shown as they came, sensitive ones as well: to whoever sent them, and not to the trail.
Source: the answers of Account Management, recorded in September 2026, for enumerations and patterns; the messages of
the validator that says these, `json-schema-validator`, for the others.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.errors import Rule, ValidationError
from remit.wire import patterns
from remit.wire.constraints import Check, Violations
from remit.wire.models import Field, ServiceModel, Shape

# Place and rule, and what is said of it.
_Found = list[tuple[tuple[str, Rule], str]]
_Look = Callable[[Any, str, _Found], None]


class SchemaChecker:
    """Makes the checks of one service's inputs."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._looks: dict[str, _Look] = {}

    def structure(self, name: str) -> Check:
        """Make the check of an input; it raises what it finds.

        Raises:
            ValidationError: by the check, when the input breaks constraints.
        """
        look = self._structure(name)

        def check(value: Any, place: str, violations: Violations) -> None:
            del violations
            found: _Found = []
            look(value, place, found)
            if found:
                raise ValidationError(f"[{', '.join(text for _, text in found)}]", [broken for broken, _ in found])

        return check

    def _structure(self, name: str) -> _Look:
        known = self._looks.get(name)
        if known is not None:
            return known
        members: dict[str, _Look] = {}
        required = sorted(self._model.shapes[name].required)

        def look(value: Mapping[str, Any], place: str, found: _Found) -> None:
            missing = [member for member in required if value.get(member) is None]
            if missing:
                text = f"object has missing required properties ({_json(missing)})"
                found.append(((place + missing[0], Rule.REQUIRED), text))
            for member, look_at in members.items():
                if (item := value.get(member)) is not None:
                    look_at(item, place + member, found)

        self._looks[name] = look  # a shape may be within itself
        members |= {member: self._of(field) for member, field in self._model.members(name).items()}
        return look

    def _of(self, field: Field) -> _Look:
        match field.shape.type:
            case "structure":
                look_inside = self._structure(field.shape_name)
                return lambda value, place, found: look_inside(value, place + ".", found)
            case "list":
                return _each(self._of(self._model.element(field.shape)))
            case "string":
                return _text(field.shape)
            case "integer" | "long" | "float" | "double":
                return _number(field.shape)
            case _:
                return _nothing


def _nothing(value: Any, place: str, found: _Found) -> None:
    del value, place, found


def _each(look: _Look) -> _Look:
    def look_at_each(value: list[Any], place: str, found: _Found) -> None:
        for number, item in enumerate(value):
            look(item, f"{place}.{number}", found)

    return look_at_each


def _text(shape: Shape) -> _Look:
    matches = patterns.matcher(shape.pattern) if shape.pattern else None
    values = _json(shape.enum)

    def look(value: str, place: str, found: _Found) -> None:
        if shape.enum and value not in shape.enum:
            found.append(
                (
                    (place, Rule.ENUM),
                    f"instance value ({_json(value)}) not found in enum (possible values: {values})",
                )
            )
        if matches is not None and not matches(value):
            text = f'ECMA 262 regex "^{shape.pattern}$" does not match input string "{value}"'
            found.append(((place, Rule.PATTERN), text))
        if shape.max is not None and len(value) > shape.max:
            text = f'string "{value}" is too long (length: {len(value)}, maximum allowed: {int(shape.max)})'
            found.append(((place, Rule.MAX_LENGTH), text))
        if shape.min is not None and len(value) < shape.min:
            text = f'string "{value}" is too short (length: {len(value)}, required minimum: {int(shape.min)})'
            found.append(((place, Rule.MIN_LENGTH), text))

    return look


def _number(shape: Shape) -> _Look:
    def look(value: float, place: str, found: _Found) -> None:
        if shape.max is not None and value > shape.max:
            text = f"numeric instance is greater than the required maximum (maximum: {int(shape.max)}, found: {value})"
            found.append(((place, Rule.MAX_VALUE), text))
        if shape.min is not None and value < shape.min:
            text = f"numeric instance is lower than the required minimum (minimum: {int(shape.min)}, found: {value})"
            found.append(((place, Rule.MIN_VALUE), text))

    return look


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
