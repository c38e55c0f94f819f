"""Which services a policy gives access to."""

import json
from typing import Any

import pytest

from remit.services.iam.granted_services import granted_services, grants, service_names


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


@pytest.mark.parametrize(
    ("statement", "granted"),
    [
        ({"Action": "s3:GetObject"}, {"s3"}),
        ({"Action": ["S3:Get*", "sqs:*"]}, {"s3", "sqs"}),
        ({"Action": "s3*:*"}, {"s3", "s3express", "s3-object-lambda", "s3-outposts", "s3tables", "s3vectors"}),
        ({"Action": "s3"}, set[str]()),
        ({"Action": "??s:SendMessage"}, {"ecs", "eks", "rds", "sns", "sqs", "sts", "dms"}),
        ({"Action": "s3:*", "Effect": "Deny"}, set[str]()),
        ({"Action": "s3:*", "Condition": {"StringEquals": {"aws:username": "nobody"}}}, {"s3"}),
    ],
)
def test_an_action_gives_access_to_its_service(statement: dict[str, Any], granted: set[str]) -> None:
    found = granted_services(document(**statement))

    assert granted <= found if granted else not found
    assert all(grants(document(**statement), prefix) for prefix in found)


def test_a_star_gives_access_to_everything() -> None:
    assert granted_services(document(Action="*")) == set(service_names())


@pytest.mark.parametrize(
    ("not_actions", "without"),
    [
        ("iam:*", {"iam"}),
        (["iam:*", "STS:*"], {"iam", "sts"}),
        ("iam:Get*", set[str]()),
        ("iam:", set[str]()),
        ("*", None),
    ],
)
def test_what_is_left_out_as_a_whole_is_not_granted(not_actions: object, without: set[str] | None) -> None:
    found = granted_services(document(NotAction=not_actions))

    assert found == (set[str]() if without is None else set(service_names()) - without)


def test_a_policy_that_cannot_be_read_grants_nothing() -> None:
    assert granted_services("{") == frozenset()


def test_a_service_that_aws_does_not_list_may_be_granted() -> None:
    assert grants(document(Action="mine:Do"), "mine")
    assert not grants(document(Action="mine:Do"), "min")


def test_services_have_names() -> None:
    assert service_names()["iam"] == "AWS Identity and Access Management (IAM)"
    assert list(service_names()) == sorted(service_names())
