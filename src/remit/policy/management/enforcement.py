"""Tag policies, enforced: which tags may not be put on a resource.

A tag is looked at where the policy's `enforced_for` names the resource's type. Its key has to be in the policy's case,
`tag_key` or else lower case, and its value has to be one of `tag_value`, if the policy has that. Tags that the policy
does not mention, and resources without tags, are nobody's concern.
Source: Organizations User Guide, "Tag policy syntax and examples" and "Enforce tagging consistency".
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

# Of `enforced_for`: every resource type of a service.
_EVERY_TYPE = frozenset({"*", "all_supported"})
_WILDCARD = "*"


class Breach(StrEnum):
    """What a tag breaks."""

    KEY_CASE = "key_case"
    VALUE = "value"


class TagViolation(msgspec.Struct, frozen=True):
    """A tag that the policy refuses.

    Attributes:
        expected: the key as it has to be written, or the values there are, one of which may be `*` for a part.
    """

    key: str
    value: str
    breach: Breach
    expected: tuple[str, ...]


def tag_policy_violations(
    effective: Mapping[str, Any], resource_type: str, tags: Mapping[str, str]
) -> tuple[TagViolation, ...]:
    """Find the tags that an account's effective tag policy refuses on a resource.

    Args:
        effective: the document of the effective policy; empty for none.
        resource_type: service and type, like `organizations:account`.
        tags: those of the request.
    """
    rules = {key.lower(): rule for key, rule in effective.get("tags", {}).items()}
    return tuple(
        violation
        for key, value in tags.items()
        if _is_enforced(rules.get(key.lower(), {}), resource_type)
        for violation in _violations(key, value, rules[key.lower()])
    )


def _is_enforced(rule: Mapping[str, Any], resource_type: str) -> bool:
    service, _, kind = resource_type.lower().partition(":")
    for named in rule.get("enforced_for", ()):
        named_service, _, named_kind = str(named).lower().partition(":")
        if named_service == service and (named_kind == kind or named_kind in _EVERY_TYPE):
            return True
    return False


def _violations(key: str, value: str, rule: Mapping[str, Any]) -> Iterator[TagViolation]:
    expected = str(rule.get("tag_key", key.lower()))
    if key != expected:
        yield TagViolation(key, value, Breach.KEY_CASE, (expected,))
    values: Sequence[Any] | None = rule.get("tag_value")
    if values is not None and not any(_matches(str(pattern), value) for pattern in values):
        yield TagViolation(key, value, Breach.VALUE, tuple(map(str, values)))


def _matches(pattern: str, value: str) -> bool:
    before, wildcard, after = pattern.partition(_WILDCARD)
    if not wildcard:
        return value == pattern
    return len(value) >= len(before) + len(after) and value.startswith(before) and value.endswith(after)
