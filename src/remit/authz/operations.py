"""What each operation is authorised as: its action, the kind of its resource, its condition keys. Data, not code.

Source: `data/SOURCE.md`.
"""

from functools import cache
from importlib import resources

import msgspec


class Also(msgspec.Struct, frozen=True):
    """A further action that one call needs on the same resource.

    Attributes:
        when: needed if the input has one of these members.
        session: needed, too, if the caller's session has a value for this member.
    """

    action: str
    when: tuple[str, ...]
    session: str = ""


class Operation(msgspec.Struct, frozen=True):
    """How one operation is authorised.

    Attributes:
        resource: how the resource is found, a key of `resources.FINDERS`; empty for actions without resource types.
        others: further resources that must be allowed as well, keys of `resources.FINDERS`.
        keys: the service's condition keys, without the part after the slash.
        also: further actions.
        shown: what messages print for the resource, with the input's members in braces; empty for what the finder says.
        is_free: needs no permission, and cannot be denied.
    """

    action: str
    resource: str = ""
    others: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    shown: str = ""
    is_free: bool = False


@cache
def operations() -> dict[str, dict[str, Operation]]:
    """Return service -> operation -> how it is authorised, for every operation that Remit answers."""
    text = resources.files("remit.authz").joinpath("data/operations.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, dict[str, Operation]])
