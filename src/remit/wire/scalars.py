"""Scalars that travel as text: in forms, headers, query strings and labels of paths.

What is no value of its type is refused as malformed, before any constraint is looked at.
Texts: "Boolean must follow xsd1.1 definition" and "timestamp must follow ISO8601" are AWS's (CloudWatch and SQS under
the query protocol); the others are ours.
"""

import binascii
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from remit.errors import MalformedInput
from remit.wire import timestamps
from remit.wire.models import Field

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_NOT_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_BITS = {"integer": 32, "long": 64}


def fits(number: int, type_name: str) -> bool:
    """Say whether a number fits the 32 bits of an integer or the 64 of a long."""
    half = 1 << _BITS[type_name] - 1
    return -half <= number < half


def read_boolean(text: str) -> bool:
    """Read `true`, `false`, `1` or `0`.

    Raises:
        MalformedInput: something else.
    """
    try:
        return _BOOLEANS[text]
    except KeyError:
        raise MalformedInput("Boolean must follow xsd1.1 definition") from None


def read_float(text: str) -> float:
    """Read a decimal number, `NaN`, `Infinity` or `-Infinity`.

    Raises:
        MalformedInput: something else.
    """
    if text in _NOT_NUMBERS:
        return _NOT_NUMBERS[text]
    if _FLOAT.fullmatch(text) is None:
        raise MalformedInput("a number is expected")
    return float(text)


def read_blob(text: str) -> bytes:
    """Read base64 with its padding.

    Raises:
        MalformedInput: not base64.
    """
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedInput("base64 is expected") from None


def _integer_reader(type_name: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if _INTEGER.fullmatch(text) is None or not fits(number := int(text), type_name):
            raise MalformedInput(f"an integer of {_BITS[type_name]} bits is expected")
        return number

    return read


def _timestamp_reader(form: str) -> Callable[[str], Any]:
    read_text = timestamps.text_reader(form)
    message = {"iso8601": "timestamp must follow ISO8601"}.get(form, f"a timestamp in the form {form} is expected")

    def read(text: str) -> Any:
        try:
            return read_text(text)
        except ValueError:
            raise MalformedInput(message) from None

    return read


def reader(field: Field, timestamp_format: str) -> Callable[[str], Any] | None:
    """Choose how to read a scalar from text; None for a string, which is the text itself.

    Args:
        field: a scalar.
        timestamp_format: of this place in this protocol, unless the model says another.
    """
    match field.shape.type:
        case "string" | "character":
            return None
        case "integer" | "long":
            return _integer_reader(field.shape.type)
        case "float" | "double":
            return read_float
        case "boolean":
            return read_boolean
        case "blob":
            return read_blob
        case "timestamp":
            return _timestamp_reader(field.timestamp_format or timestamp_format)
        case other:
            raise TypeError(f"not a scalar: `{other}`")


def write_boolean(value: bool) -> str:  # noqa: FBT001  # the value is what is written
    """Write `true` or `false`."""
    return "true" if value else "false"


def write_float(value: float) -> str:
    """Write a number, `NaN`, `Infinity` or `-Infinity`."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def write_blob(value: bytes) -> str:
    """Write base64."""
    return b64encode(value).decode()


def writer(field: Field, timestamp_format: str) -> Callable[[Any], str]:
    """Choose how to write a scalar as text; the counterpart of `reader`."""
    match field.shape.type:
        case "string" | "character" | "integer" | "long":
            return str
        case "float" | "double":
            return write_float
        case "boolean":
            return write_boolean
        case "blob":
            return write_blob
        case "timestamp":
            return timestamps.text_writer(field.timestamp_format or timestamp_format)
        case other:
            raise TypeError(f"not a scalar: `{other}`")
