"""V1, R3, T2 to T9."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.language.variables import (
    Template,
    Variable,
    has_variables,
    resolved,
    split_outside_variables,
    template,
)
from remit.policy.language.wildcards import Wildcard

ANY, ONE = Wildcard.ANY, Wildcard.ONE
USERNAME = Variable("aws:username", "aws:username")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("a*b?", ("a", ANY, "b", ONE)),
        ("${aws:username}", (USERNAME,)),
        ("a/${aws:username}/*", ("a/", USERNAME, "/", ANY)),
        ("${AWS:UserName}", (Variable("AWS:UserName", "aws:username"),)),
        ("${a:b, 'c'}", (Variable("a:b", "a:b", "c"),)),
        ("${a:b, ''}", (Variable("a:b", "a:b", ""),)),
        ("${a:b, 'c}d'}e", (Variable("a:b", "a:b", "c}d"), "e")),
        ("${a:b, 'c'd'}", (Variable("a:b", "a:b", "c'd"),)),
        ("${a:b,'c'}", (Variable("a:b,'c'", "a:b,'c'"),)),
        ("${a:b, 'c}", (Variable("a:b, 'c", "a:b, 'c"),)),
        ('${a:b, "c"}', (Variable('a:b, "c"', 'a:b, "c"'),)),
        ("x${*}y", ("x*y",)),
        ("${*}${?}${$}", ("*?$",)),
        ("${}", (Variable("", ""),)),
        ("${a", ("${a",)),
        ("$}{", ("$}{",)),
        ("$${a}", ("$", Variable("a", "a"))),
        ("${a${b}", (Variable("a${b", "a${b"),)),
        ("a:${*}*", ("a:*", ANY)),
    ],
)
def test_a_text_is_taken_apart(text: str, expected: Template) -> None:
    assert template(text, variables=True, wildcards=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a${b}*", ("a${b}", ANY)), ("${*}", ("${*}",)), ("${a", ("${a",)), ("${a*", ("${a", ANY))],
)
def test_without_variables_what_stands_in_braces_is_literal(text: str, expected: Template) -> None:
    assert template(text, variables=False, wildcards=True) == expected


def test_without_wildcards_they_are_characters() -> None:
    assert template("a*?${b}", variables=True, wildcards=False) == ("a*?", Variable("b", "b"))


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("${a}", {"a": "x"}, ("x",)),
        ("${A}", {"a": "x"}, ("x",)),
        ("${a}", {"a": "*"}, ("*",)),
        ("${a}", {"a": ""}, ("",)),
        ("${a}", {}, None),
        ("${a}", {"a": ("x",)}, None),
        ("${a, 'd'}", {"a": ("x",)}, ("d",)),
        ("${a, 'd'}", {}, ("d",)),
        ("${a, 'd'}", {"a": "x"}, ("x",)),
        ("*", {}, (ANY,)),
    ],
)
def test_values_go_in_as_literal_text(text: str, context: dict[str, str], expected: Template | None) -> None:
    assert resolved(template(text, variables=True, wildcards=True), context) == expected


def test_a_template_knows_whether_the_request_has_a_say() -> None:
    assert has_variables(template("a${b}", variables=True, wildcards=True))
    assert not has_variables(template("a${b}", variables=False, wildcards=True))


@pytest.mark.parametrize(
    ("text", "colons", "parts"),
    [
        ("a:b:c", 5, ["a", "b", "c"]),
        ("a:b:c", 1, ["a", "b:c"]),
        ("", 5, [""]),
        ("::", 5, ["", "", ""]),
        ("${a:b}:c", 5, ["${a:b}", "c"]),
        ("x${a:b}y${c:d}:e", 5, ["x${a:b}y${c:d}", "e"]),
        ("${a:b", 5, ["${a", "b"]),
        ("${a, ':}:'}:b", 5, ["${a, ':}:'}", "b"]),
        ("a:${b:c}", 5, ["a", "${b:c}"]),
    ],
)
def test_colons_inside_of_variables_do_not_split(text: str, colons: int, parts: list[str]) -> None:
    assert split_outside_variables(text, colons) == parts


@given(text=st.text("${}:a*', ", max_size=40), variables=st.booleans(), wildcards=st.booleans())
def test_any_text_can_be_taken_apart_and_nothing_is_lost(text: str, *, variables: bool, wildcards: bool) -> None:
    def written(part: object) -> str:
        if isinstance(part, Variable):
            return f"${{{part.name}}}" if part.default is None else f"${{{part.name}, '{part.default}'}}"
        return part.value if isinstance(part, Wildcard) else str(part)

    found = template(text, variables=variables, wildcards=wildcards)
    again = "".join(written(part) for part in found)

    if variables:
        for escape in "*?$":
            text = text.replace(f"${{{escape}}}", escape)
            again = again.replace(f"${{{escape}}}", escape)
    assert again == text
    assert ":".join(split_outside_variables(text, 5)) == text


@pytest.mark.parametrize("written", ["${a, 'x}", "${", "${a:b}", "${a, '}:'}", "*", "$:"])
def test_a_text_ten_times_as_long_takes_ten_times_as_long(written: str) -> None:
    """The best of five goes keeps a busy machine out of it; quadratic work would take a hundred times as long."""

    def seconds(text: str) -> float:
        start = time.perf_counter()
        template(text, variables=True, wildcards=True)
        split_outside_variables(text, 5)
        return time.perf_counter() - start

    short = min(seconds(written * 1_000 + ":") for _ in range(5))

    assert min(seconds(written * 10_000 + ":") for _ in range(5)) < 40 * short
