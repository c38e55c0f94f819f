"""C3, C4, C6 to C13, T1. What the tables of cases show from the outside is not asked again."""

from decimal import Decimal

import pytest

from remit.policy.language.operators import (
    OPERATORS,
    NumberOperand,
    Qualifier,
    TextOperand,
    compares,
    number,
    octets,
    operand,
    operator_named,
    truth,
)


def test_there_are_27_operators() -> None:
    assert len(OPERATORS) == 27


@pytest.mark.parametrize("name", [operator.name for operator in OPERATORS.values()])
def test_an_operator_is_found_by_its_name_in_any_case(name: str) -> None:
    for written in (name, name.lower(), name.upper()):
        assert operator_named(written) == (Qualifier.NONE, OPERATORS[name.lower()], False)


def test_qualifier_and_suffix_are_taken_off() -> None:
    assert operator_named("ForAnyValue:StringLikeIfExists") == (Qualifier.ANY, OPERATORS["stringlike"], True)
    assert operator_named("forallvalues:null") == (Qualifier.ALL, OPERATORS["null"], False)


@pytest.mark.parametrize(
    "name",
    ["", "a", "IfExists", "NullIfExists", "ForAnyValue:", "ForAnyValue::StringEquals", ":StringEquals",
     "Any:StringEquals", "StringEqualsIfExistsIfExists", "ForAnyValue:ForAllValues:StringEquals", "StringEquals "],
)  # fmt: skip  # a table of names
def test_other_names_are_no_operators(name: str) -> None:
    assert operator_named(name) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", Decimal(10)),
        ("-1.50", Decimal("-1.5")),
        ("+3", Decimal(3)),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("1e3", Decimal(1000)),
        *[
            (text, None)
            for text in ("", " 1", "1 ", "1_000", "nan", "Infinity", "0x10", "1,5", "٣", "1e1234567", "--1")
        ],
    ],
)
def test_numbers(text: str, value: Decimal | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("YW5h", b"ana"), ("", b""), ("YW5", None), ("YW5h\n", None), ("!!!!", None), ("ä", None)]
)
def test_base64(text: str, value: bytes | None) -> None:
    assert octets(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("FALSE", False), ("1", None), ("", None), (" true", None)]
)
def test_truths(text: str, *, value: bool | None) -> None:
    assert truth(text) is value


@pytest.mark.parametrize("name", ["StringEquals", "StringNotLike", "ArnLike", "Bool"])
def test_variables_mean_something_in_string_arn_and_bool_values(name: str) -> None:
    text = "arn:aws:s3:::${a:b}"

    assert operand(OPERATORS[name.lower()], text, variables=True) != operand(
        OPERATORS[name.lower()], text, variables=False
    )


@pytest.mark.parametrize("name", ["NumericEquals", "DateLessThan", "BinaryEquals", "IpAddress", "Null"])
def test_variables_mean_nothing_elsewhere(name: str) -> None:
    assert operand(OPERATORS[name.lower()], "${a:b}", variables=True) == operand(
        OPERATORS[name.lower()], "${a:b}", variables=False
    )


def test_the_request_stands_left() -> None:
    below, above = OPERATORS["numericlessthan"], OPERATORS["numericgreaterthan"]
    ten = operand(below, "10", variables=True)

    assert compares(below, "9", ten, {})
    assert not compares(above, "9", ten, {})
    assert compares(above, "11", ten, {})


def test_a_number_of_any_size_is_compared_at_once() -> None:
    huge = operand(OPERATORS["numericlessthan"], "1e999999", variables=True)

    assert isinstance(huge, NumberOperand)
    assert compares(OPERATORS["numericlessthan"], "9" * 10_000, huge, {})


def test_an_escaped_star_is_a_star_in_like() -> None:
    like = OPERATORS["stringlike"]
    star = operand(like, "${*}", variables=True)

    assert isinstance(star, TextOperand)
    assert compares(like, "*", star, {})
    assert not compares(like, "x", star, {})
