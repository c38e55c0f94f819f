"""What a month over columns cannot be."""

from fractions import Fraction

from remit.billing.money import text

# Of prices, and of rates of commitments; SQL has them as DECIMAL(14,10).
RATE_PLACES = 10


class Unsuited(Exception):
    """Something in the inputs needs the engine that goes piece by piece; the message says what."""


def rate_text(rate: Fraction) -> str:
    """Write a price or rate.

    Raises:
        Unsuited: it has more than ten places.
    """
    if rate * 10**RATE_PLACES % 1:
        raise Unsuited(f"a price or rate of more than {RATE_PLACES} places: {text(rate)}")
    return text(rate)
