"""Form encoding: `name=value&name=value`, percent-encoded UTF-8, in a body or behind the `?` of a URL.

Strict where a lenient reader could be misled: a `%` that is followed by no two hexadecimal digits, or bytes that are
not UTF-8, are refused and never guessed. Source: URL Standard, "application/x-www-form-urlencoded".
"""

import re
from urllib.parse import unquote_to_bytes

from remit.errors import MalformedQueryString

# AWS's largest requests have a few thousand; without a bound, a body of 10 MB could make millions of texts.
PARAMETERS_MAX = 20_000

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_ESCAPE_TEXT = "a `%` is followed by no two hexadecimal digits"


def pairs(form: bytes | str) -> list[tuple[str, str]]:
    """Read a form, in its order; empty pieces are skipped and a name without `=` has an empty value.

    Raises:
        MalformedQueryString: a bad percent escape, bytes that are not UTF-8, or more than PARAMETERS_MAX parameters.
    """
    try:
        text = form if isinstance(form, str) else form.decode()
    except UnicodeDecodeError:
        raise MalformedQueryString("the parameters are not UTF-8") from None
    if text.count("&") >= PARAMETERS_MAX:
        raise MalformedQueryString(f"more than {PARAMETERS_MAX} parameters")
    if "%" not in text and "+" not in text:
        return [(name, value) for name, _, value in (piece.partition("=") for piece in text.split("&") if piece)]
    if _BAD_ESCAPE.search(text):
        raise MalformedQueryString(_BAD_ESCAPE_TEXT)
    found: list[tuple[str, str]] = []
    for piece in text.split("&"):
        if not piece:
            continue
        name, _, value = piece.partition("=")
        if "%" in piece or "+" in piece:
            name, value = _decoded(name.replace("+", " ")), _decoded(value.replace("+", " "))
        found.append((name, value))
    return found


def unescaped(text: str, *, plus: bool = False) -> str:
    """Take the percent encoding off; with *plus*, a `+` is a blank, as it is in forms.

    Raises:
        MalformedQueryString: a bad percent escape, or bytes that are not UTF-8.
    """
    if plus:
        text = text.replace("+", " ")
    if _BAD_ESCAPE.search(text):
        raise MalformedQueryString(_BAD_ESCAPE_TEXT)
    return _decoded(text)


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise MalformedQueryString("the parameters are not UTF-8") from None
