"""Programs use roles; what long-term keys are left are few, young and used.

Source: `shared-responsibility` reference, 4 and 5, SR-I5; CIS AWS Foundations 6.0, 2.10 to 2.13, 2.17.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from remit.compliance.checks.check import Derived, Each, Subject, check
from remit.compliance.checks.credential_report import days_since
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen, Unread

AGE_DAYS, UNUSED_DAYS, SERVICE_DAYS = 90, 45, 90
_USERS = Each("iam:ListUsers", "Users", "Arn")
_KEYS = "iam:ListAccessKeys"
_USED = "iam:GetAccessKeyLastUsed"
_DETAILS = "iam:GetAccountAuthorizationDetails"
_SERVICES = "iam:GetServiceLastAccessedDetails"
_INSTANCES = Each(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)


def _active(user: Subject, seen: Seen) -> list[Mapping[str, Any]]:
    keys = seen.items(_KEYS, "AccessKeyMetadata", UserName=user["UserName"])
    return [key for key in keys if key["Status"] == "Active"]


@check("iam.key.age", version=1, each=_USERS, reads=(_KEYS,))
def age(user: Subject, seen: Seen) -> Judgement:
    """Keys are replaced in time."""
    ages = {key["AccessKeyId"]: days_since(_moment(key["CreateDate"]), seen.now) for key in _active(user, seen)}
    if not ages:
        return not_applicable("the user has no active access key")
    for key, days in sorted(ages.items()):
        if days > AGE_DAYS:
            return failed(f"access key {key} is {days} days old; it is to be replaced after {AGE_DAYS}")
    return passed(f"no active access key is older than {AGE_DAYS} days")


@check("iam.key.two", version=1, each=_USERS, reads=(_KEYS,))
def two(user: Subject, seen: Seen) -> Judgement:
    """A second key is for the days of a change only."""
    active = sorted(key["AccessKeyId"] for key in _active(user, seen))
    if not active:
        return not_applicable("the user has no active access key")
    if len(active) > 1:
        return failed(f"has {len(active)} active access keys: {', '.join(active)}")
    return passed("has one active access key")


@check("iam.key.unused", version=1, each=_USERS, reads=(_KEYS, _USED))
def unused(user: Subject, seen: Seen) -> Judgement:
    """A key that nobody uses is none."""
    active = _active(user, seen)
    if not active:
        return not_applicable("the user has no active access key")
    for key in sorted(active, key=lambda one: one["AccessKeyId"]):
        last = seen.answer(_USED, AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"].get("LastUsedDate")
        days = days_since(_moment(last or key["CreateDate"]), seen.now)
        if days >= UNUSED_DAYS:
            never = "" if last else ", never since it was made"
            return failed(f"access key {key['AccessKeyId']} was not used for {days} days{never}")
    return passed(f"every active access key was used, or made, in the last {UNUSED_DAYS} days")


@check("iam.key.instance", version=1, each=_INSTANCES)
def instance(machine: Subject, _seen: Seen) -> Judgement:
    """Programs on instances get their credentials from a role."""
    state = machine["State"]["Name"]
    if state != "running":
        return not_applicable(f"the instance is {state}")
    profile = machine.get("IamInstanceProfile")
    if not profile:
        return failed("runs without an instance profile: programs on it need keys that last")
    return passed(f"has the instance profile {profile['Arn']}")


def _users_and_roles(seen: Seen) -> Iterator[Subject]:
    details = seen.answer(_DETAILS)
    for member in ("UserDetailList", "RoleDetailList"):
        for one in details[member]:
            yield Subject(one["Arn"], "", one)


@check(
    "iam.key.last_service",
    version=1,
    each=Derived("users and roles", _users_and_roles, frozenset((_DETAILS,))),
    reads=(_SERVICES,),
)
def last_service(principal: Subject, seen: Seen) -> Judgement:
    """What nobody uses is not allowed."""
    if principal["Path"].startswith("/aws-service-role/"):
        return not_applicable("AWS manages the role and what it may do")
    if days_since(_moment(principal["CreateDate"]), seen.now) < SERVICE_DAYS:
        return not_applicable(f"is younger than {SERVICE_DAYS} days")
    answer = seen.answer(_SERVICES, Arn=principal.name)
    if answer["JobStatus"] != "COMPLETED":
        message = f"{_SERVICES} came to {answer['JobStatus']}"
        raise Unread(message)
    unused: list[str] = []
    for service in answer["ServicesLastAccessed"]:
        last = service.get("LastAuthenticated")
        if last is None or days_since(_moment(last), seen.now) >= SERVICE_DAYS:
            unused.append(service["ServiceNamespace"])
    if unused:
        shown = ", ".join(sorted(unused)[:5]) + (", ..." if len(unused) > 5 else "")  # noqa: PLR2004  # enough to see
        return failed(f"did not use {len(unused)} of the services it may use for {SERVICE_DAYS} days: {shown}")
    return passed(f"used every service that it may use in the last {SERVICE_DAYS} days")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
