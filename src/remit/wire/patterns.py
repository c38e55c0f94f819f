r"""The models' regular expressions, which are Java's, made Python's.

A pattern must match the whole value. Java's `\w`, `\d` and `\s` know ASCII only, while `\p{L}` knows all of Unicode;
Java writes a character beyond U+FFFF as two surrogates and allows sets within sets.

Nothing here may take long, whatever a caller sends: a pattern in which one set at most repeats goes to `re`, which is
linear then; every other goes to `regex` with a time limit, past which the value counts as not matching.
Source: `java.util.regex.Pattern`; what the models of botocore use, checked over all of them in tests.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

MATCH_SECONDS_MAX = 0.05

Match = Callable[[str], object]

# A pattern's atoms: an escape, a set, or a character for itself.
_ATOM = re.compile(r"\\u[0-9A-Fa-f]{4}|\\[pP]\{\w+\}|\\.|\[\^?(?:\\[pP]\{\w+\}|\\.|[^\]\[\\])+\]|[^\\\[]", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+?]|\{\d+(?:,\d*)?\}")
_SURROGATES = re.compile(r"\\u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"\\(?:[pP]\{(?P<property>\w+)\}|x\{(?P<point>[0-9A-Fa-f]+)\}|(?P<plain>.))", re.DOTALL)
# What Java calls these, for people who know POSIX; the rest of the properties have the same names in `regex`.
_PROPERTIES = {
    "ASCII": r"\x00-\x7F",
    "Print": r"\x20-\x7E",
    "Graph": r"\x21-\x7E",
    "Punct": r"!-/:-@\[-`{-~",
    "Alpha": "A-Za-z",
    "Alnum": "A-Za-z0-9",
    "Digit": "0-9",
    "XDigit": "0-9A-Fa-f",
    "Lower": "a-z",
    "Upper": "A-Z",
    "Space": r"\x20\t\n\x0B\f\r",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1F\x7F",
    "LD": r"\p{L}\p{Nd}",
    "all": r"\x00-\U0010FFFF",
}
_CLASSES = {"w": "A-Za-z0-9_", "d": "0-9", "s": r"\x20\t\n\x0B\f\r"}
_UNICODE_CATEGORY = re.compile(r"[LMNPSZC][a-z]?")


class PatternUnreadable(ValueError):
    """A pattern that cannot be made Python's."""


@cache
def matcher(pattern: str) -> Match:
    """Give a function whose answer is true if a text matches *pattern* from its first character to its last.

    Raises:
        PatternUnreadable: the pattern is in no form that we understand.
    """
    if not _is_linear(pattern):
        return _timed(pattern)
    among_ascii, is_whole = _Translation(ascii_only=True).of(pattern)
    match_ascii = re.compile(among_ascii, re.ASCII).fullmatch
    if is_whole:
        return match_ascii
    match_any: Match | None = None

    def match(text: str) -> object:
        nonlocal match_any
        if text.isascii():
            return match_ascii(text)
        match_any = match_any or _timed(pattern)
        return match_any(text)

    return match


def _is_linear(pattern: str) -> bool:
    """Say whether one set at most repeats, no group does, and nothing looks around or back."""
    atoms: list[str] = _ATOM.findall(pattern)
    if "".join(atoms) != pattern or "(?" in pattern or "&&" in pattern:
        return False
    for match in _ESCAPE.finditer(pattern):
        name = match["property"]
        if (name and name not in _PROPERTIES and not _UNICODE_CATEGORY.fullmatch(name)) or match[0][
            1
        ] in "123456789kbB":
            return False
    repeated = 0
    skeleton = "".join("x" if len(atom) > 1 else atom for atom in atoms)
    for match in _QUANTIFIER.finditer(skeleton):
        if skeleton[match.start() - 1 : match.start()] in ("", ")", "}", "*", "+", "?"):
            return False
        repeated += "," in match[0] or len(match[0]) == 1
    return repeated <= 1


def _timed(pattern: str) -> Match:
    import regex  # costs 30 ms, and most runs never meet a pattern that needs it

    try:
        compiled = regex.compile(_Translation(ascii_only=False).of(pattern)[0], regex.VERSION1)
    except regex.error as error:
        raise PatternUnreadable(f"{error}: `{pattern}`") from error

    def match(text: str) -> object:
        try:
            return compiled.fullmatch(text, timeout=MATCH_SECONDS_MAX)
        except TimeoutError:
            return None

    return match


class _Translation:
    r"""Writes Java patterns in Python's words.

    With *ascii_only*, for `re`, which has no properties and no sets within sets: what `\p{L}` means among the 128
    characters of ASCII is written out. Without, for version 1 of `regex`.
    """

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii_only = ascii_only
        self._is_whole = True

    def of(self, pattern: str) -> tuple[str, bool]:
        """Give the translation, and whether it is true of all texts or only of those in ASCII."""
        # Java reads `\uD800\uDC00-\uDBFF\uDFFF` as one range, of which each end is a pair.
        pattern = _SURROGATES.sub(_one_character, pattern)
        parts: list[str] = []
        depth = at = 0
        while at < len(pattern):
            character = pattern[at]
            match = _ESCAPE.match(pattern, at)
            if match is not None:
                parts.append(self._escape(match, in_set=depth > 0))
                at = match.end()
                continue
            if character == "[" and self._ascii_only and depth:
                character = r"\["
            elif character == "[":
                depth += 1
            elif character == "]" and depth:
                depth -= 1
            elif character == "-" and depth and _is_lone_hyphen(pattern, at):
                character = r"\-"
            elif character in "~|" and depth and pattern[at + 1 : at + 2] == character:
                character = "\\" + character  # `--`, `~~` and `||` are operators to `regex` and characters to Java
            parts.append(character)
            at += 1
        return "".join(parts), self._is_whole

    def _escape(self, match: re.Match[str], *, in_set: bool) -> str:
        if match["point"]:
            return f"\\U{int(match['point'], 16):08X}"
        if match["property"]:
            return self._property(match["property"], negated=match[0][1] == "P", in_set=in_set, as_written=match[0])
        plain = match["plain"]
        if plain.lower() in _CLASSES:
            return self._set(_CLASSES[plain.lower()], negated=plain.isupper(), in_set=in_set)
        # An escaped slash is a slash; the end of the text is `z` to Java.
        return {"/": "/", "z": r"\Z"}.get(plain, match[0])

    def _property(self, name: str, *, negated: bool, in_set: bool, as_written: str) -> str:
        inside = _PROPERTIES.get(name)
        if not self._ascii_only:
            return (
                as_written.replace("{Is", "{") if inside is None else self._set(inside, negated=negated, in_set=in_set)
            )
        if inside is None or name == "LD":
            self._is_whole = False
            categories = ("L", "Nd") if name == "LD" else name
            chosen = [code for code in range(128) if unicodedata.category(chr(code)).startswith(categories)]
            # An empty set is not allowed; U+FFFF stands for it, since only ASCII is matched here.
            inside = "".join(f"\\x{code:02X}" for code in chosen) or r"\uFFFF"
        return self._set(inside, negated=negated, in_set=in_set)

    def _set(self, inside: str, *, negated: bool, in_set: bool) -> str:
        if not negated:
            return inside if in_set else f"[{inside}]"
        if not in_set or not self._ascii_only:
            return f"[^{inside}]"
        self._is_whole = False
        left_out = re.compile(f"[^{inside}]")
        return "".join(f"\\x{code:02X}" for code in range(128) if left_out.match(chr(code)))


def _is_lone_hyphen(pattern: str, at: int) -> bool:
    """Say whether a hyphen in a set stands for itself: at an end, beside another, or after a class of characters."""
    before, after = pattern[at - 2 : at], pattern[at + 1 : at + 2]
    is_after_class = len(before) == 2 and before[0] == "\\" and before[1] in "wdsWDS"  # noqa: PLR2004  # two characters
    return before[-1:] in "[-^}" or after in ("]", "-", "[") or is_after_class


def _one_character(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def translated(pattern: str) -> str:
    """Write a Java pattern in the words of the `regex` module, version 1."""
    return _Translation(ascii_only=False).of(pattern)[0]
