"""Access advisor of an organization."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import ACCOUNT, Composed

from remit.testing import Identity

Organize = Callable[..., str]
Join = Callable[[str], Identity]
OTHER = "444455556666"


def _report(iam: Any, path: str, **more: str) -> dict[str, Any]:
    job = iam.generate_organizations_access_report(EntityPath=path, **more)["JobId"]
    answer: dict[str, Any] = iam.get_organizations_access_report(JobId=job, MaxItems=1000)
    return answer


def _root(remit: Composed) -> str:
    found: str = remit.client("organizations").list_roots()["Roots"][0]["Id"]
    return found


def _used(answer: dict[str, Any]) -> dict[str, str]:
    return {
        detail["ServiceNamespace"]: detail["EntityPath"] for detail in answer["AccessDetails"] if "Region" in detail
    }


def test_a_report_tells_what_the_members_used(remit: Composed, organize: Organize, join: Join) -> None:
    id_ = organize()
    remit.client("iam", join(id_)).list_users()
    iam, top = remit.client("iam"), f"{id_}/{_root(remit)}/"

    root = _report(iam, top)
    own = _report(iam, f"{top}{ACCOUNT}")

    assert root["JobStatus"] == "COMPLETED"
    assert _used(root) == {"iam": f"{top}{OTHER}"}
    assert root["NumberOfServicesAccessible"] == root["NumberOfServicesNotAccessed"] + 1 == len(root["AccessDetails"])
    assert set(_used(own).values()) == {f"{top}{ACCOUNT}"}


def test_a_report_is_sorted_as_asked(remit: Composed, organize: Organize, join: Join) -> None:
    id_ = organize()
    remit.client("iam", join(id_)).list_users()
    iam = remit.client("iam")
    job = iam.generate_organizations_access_report(EntityPath=f"{id_}/{_root(remit)}")["JobId"]
    first = lambda key: iam.get_organizations_access_report(JobId=job, SortKey=key, MaxItems=1)["AccessDetails"][0]  # noqa: E731

    assert first("LAST_AUTHENTICATED_TIME_DESCENDING")["ServiceNamespace"] == "iam"
    assert first("SERVICE_NAMESPACE_ASCENDING")["ServiceNamespace"] == "a2c"
    assert first("SERVICE_NAMESPACE_DESCENDING")["ServiceNamespace"] == "xray"
    assert "Region" not in first("LAST_AUTHENTICATED_TIME_ASCENDING")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("o-0000000000/r-abcd", {}),
        ("{id}/r-none", {}),
        ("{id}/{root}/ou-abcd-12345678", {}),
        ("{id}/{root}/999999999999", {}),
        ("{id}/{root}/ou-abcd-12345678/123456789012", {}),
        ("{id}/{root}", {"OrganizationsPolicyId": "p-12345678"}),
        ("{id}/{root}", {"OrganizationsPolicyId": "p-RCPFullAWSAccess"}),
    ],
)
def test_a_report_on_what_is_not_there_fails(
    remit: Composed, organize: Organize, path: str, more: dict[str, str]
) -> None:
    id_ = organize()

    answer = _report(remit.client("iam"), path.format(id=id_, root=_root(remit)), **more)

    assert answer["JobStatus"] == "FAILED"
    assert answer["ErrorDetails"]["Code"] == "NoSuchEntity"
    assert "AccessDetails" not in answer


def test_only_the_management_account_asks(remit: Composed, organize: Organize, join: Join) -> None:
    iam = remit.client("iam")
    ask = lambda client: client.generate_organizations_access_report(EntityPath="o-0000000000/r-abcd")  # noqa: E731

    with pytest.raises(ClientError, match="AccessDenied"):
        ask(iam)
    member = remit.client("iam", join(organize()))
    with pytest.raises(ClientError, match="AccessDenied"):
        ask(member)
    job = ask(iam)["JobId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        member.get_organizations_access_report(JobId=job)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_organizations_access_report(JobId="0" * 36)


class World:
    """A unit with a unit in it, in which the member is; the member used IAM and STS."""

    def __init__(self, remit: Composed, organization: str, member: Identity) -> None:
        self.iam, self.api = remit.client("iam"), remit.client("organizations")
        remit.client("iam", member).list_users()
        remit.client("sts", member).get_caller_identity()
        root = _root(remit)
        self.outer = self._unit(root, "outer")
        self.inner = self._unit(self.outer, "inner")
        self.empty = self._unit(self.outer, "empty")
        self.api.move_account(AccountId=OTHER, SourceParentId=root, DestinationParentId=self.inner)
        self.root = f"{organization}/{root}"
        self.path = f"{self.root}/{self.outer}/{self.inner}/{OTHER}"

    def _unit(self, parent: str, name: str) -> str:
        made: str = self.api.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
        return made

    def attached(self, statement: dict[str, Any], target: str) -> str:
        content = json.dumps({"Version": "2012-10-17", "Statement": [{"Resource": "*", **statement}]})
        made = self.api.create_policy(Name=target, Description="", Type="SERVICE_CONTROL_POLICY", Content=content)
        policy: str = made["Policy"]["PolicySummary"]["Id"]
        self.api.attach_policy(PolicyId=policy, TargetId=target)
        return policy

    def services(self, path: str, **more: str) -> set[str]:
        return {detail["ServiceNamespace"] for detail in _report(self.iam, path, **more)["AccessDetails"]}

    def used(self, path: str, **more: str) -> dict[str, str]:
        return _used(_report(self.iam, path, **more))


@pytest.fixture
def world(remit: Composed, organize: Organize, join: Join) -> World:
    id_ = organize()
    return World(remit, id_, join(id_))


def test_a_report_on_a_unit_tells_of_the_accounts_below(world: World) -> None:
    for path in (world.root, f"{world.root}/{world.outer}", world.path.rpartition("/")[0], world.path):
        assert world.used(path) == {"iam": world.path, "sts": world.path}
    assert world.used(f"{world.root}/{world.outer}/{world.empty}") == {}


def test_the_path_of_a_report_is_the_whole_path(world: World) -> None:
    for path in (f"{world.root}/{world.inner}", f"{world.root}/{OTHER}", f"{world.root}/{world.outer}/{OTHER}"):
        assert _report(world.iam, path)["JobStatus"] == "FAILED"


@pytest.mark.parametrize(
    ("statement", "gone"),
    [
        ({"Effect": "Deny", "Action": "iam:*"}, {"iam"}),
        ({"Effect": "Deny", "Action": "i?m:*"}, {"iam"}),
        ({"Effect": "Deny", "Action": "iam:Create*"}, set()),
        ({"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/x"}, set()),
        ({"Effect": "Deny", "Action": "iam:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, set()),
    ],
)
def test_a_service_that_is_denied_is_not_in_the_report(world: World, statement: dict[str, Any], gone: set[str]) -> None:
    everything = world.services(world.path)
    world.attached(statement, world.outer)

    for path in (f"{world.root}/{world.outer}", world.path):
        assert everything - world.services(path) == gone
    assert world.services(world.root) == everything


def test_each_level_leaves_what_it_allows(world: World) -> None:
    for target, services in ((world.outer, ["iam:List*", "s3:*"]), (OTHER, ["iam:*", "sts:*"])):
        world.attached({"Effect": "Allow", "Action": services}, target)
        world.api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=target)

    assert world.services(f"{world.root}/{world.outer}") == {"iam", "s3"}
    assert world.services(world.path) == {"iam"}
    assert len(world.services(f"{world.root}/{ACCOUNT}")) > 300


def test_everything_but_a_list_may_be_denied(world: World) -> None:
    world.attached({"Effect": "Deny", "NotAction": ["iam:*", "s3:Get*"]}, world.outer)

    assert world.services(world.path) == {"iam", "s3"}


def test_a_report_on_a_policy_tells_of_the_accounts_that_have_it(world: World) -> None:
    policy = world.attached({"Effect": "Allow", "Action": ["iam:*", "sqs:*"]}, world.inner)

    for path in (world.root, f"{world.root}/{world.outer}"):
        assert world.services(path, OrganizationsPolicyId=policy) == {"iam", "sqs"}
        assert world.used(path, OrganizationsPolicyId=policy) == {"iam": world.path}
    for path in (world.path, f"{world.root}/{world.outer}/{world.empty}"):
        assert world.services(path, OrganizationsPolicyId=policy) == {"iam", "sqs"}
        assert world.used(path, OrganizationsPolicyId=policy) == {}
    everywhere = world.used(f"{world.root}/{world.outer}", OrganizationsPolicyId="p-FullAWSAccess")
    assert everywhere == {"iam": world.path, "sts": world.path}


def test_policies_say_nothing_of_the_management_account(world: World) -> None:
    policy = world.attached({"Effect": "Allow", "Action": "iam:*"}, world.outer)

    assert len(world.services(f"{world.root}/{ACCOUNT}", OrganizationsPolicyId=policy)) > 300


def test_without_service_control_policies_there_is_no_report(world: World) -> None:
    world.api.disable_policy_type(RootId=world.root.rpartition("/")[2], PolicyType="SERVICE_CONTROL_POLICY")

    with pytest.raises(ClientError, match="AccessDenied"):
        world.iam.generate_organizations_access_report(EntityPath=world.root)
