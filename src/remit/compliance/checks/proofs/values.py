"""Which values of a condition key have to be tried, so that every answer that its conditions can give is given.

Numbers, dates and addresses: each that is written, and one between each two. Texts: one for every way in which the
patterns can fit. Keys of several values: every set of those. And no value at all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from itertools import combinations, pairwise
from typing import NamedTuple

from remit.compliance.checks.proofs.texts import Form, arn_form, fits, form, witnesses
from remit.policy import ContextValue
from remit.policy.language.document import Condition
from remit.policy.language.operators import (
    ArnOperand,
    BytesOperand,
    Family,
    NetworkOperand,
    NumberOperand,
    Operand,
    Qualifier,
    TextOperand,
)
from remit.policy.language.patterns import ARN_PARTS
from remit.policy.language.variables import Template, resolved
from remit.policy.language.wildcards import Piece, Wildcard, pieces

# Of keys with several values: so many different ones are tried in every combination.
MEMBERS_MAX = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WILD = re.compile(r"[*?]|\$\{")
_SECOND = 1_000_000_000
# What stands in the names of tags and encryption contexts: their values are whatever somebody wrote.
_CHOSEN = "/"
_TEXTS = frozenset({Family.STRING, Family.STRING_IGNORE_CASE, Family.STRING_LIKE, Family.ARN})
# Networks at least so wide are no place that somebody owns: the bits that all their addresses share, by version.
_OWNED_BITS = {4: 9, 6: 33}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Which values a key can have in the requests that are asked about.

    Attributes:
        values: these and no others; None for whatever the key may have.
        like: patterns, with `*` and `?`, of which a text fits one.
        never: patterns of texts that it never is.
        may_be_absent: whether a request may come without.
        is_foreign: it is never a value that a policy writes out, nor an address in a network that it does: those are
            the policy's owner's, and the request comes from somewhere else.
    """

    values: tuple[ContextValue, ...] | None = None
    like: tuple[str, ...] = ("*",)
    never: tuple[str, ...] = ()
    may_be_absent: bool = True
    is_foreign: bool = False


ABSENT = Domain(values=())


def only(*values: ContextValue) -> Domain:
    """Return the domain of a key that every request has, with one of these values."""
    return Domain(values=values, may_be_absent=False)


class Cells(NamedTuple):
    """Values to try, None for no value, and whether they are enough."""

    values: tuple[ContextValue | None, ...]
    is_complete: bool


def cells(key: str, conditions: Sequence[Condition], domain: Domain, known: Mapping[str, ContextValue]) -> Cells:
    """Return the values of one key that have to be tried.

    Args:
        key: in lower case.
        conditions: all on that key.
        known: the rest of the context as far as it is settled; a variable that stands for another key can be anything.
    """
    absent: tuple[ContextValue | None, ...] = (None,) if domain.may_be_absent else ()
    if domain.values is not None:
        return Cells((*absent, *domain.values), is_complete=True)
    operands = [
        (condition.operator.family, operand)
        for condition in conditions
        for operand in condition.values
        if condition.operator.family is not Family.NULL
    ]
    singles, is_complete = _singles(key, operands, domain, known)
    if all(condition.qualifier is Qualifier.NONE for condition in conditions):
        return Cells((*absent, *singles), is_complete)
    sizes = range(1, len(singles) + 1) if len(singles) <= MEMBERS_MAX else (1, 2, len(singles))
    sets = tuple(members for size in sizes for members in combinations(singles, size))
    return Cells((*absent, *sets), is_complete and len(singles) <= MEMBERS_MAX)


_Operands = Sequence[tuple[Family, Operand]]


def _singles(
    key: str, operands: _Operands, domain: Domain, known: Mapping[str, ContextValue]
) -> tuple[list[str], bool]:
    families = {family for family, _ in operands}
    found: dict[str, None] = {}
    if _CHOSEN in key and families - _TEXTS:
        found["x"] = None
    if Family.BOOL in families:
        found |= dict.fromkeys(("true", "false"))
    numbers = [Decimal(one.number) for _, one in operands if isinstance(one, NumberOperand) and one.number is not None]
    if Family.NUMERIC in families:
        found |= dict.fromkeys(_between(numbers, Decimal(1), _half_way, str))
    if Family.DATE in families:
        found |= dict.fromkeys(_between(numbers, Decimal(_SECOND), _moment_between, _date))
    if Family.IP in families:
        found |= dict.fromkeys(_addresses([one for _, one in operands if isinstance(one, NetworkOperand)], domain))
    if Family.BINARY in families:
        found |= dict.fromkeys([one.text for _, one in operands if isinstance(one, BytesOperand)] + ["cmVtaXQ="])
    is_text = bool(families & _TEXTS) or not families
    # What is compared in two ways at once is tried by the values of each, which is not every value of both.
    is_complete = len(families - _TEXTS) + bool(families & _TEXTS) <= 1
    if is_text:
        texts, is_whole = _texts(operands, domain, known)
        found |= dict.fromkeys(texts)
        is_complete &= is_whole
    return list(found), is_complete


# -- texts


def _texts(operands: _Operands, domain: Domain, known: Mapping[str, ContextValue]) -> tuple[list[str], bool]:
    read = [one for family, operand in operands for one in [_form(family, operand, known)] if one is not None]
    never = [form(pieces(pattern)) for pattern in domain.never]
    forms = [*dict.fromkeys(found for found, _ in read), *never]
    found: dict[str, None] = {}
    is_complete = all(is_exact for _, is_exact in read)
    for like in domain.like:
        texts, is_whole = witnesses(tuple(forms), (form(pieces(like)),))
        is_complete &= is_whole
        found |= dict.fromkeys(texts)
    if domain.is_foreign:
        ours = [_form(family, operand, known) for family, operand in operands if _is_owned(operand)]
        owned = [one[0] for one in ours if one is not None]
    else:
        owned = []
    return [text for text in found if not any(fits(one, text) for one in (*never, *owned))], is_complete


def _is_owned(operand: Operand) -> bool:
    """Say whether only the policy's owner has values like this: one text, an ARN of one account, one bucket."""
    match operand:
        case TextOperand(text=text) | ArnOperand(text=text):
            parts = text.split(":", ARN_PARTS - 1)
            if len(parts) < ARN_PARTS:
                return not _WILD.search(text)
            _, _, service, _, account, resource = parts
            return not _WILD.search(account or resource) or (service == "s3" and not _WILD.search(resource))
        case _:
            return False


def _form(family: Family, operand: Operand, known: Mapping[str, ContextValue]) -> tuple[Form, bool] | None:
    """Return the form of an operand, and whether it is exactly that; None for one that fits nothing."""
    match operand:
        case TextOperand():
            settled, is_exact = settle(operand.template, known)
            return form(settled, ignore_case=family is Family.STRING_IGNORE_CASE), is_exact
        case ArnOperand(parts=parts) if parts:
            settled_parts = [settle(part, known) for part in parts]
            return arn_form([part for part, _ in settled_parts]), all(is_exact for _, is_exact in settled_parts)
        case _:
            return None


def settle(template: Template, known: Mapping[str, ContextValue]) -> tuple[Sequence[Piece], bool]:
    """Put in what is known; what is not can be anything, and then the pieces are not exactly the template's."""
    settled = resolved(template, known)
    if settled is not None:
        return settled, True
    return [part if isinstance(part, str | Wildcard) else Wildcard.ANY for part in template], False


# -- numbers, dates, addresses


def _between(
    numbers: Sequence[Decimal],
    one: Decimal,
    middle: Callable[[Decimal, Decimal], Decimal],
    text: Callable[[Decimal], str],
) -> list[str]:
    """Return the numbers in order with one between each two, one below and one above all."""
    ordered = sorted(set(numbers))
    if not ordered:
        return [text(one)]
    found = [ordered[0] - one, ordered[0]]
    for low, high in pairwise(ordered):
        found += [middle(low, high), high]
    return [text(number) for number in [*found, ordered[-1] + one]]


def _half_way(low: Decimal, high: Decimal) -> Decimal:
    return (low + high) / 2


def _moment_between(low: Decimal, high: Decimal) -> Decimal:
    """Return an instant between two, a whole second if there is one."""
    middle = (low + high) // 2
    whole = middle // _SECOND * _SECOND
    return whole if whole > low else middle


def _date(nanoseconds: Decimal) -> str:
    seconds, rest = divmod(int(nanoseconds), _SECOND)
    if not rest:
        try:
            return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        except OverflowError:
            pass
    positive = abs(int(nanoseconds))
    return f"{'-' if nanoseconds < 0 else ''}{positive // _SECOND}.{positive % _SECOND:09}"


def _addresses(operands: Sequence[NetworkOperand], domain: Domain) -> list[str]:
    """Return an address of every stretch between the ends of networks, a usual one where it lies in the stretch."""
    networks = [one.network for one in operands if one.network is not None]
    found: list[str] = []
    for version, usual in ((4, int(IPv4Address("198.51.100.1"))), (6, int(IPv6Address("2001:db8::1")))):
        kind, bits = (IPv4Address, 32) if version == 4 else (IPv6Address, 128)  # noqa: PLR2004  # the versions of IP
        of_version = [network for network in networks if network.version == version]
        ends = {0, 1 << bits}
        for network in of_version:
            ends |= {network.first, network.first + (1 << (bits - network.mask.bit_count()))}
        for low, high in pairwise(sorted(ends)):
            number = usual if low <= usual < high else low
            holding = [network for network in of_version if network.holds((version, number))]
            if not (domain.is_foreign and any(one.mask.bit_count() >= _OWNED_BITS[version] for one in holding)):
                found.append(str(kind(number)))
    return found


def admits(domain: Domain, text: str) -> bool:
    """Say whether a key of *domain* can have the value *text*, whoever owns it."""
    if domain.values is not None:
        return text in domain.values
    return any(fits(form(pieces(one)), text) for one in domain.like) and not any(
        fits(form(pieces(one)), text) for one in domain.never
    )
