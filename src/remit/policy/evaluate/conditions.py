"""Conditions made into checks.

What does not depend on the request is read when the check is made: numbers, dates, ranges, sets of texts.
Source: `policy-evaluation` reference, part 3; the table of missing keys is 3.3.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from remit.policy.evaluate.checks import Check
from remit.policy.evaluate.index import Head
from remit.policy.evaluate.texts import Test, filled, is_any, static, text_test
from remit.policy.language.addresses import Network, address
from remit.policy.language.dates import instant
from remit.policy.language.document import Condition
from remit.policy.language.operators import (
    ArnOperand,
    BytesOperand,
    Family,
    NetworkOperand,
    NumberOperand,
    Operand,
    Operator,
    Qualifier,
    TextOperand,
    TruthOperand,
    compares,
    number,
    octets,
    stands,
)
from remit.policy.language.patterns import ARN_PARTS
from remit.policy.language.request import Request
from remit.policy.language.wildcards import Pieces

# Whether one value of a request fits the policy's; the request is there for variables.
_Fits = Callable[[str, Request], bool]

# The same addresses, times and numbers come again and again.
_READ_KEPT = 2_048
_number = lru_cache(maxsize=_READ_KEPT)(number)
_instant = lru_cache(maxsize=_READ_KEPT)(instant)
_address = lru_cache(maxsize=_READ_KEPT)(address)
_octets = lru_cache(maxsize=_READ_KEPT)(octets)


def condition_check(condition: Condition) -> Check:
    """Make a check of *condition*."""
    if condition.operator.family is Family.NULL:
        return _null_check(condition)
    if condition.operator.family in (Family.STRING, Family.BOOL):
        texts = [_whole(value) for value in condition.values]
        if None not in texts:
            whole = frozenset([text for text in texts if text is not None])
            is_string = condition.operator.family is Family.STRING
            return _membership_check(condition, whole) if is_string else _truth_check(condition, whole)
    tests, fits = _tests(condition)
    if fits:
        return _dynamic_check(condition, [*fits, *[_ignoring_request(test) for test in tests]])
    return _static_check(condition, _any_of(tests))


def required_heads(condition: Condition) -> tuple[Head, ...] | None:
    """Return what the values begin with of which a request must hold one for *condition*; None if it may be anything.

    Asked of a condition that does not hold without its key.
    """
    if condition.operator.negated:
        return None
    found: list[Head] = []
    for value in condition.values:
        pieces = static(value.template) if isinstance(value, TextOperand) else None
        match condition.operator.family, pieces:
            case Family.STRING, ():
                found.append(Head("", is_whole=True))
            case Family.STRING | Family.STRING_LIKE, (str() as whole,):
                found.append(Head(whole, is_whole=True))
            case Family.STRING_LIKE, (str() as start, *_):
                found.append(Head(start, is_whole=False))
            case _:
                return None
    return tuple(found)


def requires_key(condition: Condition) -> bool:
    """Say whether *condition* is false for every request that lacks its key."""
    return condition.operator.family is not Family.NULL and not _holds_without_key(condition)


def _holds_without_key(condition: Condition) -> bool:
    if condition.if_exists or condition.qualifier is Qualifier.ALL:
        return True
    return condition.operator.negated and condition.qualifier is Qualifier.NONE


def _null_check(condition: Condition) -> Check:
    key = condition.key
    truths = {value.truth for value in condition.values if isinstance(value, TruthOperand)}
    when_missing, when_there = True in truths, False in truths

    def check(request: Request) -> bool:
        value = request.context.get(key)
        return when_missing if value is None or value == () else when_there

    return check


def _membership_check(condition: Condition, texts: frozenset[str]) -> Check:
    """Check texts against a set: what most conditions are, and so without a call more than it takes."""
    key, when_there = condition.key, not condition.operator.negated
    when_other = not when_there
    otherwise = _without_text(condition, texts.__contains__)

    def check(request: Request) -> bool:
        value = request.context.get(key)
        if value in texts:
            return when_there
        return when_other if isinstance(value, str) else otherwise(value)

    return check


def _truth_check(condition: Condition, texts: frozenset[str]) -> Check:
    key = condition.key
    fitting = frozenset([text.lower() for text in texts]) & {"true", "false"}
    others = {"true", "false"} - fitting
    otherwise = _without_text(condition, lambda value: value.lower() in fitting)

    def check(request: Request) -> bool:
        value = request.context.get(key)
        if value in others:
            return False
        return value.lower() in fitting if isinstance(value, str) else otherwise(value)

    return check


def _static_check(condition: Condition, test: Test) -> Check:
    key, negated = condition.key, condition.operator.negated
    otherwise = _without_text(condition, test)

    def check(request: Request) -> bool:
        value = request.context.get(key)
        return test(value) is not negated if isinstance(value, str) else otherwise(value)

    return check


def _without_text(condition: Condition, test: Test) -> Callable[[tuple[str, ...] | None], bool]:
    """Answer for a key that is missing or has several values."""
    missing, negated, qualifier = _holds_without_key(condition), condition.operator.negated, condition.qualifier

    def answer(values: tuple[str, ...] | None) -> bool:
        return _of_several([test(value) for value in values], qualifier, negated=negated) if values else missing

    return answer


def _dynamic_check(condition: Condition, fits: list[_Fits]) -> Check:
    key, negated, missing = condition.key, condition.operator.negated, _holds_without_key(condition)
    qualifier = condition.qualifier

    def check(request: Request) -> bool:
        value = request.context.get(key)
        if isinstance(value, str):
            return any(fit(value, request) for fit in fits) is not negated
        if not value:
            return missing
        found = [any(fit(one, request) for fit in fits) for one in value]
        return _of_several(found, qualifier, negated=negated)

    return check


def _of_several(fits: list[bool], qualifier: Qualifier, *, negated: bool) -> bool:
    match qualifier:
        case Qualifier.ALL:
            return negated not in fits
        case Qualifier.ANY:
            return (not negated) in fits
        case Qualifier.NONE:
            return (True in fits) is not negated


def _ignoring_request(test: Test) -> _Fits:
    return lambda value, _: test(value)


def _any_of(tests: list[Test]) -> Test:
    match tests:
        case []:
            return _nothing
        case [only]:
            return only
        case _:
            several = tuple(tests)
            return lambda value: any(test(value) for test in several)


def _tests(condition: Condition) -> tuple[list[Test], list[_Fits]]:
    """Return functions for the values of *condition*: those that know their answer by the text, and the others."""
    operator = condition.operator
    tests: list[Test] = []
    fits: list[_Fits] = []
    for value in condition.values:
        test = _test(operator, value)
        if test is not None:
            tests.append(test)
        else:
            fits.append(_fit(operator, value))
    return tests, fits


def _whole(value: Operand) -> str | None:
    """Return the text that *value* is, if it is one and holds no variable."""
    pieces = static(value.template) if isinstance(value, TextOperand) else None
    return None if pieces is None else "".join(piece for piece in pieces if isinstance(piece, str))


def _test(operator: Operator, value: Operand) -> Test | None:
    match value:
        case TextOperand():
            return _text_test(operator.family, value)
        case ArnOperand():
            parts = [static(part) for part in value.parts]
            return None if None in parts else _arn_test([part for part in parts if part is not None])
        case NumberOperand():
            return _number_test(operator, value.number)
        case NetworkOperand():
            return _nothing if value.network is None else _network_test(value.network)
        case BytesOperand():
            wanted = value.octets
            return lambda text: wanted is not None and _octets(text) == wanted
        case TruthOperand():
            return _nothing


def _nothing(_: str) -> bool:
    return False


def _number_test(operator: Operator, written: Decimal | int | None) -> Test:
    relation = operator.relation
    if operator.family is Family.NUMERIC:
        return lambda text: stands(relation, _number(text), written)
    return lambda text: stands(relation, _instant(text), written)


def _network_test(network: Network) -> Test:
    return lambda text: (found := _address(text)) is not None and network.holds(found)


def _text_test(family: Family, value: TextOperand) -> Test | None:
    pieces = static(value.template)
    if pieces is None:
        return None
    if family is Family.STRING_LIKE:
        return text_test(pieces)
    whole = _whole(value)
    if family is Family.STRING:
        return lambda text: text == whole
    lowered = (whole or "").lower()
    if family is Family.BOOL and lowered not in ("true", "false"):
        return _nothing
    return lambda text: text.lower() == lowered


def _arn_test(parts: list[Pieces]) -> Test:
    tests = [(place, text_test(part)) for place, part in enumerate(parts) if not is_any(part)]

    def test(text: str) -> bool:
        found = text.split(":", ARN_PARTS - 1)
        return len(found) == ARN_PARTS and all(part_test(found[place]) for place, part_test in tests)

    return test if parts else _nothing


def _fit(operator: Operator, value: Operand) -> _Fits:
    wanted = filled(value.template) if isinstance(value, TextOperand) else None
    if wanted is not None and operator.family is Family.STRING:
        return lambda asked, request: wanted.text(request) == asked
    return lambda asked, request: compares(operator, asked, value, request.context)
