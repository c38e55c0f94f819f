"""What `find` says is held to requests that are drawn at random: none of a class that was exhausted may be allowed."""

import json
from itertools import product

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from strategies import ANA, ANONYMOUS, OTHER, OWN, ROOT, SESSION, Dice

from remit.compliance.checks.proofs import Caller, Domain, Exhausted, Found, Question, Sampled, Target, find, only
from remit.policy import Policies, Policy, Principal, PrincipalKind, Request, Resource, parse, reference
from remit.policy.evaluate import compile_policies

# Key -> the operators that it is compared with, what it is compared with, and what requests have.
WORDS = ("", "a", "ab", "b", "aB", "abc", "x", "a/b")
KEYS = {
    "s3:prefix": (
        ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
        ("a", "a*", "*b", "?", "ab", "*", "A"),
        WORDS,
    ),
    "aws:TagKeys": (
        (
            "ForAllValues:StringEquals",
            "ForAnyValue:StringLike",
            "ForAllValues:StringNotLike",
            "ForAnyValue:StringNotEquals",
        ),
        ("a", "a*", "*b"),
        (("a",), ("b",), ("a", "b"), ("ab", "x"), ("a", "ab", "b", "x"), ("x",)),
    ),
    "aws:SourceIp": (
        ("IpAddress", "NotIpAddress"),
        ("10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32", "203.0.113.7"),
        ("10.0.0.1", "10.1.2.3", "203.0.113.7", "203.0.113.8", "2001:db8::7", "2002::1"),
    ),
    "s3:max-keys": (
        ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"),
        ("1", "2", "2.5"),
        ("0", "1", "1.5", "2", "2.2", "2.5", "3"),
    ),
    "aws:PrincipalTag/level": (
        ("NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"),
        ("1", "2"),
        ("0", "1", "1.5", "2", "3", "high"),
    ),
    "aws:CurrentTime": (
        ("DateLessThan", "DateGreaterThan", "DateEquals"),
        ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("2025-01-01", "2026-01-01", "2026-03-01", "2026-06-01", "2027-01-01"),
    ),
    "aws:SecureTransport": (("Bool",), ("true", "false"), ("true", "false")),
    "s3:Arn": (
        ("ArnLike", "ArnNotEquals", "StringLike"),
        ("arn:aws:s3:::b*", "arn:*:sns:*:1:t", "arn:aws:s3:::*/x"),
        ("arn:aws:s3:::b", "arn:aws:s3:::c/x", "arn:aws:s3:::b/x", "arn:aws:sns:r:1:t", "arn:aws:sns:r:1:t:u", "no"),
    ),
}
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
OBJECTS = ("arn:aws:s3:::b/a", "arn:aws:s3:::b/ab/x", "arn:aws:s3:::b/x", "arn:aws:s3:::b/team/a")
CALLERS = (ANA, SESSION, ROOT, ANONYMOUS, Principal(kind=PrincipalKind.USER, arn="u", account=OTHER, id="AIDAU"))
TARGETS = (
    Target(actions=ACTIONS[:2], resources=("arn:aws:s3:::b/*",), account=OWN),
    Target(actions=ACTIONS[2:], resources=("arn:aws:s3:::b",), account=OWN),
)
ALWAYS = ("aws:CurrentTime", "aws:SecureTransport")


def _condition(dice, keys):
    condition = {}
    for key in dice.some(1, 2, lambda: dice.one_of(keys)):
        operators, written, _ = KEYS[key]
        operator = dice.one_of(operators) + dice.one_of(["", "", "IfExists"])
        if dice.number(6) == 5:
            condition.setdefault("Null", {})[key] = dice.one_of(["true", "false"])
        else:
            condition.setdefault(operator, {})[key] = dice.one_or_several(written)
    return condition


def _statement(dice, keys, effect, *, has_principal=False):
    statement = {
        "Effect": effect,
        dice.one_of(["Action", "Action", "NotAction"]): dice.one_or_several(["s3:Get*", "s3:PutObject", "s3:L*", "*"]),
        dice.one_of(["Resource", "Resource", "NotResource"]): dice.one_or_several(
            ["*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/*/x"]
        ),
    }
    if dice.number(3):
        statement = {"Effect": effect, "Action": "*", "Resource": "*"}
    if has_principal:
        statement["Principal"] = dice.one_of(["*", {"AWS": OWN}, {"AWS": [ANA.arn, OTHER]}, {"AWS": SESSION.role_arn}])
    return {**statement, "Condition": _condition(dice, keys)} if dice.number(8) else statement


def _drawn(dice):
    """Draw one or two condition keys, and policies that leave little of them open."""
    keys = sorted({dice.one_of(list(KEYS)) for _ in range(2)})

    def policy(*, has_principal=False):
        effects = ["Allow", *dice.some(1, 4, lambda: "Deny")]
        statements = [_statement(dice, keys, effect, has_principal=has_principal) for effect in effects]
        return Policy(parse(json.dumps({"Version": "2012-10-17", "Statement": statements})))

    return keys, Policies(
        identity=(policy(),),
        resource=policy(has_principal=True) if dice.number(2) else None,
        boundary=policy() if dice.number(4) == 3 else None,
        scps=((policy(),),) if dice.number(4) == 3 else None,
    )


def _requests(principal, target, keys):
    """Return all requests of a class with the values of the table."""
    values = [[*KEYS[key][2], *([] if key in ALWAYS else [None])] for key in keys]
    arns = ("arn:aws:s3:::b",) if target is TARGETS[1] else OBJECTS
    for action, arn, *chosen in product(target.actions, arns, *values):
        context = {key.lower(): value for key, value in zip(keys, chosen, strict=True) if value is not None}
        yield Request(principal=principal, action=action, resource=Resource(arn=arn, account=OWN), context=context)


@given(st.binary(min_size=60, max_size=200).map(lambda given: _drawn(Dice(given))))
def test_what_is_exhausted_is_never_allowed_and_what_is_found_is(drawn):
    keys, policies = drawn
    for principal, target in product(CALLERS, TARGETS):
        caller = Caller(principal=principal, words=principal.kind.value)
        answer = find(policies, Question(callers=(caller,), targets=(target,)))
        if isinstance(answer, Found):
            event("Found")
            assert reference.decide(policies, answer.request).is_allowed
        elif isinstance(answer, Sampled):
            assert answer.why == "what aws:TagKeys is compared with cannot be told apart exactly"
        else:
            compiled = compile_policies(policies)
            for request in _requests(principal, target, keys):
                assert not compiled.decide(request).is_allowed, request


def of(*statements, **more):
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return Policies(identity=(Policy(parse(json.dumps(policy))),), **more)


def asked(policies, actions=ACTIONS, *, context=None, requests_max=20_000, **caller):
    return find(
        policies,
        Question(
            callers=(Caller(principal=ANA, words="ana", context=caller),),
            targets=(Target(actions=actions, resources=("arn:aws:s3:::b/*",), account=OWN),),
            context=context or {},
        ),
        requests_max=requests_max,
    )


def allow(action="*", resource="*", **condition):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def deny(**condition):
    return {**allow(**condition), "Effect": "Deny"}


def test_a_request_that_is_found_is_told_with_its_circumstances():
    answer = asked(of(allow("s3:Put*", "arn:aws:s3:::b/in/*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})))

    assert isinstance(answer, Found)
    assert answer.words == "ana may s3:PutObject on arn:aws:s3:::b/in/, with aws:SourceIp 10.0.0.0"


def test_an_answer_is_the_same_each_time():
    policies = of(allow(StringLike={"s3:prefix": ["a*", "*b"]}))

    assert asked(policies) == asked(policies)


def test_a_hole_in_a_deny_is_found_where_two_patterns_meet():
    policies = of(allow(StringLike={"s3:prefix": "a*"}), deny(StringNotLike={"s3:prefix": "*z"}))

    answer = asked(policies)

    assert isinstance(answer, Found)
    assert answer.request.context["s3:prefix"] == "az"


def test_denies_that_leave_nothing_exhaust_the_question():
    policies = of(
        allow(), deny(NumericLessThan={"s3:max-keys": "5"}), deny(NumericGreaterThanEqualsIfExists={"s3:max-keys": "5"})
    )

    assert isinstance(asked(policies), Exhausted)


@pytest.mark.parametrize(
    ("domain", "answer"),
    [
        (Domain(), Found),
        (only("a"), Exhausted),
        (Domain(never=("b*",)), Exhausted),
        (Domain(is_foreign=True), Exhausted),
    ],
)
def test_a_key_has_the_values_of_its_domain(domain, answer):
    policies = of(allow(StringEquals={"aws:Referer": "b"}))

    assert type(asked(policies, context={"aws:referer": domain})) is answer


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("arn:aws:sns:eu-west-1:111122223333:*", Exhausted),
        ("arn:aws:s3:*:*:our-bucket", Exhausted),
        ("arn:aws:s3:*:*:*", Found),
        ("arn:aws:sns:*:*:topic", Found),
        ("arn:aws:*:*:*:*", Found),
    ],
)
def test_nobody_elses_are_the_arns_of_an_account_and_a_bucket(written, answer):
    policies = of(allow(ArnLike={"aws:SourceArn": written}))

    assert type(asked(policies, context={"aws:sourcearn": Domain(is_foreign=True)})) is answer


def test_networks_wider_than_eight_bits_are_no_ones_own():
    def narrow(network):
        policies = of(allow(IpAddress={"aws:SourceIp": network}))
        return type(asked(policies, context={"aws:sourceip": Domain(is_foreign=True)}))

    assert narrow("10.0.0.0/9") is Exhausted
    assert narrow("10.0.0.0/8") is Found
    assert narrow("2001:db8::/33") is Exhausted
    assert narrow("2001:db8::/32") is Found


def test_a_variable_that_is_settled_is_exact_and_one_that_is_not_is_sampled():
    policies = of(allow(resource="arn:aws:s3:::b/${aws:username}/*"), deny())

    assert isinstance(asked(policies, **{"aws:username": only("ana")}), Exhausted)
    assert isinstance(asked(policies), Sampled)


def test_a_variable_that_stands_for_another_key_is_made_to_fit():
    policies = of(allow(StringEquals={"aws:PrincipalTag/team": "${s3:prefix}"}, Null={"s3:prefix": "false"}))

    answer = asked(policies)

    assert isinstance(answer, Found)
    assert answer.request.context["aws:principaltag/team"] == answer.request.context["s3:prefix"]


def test_more_combinations_than_may_be_tried_are_sampled_and_told():
    keys = {f"aws:RequestTag/{number}": [str(value) for value in range(9)] for number in range(5)}

    answer = asked(of(allow(StringEquals=keys), deny()), requests_max=1_000)

    assert isinstance(answer, Sampled)
    assert "there are 161,051 combinations of condition keys" in answer.why
    assert answer.tried == 1_000


def test_keys_that_are_compared_as_text_and_as_number_are_sampled():
    policies = of(allow(NumericLessThan={"s3:max-keys": "5"}), deny(StringLike={"s3:max-keys": "*"}))

    assert "s3:max-keys" in asked(policies).why


def test_no_policy_allows_nothing():
    assert asked(Policies()) == Exhausted(0)
