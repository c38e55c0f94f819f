"""Ed25519 signatures checked strictly: one encoding for each point and number, no points of small order.

Source: RFC 8032, 5.1.3 and 5.1.7; of the two equations it allows, the one without the cofactor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_NEUTRAL = (0, 1, 1, 0)
KEY_BYTES, SIGNATURE_BYTES = 32, 64


def _plus(p: Sequence[int], q: Sequence[int]) -> tuple[int, int, int, int]:
    """Add two points in extended coordinates; the formula holds for any two."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * _D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % _P, (d - c) % _P, (d + c) % _P, (b + a) % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point(encoded: bytes) -> tuple[int, int, int, int]:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if y >= _P or x * x % _P != square or (x == 0 and sign):
        raise ValueError("not a point of the curve, or not in its one encoding")
    if x & 1 != sign:
        x = _P - x
    point = eightfold = (x, y, 1, x * y % _P)
    for _ in range(3):
        eightfold = _plus(eightfold, eightfold)
    if eightfold[0] == 0:
        raise ValueError("a point of small order")
    return point


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(KEY_BYTES, "little"))


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """Check that *signature* (64 bytes) was made over *message* with the private half of *public* (32 bytes).

    Raises:
        ValueError: it was not.
    """
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise ValueError("a key has 32 bytes, a signature 64")
    commitment, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= _L:
        raise ValueError("the number S is not reduced")
    key = _point(public)
    _point(commitment)
    minus = (_P - key[0], key[1], 1, _P - key[3])
    h = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % _L
    sums, total = (_NEUTRAL, _BASE, minus, _plus(_BASE, minus)), _NEUTRAL
    for bit in range(252, -1, -1):  # S*B - h*A, both at once, always 253 steps
        total = _plus(_plus(total, total), sums[(s >> bit & 1) | (h >> bit & 1) << 1])
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    if (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little") != commitment:
        raise ValueError("the signature was not made over these bytes with this key")


def key_id(public: bytes) -> str:
    """Return the id of a public key, as securesystemslib and TUF make it: 64 hexadecimal digits."""
    text = f'{{"keytype":"ed25519","keyval":{{"public":"{public.hex()}"}},"scheme":"ed25519"}}'
    return hashlib.sha256(text.encode()).hexdigest()
