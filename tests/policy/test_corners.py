"""Corners that random policies seldom reach: each was a change of the engine that no test noticed (`make mutate`)."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from strategies import ANA, ANONYMOUS, OWN

from remit.cli.cases.backends import BACKENDS
from remit.policy import Policies, Policy, Principal, Request, Resource, Verdict, parse
from remit.policy.evaluate import compile_policies

ALLOW, IMPLICIT, EXPLICIT = Verdict.ALLOW, Verdict.IMPLICIT_DENY, Verdict.EXPLICIT_DENY


def policy(statement: Mapping[str, Any]) -> Policy:
    whole = {"Effect": "Allow", **statement}
    return Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": [whole]})), name="x")


def check(
    policies: Policies,
    expected: Verdict,
    *,
    action: str = "s3:GetObject",
    arn: str = "arn:aws:s3:::b/x",
    principal: Principal = ANA,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
) -> None:
    request = Request(
        principal=principal, action=action, resource=Resource(arn=arn, account=OWN), context=dict(context or {})
    )
    for name, backend in BACKENDS.items():
        assert backend(policies, request).verdict is expected, name
    assert compile_policies(policies).verdict(request) is expected, "verdict"


@pytest.mark.parametrize(
    ("written", "action", "expected"),
    [
        ("s3:Get:*", "s3:Get:Object", ALLOW),
        ("s3:Get*", "s3:Get:Object", ALLOW),
        ("s3:Get", "s3:Get:Object", IMPLICIT),
        ("s3:Get:Object", "s3:Get:Object:Now", IMPLICIT),
        ("s3:*:Now", "s3:Get:Object:Now", ALLOW),
    ],
)
def test_an_action_has_two_parts_whatever_colons_it_has(written: str, action: str, expected: Verdict) -> None:
    check(Policies(identity=(policy({"Action": written, "Resource": "*"}),)), expected, action=action)


NAMED = {"aws:username": "ana"}


@pytest.mark.parametrize(
    ("written", "context", "fits", "fits_not"),
    [
        ("b/${aws:username}/x", NAMED, "b/ana/x", ("b/ana/xy", "b/bob/x", "b/ana/", "")),
        ("b/${aws:username}/x", {}, None, ("b/ana/x", "b//x", "b/${aws:username}/x")),
        ("b/${aws:username, 'run'}/x", {}, "b/run/x", ("b/ana/x", "b/run/xy")),
        ("b/${aws:username, 'run'}/x", NAMED, "b/ana/x", ("b/run/x",)),
        ("b/${aws:username, 'run'}", {}, "b/run", ("b/runs", "b/")),
        ("${aws:username}", NAMED, "ana", ("anas", "an", "")),
        ("${aws:username, 'run'}", {}, "run", ("runs", "ana")),
        ("${aws:username}-logs", NAMED, "ana-logs", ("ana-logs2", "bob-logs", "-logs")),
        ("${aws:username, 'run'}-logs", {}, "run-logs", ("ana-logs", "-logs")),
        ("${aws:username}-logs*", NAMED, "ana-logs/2026", ("ana-log", "x-ana-logs")),
        ("${aws:username}*", NAMED, "anas", ("an", "xana")),
        ("b/${aws:username}*", NAMED, "b/ana/x", ("b/bob", "c/ana")),
        ("b/${aws:username}${aws:userid}", {**NAMED, "aws:userid": "1"}, "b/ana1", ("b/ana", "b/1", "b/ana12")),
        ("b/${*}", {}, "b/*", ("b/x",)),
    ],
)
def test_a_variable_stands_for_one_value(
    written: str, context: dict[str, str], fits: str | None, fits_not: tuple[str, ...]
) -> None:
    for front in ("arn:aws:s3:::", "arn:*:s3:::"):
        policies = Policies(identity=(policy({"Action": "s3:*", "Resource": front + written}),))
        if fits is not None:
            check(policies, ALLOW, arn=f"arn:aws:s3:::{fits}", context=context)
            check(policies, IMPLICIT, arn=f"arn:aws:sqs:::{fits}", context=context)
        for resource in fits_not:
            check(policies, IMPLICIT, arn=f"arn:aws:s3:::{resource}", context=context)


@pytest.mark.parametrize(
    ("written", "fits", "fits_not"),
    [
        (["b/x", "b/y"], ["b/x", "b/y"], ["b/z", "b/x/", "b/"]),
        (["b/*", "c/*"], ["b/", "c/x"], ["d/x", "b"]),
        (["b/x", "c/*"], ["b/x", "c/x"], ["b/xy", "c"]),
        (["b/x:*"], ["b/x:y", "b/x:"], ["b/x"]),
        (["*/x:y"], ["b/x:y", "/x:y"], ["b/x:z", "b/x"]),
        (["b/?:y"], ["b/x:y"], ["b/x:yz", "b/:y"]),
        (["*:y"], ["b:x:y"], ["b:x:z"]),
        (["b/*/x", "b/y"], ["b/1/x", "b/y"], ["b/1/y", "b/x"]),
        (["*"], ["anything", ""], []),
        (["*b"], ["b", "ab"], ["ba", ""]),
        (["**"], ["b", ""], []),
    ],
)
def test_a_resource_is_compared_part_by_part(written: list[str], fits: list[str], fits_not: list[str]) -> None:
    for front in ("arn:aws:s3:::", "arn:*:s3:::", "arn:aws:s3:*:*:"):
        policies = Policies(identity=(policy({"Action": "s3:*", "Resource": [front + one for one in written]}),))
        for resource in fits:
            check(policies, ALLOW, arn=f"arn:aws:s3:::{resource}")
        for resource in fits_not:
            check(policies, IMPLICIT, arn=f"arn:aws:s3:::{resource}")
        check(policies, IMPLICIT, arn=f"arn:aws:sqs:::{(fits or ['x'])[0]}")


@pytest.mark.parametrize(("canonical", "expected"), [("c0ffee", ALLOW), ("decaf", IMPLICIT)])
def test_a_canonical_user_is_this_account_or_another(canonical: str, expected: Verdict) -> None:
    statement = {"Principal": {"CanonicalUser": canonical}, "Action": "s3:*", "Resource": "*"}

    check(Policies(resource=policy(statement), identity=(ALL,)), ALLOW)
    check(Policies(resource=policy({**statement, "Effect": "Deny"}), identity=(ALL,)), {
        ALLOW: EXPLICIT, IMPLICIT: ALLOW}[expected])  # fmt: skip


ALL = policy({"Action": "*", "Resource": "*"})


def test_a_caller_without_a_name_is_named_by_everyone_only() -> None:
    for named, expected in (("*", ALLOW), (ANA.arn, IMPLICIT), (OWN, IMPLICIT)):
        statement = {"Principal": {"AWS": named}, "Action": "s3:*", "Resource": "*"}
        check(Policies(resource=policy(statement)), expected, principal=ANONYMOUS)


Context = Mapping[str, str | tuple[str, ...]]


@pytest.mark.parametrize(
    ("operator", "value", "holds", "holds_not"),
    [
        ("Bool", "true", ["true", "True", "TRUE"], ["false", "yes", "", None]),
        ("Bool", "false", ["false", "FALSE"], ["true", "no", None]),
        ("Bool", ["true", "false"], ["true", "false"], ["maybe", None]),
        ("BoolIfExists", "true", ["true", None], ["false", "x"]),
        ("ForAnyValue:Bool", "true", ["true", ("false", "TRUE")], ["false", ("false",), (), None]),
        ("ForAllValues:Bool", "true", ["true", ("true", "True"), (), None], ["false", ("true", "false")]),
        ("ForAllValues:StringNotEquals", "ana", ["bob", ("bob", "eve"), None], ["ana", ("bob", "ana")]),
        ("ForAnyValue:StringNotEquals", "ana", ["bob", ("ana", "eve")], ["ana", ("ana",), None]),
        ("ForAllValues:StringNotLike", "a${k:suffix}*", ["bob", None], ["anabel", ("bob", "ana")]),
        ("ForAnyValue:StringNotLike", "a${k:suffix}*", ["bob", ("ana", "bob")], ["ana", ("ana",), None]),
        ("StringNotEquals", "a${k:suffix}", ["bob", None], ["ana"]),
        ("StringNotEqualsIfExists", "a${k:suffix}", ["bob", None], ["ana"]),
        ("StringEquals", ["x", "a${k:suffix}"], ["x", "ana"], ["bob", None]),
        ("StringEqualsIgnoreCase", "a${k:suffix}", ["ANA"], ["bob", None]),
        ("StringEquals", "${k:suffix}", ["na"], ["naa", "", None]),
        ("StringEquals", "${k:suffix}!", ["na!"], ["na", "!", "ana!", None]),
        ("StringEquals", "a${k:suffix}!", ["ana!"], ["ana", "na!", None]),
        ("StringEquals", "${k:none, 'd'}!", ["d!"], ["d", "na!", "!", None]),
        ("StringEquals", "a${k:none, 'd'}", ["ad"], ["a", "d", None]),
        ("StringEquals", "a${k:none, 'd'}!", ["ad!"], ["a!", "ad", None]),
        ("StringEquals", "${k:none, 'd'}", ["d"], ["", "na", None]),
        ("StringEquals", "${k:none}!", [], ["!", "na!", None]),
        ("StringEquals", "${k:suffix}${k:suffix}", ["nana"], ["na", None]),
        ("StringLike", "${k:suffix}*", ["na", "nana"], ["ana", None]),
        ("ArnLike", "arn:aws:s3:::${k:suffix}/*", ["arn:aws:s3:::na/x"], ["arn:aws:s3:::x/x", "na", None]),
        ("ArnEquals", "arn:*:s3:::b", ["arn:aws:s3:::b"], ["arn:aws:sqs:::b", "arn:aws:s3:::b/x", None]),
        ("Null", "true", [None], ["x"]),
        ("Null", "false", ["x"], [None]),
        ("Null", ["true", "false"], ["x", None], []),
    ],
)
def test_a_condition_holds_or_not(operator: str, value: Any, holds: list[Any], holds_not: list[Any]) -> None:
    condition = {operator: {"k:key": value}}
    policies = Policies(identity=(policy({"Action": "*", "Resource": "*", "Condition": condition}),))

    for values, expected in ((holds, ALLOW), (holds_not, IMPLICIT)):
        for one in values:
            check(policies, expected, context={"k:suffix": "na", **({} if one is None else {"k:key": one})})


@pytest.mark.parametrize(
    ("written", "fits", "fits_not"),
    [
        (
            ["b/${aws:username}/x", "b/shared/*"],
            ["b/ana/x", "b/shared/y"],
            ["b/ana/xy", "b/bob/x", "b/share", ""],
        ),
        (
            ["b/${aws:username}/x", "b/${aws:userid}/y"],
            ["b/ana/x", "b/1/y"],
            ["b/ana/y", "b/1/x", "b/ana/xy", "b/other", ""],
        ),
        (
            ["b/${aws:username}/*", "b/${aws:userid}/y", "?/lone"],
            ["b/ana/x", "b/1/y", "c/lone"],
            ["b/an/x", "b/1/yy", "cc/lone"],
        ),
        (["b/shared/*", "?/lone"], ["b/shared/x", "c/lone"], ["b/share", "cc/lone"]),
        (["b/whole", "b/*/${aws:username}"], ["b/whole", "b/any/ana", "b/a/b/ana"], ["b/wholes", "b/any/bob"]),
        (["b/${aws:username}/x", "b/*/${aws:userid}"], ["b/ana/x", "b/q/1"], ["b/ana/y", "b/q/2"]),
        (["*/mid/*"], ["b/mid/x", "/mid/"], ["b/mid", "mid/x"]),
    ],
)
def test_patterns_of_several_kinds_stand_together(written: list[str], fits: list[str], fits_not: list[str]) -> None:
    resources = [f"arn:aws:s3:::{part}" for part in written]
    policies = Policies(identity=(policy({"Action": "s3:GetObject", "Resource": resources}),))
    context = {**NAMED, "aws:userid": "1"}

    for part in fits:
        check(policies, ALLOW, arn=f"arn:aws:s3:::{part}", context=context)
    for part in fits_not:
        check(policies, IMPLICIT, arn=f"arn:aws:s3:::{part}", context=context)


@pytest.mark.parametrize(
    ("operator", "values", "value", "expected"),
    [
        ("Bool", ["${aws:username}", "true"], "true", ALLOW),
        ("Bool", ["${aws:username}", "true"], "TRUE", ALLOW),
        ("Bool", ["${aws:username}", "False"], "false", ALLOW),
        ("Bool", ["${aws:username}", "false"], "true", IMPLICIT),
        ("Bool", ["${aws:username}", "maybe"], "maybe", IMPLICIT),
        ("StringEqualsIgnoreCase", [""], "", ALLOW),
        ("StringEqualsIgnoreCase", [""], "xxxx", IMPLICIT),
        ("StringLike", ["*mid*"], "a mid b", ALLOW),
        ("StringLike", ["*mid*"], "a mad b", IMPLICIT),
    ],
)
def test_values_beside_a_variable(operator: str, values: list[str], value: str, expected: Verdict) -> None:
    statement = {"Action": "s3:GetObject", "Resource": "*", "Condition": {operator: {"aws:x": values}}}

    check(Policies(identity=(policy(statement),)), expected, context={**NAMED, "aws:x": value})


def test_with_every_policy_that_names_callers_each_caller_has_an_answer_of_its_own() -> None:
    everyone = policy({"Principal": "*", "Action": "*", "Resource": "*"})
    named = policy({"Principal": {"AWS": ANA.arn}, "Action": "s3:*", "Resource": "*"})
    policies = Policies(resource=named, rcps=((everyone,),), vpc_endpoint=everyone)
    other = msgspec.structs.replace(ANA, arn=f"arn:aws:iam::{OWN}:user/other", id="AIDAOTHER")

    check(policies, ALLOW)
    check(policies, IMPLICIT, principal=other)
    check(policies, ALLOW)


def test_many_statements_of_a_resource_policy_are_looked_up_by_what_is_asked() -> None:
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": OWN},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::b/{number}",
        }
        for number in range(12)
    ]
    statements[7]["Principal"] = {"AWS": ANA.arn}
    resource = Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": statements})), name="bucket")

    check(Policies(resource=resource), ALLOW, arn="arn:aws:s3:::b/7")
    check(Policies(resource=resource), IMPLICIT, arn="arn:aws:s3:::b/6")
    check(Policies(resource=resource), IMPLICIT, arn="arn:aws:s3:::b/77")


def test_many_statements_of_every_form_are_found_again() -> None:
    asked_by_form = {
        "b/whole": "b/whole",
        "c/start*": "c/started",
        "d?one": "dxone",
        "*end": "the end",
        "${aws:username}/own": "ana/own",
        "e/${aws:username}": "e/ana",
        "f/*/g": "f/any/g",
        "h": "h",
        "i*": "is",
        "??j": "xyj",
    }
    statements = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{form}"} for form in asked_by_form
    ]
    document = parse(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    policies = Policies(identity=(Policy(document=document, name="many"),))

    for part in asked_by_form.values():
        check(policies, ALLOW, arn=f"arn:aws:s3:::{part}", context=NAMED)
    for part in ("", "b", "b/wholes", "dxxone", "bob/own", "hh", "xj"):
        check(policies, IMPLICIT, arn=f"arn:aws:s3:::{part}", context=NAMED)


def test_many_resources_of_an_account_are_found_by_their_last_part() -> None:
    queues = [f"arn:aws:sqs:eu-west-1:{OWN}:queue-{number}" for number in range(12)]
    others = [f"arn:aws:sqs:*:{OWN}:dead-*", "arn:aws:sqs:${aws:username}::", "arn:aws:sqs:*::${aws:username}"]
    statements = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn} for arn in (*queues, *others)]
    document = parse(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    policies = Policies(identity=(Policy(document=document, name="many"),))

    for arn in (*queues, f"arn:aws:sqs:us-east-1:{OWN}:dead-letters", "arn:aws:sqs:eu-west-1::ana"):
        check(policies, ALLOW, action="sqs:SendMessage", arn=arn, context=NAMED)
    for arn in (
        f"arn:aws:sqs:eu-west-1:{OWN}:queue-12",
        f"arn:aws:sqs:eu-west-1:{OWN}:{OWN}",
        "arn:aws:sqs:eu-west-1::",
    ):
        check(policies, IMPLICIT, action="sqs:SendMessage", arn=arn, context=NAMED)
