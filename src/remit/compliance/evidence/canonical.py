"""JSON in its one canonical form, over which signatures of OSCAL files are made.

Source: RFC 8785 (JSON Canonicalization Scheme); numbers as ECMAScript prints them.
"""

import json
import math
from typing import Any, cast

# Beyond these a double does not hold every whole number.
_WHOLE_MAX = 2**53 - 1
# Where ECMAScript turns to exponents.
_POINT_MAX, _POINT_MIN = 21, -6


def canonical(value: Any) -> bytes:
    """Return *value*, as `json.loads` gives it, in canonical form.

    Raises:
        ValueError: a number that JSON or a double cannot hold, or half of a surrogate pair.
    """
    return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        names = sorted(members, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{_text(members[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, cast("list[Any]", value))) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _WHOLE_MAX:
        raise ValueError(f"`{value}` is a number that not every reader keeps; write it as a text")
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"`{value}` is no number in JSON")
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value!r}".replace("-", "", int(value < 0)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + ("" if fraction == "0" else fraction)
    point = len(whole) + int(exponent or 0)
    point -= len(digits) - len(digits := digits.lstrip("0"))
    digits = digits.rstrip("0")
    if 0 < point <= _POINT_MAX:
        text = digits.ljust(point, "0")
        text = text if len(digits) <= point else f"{digits[:point]}.{digits[point:]}"
    elif _POINT_MIN < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{rest}e{point - 1:+d}"
    return f"-{text}" if value < 0 else text
