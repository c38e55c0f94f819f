"""Corrections of AWS's models: where the service is known to do something else than its model says.

Each entry of `data/patches.json` names a service and a shape, what changes, and the reason.

- `set` replaces traits of the shape;
- `first` moves members to the front, because constraints are reported in the order of the members.

INVARIANT: a patch that no longer fits its model stops the start, so that none outlives its reason unseen.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from remit.wire.models import ServiceModel, Shape

_FILE = Path(__file__).parent / "data" / "patches.json"


class Patch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One correction and why it is made."""

    service: str
    shape: str
    reason: str
    set: dict[str, Any] = {}
    first: list[str] = []


@cache
def all_patches() -> tuple[Patch, ...]:
    """Read the corrections."""
    return tuple(msgspec.json.decode(_FILE.read_bytes(), type=list[Patch]))


def apply(model: "ServiceModel") -> "ServiceModel":
    """Give the model back with every correction of this service made.

    Raises:
        LookupError: a correction names a shape or a member that the model does not have.
    """
    shapes = dict(model.shapes)
    for patch in all_patches():
        if patch.service == model.name:
            if patch.shape not in shapes:
                raise LookupError(f"patch of a shape that is not in the model: `{patch.service}.{patch.shape}`")
            shapes[patch.shape] = _patched(shapes[patch.shape], patch)
    return msgspec.structs.replace(model, shapes=shapes)


def _patched(shape: "Shape", patch: Patch) -> "Shape":
    fields = msgspec.to_builtins(shape) | patch.set
    if patch.first:
        members = fields["members"]
        fields["members"] = {name: members.pop(name) for name in patch.first} | members
    return msgspec.convert(fields, type(shape))
