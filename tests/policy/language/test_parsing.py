"""G1 to G10, V1 to V3, C2 to C5."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents

from remit.policy import DocumentMalformed, PolicyType, acceptance_failure, parse
from remit.policy.language.document import Effect, PrincipalEntry, PrincipalType, Version

PLAIN = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(*statements: Any, **top: Any) -> str:
    return json.dumps({"Version": "2012-10-17", **top, "Statement": list(statements)})


def test_a_document_is_read() -> None:
    found = parse(
        document({**PLAIN, "Sid": "One"}, {"Effect": "Deny", "NotAction": ["a:b", "c:d"], "NotResource": "*"}, Id="x")
    )

    first, second = found.statements
    assert (found.version, found.id) == (Version.V2012, "x")
    assert (first.sid, first.effect, len(first.actions), len(first.resources)) == ("One", Effect.ALLOW, 1, 1)
    assert (second.effect, second.actions, second.resources) == (Effect.DENY, (), ())
    assert [pattern.text for pattern in second.not_actions] == ["a:b", "c:d"]
    assert [pattern.text for pattern in second.not_resources] == ["*"]


def test_one_statement_needs_no_list() -> None:
    assert len(parse(json.dumps({"Statement": PLAIN})).statements) == 1


def test_no_version_is_that_of_2008() -> None:
    assert parse(json.dumps({"Statement": PLAIN})).version is Version.V2008


@pytest.mark.parametrize(
    ("written", "entries"),
    [
        ({"AWS": "*"}, [("AWS", "*")]),
        ({"AWS": ["a", "b"], "Service": "c"}, [("AWS", "a"), ("AWS", "b"), ("Service", "c")]),
        ({"CanonicalUser": "x", "Federated": "y"}, [("CanonicalUser", "x"), ("Federated", "y")]),
        ({}, []),
    ],
)
def test_principals_are_read(written: Any, entries: list[tuple[str, str]]) -> None:
    principal = parse(document({**PLAIN, "Principal": written})).statements[0].principal

    assert principal is not None
    assert not principal.is_everyone
    assert list(principal.entries) == [PrincipalEntry(PrincipalType(kind), name) for kind, name in entries]


def test_a_plain_star_is_everybody() -> None:
    principal = parse(document({**PLAIN, "NotPrincipal": "*"})).statements[0].not_principal

    assert principal is not None
    assert principal.is_everyone


def test_condition_values_keep_the_text_they_were_written_as() -> None:
    text = document({**PLAIN, "Condition": {"StringEquals": {"A:B": [1, "x", True]}, "NumericEquals": {"c:d": 10}}})
    conditions = parse(text.replace("10}", "1.50}")).statements[0].conditions

    assert [(condition.name, condition.key) for condition in conditions] == [("A:B", "a:b"), ("c:d", "c:d")]
    assert [[value.text for value in condition.values] for condition in conditions] == [["1", "x", "true"], ["1.50"]]


@pytest.mark.parametrize("block", [{}, {"StringEquals": {}}, {"a": {}}])
def test_a_block_without_keys_says_nothing(block: Any) -> None:
    assert parse(document({**PLAIN, "Condition": block})).statements[0].conditions == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Effect": "allow"}, "unknown effect"),
        ({"Effect": None}, "Effect must be a string"),
        ({"Action": []}, "empty list"),
        ({"Resource": []}, "empty list"),
        ({"Action": 1}, "Action must be a string"),
        ({"Action": ["a:b", ["c:d"]]}, "Action must be a string"),
        ({"NotAction": "a:b"}, "Action and NotAction"),
        ({"NotResource": "*"}, "Resource and NotResource"),
        ({"Principal": "*", "NotPrincipal": "*"}, "Principal and NotPrincipal"),
        ({"Principal": "arn"}, "neither `\\*` nor an object"),
        ({"Principal": ["*"]}, "must be an object"),
        ({"Principal": {"Group": "x"}}, "unknown principal type"),
        ({"Sid": 1}, "Sid must be a string"),
        ({"sid": "x"}, "unknown element"),
        ({"Condition": []}, "must be an object"),
        ({"Condition": {"Bool": []}}, "must be an object"),
        ({"Condition": {"Bool": {"a": {}}}}, "must be a string, a number"),
        ({"Condition": {"Bool": {"a": None}}}, "must be a string, a number"),
        ({"Condition": {"Bool": {"a": [["true"]]}}}, "must be a string, a number"),
        ({"Condition": {"x": {"a": "b"}}}, "unknown operator"),
    ],
)
def test_a_statement_of_the_wrong_shape_is_malformed(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(DocumentMalformed, match=reason):
        parse(document({**PLAIN, **change}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "must be an object"),
        ("{}", "needs a statement"),
        ('{"Statement": []}', "needs a statement"),
        ('{"Statement": ["x"]}', "must be an object"),
        ('{"Statement": null}', "must be an object"),
        ('{"Statement": {}, "Extra": 1}', "unknown element"),
        ('{"Statement": {}, "statement": {}}', "unknown element"),
        ('{"Version": "2013-01-01", "Statement": {}}', "unknown version"),
        ('{"Version": 2012, "Statement": {}}', "Version must be a string"),
        ('{"Id": [], "Statement": {"Effect": "Allow", "Action": "*"}}', "Id must be a string"),
        ('{"Statement": {"Action": "*"}}', "needs an Effect"),
        ('{"Statement": {"Effect": "Deny"}}', "needs Action or NotAction"),
    ],
)
def test_a_document_of_the_wrong_shape_is_malformed(text: str, reason: str) -> None:
    with pytest.raises(DocumentMalformed, match=reason):
        parse(text)


def test_a_malformed_document_says_where() -> None:
    text = document({**PLAIN, "Effect": "Permit"})

    with pytest.raises(DocumentMalformed) as raised:
        parse(text)

    assert text[raised.value.offset :].startswith('"Permit"')


@given(documents(principal=None, resource=None))
def test_what_the_strategies_draw_is_read(text: str) -> None:
    assert parse(text).text == text


@given(st.text(max_size=60) | st.text('{}[]":,StatementVrsionEfcAlwD* \\', max_size=60))
def test_no_text_makes_the_parser_fail_in_another_way(text: str) -> None:
    offset = 0
    try:
        parse(text)
    except DocumentMalformed as error:
        offset = error.offset

    assert 0 <= offset <= len(text)


@given(st.sampled_from(PolicyType), documents(principal=None, resource=None))
def test_what_is_accepted_can_be_read(kind: PolicyType, text: str) -> None:
    if acceptance_failure(text, kind) is None:
        parse(text)
