"""The condition keys that a document asks for."""

import pytest
from hypothesis import given
from strategies import documents

from remit.policy import parse
from remit.policy.language.keys_used import keys_used

HEAD = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":'


@pytest.mark.parametrize(
    ("rest", "keys"),
    [
        ('"*"}}', ()),
        ('"arn:aws:s3:::b/${aws:username}"}}', ("aws:username",)),
        ("\"arn:aws:s3:::b/${aws:username, 'x'}\"}}", ("aws:username",)),
        ('"arn:aws:s3:::b/${*}${$}"}}', ()),
        ('"*","Condition":{"StringEquals":{"aws:SourceVpc":"${my:Vpc}","MY:vpc":"x"}}}}', ("aws:SourceVpc", "my:Vpc")),
        ('"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::${my:B}"}}}}', ("aws:SourceArn", "my:B")),
        ('"*","Condition":{"NumericEquals":{"my:Number":"${my:B}"}}}}', ("my:Number",)),
        ('"*","Condition":{"Null":{"aws:TokenIssueTime":"${my:B}"}}}}', ("aws:TokenIssueTime",)),
    ],
)
def test_keys_of_conditions_and_of_variables_are_asked_for(rest: str, keys: tuple[str, ...]) -> None:
    assert keys_used(parse(HEAD + rest)) == keys


def test_an_old_document_has_no_variables() -> None:
    text = '{"Statement":{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:username}"}}'

    assert keys_used(parse(text)) == ()
    assert keys_used(parse(text.replace('{"S', '{"Version":"2012-10-17","S', 1))) == ("aws:username",)


@given(documents())
def test_each_key_comes_once_and_every_condition_has_one(text: str) -> None:
    document = parse(text)

    found = keys_used(document)

    folded = [key.lower() for key in found]
    assert len(set(folded)) == len(folded)
    assert {condition.key for statement in document.statements for condition in statement.conditions} <= set(folded)
