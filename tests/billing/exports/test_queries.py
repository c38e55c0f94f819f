"""Queries of exports: what is understood of them, that nothing else is, and that none of their text becomes SQL."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.exports.compiled import compiled, outputs
from remit.billing.exports.dictionary import TABLES, properties_of
from remit.billing.exports.queries import (
    Among,
    Compared,
    Joined,
    Named,
    Negated,
    QueryWrong,
    Selected,
    parsed,
)

CUR = TABLES["COST_AND_USAGE_REPORT"]
FORM = CUR.form(properties_of(CUR, {}))
A, B, C = (Compared(Named(name), "=", Decimal(1)) for name in "abc")


def condition(text: str) -> object:
    return parsed(f"SELECT a FROM t WHERE {text}").where


def test_a_query_is_columns_a_table_rows_and_a_number() -> None:
    query = parsed("Select a, b.c, d As e From T Where a = 'x' Limit 7")

    assert query.table == "T"
    assert query.selected == (
        Selected(Named("a"), "a"),
        Selected(Named("b", "c"), "c"),
        Selected(Named("d"), "e"),
    )
    assert query.where == Compared(Named("a"), "=", "x")
    assert query.limit == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 AND b = 1 OR c = 1", Joined("OR", (Joined("AND", (A, B)), C))),
        ("a = 1 AND (b = 1 OR c = 1)", Joined("AND", (A, Joined("OR", (B, C))))),
        ("NOT a = 1 AND b = 1", Joined("AND", (Negated(A), B))),
        ("NOT (a = 1 OR b = 1)", Negated(Joined("OR", (A, B)))),
        ("a IN (1, -2.50, 'it''s')", Among(Named("a"), (Decimal(1), Decimal("-2.50"), "it's"))),
        ("a NOT IN ('')", Negated(Among(Named("a"), ("",)))),
        ("a.b != 'x'", Compared(Named("a", "b"), "<>", "x")),
        ("a<>'x'", Compared(Named("a"), "<>", "x")),
        ("a<=-1", Compared(Named("a"), "<=", Decimal(-1))),
    ],
)
def test_conditions_bind_as_sql_binds_them(text: str, expected: object) -> None:
    assert condition(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a = 1.",
        "a = .5",
        "a = 1e5",
        "a = 1x",
        "a = 123456789012345678901",
        "a = 0.1234567890123456789",
        "a = 'x",
        'a = "x"',
        "a == 1",
        "a = b",
        "a",
        "a IN ()",
        "a IN (1",
        "a IN 1",
        "(a = 1",
        "a = 1)",
        "a = 1 AND",
        "a IS NULL",
        "a BETWEEN 1 AND 2",
        "a = 1 + 1",
        "EXISTS (SELECT a FROM t)",
        "a = (SELECT a FROM t)",
        "a = 1 /* */",
        "a = ?",
        "a = $1",
        "a = 1;",
    ],
)
def test_conditions_that_are_none(text: str) -> None:
    with pytest.raises(QueryWrong):
        condition(text)


@given(st.text(alphabet="SELECTFROMWHEREINNOTANDORLIMIT abc.,()'\"=<>!*-0123456789;\n\x00é", max_size=80))
def test_no_text_but_a_query_is_understood(text: str) -> None:
    for query in (text, f"SELECT a FROM t WHERE {text}", f"SELECT {text} FROM t"):
        with suppress(QueryWrong):
            assert parsed(query).selected


hostile = st.text(min_size=1, max_size=30).filter(lambda text: "\x00" not in text)


@given(hostile, st.sampled_from(["=", "!=", "IN"]))
def test_what_a_caller_wrote_is_bound_and_never_sql(text: str, sign: str) -> None:
    literal = "'" + text.replace("'", "''") + "'"
    value, plain = (f"({literal})", "('x')") if sign == "IN" else (literal, "'x'")

    query = parsed(f"SELECT product.nothing FROM COST_AND_USAGE_REPORT WHERE line_item_usage_type {sign} {value}")
    select = compiled(query, FORM, is_csv=True)

    other = parsed(f"SELECT product.x FROM COST_AND_USAGE_REPORT WHERE line_item_usage_type {sign} {plain}")

    assert select.values == ("nothing", text)
    assert select.text == compiled(other, FORM, is_csv=True).text.replace('"x"', '"nothing"')


def test_every_column_of_every_table_can_be_selected() -> None:
    for table in TABLES.values():
        form = table.form(properties_of(table, {}))
        names = [column.name for column in form.columns]
        query = parsed(f"SELECT {', '.join(names)} FROM {table.name}")

        assert [output.name for output in outputs(query, form)] == names == sorted(names)
        assert compiled(query, form, is_csv=False).values == ()
