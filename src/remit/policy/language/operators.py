"""The condition operators: their names, what they compare, and how one value of the request compares with the policy's.

What several values, missing keys and `IfExists` come to is not here: that is what a statement means, and each backend
says it.
Source: `policy-evaluation` reference, 3.1 (C3, C4), 3.2 (C6 to C13), T1.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from operator import eq, ge, gt, le, lt

import msgspec

from remit.policy.language.addresses import Network, address, network
from remit.policy.language.dates import instant
from remit.policy.language.patterns import ARN_PARTS, arn_templates
from remit.policy.language.request import ContextValue
from remit.policy.language.variables import Template, resolved, template
from remit.policy.language.wildcards import glob

_IF_EXISTS = "ifexists"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_TRUTHS = {"true": True, "false": False}


class Qualifier(StrEnum):
    """How a key with several values is read."""

    NONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class Family(StrEnum):
    """What an operator compares."""

    STRING = "String"
    STRING_IGNORE_CASE = "StringIgnoreCase"
    STRING_LIKE = "StringLike"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP = "IpAddress"
    ARN = "Arn"
    NULL = "Null"


class Relation(StrEnum):
    """How the request's value must stand to the policy's (C6)."""

    EQUAL = "="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


class Operator(msgspec.Struct, frozen=True):
    """An operator without qualifier and suffix, by AWS's name."""

    name: str
    family: Family
    relation: Relation = Relation.EQUAL
    negated: bool = False


def _ordered(family: Family) -> list[Operator]:
    return [
        Operator(f"{family}Equals", family),
        Operator(f"{family}NotEquals", family, negated=True),
        Operator(f"{family}LessThan", family, Relation.LESS),
        Operator(f"{family}LessThanEquals", family, Relation.LESS_OR_EQUAL),
        Operator(f"{family}GreaterThan", family, Relation.GREATER),
        Operator(f"{family}GreaterThanEquals", family, Relation.GREATER_OR_EQUAL),
    ]


# By name in lower case: operators compare without regard to case (C3).
OPERATORS: Mapping[str, Operator] = {
    operator.name.lower(): operator
    for operator in [
        Operator("StringEquals", Family.STRING),
        Operator("StringNotEquals", Family.STRING, negated=True),
        Operator("StringEqualsIgnoreCase", Family.STRING_IGNORE_CASE),
        Operator("StringNotEqualsIgnoreCase", Family.STRING_IGNORE_CASE, negated=True),
        Operator("StringLike", Family.STRING_LIKE),
        Operator("StringNotLike", Family.STRING_LIKE, negated=True),
        *_ordered(Family.NUMERIC),
        *_ordered(Family.DATE),
        Operator("Bool", Family.BOOL),
        Operator("BinaryEquals", Family.BINARY),
        Operator("IpAddress", Family.IP),
        Operator("NotIpAddress", Family.IP, negated=True),
        Operator("ArnEquals", Family.ARN),
        Operator("ArnNotEquals", Family.ARN, negated=True),
        Operator("ArnLike", Family.ARN),
        Operator("ArnNotLike", Family.ARN, negated=True),
        Operator("Null", Family.NULL),
    ]
}
_QUALIFIERS = {qualifier.lower(): qualifier for qualifier in (Qualifier.ALL, Qualifier.ANY)}
_RELATIONS: Mapping[Relation, Callable[[Decimal | int, Decimal | int], bool]] = {
    Relation.EQUAL: eq,
    Relation.LESS: lt,
    Relation.LESS_OR_EQUAL: le,
    Relation.GREATER: gt,
    Relation.GREATER_OR_EQUAL: ge,
}


class TextOperand(msgspec.Struct, frozen=True):
    """A value of a String operator or of `Bool`."""

    text: str
    template: Template


class ArnOperand(msgspec.Struct, frozen=True):
    """A value of an ARN operator: six parts, or none if it has fewer and matches nothing."""

    text: str
    parts: tuple[Template, ...]


class NumberOperand(msgspec.Struct, frozen=True):
    """A value of a Numeric or Date operator: a decimal, or an instant; None if the text is neither."""

    text: str
    number: Decimal | int | None


class NetworkOperand(msgspec.Struct, frozen=True):
    """A value of `IpAddress`; None if the text is no range."""

    text: str
    network: Network | None


class BytesOperand(msgspec.Struct, frozen=True):
    """A value of `BinaryEquals`; None if the text is no base64."""

    text: str
    octets: bytes | None


class TruthOperand(msgspec.Struct, frozen=True):
    """A value of `Null`; None if the text is neither `true` nor `false`."""

    text: str
    truth: bool | None


Operand = TextOperand | ArnOperand | NumberOperand | NetworkOperand | BytesOperand | TruthOperand


def operator_named(name: str) -> tuple[Qualifier, Operator, bool] | None:
    """Take a name apart: qualifier, operator, whether it ends in `IfExists`; None if there is none such (C4)."""
    before, colon, rest = name.lower().rpartition(":")
    qualifier = _QUALIFIERS.get(before) if colon else Qualifier.NONE
    if_exists = rest.endswith(_IF_EXISTS)
    operator = OPERATORS.get(rest.removesuffix(_IF_EXISTS))
    if qualifier is None or operator is None or (if_exists and operator.family is Family.NULL):
        return None
    return qualifier, operator, if_exists


def operand(operator: Operator, text: str, *, variables: bool) -> Operand:
    """Read a value of the policy as *operator* compares it; *variables*: whether the document's version has them."""
    match operator.family:
        case Family.STRING | Family.STRING_IGNORE_CASE | Family.BOOL | Family.STRING_LIKE:
            wildcards = operator.family is Family.STRING_LIKE
            return TextOperand(text, template(text, variables=variables, wildcards=wildcards))
        case Family.ARN:
            return ArnOperand(text, arn_templates(text, variables=variables))
        case Family.NUMERIC | Family.DATE:
            return NumberOperand(text, _NUMBER_READERS[operator.family](text))
        case Family.IP:
            return NetworkOperand(text, network(text))
        case Family.BINARY:
            return BytesOperand(text, octets(text))
        case Family.NULL:
            return TruthOperand(text, truth(text))


def compares(operator: Operator, value: str, operand: Operand, context: Mapping[str, ContextValue]) -> bool:
    """Say whether *value* of the request stands to *operand* as *operator* wants, its negation left aside.

    What cannot be read on either side never compares (C7, C9, C11, C13). `Null` looks at no value and does not come
    here.
    """
    match operand:
        case TextOperand():
            return _text_compares(operator.family, value, operand, context)
        case ArnOperand():
            return _arn_compares(value, operand, context)
        case NumberOperand():
            return stands(operator.relation, _NUMBER_READERS[operator.family](value), operand.number)
        case NetworkOperand():
            found = address(value)
            return found is not None and operand.network is not None and operand.network.holds(found)
        case BytesOperand():
            return operand.octets is not None and octets(value) == operand.octets
        case TruthOperand():
            return False


def stands(relation: Relation, asked: Decimal | int | None, written: Decimal | int | None) -> bool:
    """Say whether *asked* stands in *relation* to *written*; what could not be read stands in none."""
    return asked is not None and written is not None and _RELATIONS[relation](asked, written)


def _text_compares(family: Family, value: str, operand: TextOperand, context: Mapping[str, ContextValue]) -> bool:
    pieces = resolved(operand.template, context)
    if pieces is None:  # T6
        return False
    if family is Family.STRING_LIKE:
        return glob(pieces).matches(value)
    text = "".join([piece for piece in pieces if isinstance(piece, str)])
    match family:
        case Family.STRING_IGNORE_CASE:
            return text.lower() == value.lower()
        case Family.BOOL:
            asked = truth(value)
            return asked is not None and truth(text) is asked
        case _:
            return text == value


def _arn_compares(value: str, operand: ArnOperand, context: Mapping[str, ContextValue]) -> bool:
    parts = value.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or not operand.parts:
        return False
    for part, written in zip(parts, operand.parts, strict=True):
        pieces = resolved(written, context)
        if pieces is None or not glob(pieces).matches(part):
            return False
    return True


def number(text: str) -> Decimal | None:
    """Read an integer or decimal; None if *text* is none (C7)."""
    if _NUMBER.fullmatch(text) is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def octets(text: str) -> bytes | None:
    """Decode base64; None if *text* is none (C13)."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def truth(text: str) -> bool | None:
    """Read `true` or `false`, in any case; None for anything else (C9)."""
    return _TRUTHS.get(text.lower())


_NUMBER_READERS: Mapping[Family, Callable[[str], Decimal | int | None]] = {Family.NUMERIC: number, Family.DATE: instant}
