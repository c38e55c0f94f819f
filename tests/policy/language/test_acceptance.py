import json
from pathlib import Path
from typing import Any

import pytest

from remit.policy import PolicyType, acceptance_failure

RECORDED = Path(__file__).parents[2] / "cases" / "policy" / "recorded_acceptance.jsonl"
LINES = [json.loads(line) for line in RECORDED.read_text().splitlines()]


@pytest.mark.parametrize(("message", "document"), LINES, ids=[f"case-{n}" for n in range(1, len(LINES) + 1)])
def test_a_managed_policy_is_accepted_or_refused_in_the_recorded_words(message: str | None, document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)

    assert acceptance_failure(text, PolicyType.MANAGED) == message


ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
SID_CHARACTERS = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
)
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def text(*statements: Any, version: str | None = "2012-10-17") -> str:
    return json.dumps({"Statement": list(statements)} | ({"Version": version} if version else {}))


@pytest.mark.parametrize("kind", [PolicyType.INLINE, PolicyType.SESSION, PolicyType.BOUNDARY, PolicyType.SCP])
@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_only_managed_policies_must_be_of_the_newer_version(kind: PolicyType, version: str | None) -> None:
    assert acceptance_failure(text(ALLOW, version=version), kind) is None
    assert acceptance_failure(text(ALLOW, version=version), PolicyType.MANAGED) == (
        "Policy document must be version 2012-10-17 or greater."
    )


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({**TRUST, "Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({**TRUST, "Action": "*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({**TRUST, "Action": "sts:GetCallerIdentity"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({**TRUST, "Action": "STS:Assume*"}, None),
        ({**TRUST, "Action": ["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]}, None),
        ({**TRUST, "Resource": "*"}, "Has prohibited field Resource"),
        ({**TRUST, "NotResource": []}, "Has prohibited field NotResource"),
        (
            {**TRUST, "Principal": {"AWS": "arn:aws:iam::1:user/*"}},
            'Invalid principal in policy: "AWS":"arn:aws:iam::1:user/*"',
        ),
        ({**TRUST, "Principal": {"Service": "*"}}, 'Invalid principal in policy: "SERVICE":"*"'),
        ({**TRUST, "Principal": {"AWS": "ana"}}, 'Invalid principal in policy: "AWS":"ana"'),
        ({**TRUST, "Principal": {"AWS": ["111122223333", "AIDAANAEXAMPLEEXAMPLE", "*"]}}, None),
        ({**TRUST, "Effect": "allow"}, "The policy failed legacy parsing"),
        ({**TRUST, "Action": []}, "Policy statement must contain actions."),
        ({**TRUST, "NotPrincipal": "*"}, "Syntax errors in policy."),
    ],
)
def test_trust_policies(statement: Any, message: str | None) -> None:
    assert acceptance_failure(text(statement), PolicyType.TRUST) == message


@pytest.mark.parametrize("broken", ["", "{", "[]", '"x"', "{'a': 1}"])
def test_a_trust_policy_that_is_no_json_has_words_of_its_own(broken: str) -> None:
    assert acceptance_failure(broken, PolicyType.TRUST) == "This policy contains invalid Json"
    assert acceptance_failure(broken, PolicyType.INLINE) == "Syntax errors in policy."


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ([{**ALLOW, "Principal": "*"}], "Policy document should not specify a principal."),
        ([{**ALLOW, "NotPrincipal": "*"}], "Policy document should not specify a principal."),
        ([{**ALLOW, "Sid": "a-b"}], SID_CHARACTERS),
        ([{**ALLOW, "Action": ":Get"}], "Vendor  is not valid"),
        ([{**ALLOW, "Action": "*:*"}], None),
        (
            [{**ALLOW, "Resource": "arn:aws:s*:::b"}],
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        ([{**ALLOW, "Resource": "arn:aws:iam::*:root"}], None),
        ([{**ALLOW, "Resource": "arn:aws:iam::1:role-template/x"}], None),
        ([{**ALLOW, "Resource": "arn:aws:s3:*:*:accesspoint/x"}], None),
        ([{**ALLOW, "Resource": "arn:aws:s3:*"}], None),
        ([{**ALLOW, "Resource": "urn:aws:s3:::b"}], 'Resource urn:aws:s3:::b must be in ARN format or "*".'),
        ([{**ALLOW, "Condition": {"StringEquals": {"a:b": None}}}], "Syntax errors in policy."),
        ([{**ALLOW, "Condition": {"NumericEquals": {"a:b": 1}}}], None),
    ],
)
def test_identity_policies(statements: list[Any], message: str | None) -> None:
    assert acceptance_failure(text(*statements), PolicyType.INLINE) == message
