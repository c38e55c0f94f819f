"""Service-linked roles: names and policies of each service, and deletions that take a second."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_role

from remit.directory import DELETION_TASKS
from remit.directory.aws_managed import aws_managed_policy
from remit.directory.facts import LIMITS, AlreadyExists, NotFound, Noun, Quota, SuffixRefused
from remit.directory.roles import role
from remit.directory.service_linked_roles import (
    DeletionStatus,
    create_service_linked_role,
    deletion_task,
    linked_role_name,
    linked_services,
    role_of_task,
    start_deletion,
)
from remit.store import Transaction

BATCH, SCALING = "batch.amazonaws.com", "autoscaling.amazonaws.com"


def test_the_data_names_each_role_once_and_policies_that_exist() -> None:
    services = linked_services().values()
    without = {
        one.service
        for one in services
        if aws_managed_policy(f"arn:aws:iam::aws:policy/aws-service-role/{one.policy}") is None
    }

    assert len({one.role for one in services}) == len(services) == 116
    assert sum(one.confidence == "recorded" for one in services) == 71
    assert without == {"lex.amazonaws.com"}  # the archive lacks its policy
    assert {one.service for one in services if one.suffix} == {SCALING, "connect.amazonaws.com", "lexv2.amazonaws.com"}


def test_a_role_has_the_name_the_policy_and_the_trust_of_its_service(tx: Transaction) -> None:
    made = create_service_linked_role(tx, OWN, BATCH, at=AT, description="d", partition="aws-cn")

    assert made.arn == f"arn:aws-cn:iam::{OWN}:role/aws-service-role/{BATCH}/AWSServiceRoleForBatch"
    assert made.attached == ("arn:aws-cn:iam::aws:policy/aws-service-role/BatchServiceRolePolicy",)
    assert made.is_service_linked
    assert BATCH in made.trust
    assert (made.description, made.session_seconds_max) == ("d", 3600)


def test_a_service_has_one_role_unless_it_allows_suffixes(tx: Transaction) -> None:
    create_service_linked_role(tx, OWN, BATCH, at=AT)
    create_service_linked_role(tx, OWN, SCALING, at=AT)

    with pytest.raises(AlreadyExists) as taken:
        create_service_linked_role(tx, OWN, BATCH, at=AT)
    with pytest.raises(SuffixRefused) as refused:
        create_service_linked_role(tx, OWN, BATCH, suffix="two", at=AT)

    assert (taken.value.noun, taken.value.name) == (Noun.SERVICE_LINKED_ROLE, "AWSServiceRoleForBatch")
    assert refused.value.service == BATCH
    assert create_service_linked_role(tx, OWN, SCALING, suffix="two", at=AT).name == "AWSServiceRoleForAutoScaling_two"
    assert create_service_linked_role(tx, OTHER, BATCH, at=AT)


@pytest.mark.parametrize("service", ["other.amazonaws.com", "BATCH.amazonaws.com", "batch"])
def test_a_service_without_a_role_is_a_fact(tx: Transaction, service: str) -> None:
    with pytest.raises(NotFound) as fact:
        create_service_linked_role(tx, OWN, service, at=AT)

    assert (fact.value.noun, fact.value.name) == (Noun.LINKED_SERVICE, service)


def test_it_is_made_whatever_the_quota_of_roles_says(tx: Transaction) -> None:
    for number in range(LIMITS[Quota.ROLES]):
        a_role(tx, f"role-{number}")

    assert create_service_linked_role(tx, OWN, BATCH, at=AT)


def test_a_deletion_runs_for_a_second_and_the_role_is_gone_at_once(tx: Transaction) -> None:
    create_service_linked_role(tx, OWN, BATCH, at=AT)

    task = start_deletion(tx, OWN, "awsserviceroleforbatch", at=AT)

    assert task.id.startswith(f"task/aws-service-role/{BATCH}/AWSServiceRoleForBatch/")
    assert deletion_task(tx, OWN, task.id) == task
    assert task.status(AT) is DeletionStatus.IN_PROGRESS
    assert task.status(AT + timedelta(seconds=1)) is DeletionStatus.SUCCEEDED
    with pytest.raises(NotFound):
        role(tx, OWN, "AWSServiceRoleForBatch")


def test_asked_again_while_it_runs_the_first_deletion_goes_on(tx: Transaction) -> None:
    create_service_linked_role(tx, OWN, BATCH, at=AT)
    task = start_deletion(tx, OWN, "AWSServiceRoleForBatch", at=AT)

    assert start_deletion(tx, OWN, "AWSServiceRoleForBatch", at=AT + timedelta(milliseconds=999)) == task
    with pytest.raises(NotFound) as fact:
        start_deletion(tx, OWN, "AWSServiceRoleForBatch", at=AT + timedelta(seconds=1))
    assert (fact.value.noun, fact.value.name) == (Noun.ROLE, "AWSServiceRoleForBatch")


def test_only_service_linked_roles_are_deleted_so(tx: Transaction) -> None:
    a_role(tx)

    with pytest.raises(NotFound) as fact:
        start_deletion(tx, OWN, "builder", at=AT)

    assert (fact.value.noun, fact.value.name) == (Noun.ROLE, "builder")


def test_a_deletion_is_its_accounts_own(tx: Transaction) -> None:
    create_service_linked_role(tx, OWN, BATCH, at=AT)
    task = start_deletion(tx, OWN, "AWSServiceRoleForBatch", at=AT)

    with pytest.raises(NotFound) as fact:
        deletion_task(tx, OTHER, task.id)

    assert (fact.value.noun, fact.value.name) == (Noun.DELETION_TASK, task.id)


def test_deletions_are_forgotten_after_a_month(tx: Transaction) -> None:
    for days in (0, 31):
        create_service_linked_role(tx, OWN, BATCH, at=AT)
        start_deletion(tx, OWN, "AWSServiceRoleForBatch", at=AT + timedelta(days=days))

    assert [task.started_at for task in tx.all(DELETION_TASKS)] == [AT + timedelta(days=31)]


@pytest.mark.parametrize(
    ("id_", "role_path"),
    [
        ("task/aws-service-role/s.amazonaws.com/R/u", "/aws-service-role/s.amazonaws.com/R"),
        ("task/aws-service-role/s.amazonaws.com/R", None),
        ("task/aws-service-role/s.amazonaws.com//u", None),
        ("task/aws-service-role/s.amazonaws.com/R/u/v", None),
        ("s.amazonaws.com/R/u", None),
    ],
)
def test_the_id_of_a_deletion_names_the_role(id_: str, role_path: str | None) -> None:
    assert role_of_task(id_) == role_path


def test_the_role_of_an_unknown_service_would_be_called_as_most_are() -> None:
    assert linked_role_name("other.amazonaws.com") == "AWSServiceRoleForother"
    assert linked_role_name(SCALING, "x") == "AWSServiceRoleForAutoScaling_x"
