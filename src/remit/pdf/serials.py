"""Serial numbers of stamped documents: twenty characters that people can read aloud.

Eighteen characters are random (90 bits), two check them. The alphabet has neither I and O nor 1 and 0. Each character
stands for an element of the field of 32 elements; the whole, as a polynomial, has the roots 2 and 4 (a Reed-Solomon
code of distance 3). So one or two characters misread, or any two that changed places, never make another serial.
"""

import re
import secrets
from typing import Final

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH: Final = 20
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_CHECKS = 2
# What can be a serial in a longer text, checked by `is_serial` then.
_CANDIDATE = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}]{{{LENGTH}}}(?![A-Z0-9])")
_MODULUS = 0b100101  # x^5 + x^2 + 1


def new_serial() -> str:
    """Draw a serial from the operating system's random source."""
    return with_checks([secrets.randbelow(len(ALPHABET)) for _ in range(LENGTH - _CHECKS)])


def with_checks(data: list[int]) -> str:
    """Return the serial of eighteen *data* values."""
    remainder = [0] * _CHECKS
    for value in data:
        lead = value ^ remainder[0]
        remainder = [remainder[1] ^ _product(lead, 2 ^ 4), _product(lead, _product(2, 4))]
    return "".join(ALPHABET[value] for value in (*data, *remainder))


def is_serial(text: str) -> bool:
    """Tell whether *text* is a serial, its check characters included."""
    if len(text) != LENGTH or any(character not in _VALUES for character in text):
        return False
    return all(_at(root, text) == 0 for root in (2, 4))


def serials_in(text: str) -> list[str]:
    """Return the serials that stand as words in *text*, in its order, each once."""
    return list(dict.fromkeys(word for word in _CANDIDATE.findall(text) if is_serial(word)))


def _at(root: int, text: str) -> int:
    value = 0
    for character in text:
        value = _product(value, root) ^ _VALUES[character]
    return value


def _product(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0b100000:
            left ^= _MODULUS
        right >>= 1
    return product
