"""parse(print(document)) says the same, and a normal form decides the same."""

import json

import msgspec
import pytest
from hypothesis import given
from strategies import documents, requests

from remit.policy import Document, Policies, Policy, Request, parse, reference
from remit.policy.language.printing import normal_form, to_json

STATEMENT = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def said(document: Document) -> tuple[object, ...]:
    return (
        document.version,
        document.id,
        [msgspec.structs.astuple(statement) for statement in document.statements],
    )


@given(documents(principal=None, resource=None))
def test_what_is_printed_reads_the_same(text: str) -> None:
    document = parse(text)

    assert said(parse(to_json(document))) == said(document)
    assert said(parse(to_json(document, indent=2))) == said(document)


def test_elements_stand_in_their_usual_order_and_single_entries_in_no_list() -> None:
    text = (
        '{"Statement": {"Resource": ["*"], "Condition": {"bool": {"a:B": [true]}}, "NotAction": ["a:b", "c:d"],'
        ' "Principal": {"AWS": ["1", "2"], "Service": ["x"]}, "Effect": "Deny", "Sid": "S"}, "Id": "I"}'
    )

    assert to_json(parse(text)) == (
        '{"Version": "2008-10-17", "Id": "I", "Statement": [{"Sid": "S", "Effect": "Deny",'
        ' "Principal": {"AWS": ["1", "2"], "Service": "x"}, "NotAction": ["a:b", "c:d"], "Resource": "*",'
        ' "Condition": {"Bool": {"a:B": "true"}}}]}'
    )


def test_two_conditions_on_one_key_stay_two() -> None:
    condition = {"StringEquals": {"a:b": "x"}, "STRINGEQUALS": {"a:b": "y"}, "stringequals": {"a:b": "z", "c:d": "w"}}
    document = parse(json.dumps({"Statement": {**STATEMENT, "Condition": condition}}))

    assert said(parse(to_json(document))) == said(document)
    assert len(parse(normal_form(document)).statements[0].conditions) == 4


def test_characters_that_policies_may_not_hold_are_escaped() -> None:
    document = parse(json.dumps({"Statement": {**STATEMENT, "Resource": "arn:aws:s3:::b/中\n😀"}}))

    assert to_json(document).isascii()
    assert said(parse(to_json(document))) == said(document)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Action": ["b:x", "a:y", "B:X"]}, {"Action": ["A:y", "b:x"]}),
        ({"Resource": ["arn:b", "arn:a", "arn:b"]}, {"Resource": ["arn:a", "arn:b"]}),
        ({"Sid": "x"}, {"Sid": "y"}),
        ({"Condition": {"bool": {"A:B": True}}}, {"Condition": {"Bool": {"a:b": ["true"]}}}),
        ({"Principal": {"Service": "s", "AWS": ["2", "1"]}}, {"Principal": {"AWS": ["1", "2"], "Service": ["s"]}}),
    ],
)
def test_documents_that_mean_the_same_have_one_normal_form(one: dict[str, object], other: dict[str, object]) -> None:
    first = parse(json.dumps({"Statement": [{**STATEMENT, **one}, STATEMENT]}))
    second = parse(json.dumps({"Id": "x", "Statement": [STATEMENT, {**STATEMENT, **other}, STATEMENT]}))

    assert normal_form(first) == normal_form(second)


@pytest.mark.parametrize(
    "change",
    [{"Effect": "Deny"}, {"Action": "s3:Get*"}, {"Resource": "arn:A"}, {"Condition": {"Bool": {"a:b": "true"}}}],
)
def test_documents_that_mean_different_things_have_different_ones(change: dict[str, object]) -> None:
    one, other = (parse(json.dumps({"Statement": {**STATEMENT, **found}})) for found in ({}, change))

    assert normal_form(one) != normal_form(other)


@given(documents(principal=None, resource=None), requests())
def test_a_normal_form_decides_the_same(text: str, request: Request) -> None:
    document = parse(text)
    normal = parse(normal_form(document))

    assert normal_form(normal) == normal_form(document)
    for before, after in (
        (Policies(resource=Policy(document=document)), Policies(resource=Policy(document=normal))),
        (Policies(identity=(Policy(document=document),)), Policies(identity=(Policy(document=normal),))),
    ):
        assert reference.decide(before, request).verdict is reference.decide(after, request).verdict
