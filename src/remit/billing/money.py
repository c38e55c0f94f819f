"""Exact amounts.

Within the engine quantities and amounts are fractions, so that a third of an hour times three is an hour. What leaves
it is a decimal number of eighteen places; an invoice's line is rounded once more, to cents.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction

PLACES = 18
CENTS = 2
ZERO = Fraction(0)

# Wider than any amount of a ledger: thirty-eight digits, before and after the point.
WIDE = Context(prec=96, rounding=ROUND_HALF_EVEN)


class NotANumber(Exception):
    """A text that is no decimal number; a line for a person."""


def exact(text: str | int | Decimal) -> Fraction:
    """Return the number that *text* writes.

    Raises:
        NotANumber: it writes none, or one that is not finite.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NotANumber(f"{text!r} is no decimal number") from None
    if not number.is_finite():
        raise NotANumber(f"{text!r} is no finite number")
    return Fraction(number)


def decimal(amount: Fraction, places: int = PLACES) -> Decimal:
    """Return *amount* with at most *places* places, half to even, without zeros at the end."""
    scaled = round(amount * 10**places)
    number = Decimal(scaled).scaleb(-places, WIDE)
    if not number:
        return Decimal(0)
    normal = number.normalize(WIDE)
    return normal.quantize(Decimal(1), context=WIDE) if normal == normal.to_integral_value() else normal


def text(amount: Fraction, places: int = PLACES) -> str:
    """Write *amount* as AWS writes amounts: a decimal number without an exponent."""
    return format(decimal(amount, places), "f")


def cents(amount: Fraction) -> Decimal:
    """Round to cents, half to even; two places always."""
    return rounded(amount, CENTS)


def rounded(amount: Fraction, places: int) -> Decimal:
    """Round to *places* places, half to even; that many always."""
    return Decimal(round(amount * 10**places)).scaleb(-places, WIDE)


def apportion(total: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """Split *total* in proportion to *weights*; the parts add up to it. Weights that add up to nothing count alike."""
    whole = sum(weights, ZERO)
    if not weights:
        return []
    if not whole:
        return [total / len(weights)] * len(weights)
    return [total * weight / whole for weight in weights]
