"""The canonical request: one text for all the ways to write the same request, of which the signature is made.

What is sent stays in one-to-one relation with what is understood: a `+` in a query string is a blank, an escaped slash
stays escaped. Texts are Latin-1, a character for each byte that was on the wire.
Source: `iam-sts` reference, section 2.1.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from remit.authn.scope import Terms
from remit.errors import MalformedQueryString

# A request line is bounded, and so is what it costs to sort its parameters.
PARAMETERS_MAX = 5_000

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_ENCODED = [chr(code) if chr(code) in _UNRESERVED else f"%{code:02X}" for code in range(256)]
_HEXADECIMAL = "0123456789ABCDEFabcdef"
# The two digits of an escape -> the one canonical spelling of its byte.
_ESCAPES = {a + b: _ENCODED[int(a + b, 16)] for a in _HEXADECIMAL for b in _HEXADECIMAL}
# What is not escaped, and has to be: in a query string, where a `+` is a blank, and in the path of an object.
_IN_QUERY = {code: text for code, text in enumerate(_ENCODED) if chr(code) not in "%&="} | {ord("+"): "%20"}
_IN_PATH = {code: text for code, text in enumerate(_ENCODED) if chr(code) not in "%/"}
_RAW_IN_QUERY = re.compile(r"[^A-Za-z0-9_.~&=%-]")
_BLANKS = re.compile(r"[ \t]+")


def canonical_path(path: str) -> str:
    """Write a path for every service but S3: without `.`, `..` and empty segments, and encoded once more."""
    if path == "/":
        return path
    return quote(normalised(path).encode("latin-1"), safe="/~")


def normalised(path: str) -> str:
    """Remove `.`, `..` and empty segments from a path. Source: RFC 3986, section 5.2.4."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return f"/{'/'.join(kept)}/" if kept and path.endswith("/") else f"/{'/'.join(kept)}"


def canonical_object_path(path: str) -> str:
    """Write a path for S3, where it is the name of an object: nothing is removed, everything is encoded once.

    Raises:
        MalformedQueryString: a `%` is followed by no two hexadecimal digits.
    """
    return _respelled(path.translate(_IN_PATH))


def canonical_parameters(query: str) -> list[tuple[str, str]]:
    """Take a query string apart: names and values, encoded in the one canonical way, sorted.

    Raises:
        MalformedQueryString: a `%` is followed by no two hexadecimal digits, or there are too many parameters.
    """
    if not query:
        return []
    if query.count("&") >= PARAMETERS_MAX:
        raise MalformedQueryString(f"more than {PARAMETERS_MAX} parameters")
    if _RAW_IN_QUERY.search(query):
        query = query.translate(_IN_QUERY)
    pieces = [piece.partition("=") for piece in _respelled(query).split("&") if piece]
    return sorted((name, value.replace("=", "%3D")) for name, _, value in pieces)


def canonical_query(parameters: list[tuple[str, str]], without: tuple[str, ...] = ()) -> str:
    """Write a query string of what `canonical_parameters` found, leaving out the parameters named in *without*."""
    return "&".join([f"{name}={value}" for name, value in parameters if name not in without])


def canonical_headers(terms: Terms, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Write the signed headers, a line each; and say whether all of them are there, listed as they should be."""
    complete = terms.in_order
    try:
        block = terms.template % terms.values(headers)
    except KeyError:
        block = "".join([f"{name}:{headers.get(name, '')}\n" for name in terms.names])
        complete = False
    if "  " in block or "\t" in block:
        block = _BLANKS.sub(" ", block)
    return block, complete


def _respelled(text: str) -> str:
    """Give every escape in *text* its canonical spelling."""
    first, *escapes = text.split("%")
    try:
        return first + "".join([_ESCAPES[escape[:2]] + escape[2:] for escape in escapes])
    except KeyError:
        raise MalformedQueryString("a `%` is followed by no two hexadecimal digits") from None
