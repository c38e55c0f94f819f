"""AWS managed policies: the same everywhere, from a data file that can be read to its end."""

import json
from datetime import UTC, datetime

import pytest
from directory.conftest import OWN

from remit.arn import PARTITIONS
from remit.directory.aws_managed import (
    ADMINISTRATOR_ACCESS,
    _read,
    aws_managed_policies,
    aws_managed_policy,
    is_aws_managed,
)
from remit.directory.policies import Policy

ALL = aws_managed_policies("aws")


def test_all_of_them_are_there_by_name() -> None:
    names = [policy.name for policy in ALL]

    assert len(ALL) == 1_582
    assert names == sorted(names, key=str.lower)
    assert len({name.lower() for name in names}) == len({policy.id for policy in ALL}) == 1_582


def test_every_one_is_found_by_its_arn_and_can_be_read() -> None:
    for policy in ALL:
        assert aws_managed_policy(policy.arn) == policy
        assert policy.account == "aws"
        assert policy.id.startswith("ANPA")
        assert len(policy.id) == 21
        assert [version.id for version in policy.versions] == [f"v{policy.default}"]
        assert policy.created_at <= policy.updated_at
        document = json.loads(policy.document)
        assert document["Version"] == "2012-10-17"
        assert document["Statement"]


def test_their_paths_are_those_that_aws_uses() -> None:
    paths = {policy.path for policy in ALL}

    assert {"/", "/service-role/", "/job-function/", "/aws-service-role/", "/root-task/"} <= paths
    assert all(path.startswith("/") and path.endswith("/") for path in paths)


def found(arn: str) -> Policy:
    policy = aws_managed_policy(arn)
    assert policy is not None
    return policy


def test_administrator_access_allows_everything() -> None:
    policy = found(ADMINISTRATOR_ACCESS)

    assert json.loads(policy.document) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    assert policy.created_at == datetime(2015, 2, 6, 18, 39, 46, tzinfo=UTC)
    assert (policy.path, policy.default, policy.tags, policy.description) == ("/", 1, {}, None)


@pytest.mark.parametrize(
    ("arn", "path", "action"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "/", "s3:Get*"),
        ("arn:aws:iam::aws:policy/job-function/Billing", "/job-function/", "billing:*"),
        (
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "/service-role/",
            "logs:CreateLogStream",
        ),
        ("arn:aws:iam::aws:policy/SecurityAudit", "/", "iam:List*"),
    ],
)
def test_a_policy_has_the_path_and_the_actions_that_aws_documents(arn: str, path: str, action: str) -> None:
    policy = found(arn)

    assert policy.path == path
    assert policy.arn == arn
    actions = str(json.loads(policy.document)["Statement"])
    assert action in actions or action.rstrip("*") in actions


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/NoSuchAccess",
        "arn:aws:iam::aws:policy/administratoraccess",
        "arn:aws:iam::aws:policy/service-role/AdministratorAccess",
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy//AdministratorAccess",
        "arn:aws:iam::aws:policy/",
        "arn:aws:iam::aws:policy",
        "arn:aws:iam::aws:role/AdministratorAccess",
        "arn:aws:iam:us-east-1:aws:policy/AdministratorAccess",
        "arn:aws:sts::aws:policy/AdministratorAccess",
        f"arn:aws:iam::{OWN}:policy/AdministratorAccess",
        "arn:elsewhere:iam::aws:policy/AdministratorAccess",
        "arn::iam::aws:policy/AdministratorAccess",
        "AdministratorAccess",
        "",
    ],
)
def test_nothing_else_is_one(arn: str) -> None:
    assert aws_managed_policy(arn) is None


@pytest.mark.parametrize("partition", sorted(PARTITIONS))
def test_every_partition_has_them_under_its_own_name(partition: str) -> None:
    policy = found(f"arn:{partition}:iam::aws:policy/AdministratorAccess")

    assert policy.arn == f"arn:{partition}:iam::aws:policy/AdministratorAccess"
    assert (policy.id, policy.document) == (found(ADMINISTRATOR_ACCESS).id, found(ADMINISTRATOR_ACCESS).document)


def test_partitions_that_a_caller_invents_are_not_remembered() -> None:
    before = _read.cache_info().currsize
    for number in range(50):
        aws_managed_policy(f"arn:partition-{number}:iam::aws:policy/AdministratorAccess")

    assert _read.cache_info().currsize == before


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ADMINISTRATOR_ACCESS, True),
        ("arn:aws-cn:iam::aws:policy/job-function/Billing", True),
        ("arn:aws:iam::aws:policy/NoSuchAccess", True),
        (f"arn:aws:iam::{OWN}:policy/AdministratorAccess", False),
        ("AdministratorAccess", False),
        ("", False),
    ],
)
def test_an_arn_says_whether_a_policy_is_awss(arn: str, *, expected: bool) -> None:
    assert is_aws_managed(arn) is expected
