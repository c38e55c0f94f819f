"""Condition keys that identity providers give values to: `<provider>:sub`, and what AWS knows of some of them.

Every provider has the audience and the subject; the claims of a few, by the URL of the provider, are data.
Source: service authorization reference, AWS STS (`data/SOURCE.md`); `iam-sts` reference, section 13.4, step 6.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, cast

import msgspec

from remit.policy import ContextValue

_VARIABLE = re.compile(r"\\\$\\\{\w+\\\}")


@cache
def _listed() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return pairs: which providers, by their URL without scheme, and which claims of theirs are keys."""
    text = resources.files("remit.authz").joinpath("data/provider_claims.json").read_bytes()
    table = msgspec.json.decode(text, type=dict[str, tuple[str, ...]])
    return tuple(
        (re.compile(_VARIABLE.sub("[^/]+", re.escape(provider)), re.IGNORECASE), claims)
        for provider, claims in table.items()
    )


def web_identity_keys(
    provider: str, audience: str, original_audience: tuple[str, ...], claims: Mapping[str, Any]
) -> dict[str, ContextValue]:
    """Return the keys of a token, their names in lower case.

    Args:
        provider: its URL without scheme, or its name.
        audience: for whom it was made.
        original_audience: its `aud`, where *audience* is its `azp`.
    """
    values: dict[str, ContextValue | None] = {
        "aud": audience,
        "oaud": _one_or_more(original_audience),
        "sub": _value(claims.get("sub")),
        "amr": _value(claims.get("amr")),
    }
    for pattern, names in _listed():
        if pattern.fullmatch(provider):
            for name in names:
                values.setdefault(name, _value(_claim(claims, name)))
    return {f"{provider}:{name}".lower(): value for name, value in values.items() if value is not None}


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim; one with a slash may be in an object: `google/organization_number`."""
    if name in claims:
        return claims[name]
    outer, _, inner = name.partition("/")
    within = claims.get(outer)
    return cast("dict[str, Any]", within).get(inner) if inner and isinstance(within, dict) else None


def _value(claim: Any) -> ContextValue | None:
    match claim:
        case str():
            return claim
        case bool():
            return "true" if claim else "false"
        case int() | float():
            return str(claim)
        case list():
            return _one_or_more(tuple(one for one in cast("Sequence[Any]", claim) if isinstance(one, str)))
        case _:
            return None


def _one_or_more(values: tuple[str, ...]) -> ContextValue | None:
    return (values[0] if len(values) == 1 else values) if values else None
