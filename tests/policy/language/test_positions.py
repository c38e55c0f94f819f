import json

import pytest
from hypothesis import given
from strategies import documents

from remit.policy import parse
from remit.policy.language.document import Element
from remit.policy.language.positions import Position, Span, position, spans

TEXT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "A", "Effect": "Allow", "Action": ["s3:*"], "Resource": "*",
     "Condition": {"Bool": {"aws:SecureTransport": true}}}
  ]
}"""
SPANS = spans(parse(TEXT))[0]


def written(span: Span) -> str:
    return TEXT[span.start : span.end]


def test_a_statement_knows_where_it_stands() -> None:
    assert written(SPANS.statement).startswith('{"Sid"')
    assert written(SPANS.statement).endswith("}}}")


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (Element.SID, '"A"'),
        (Element.EFFECT, '"Allow"'),
        (Element.ACTION, '["s3:*"]'),
        (Element.RESOURCE, '"*"'),
        (Element.CONDITION, '{"Bool": {"aws:SecureTransport": true}}'),
    ],
)
def test_an_element_stands_where_its_value_does(element: Element, text: str) -> None:
    assert written(SPANS.of(element)) == text


def test_an_element_that_is_not_there_stands_where_the_statement_does() -> None:
    assert SPANS.of(Element.PRINCIPAL) == SPANS.statement


def test_a_condition_stands_where_its_key_and_values_do() -> None:
    assert [written(span) for span in SPANS.conditions] == ['"aws:SecureTransport": true']


@pytest.mark.parametrize(
    ("offset", "line", "column"),
    [(0, 1, 1), (1, 1, 2), (2, 2, 1), (TEXT.index('"Version"'), 2, 3), (len(TEXT) - 1, 7, 1)],
)
def test_lines_and_columns_count_from_one(offset: int, line: int, column: int) -> None:
    assert position(TEXT, offset) == Position(line, column)


def test_positions_of_the_simulator_follow_from_spans() -> None:
    """Columns after the opening brace and after the closing one (`iam-sts` reference, policy simulator)."""
    text = (
        '{"Version": "2012-10-17", "Statement": '
        '{"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}'
    )
    span = spans(parse(text))[0].statement

    assert position(text, span.start + 1) == Position(1, 41)
    assert position(text, span.end) == Position(1, 113)


def test_a_single_statement_stands_in_no_list() -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'

    assert [text[found.statement.start : found.statement.end] for found in spans(parse(text))] == [text[14:-1]]


@given(documents(principal=None, resource=None))
def test_every_statement_and_condition_has_a_place(text: str) -> None:
    document = parse(text)

    for statement, found in zip(document.statements, spans(document), strict=True):
        assert len(statement.conditions) <= len(found.conditions)
        assert json.loads(text[found.statement.start : found.statement.end])["Effect"] == statement.effect
