"""Inputs and outputs without their secrets, for trails and logs.

A value is left out when its shape, or the shape of anything around it, is marked `sensitive` in the model or in our
corrections.
Source: `trail-records` reference, "Writing": secrets never, absent or starred; we leave them out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from remit.wire.models import Field, ServiceModel

# Gives the value back without secrets.
Cleaner = Callable[[Any], Any]


class Secrecy:
    """Makes the cleaners of one service's shapes; a shape without secrets has none and is shown as it is."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._secret_holders = _holders_of_secrets(model)
        self._structures: dict[str, Cleaner | None] = {}

    def structure(self, name: str) -> Cleaner | None:
        """Make the cleaner of a structure; None if it holds no secret."""
        if name in self._structures or name not in self._secret_holders:
            return self._structures.get(name)
        hidden: set[str] = set()
        cleaned: dict[str, Cleaner] = {}

        def clean(value: Mapping[str, Any]) -> dict[str, Any]:
            return {
                member: cleaned[member](item) if member in cleaned and item is not None else item
                for member, item in value.items()
                if member not in hidden
            }

        self._structures[name] = clean
        for member, field in self._model.members(name).items():
            if field.shape.sensitive:
                hidden.add(member)
            elif (cleaner := self._of(field)) is not None:
                cleaned[member] = cleaner
        return clean

    def _of(self, field: Field) -> Cleaner | None:
        match field.shape.type:
            case "structure":
                return self.structure(field.shape_name)
            case "list":
                element = self._model.element(field.shape)
                if element.shape.sensitive:
                    return lambda items: []
                return _for_each_item(self._of(element))
            case "map":
                key, value = self._model.entry(field.shape)
                if key.shape.sensitive or value.shape.sensitive:
                    return lambda entries: {}
                return _for_each_value(self._of(value))
            case _:
                return None


def _for_each_item(cleaner: Cleaner | None) -> Cleaner | None:
    if cleaner is None:
        return None
    return lambda items: [item and cleaner(item) for item in items]


def _for_each_value(cleaner: Cleaner | None) -> Cleaner | None:
    if cleaner is None:
        return None
    return lambda entries: {name: item and cleaner(item) for name, item in entries.items()}


def _holders_of_secrets(model: ServiceModel) -> frozenset[str]:
    """Find the structures from which a sensitive shape can be reached, going from the secrets outwards."""
    users: dict[str, set[str]] = {}
    for name, shape in model.shapes.items():
        refs = [*shape.members.values(), *(ref for ref in (shape.member, shape.key, shape.value) if ref)]
        for ref in refs:
            users.setdefault(ref.shape, set()).add(name)
    found: set[str] = set()
    waiting = [name for name, shape in model.shapes.items() if shape.sensitive]
    while waiting:
        for user in users.get(waiting.pop(), set()) - found:
            found.add(user)
            waiting.append(user)
    return frozenset(found)
