"""What papers say of policies is what the engine decides."""

import json
import re
from datetime import date
from typing import Any

import pytest

from remit.compliance.library import shelf
from remit.policy import PolicyType, acceptance_failure, compile  # noqa: A004  # the word of the field, as in `re`

DOCUMENTS = shelf(today=date(2026, 11, 29)).documents
_BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
NO_FACTOR = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
NO_FACTOR_OR_ABSENT = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def policy(paper: str) -> str:
    (found,) = _BLOCK.findall(DOCUMENTS[paper].body)
    return str(found)


@pytest.mark.parametrize(("paper", "type_"), [("P7", PolicyType.MANAGED), ("P12", PolicyType.SCP)])
def test_policies_of_papers_would_be_stored(paper: str, type_: PolicyType) -> None:
    assert acceptance_failure(policy(paper), type_) is None


@pytest.mark.parametrize(
    ("action", "region", "allowed"),
    [
        ("ec2:RunInstances", "eu-central-1", True),
        ("ec2:RunInstances", "eu-west-1", True),
        ("ec2:RunInstances", "us-east-1", False),
        ("ec2:RunInstances", None, False),
        ("lambda:CreateFunction", "eu-central-1", True),
        ("lambda:CreateFunction", "eu-west-1", True),
        ("lambda:CreateFunction", "us-east-1", True),
        ("lambda:CreateFunction", None, True),
    ],
)
def test_the_eight_classes_of_the_proof_by_hand(action: str, region: str | None, *, allowed: bool) -> None:
    compiled = compile(EVERYTHING, scps=[[EVERYTHING], [policy("P12")]])

    context = {} if region is None else {"aws:RequestedRegion": region}
    assert compiled.decide(action=action, context=context).allowed is allowed


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f", True),
        ("iam:CreateUser", "arn:aws:iam::111122223333:user/eve", False),
        ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/somebody", True),
        ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/eve", False),
    ],
)
def test_the_policy_to_practise_on_allows_what_the_paper_says(action: str, resource: str, *, allowed: bool) -> None:
    answer = compile(policy("P7")).decide(action=action, resource=resource, context={"aws:username": "somebody"})

    assert answer.allowed is allowed


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        (NO_FACTOR, {"aws:MultiFactorAuthPresent": "false"}, False),
        (NO_FACTOR, {}, True),
        (NO_FACTOR_OR_ABSENT, {"aws:MultiFactorAuthPresent": "false"}, False),
        (NO_FACTOR_OR_ABSENT, {}, False),
        (NO_FACTOR_OR_ABSENT, {"aws:MultiFactorAuthPresent": "true"}, True),
    ],
)
def test_bool_spares_what_has_no_key_and_if_exists_does_not(
    condition: dict[str, Any], context: dict[str, str], *, allowed: bool
) -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})

    assert compile(EVERYTHING, document).decide(action="iam:CreateUser", context=context).allowed is allowed
