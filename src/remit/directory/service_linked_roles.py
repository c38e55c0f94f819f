"""Service-linked roles: made for one AWS service, which alone may change them and says when they may go.

What each service's role is called and may do is data (`data/service_linked_roles.json`).
Source: IAM User Guide, "Create a service-linked role"; `iam-sts` reference, section 15 and appendix B.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from remit.directory.artifact.customer_agreements import own_agreements
from remit.directory.aws_managed import aws_managed_policy
from remit.directory.facts import AlreadyExists, NotFound, Noun, SuffixRefused
from remit.directory.roles import ROLES, SERVICE_LINKED_PATH, Role, role
from remit.ids import AccountId, IdPrefix, new_entity_id, new_uuid
from remit.store import Kind, Transaction

_ARTIFACT = "artifact.amazonaws.com"
_TASK_PREFIX = "task/aws-service-role/"
_TASK_TAKES = timedelta(seconds=1)
_TASK_KEPT = timedelta(days=30)


class LinkedService(msgspec.Struct, frozen=True):
    """A service and the role that is linked to it.

    Attributes:
        service: its principal, `batch.amazonaws.com`.
        role: the role's name, to which a suffix is added after an underscore.
        policy: name of the AWS managed policy that the role has.
        suffix: whether there may be several roles, told apart by a suffix.
        confidence: whether AWS was recorded to do so, or its documentation says so.
    """

    service: str
    role: str
    policy: str
    suffix: bool
    confidence: Literal["recorded", "documented"]


@cache
def linked_services() -> dict[str, LinkedService]:
    """Return the services that have a service-linked role, by their principal."""
    text = resources.files("remit.directory").joinpath("data/service_linked_roles.json").read_bytes()
    return {one.service: one for one in msgspec.json.decode(text, type=list[LinkedService])}


def linked_role_name(service: str, suffix: str = "") -> str:
    """Return what the role of *service* is called; for a service without one, what most are called."""
    linked = linked_services().get(service)
    name = f"AWSServiceRoleFor{service.partition('.')[0]}" if linked is None else linked.role
    return f"{name}_{suffix}" if suffix else name


def has_service_linked_role(tx: Transaction, account: AccountId, service: str) -> bool:
    """Whether *account* has the role that is linked to *service*."""
    return tx.find(ROLES, "name", (account, linked_role_name(service).lower())) is not None


def create_service_linked_role(
    tx: Transaction,
    account: AccountId,
    service: str,
    *,
    at: datetime,
    suffix: str = "",
    description: str | None = None,
    partition: str = "aws",
) -> Role:
    """Make the role that is linked to *service*; it counts against no quota.

    Raises:
        NotFound: no such service is known to have one.
        SuffixRefused: the service has one role and no more.
        AlreadyExists: the role is there.
    """
    linked = linked_services().get(service)
    if linked is None:
        raise NotFound(Noun.LINKED_SERVICE, service)
    if suffix and not linked.suffix:
        raise SuffixRefused(service)
    name = linked_role_name(service, suffix)
    if tx.find(ROLES, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.SERVICE_LINKED_ROLE, name)
    arn = f"arn:{partition}:iam::aws:policy{SERVICE_LINKED_PATH}{linked.policy}"
    created = Role(
        id=new_entity_id(IdPrefix.ROLE),
        account=account,
        name=name,
        path=f"{SERVICE_LINKED_PATH}{service}/",
        created_at=at,
        trust=_trust(service),
        partition=partition,
        description=description,
        attached=(arn,) if aws_managed_policy(arn) is not None else (),
    )
    tx.put(ROLES, created)
    return created


def _trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}
    return msgspec.json.encode({"Version": "2012-10-17", "Statement": [statement]}).decode()


# -- deletion


class DeletionStatus(StrEnum):
    """How far a deletion is, in AWS's words."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class DeletionTask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The deletion of a service-linked role; *id* is `task/aws-service-role/SERVICE/ROLE/UUID`.

    Attributes:
        used_by: ARNs of what still needs the role, which is the reason that it stays.
    """

    id: str
    account: AccountId
    role_name: str
    started_at: datetime
    used_by: tuple[str, ...] = ()

    def status(self, at: datetime) -> DeletionStatus:
        """Say how far the deletion is. The role is gone at once; the task is over a second later, as AWS's take."""
        if at - self.started_at < _TASK_TAKES:
            return DeletionStatus.IN_PROGRESS
        return DeletionStatus.FAILED if self.used_by else DeletionStatus.SUCCEEDED


DELETION_TASKS = Kind("deletion_task", DeletionTask, groups={"account": lambda task: (task.account,)})


def start_deletion(tx: Transaction, account: AccountId, name: str, *, at: datetime) -> DeletionTask:
    """Delete the service-linked role called *name* unless its service needs it.

    While a task for it runs, that one is returned.

    Raises:
        NotFound: the account has no service-linked role of that name.
    """
    for task in tx.select(DELETION_TASKS, "account", account):
        if task.role_name == name.lower() and task.status(at) is DeletionStatus.IN_PROGRESS:
            return task
        if at - task.started_at >= _TASK_KEPT:
            tx.delete(DELETION_TASKS, task)
    found = role(tx, account, name)
    if not found.is_service_linked:
        raise NotFound(Noun.ROLE, name)
    service = found.path.removeprefix(SERVICE_LINKED_PATH).strip("/")
    task = DeletionTask(
        id=f"{_TASK_PREFIX}{service}/{found.name}/{new_uuid()}",
        account=account,
        role_name=found.name.lower(),
        started_at=at,
        used_by=_uses(tx, account, service),
    )
    tx.put(DELETION_TASKS, task)
    if not task.used_by:
        tx.delete(ROLES, found)
    return task


def _uses(tx: Transaction, account: AccountId, service: str) -> tuple[str, ...]:
    """Return ARNs of what *service* needs its role for: Artifact for agreements of organizations (reference, 4)."""
    if service != _ARTIFACT:
        return ()
    return tuple(sorted(one.arn for one in own_agreements(tx, account) if one.organization))


def deletion_task(tx: Transaction, account: AccountId, id_: str) -> DeletionTask:
    """Find a deletion by its id.

    Raises:
        NotFound: the account has none with this id.
    """
    found = tx.get(DELETION_TASKS, id_)
    if found is None or found.account != account:
        raise NotFound(Noun.DELETION_TASK, id_)
    return found


def role_of_task(id_: str) -> str | None:
    """Return the path and name of the role that a task with this id deletes, as in an ARN; None if it is no such id."""
    parts = id_.removeprefix(_TASK_PREFIX).split("/")
    if not id_.startswith(_TASK_PREFIX) or len(parts) != 3 or not all(parts):  # noqa: PLR2004  # service, role, uuid
        return None
    return f"{SERVICE_LINKED_PATH}{parts[0]}/{parts[1]}"
