import json

from hypothesis import given
from strategies import ANA, OWN, policies, requests

from remit.policy import Policies, Policy, Request, Resource, parse
from remit.policy.explain import as_data, explain, text

TEAM = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "sqs:*"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::t/*"},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*",
     "Condition": {"StringEquals": {"s3:x-amz-acl": "private"}}}
  ]
}"""
FULL = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
GUARD = """{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*",
  "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}}"""
PUT = Request(
    principal=ANA,
    action="s3:PutObject",
    resource=Resource(arn="arn:aws:s3:::ledger/x", account=OWN),
    context={"aws:requestedregion": "eu-west-1"},
)


def named(document: str, name: str) -> Policy:
    return Policy(document=parse(document), name=name)


REFUSAL = """\
implicit deny, because no identity-based policy allows the s3:PutObject action
  service control policy  allows        FullAWSAccess, statement 1 (line 1, column 40) and 1 more
  identity                is silent     1 policy
    nearly allows: team, statement 2 (line 5, column 63): Resource is arn:aws:s3:::t/*, asked for arn:aws:s3:::ledger/x
    nearly allows: team, statement 3 (line 7, column 37): StringEquals s3:x-amz-acl private, but it is missing
    nearly allows: team, statement "Read" (line 4, column 50): Action is s3:Get*, s3:List*, asked for s3:PutObject
one of these would turn it:
  team, statement "Read" (line 4, column 50) with s3:PutObject listed in Action: allow
  team, statement 2 (line 5, column 63) with arn:aws:s3:::ledger/x listed in Resource: allow
  team, statement 3 (line 7, column 37) without its condition on s3:x-amz-acl, or with another value: allow"""


def test_a_refusal_is_told_in_a_few_lines() -> None:
    given = Policies(
        identity=(named(TEAM, "team"),), scps=((named(FULL, "FullAWSAccess"),), (named(FULL, "FullAWSAccess"),))
    )

    assert text(explain(given, PUT), PUT) == REFUSAL


def test_an_explicit_deny_is_told_by_the_statement_that_denies() -> None:
    given = Policies(identity=(named(FULL, "admin"),), scps=((named(FULL, "full"), named(GUARD, "regions")),))
    request = Request(principal=ANA, action="s3:PutObject", resource=PUT.resource, context={})

    assert text(explain(given, request), request).splitlines() == [
        "explicit deny, with an explicit deny in a service control policy",
        "  service control policy  denies        regions, statement 1 (line 1, column 40)",
        "  identity                allows        admin, statement 1 (line 1, column 40)",
        "one of these would turn it:",
        "  regions, statement 1 (line 1, column 40) did not apply, by another Condition: allow",
    ]


def test_near_misses_can_be_left_out() -> None:
    given = Policies(identity=(named(TEAM, "team"),))

    assert "nearly" not in text(explain(given, PUT), PUT, near=False)


def test_data_holds_the_whole_of_it() -> None:
    given = Policies(identity=(named(TEAM, "team"),), boundary=named(GUARD, "guard"))

    data = as_data(explain(given, PUT))

    assert (data["decision"], data["causes"]) == ("implicit-deny", ["identity", "boundary"])
    identity = next(layer for layer in data["layers"] if layer["layer"] == "identity")
    assert identity["near"][2] == {
        "layer": "identity",
        "policy": "team",
        "arn": "",
        "attached_to": "",
        "statement": 2,
        "sid": "",
        "effect": "Allow",
        "line": 7,
        "column": 37,
        "failed": {
            "element": "Condition",
            "asked": [],
            "written": ["private"],
            "operator": "StringEquals",
            "key": "s3:x-amz-acl",
        },
    }


@given(policies(), requests())
def test_every_explanation_has_words_and_data(drawn: Policies, request: Request) -> None:
    explanation = explain(drawn, request)

    assert text(explanation, request).startswith(explanation.decision.verdict.replace("-", " "))
    assert json.loads(json.dumps(as_data(explanation)))["decision"] == explanation.decision.verdict
