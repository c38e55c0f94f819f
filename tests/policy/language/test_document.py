from remit.policy import parse
from remit.policy.language.document import Version

TEXT = (
    """{"Statement": {"Effect": "Allow", "Action": ["s3:*"], "Resource": "*", "Condition": {"Bool": {"a:b": true}}}}"""
)


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
