"""What the policy engine uses of msgspec, with the standard library alone.

A bundle of evidence carries it along as `msgspec`, so that verdicts can be made again where nothing is installed. It
has the same meaning and not the same speed.
"""

import dataclasses
import inspect
import json as _json
import types
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(frozen_default=False)
class Struct:
    """A record, as `msgspec.Struct` makes one of its annotations."""

    _kw_only: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, frozen: bool = False, eq: bool = True, kw_only: bool = False, **unused: object
    ) -> None:
        """Make a class of annotations a record.

        Args:
            unused: what changes speed or form in JSON only.
        """
        super().__init_subclass__()
        for name in inspect.get_annotations(cls):
            default: Any = cls.__dict__.get(name)
            # A mutable default, which can only be an empty one, is made anew for each record.
            for kind in (list[Any], dict[Any, Any], set[Any]):
                if default == kind() and default is not None:
                    setattr(cls, name, dataclasses.field(default_factory=kind))
        # A frozen record may extend one that is not, which a dataclass may not: frozen is left to those who write.
        dataclasses.dataclass(eq=eq, kw_only=kw_only, unsafe_hash=frozen and eq)(cls)


structs = types.SimpleNamespace(replace=dataclasses.replace)


class DecodeError(ValueError):
    """A text is no JSON."""


def _decode(text: str | bytes, **_: Any) -> Any:
    try:
        return _json.loads(text)
    except ValueError as error:
        raise DecodeError(str(error)) from None


json = types.SimpleNamespace(decode=_decode)
