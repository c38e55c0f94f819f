"""Inputs and outputs as a trail records them: members with a small first letter, without their secrets.

A value is left out when its shape, or the shape of anything around it, is marked `sensitive` in the model or in our
corrections. Of a value whose shape our corrections mark `hashed`, its SHA-256 is recorded: it tells which it was, and
no more. The keys of maps are the caller's own words and stay as they are. What is done with a shape is worked out
when it first comes, from the model.
Source: `trail-records` reference, "Writing": secrets never, absent or starred; we leave them out.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.wire.models import Field, ServiceModel

# Gives a value as it is recorded.
Writer = Callable[[Any], Any]
# Member -> its name in a record, and what writes its value; None where that stays as it is.
_Members = dict[str, tuple[str, Writer | None]]


class Recording:
    """Makes the writers of one service's shapes."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._structures: dict[str, Writer] = {}

    def structure(self, name: str) -> Writer:
        """Make the writer of a structure: from a mapping of its members to what is recorded of them."""
        known = self._structures.get(name)
        if known is not None:
            return known
        members: _Members = {}

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for member, item in value.items():
                if item is not None and (known := members.get(member)) is not None:
                    small, written = known
                    found[small] = item if written is None else written(item)
            return found

        self._structures[name] = write  # a shape may be within itself
        for member, field in self._model.members(name).items():
            if not field.shape.sensitive:
                members[member] = (member[:1].lower() + member[1:], self._of(field))
        return write

    def _of(self, field: Field) -> Writer | None:
        return recorded_hash if field.shape.hashed else self._of_type(field)

    def _of_type(self, field: Field) -> Writer | None:
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                element = self._model.element(field.shape)
                return _nothing_of_list if element.shape.sensitive else _each_item(self._of(element))
            case "map":
                key, value = self._model.entry(field.shape)
                if key.shape.sensitive or value.shape.sensitive:
                    return _nothing_of_map
                return _each_value(self._of(value))
            case "timestamp":
                return recorded_time
            case _:
                return None


def _nothing_of_list(_: object) -> list[Any]:
    return []


def _nothing_of_map(_: object) -> dict[str, Any]:
    return {}


def _each_item(writer: Writer | None) -> Writer | None:
    if writer is None:
        return None
    return lambda items: [None if item is None else writer(item) for item in items]


def _each_value(writer: Writer | None) -> Writer | None:
    if writer is None:
        return None
    return lambda entries: {key: None if item is None else writer(item) for key, item in entries.items()}


def recorded_hash(value: Any) -> str:
    """Write which value it was: `sha256:` and the hash, of the bytes, of a text's UTF-8, of anything else's JSON."""
    match value:
        case bytes():
            whole = value
        case str():
            whole = value.encode()
        case _:
            whole = msgspec.json.encode(value)
    return f"sha256:{hashlib.sha256(whole).hexdigest()}"


def recorded_time(at: datetime) -> str:
    """Write a time as records do: `Jul 10, 2023 11:50:00 AM`."""
    return f"{at:%b} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M:%S %p}"
