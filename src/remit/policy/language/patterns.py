"""What statements name actions and resources with.

Both are compared segment by segment, so that a wildcard in one segment never reaches into the next: an action has a
service prefix and a name, an ARN six parts of which the last keeps its own colons. A pattern is taken apart when it is
first
asked for: documents name thousands of actions that no request ever does.
Source: `policy-evaluation` reference, 2.1 (A2 to A5), 2.2 (R2 to R9).
"""

from functools import lru_cache

import msgspec

from remit.policy.language.variables import Template, split_outside_variables, template
from remit.policy.language.wildcards import Pieces, Wildcard, pieces

ARN_PARTS = 6
EVERYTHING = "*"
_PATTERNS_KEPT = 4_096


class ActionPattern(msgspec.Struct, frozen=True, gc=False):
    """An entry of `Action` or `NotAction`, as written."""

    text: str

    @property
    def is_everything(self) -> bool:
        """Whether it is `*`."""
        return self.text == EVERYTHING

    @property
    def segments(self) -> tuple[Pieces, ...]:
        """Service prefix and name, in lower case (A2); none for a text without a colon, which matches nothing."""
        return _action_segments(self.text)


class ResourcePattern(msgspec.Struct, frozen=True, gc=False):
    """An entry of `Resource` or `NotResource`.

    Attributes:
        text: as written.
        has_variables: whether the version of its document has them.
    """

    text: str
    has_variables: bool

    @property
    def is_everything(self) -> bool:
        """Whether it is `*`, the only pattern that matches the resource `*` (R2)."""
        return self.text == EVERYTHING

    @property
    def segments(self) -> tuple[Template, ...]:
        """The six parts of an ARN; none for a text that matches no ARN (R6), and for `*`."""
        return _resource_segments(self.text, self.has_variables)


@lru_cache(maxsize=_PATTERNS_KEPT)
def _action_segments(text: str) -> tuple[Pieces, ...]:
    prefix, colon, name = text.lower().partition(":")
    return (pieces(prefix), pieces(name)) if colon else ()


@lru_cache(maxsize=_PATTERNS_KEPT)
def _resource_segments(text: str, has_variables: bool) -> tuple[Template, ...]:  # noqa: FBT001  # private, and cached
    if text == EVERYTHING:
        return ()
    parts = split_outside_variables(text, ARN_PARTS - 1)
    # Variables mean something after the fifth colon only (R9).
    segments = [template(part, variables=False, wildcards=True) for part in parts[: ARN_PARTS - 1]]
    segments += [template(part, variables=has_variables, wildcards=True) for part in parts[ARN_PARTS - 1 :]]
    missing = ARN_PARTS - len(segments)
    if missing and not any(isinstance(part, Wildcard) for segment in segments for part in segment):
        return ()
    return (*segments, *[(Wildcard.ANY,)] * missing)


def arn_templates(text: str, *, variables: bool) -> tuple[Template, ...]:
    """Take the value of an ARN operator apart, where variables stand anywhere; empty for fewer than six parts (C11)."""
    parts = split_outside_variables(text, ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return ()
    return tuple(template(part, variables=variables, wildcards=True) for part in parts)
