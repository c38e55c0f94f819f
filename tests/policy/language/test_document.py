import pytest

from remit.policy import parse
from remit.policy.language.document import Element, Position, Span, Version, position

TEXT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "A", "Effect": "Allow", "Action": ["s3:*"], "Resource": "*",
     "Condition": {"Bool": {"aws:SecureTransport": true}}}
  ]
}"""
STATEMENT = parse(TEXT).statements[0]


def written(span: Span) -> str:
    return TEXT[span.start : span.end]


def test_a_statement_knows_where_it_stands() -> None:
    assert written(STATEMENT.spans.statement).startswith('{"Sid"')
    assert written(STATEMENT.spans.statement).endswith("}}}")


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
    assert written(STATEMENT.spans.of(element)) == text


def test_an_element_that_is_not_there_stands_where_the_statement_does() -> None:
    assert STATEMENT.spans.of(Element.PRINCIPAL) == STATEMENT.spans.statement


def test_a_condition_stands_where_its_key_and_values_do() -> None:
    assert [written(span) for span in STATEMENT.spans.conditions] == ['"aws:SecureTransport": true']


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
    span = parse(text).statements[0].spans.statement

    assert position(text, span.start + 1) == Position(1, 41)
    assert position(text, span.end) == Position(1, 113)


def test_documents_and_statements_are_equal_to_themselves_only() -> None:
    one, other = parse(TEXT), parse(TEXT)

    assert one != other
    assert len({one, other, one}) == 2
    assert one.statements[0].actions == other.statements[0].actions


def test_only_the_newer_version_has_variables() -> None:
    assert Version.V2012.has_variables
    assert not Version.V2008.has_variables


def test_an_operator_is_named_in_awss_spelling() -> None:
    text = TEXT.replace('"Bool"', '"foranyvalue:boolIFEXISTS"')

    assert parse(text).statements[0].conditions[0].operator_name == "ForAnyValue:BoolIfExists"
