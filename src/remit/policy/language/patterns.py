"""What statements name actions and resources with.

Both are compared segment by segment, so that a wildcard in one segment never reaches into the next: an action has a
service prefix and a name, an ARN six parts of which the last keeps its own colons.
Source: `policy-evaluation` reference, 2.1 (A2 to A5), 2.2 (R2 to R9).
"""

import msgspec

from remit.policy.language.variables import Template, split_outside_variables, template
from remit.policy.language.wildcards import Pieces, Wildcard, pieces

ARN_PARTS = 6
EVERYTHING = "*"


class ActionPattern(msgspec.Struct, frozen=True):
    """An entry of `Action` or `NotAction`.

    Attributes:
        text: as written.
        segments: service prefix and name, in lower case (A2); empty for a text without a colon, which matches nothing.
        is_everything: for `*`.
    """

    text: str
    segments: tuple[Pieces, ...]
    is_everything: bool = False


class ResourcePattern(msgspec.Struct, frozen=True):
    """An entry of `Resource` or `NotResource`.

    Attributes:
        text: as written.
        segments: the six parts of an ARN; empty for a text that matches none (R6).
        is_everything: for `*`, the only pattern that matches the resource `*` (R2).
    """

    text: str
    segments: tuple[Template, ...]
    is_everything: bool = False


def action_pattern(text: str) -> ActionPattern:
    """Take an action apart."""
    if text == EVERYTHING:
        return ActionPattern(text, (), is_everything=True)
    prefix, colon, name = text.lower().partition(":")
    return ActionPattern(text, (pieces(prefix), pieces(name)) if colon else ())


def resource_pattern(text: str, *, variables: bool) -> ResourcePattern:
    """Take a resource apart; *variables* says whether the document's version has them."""
    if text == EVERYTHING:
        return ResourcePattern(text, (), is_everything=True)
    parts = split_outside_variables(text, ARN_PARTS - 1)
    # Variables mean something after the fifth colon only (R9).
    segments = [template(part, variables=False, wildcards=True) for part in parts[: ARN_PARTS - 1]]
    segments += [template(part, variables=variables, wildcards=True) for part in parts[ARN_PARTS - 1 :]]
    missing = ARN_PARTS - len(segments)
    if missing and not any(isinstance(part, Wildcard) for segment in segments for part in segment):
        return ResourcePattern(text, ())
    return ResourcePattern(text, (*segments, *[(Wildcard.ANY,)] * missing))


def arn_templates(text: str, *, variables: bool) -> tuple[Template, ...]:
    """Take the value of an ARN operator apart, where variables stand anywhere; empty for fewer than six parts (C11)."""
    parts = split_outside_variables(text, ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return ()
    return tuple(template(part, variables=variables, wildcards=True) for part in parts)
