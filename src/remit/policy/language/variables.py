"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`; and `${*}`, `${?}`, `${$}`, the characters.

A template is a text taken apart once: literal text, wildcards, variables. What a variable stands for is literal: a `*`
in a tag's value is no wildcard (T7).
Source: `policy-evaluation` reference, V1, R3, 2.4 (T1 to T9).
"""

from collections.abc import Mapping

import msgspec

from remit.policy.language.request import ContextValue
from remit.policy.language.wildcards import Pieces, Wildcard, pieces

_OPENING = "${"
_DEFAULT = ", '"
_DEFAULT_END = "'}"
_ESCAPES = frozenset("*?$")


class Variable(msgspec.Struct, frozen=True):
    """A place where a value of the request goes.

    Attributes:
        name: of the condition key, as the document spells it.
        key: the same in lower case, as a request's context has it.
        default: what stands there when the key is missing; None for no default.
    """

    name: str
    key: str
    default: str | None = None


Part = str | Wildcard | Variable
Template = tuple[Part, ...]


def template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """Take *text* apart.

    Args:
        variables: whether `${...}` means something; otherwise it is literal text, a `*` in it included (V1, R9).
        wildcards: whether `*` and `?` outside of `${...}` do.
    """
    if _OPENING not in text:
        return _plain(text, wildcards)
    parts: list[Part] = []
    at = 0
    for opening, closing in _variable_places(text):
        parts += _plain(text[at:opening], wildcards)
        written = text[opening:closing]
        parts.append(_variable(written) if variables else written)
        at = closing
    parts += _plain(text[at:], wildcards)
    return _joined(parts)


def resolved(template: Template, context: Mapping[str, ContextValue]) -> Pieces | None:
    """Put the request's values in; None if a variable has neither a value nor a default (T5, T6).

    A key with several values counts as missing (T2).
    """
    found: list[str | Wildcard] = []
    for part in template:
        if isinstance(part, Variable):
            value = context.get(part.key)
            text = value if isinstance(value, str) else part.default
            if text is None:
                return None
            found.append(text)
        else:
            found.append(part)
    return tuple(found)


def has_variables(template: Template) -> bool:
    """Say whether the request has a say in what *template* comes to."""
    return any(isinstance(part, Variable) for part in template)


def split_outside_variables(text: str, colons: int) -> list[str]:
    """Split *text* at its first colons, at most so many, but not at those inside `${...}` (R3)."""
    if _OPENING not in text:
        return text.split(":", colons)
    parts: list[str] = []
    start = at = 0
    places = iter([*_variable_places(text), (len(text), len(text))])
    opening, closing = next(places)
    while len(parts) < colons:
        colon = text.find(":", at)
        if colon < 0:
            break
        while closing <= colon:
            opening, closing = next(places)
        if opening < colon:
            at = closing
            continue
        parts.append(text[start:colon])
        start = at = colon + 1
    parts.append(text[start:])
    return parts


def _variable_places(text: str) -> list[tuple[int, int]]:
    """Find where each `${...}` begins and ends; a `${` that is never closed is literal text (T9)."""
    places: list[tuple[int, int]] = []
    quote_left = True
    opening = text.find(_OPENING)
    while opening >= 0:
        closing = text.find("}", opening)
        if closing < 0:
            break
        quote = text.find(_DEFAULT, opening, closing)
        # A default may hold a brace: it ends where its quotation mark does. A search that found none is not made again.
        if quote >= 0 and quote_left:
            quoted_end = text.find(_DEFAULT_END, quote + len(_DEFAULT))
            quote_left = quoted_end >= 0
            closing = quoted_end + 1 if quote_left else closing
        places.append((opening, closing + 1))
        opening = text.find(_OPENING, closing)
    return places


def _variable(written: str) -> Part:
    inner = written[len(_OPENING) : -1]
    if inner in _ESCAPES:
        return inner
    name, comma, default = inner.partition(_DEFAULT)
    if comma and default.endswith("'"):
        return Variable(name, name.lower(), default[:-1])
    return Variable(inner, inner.lower())


def _plain(text: str, wildcards: bool) -> Pieces:  # noqa: FBT001  # private; handed through from a keyword
    if wildcards:
        return pieces(text)
    return (text,) if text else ()


def _joined(parts: list[Part]) -> Template:
    """Make one of literals that stand side by side, so that equal texts have equal templates."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
