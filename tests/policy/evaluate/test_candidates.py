"""Ways to a statement among many, against the reference: every pair of statements, asked by every request."""

import json
from itertools import product
from typing import Any

import pytest
from strategies import ANA, OWN

from remit.policy import Policies, Policy, Request, Resource, evaluate, parse, reference
from remit.policy.evaluate import candidates

STATEMENTS: list[dict[str, Any]] = [
    {"Resource": "*"},
    *(
        {"Resource": resource}
        for resource in (
            "arn:aws:s3:::b/x",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::b/x:y",
            "arn:aws:s3:::b/?",
            "arn:aws:s3:::b/${aws:username}",
            "arn:aws:s3:::b/${aws:username}*",
            "arn:aws:s3:::${aws:username}/x",
            "arn:aws:s3:::?/x",
            "arn:aws:s3",
            ["arn:aws:s3", "arn:aws:s3:::b/x"],
            ["arn:${aws:username}", "arn:aws:s3:::b/x"],
            ["arn:aws:s3:::b/x", "arn:aws:s3:::c/*"],
        )
    ),
    {"NotResource": "arn:aws:s3:::b/*"},
    *(
        {"Resource": "*", "Condition": condition}
        for condition in (
            {"StringEquals": {"k:a": "v"}},
            {"StringEquals": {"k:a": ""}},
            {"StringEquals": {"k:a": ["v", "w"]}},
            {"StringEquals": {"k:a": "${aws:username}"}},
            {"StringLike": {"k:a": "v*"}},
            {"StringLike": {"k:a": "v"}},
            {"StringLike": {"k:a": "*v"}},
            {"StringNotEquals": {"k:a": "v"}},
            {"StringEqualsIfExists": {"k:a": "v"}},
            {"StringEqualsIgnoreCase": {"k:a": "V"}},
            {"NumericEquals": {"k:a": "5"}},
            {"NumericEquals": {"k:a": "5"}, "StringEquals": {"k:b": "v"}},
            {"StringEquals": {"k:b": "v"}, "NumericEquals": {"k:a": "5"}},
            {"Null": {"k:a": "true"}},
            {"Null": {"k:a": "true"}, "StringEquals": {"k:b": "v"}},
            {"ForAnyValue:StringEquals": {"k:a": ["v", "w"]}},
            {"ForAllValues:StringEquals": {"k:a": ["v", "w"]}},
        )
    ),
]
RESOURCES = ("b/x", "b/y", "b/x:y", "b/ana", "ana/x", "c/1", "y", "")
CONTEXTS: list[dict[str, str | tuple[str, ...]]] = [
    {},
    {"k:a": "v"},
    {"k:a": "vw"},
    {"k:a": ""},
    {"k:a": "5"},
    {"k:a": "5", "k:b": "v"},
    {"k:b": "v"},
    {"k:a": ("w", "x")},
    {"k:a": ()},
    {"k:a": "ana", "aws:username": "ana"},
]
REQUESTS = [
    Request(
        principal=ANA,
        action="s3:GetObject",
        resource=Resource(arn=f"arn:aws:s3:::{resource}", account=OWN),
        context=context,
    )
    for resource, context in product(RESOURCES, CONTEXTS)
]


def document(*statements: dict[str, Any]) -> Policy:
    whole = [{"Effect": "Allow", "Action": "s3:*", **statement} for statement in statements]
    return Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": whole})), name="x")


@pytest.fixture(autouse=True)
def _always_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "INDEXED_FROM", 1)


@pytest.mark.parametrize("first", STATEMENTS, ids=json.dumps)
def test_whatever_applies_is_found_and_nothing_else(first: dict[str, Any]) -> None:
    for second in (first, *STATEMENTS):
        policies = Policies(identity=(document(first) if second is first else document(first, second),))
        compiled = evaluate.Compiled(policies)
        for request in REQUESTS:
            expected = reference.decide(policies, request)
            decision = compiled.decide(request)
            assert compiled.verdict(request) is expected.verdict, (second, request)
            assert [match.index for match in decision.allows] == [match.index for match in expected.allows], second
