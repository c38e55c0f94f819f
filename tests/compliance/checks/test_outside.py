"""Policies that let in nobody but the account are told apart without a search, which must say the same."""

import json

import pytest
from snapshots import ACCOUNT, facts

from remit.compliance.checks.outside import ORGANIZATION_READS, _lets_in_only, outside, policies
from remit.compliance.checks.proofs import Exhausted, Found, Question, Target, find, outsiders
from remit.compliance.checks.seen import Seen
from remit.policy import parse

OTHER = "999988887777"
TARGET = Target(actions=("kms:Decrypt",), resources=("arn:aws:kms:eu-west-1:111122223333:key/k",), account=ACCOUNT)
OWN = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def text(*principals, **more):
    statements = [
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*", **more, **({"Principal": one} if one else {})}
        for one in principals
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def asked(policy):
    seen = Seen(
        facts({"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}),
        frozenset(ORGANIZATION_READS),
    )
    return outside(seen, policy, (TARGET,))


@pytest.mark.parametrize(
    ("policy", "is_closed"),
    [
        (text(OWN), True),
        (text({"AWS": ACCOUNT}), True),
        (text({"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/anna"]}), True),
        (text({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"}), True),
        (text("*", Effect="Deny"), True),
        (text(OWN, {"AWS": OTHER}), False),
        (text({"AWS": [ACCOUNT, OTHER]}), False),
        (text({"AWS": f"arn:aws:iam::{OTHER}:role/{ACCOUNT}"}), False),
        (text("*"), False),
        (text({"AWS": "*"}), False),
        (text({"AWS": "AIDA1234567890EXAMPLE"}), False),
        (text({"Service": "s3.amazonaws.com"}), False),
        (text({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/p"}), False),
        (text(None, NotPrincipal={"AWS": OTHER}, Effect="Deny"), True),
    ],
)
def test_what_is_told_at_once_is_what_the_search_says(policy, is_closed):
    answer = asked(policy)

    assert not is_closed or answer == Exhausted(0)
    assert _lets_in_only(parse(policy), ACCOUNT) is is_closed
    documents = [parse(policy)]
    searched = find(policies(policy), Question(callers=outsiders(documents, (ACCOUNT,)), targets=(TARGET,)))
    assert isinstance(answer, Found) is isinstance(searched, Found)
