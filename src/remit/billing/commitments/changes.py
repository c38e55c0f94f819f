"""Reservations changed during their term: modified into others of the same footprint, exchanged for others of a value.

Source: EC2 user guide, "Modify Reserved Instances", "Exchange Convertible Reserved Instances".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from remit.billing.commitments import sizes
from remit.billing.commitments.reservations import Payment
from remit.billing.money import ZERO

# Of these only one size is there.
_UNCHANGEABLE = frozenset(("cc2.8xlarge", "cr1.8xlarge", "hs1.8xlarge", "i3.metal", "t1.micro"))


@dataclass(frozen=True, slots=True)
class Counted:
    """So many reservations of a type of instance."""

    instance_type: str
    count: int
    platform: str = "Linux"


def footprint(of: Sequence[Counted]) -> Fraction | None:
    """Return the normalized units of *of*, or None where a size has none."""
    total = ZERO
    for one in of:
        factor = sizes.factor(one.instance_type)
        if factor is None:
            return None
        total += factor * one.count
    return total


def modifiable(before: Sequence[Counted], after: Sequence[Counted]) -> bool:
    """Tell whether reservations may be made into others: the same footprint, within a family, sizes on Linux only."""
    if _counts(before) == _counts(after):
        return True
    everything = (*before, *after)
    return (
        len({sizes.family(one.instance_type) for one in everything}) == 1
        and all(one.platform in ("Linux", "Linux/UNIX") for one in everything)
        and not any(one.instance_type in _UNCHANGEABLE for one in everything)
        and sizes.family(before[0].instance_type) not in sizes.FAMILIES_OF_ONE_SIZE
        and footprint(before) is not None
        and footprint(before) == footprint(after)
    )


def _counts(of: Sequence[Counted]) -> dict[tuple[str, str], int]:
    """Return how many there are of each type: only their zones may differ then."""
    found: dict[tuple[str, str], int] = {}
    for one in of:
        key = one.instance_type, one.platform
        found[key] = found.get(key, 0) + one.count
    return found


class Value(NamedTuple):
    """What a convertible reservation is worth for the rest of its term.

    Attributes:
        upfront: what is left of its upfront fee, or what the new one asks for that time.
        total: *upfront* and all hourly prices.
    """

    upfront: Fraction
    total: Fraction


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is received, and what is due for it."""

    count: int
    due: Fraction


def exchange(given: Value, wanted: Value) -> Exchange:
    """Return how many of *wanted* are received for *given*.

    As many as are worth the same or more, in all and in upfront fees; the difference of upfront fees is due.
    """
    count = max(_times(given.total, wanted.total), _times(given.upfront, wanted.upfront), 1)
    return Exchange(count, max(wanted.upfront * count - given.upfront, ZERO))


def _times(given: Fraction, wanted: Fraction) -> int:
    """Return how often *wanted* must be taken to reach *given*."""
    return int(-(-given // wanted)) if wanted else 0


class Term(NamedTuple):
    """How long a convertible reservation was bought for, and how it is paid.

    Attributes:
        expires, payment: None where nobody says.
        hourly: USD for one.
    """

    years: int
    expires: datetime | None = None
    payment: Payment | None = None
    hourly: Fraction = ZERO


def merged(given: Sequence[Term]) -> tuple[int, datetime | None]:
    """Return the years of the term that is received for *given*, the longest, and when it ends: with the last."""
    return max(one.years for one in given), max((one.expires for one in given if one.expires), default=None)


def exchangeable(given: Sequence[Term], wanted: Term) -> bool:
    """Tell whether *given* may be exchanged for *wanted*.

    Terms must be as long as the longest; what was paid ahead is not exchanged for what is not, and without upfront fees
    the hourly price may not fall.
    """
    if wanted.years != merged(given)[0]:
        return False
    if wanted.payment is not Payment.NO_UPFRONT:
        return True
    return all(one.payment in (None, Payment.NO_UPFRONT) and one.hourly <= wanted.hourly for one in given)
