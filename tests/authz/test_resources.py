"""Every finder: the ARN that policies see, what messages print, and the tags and the boundary of what is there."""

from typing import Any

import pytest
from authz.conftest import OTHER, OWN, World, role_session_of, root_of

from remit.authz.operations import operations
from remit.authz.resources import FINDERS, assumed, find, named
from remit.authz.targets import Asked, Target
from remit.directory.account_properties import put_account_properties
from remit.policy import Resource, ResourceKind
from remit.store import Transaction

IAM = f"arn:aws:iam::{OWN}"
BOTH = ("aws:ResourceTag", "iam:ResourceTag")
ONE = ("aws:ResourceTag",)


def found(tx: Transaction, world: World, finder: str, asked: dict[str, Any], shown: str = "") -> Target:
    return find(Asked(tx, world.ana, "aws", asked), finder, shown)


@pytest.mark.parametrize(
    ("finder", "asked", "arn", "shown"),
    [
        ("account", {}, f"arn:aws:account::{OWN}:account", f"arn:aws:account::{OWN}:account"),
        ("user", {"UserName": "ana"}, f"{IAM}:user/team/ana", "user ana"),
        ("user", {"UserName": "ANA"}, f"{IAM}:user/team/ana", "user ANA"),
        ("user", {"UserName": "nobody"}, f"{IAM}:user/nobody", "user nobody"),
        ("user", {}, f"{IAM}:user/team/ana", "user ana"),
        ("group", {"GroupName": "devs"}, f"{IAM}:group/g/devs", "group devs"),
        ("group", {"GroupName": "none"}, f"{IAM}:group/none", "group none"),
        ("role", {"RoleName": "Deploy"}, f"{IAM}:role/ci/Deploy", "role Deploy"),
        ("role", {"RoleName": "None"}, f"{IAM}:role/None", "role None"),
        (
            "instance-profile",
            {"InstanceProfileName": "web"},
            f"{IAM}:instance-profile/web",
            "instance profile web",
        ),
        (
            "new-instance-profile",
            {"InstanceProfileName": "web", "Path": "/a/"},
            f"{IAM}:instance-profile/a/web",
            f"{IAM}:instance-profile/a/web",
        ),
        (
            "policy",
            {"PolicyArn": f"{IAM}:policy/p/Reports"},
            f"{IAM}:policy/p/Reports",
            f"policy {IAM}:policy/p/Reports",
        ),
        ("policy", {"PolicyArn": f"{IAM}:policy/None"}, f"{IAM}:policy/None", f"policy {IAM}:policy/None"),
        ("new-user", {"UserName": "bob", "Path": "/a/"}, f"{IAM}:user/a/bob", f"{IAM}:user/a/bob"),
        ("new-user", {"UserName": "bob"}, f"{IAM}:user/bob", f"{IAM}:user/bob"),
        ("new-group", {"GroupName": "ops", "Path": "/a/"}, f"{IAM}:group/a/ops", f"{IAM}:group/a/ops"),
        ("new-role", {"RoleName": "Run", "Path": "/a/"}, f"{IAM}:role/a/Run", f"{IAM}:role/a/Run"),
        ("new-policy", {"PolicyName": "P", "Path": "/a/"}, f"{IAM}:policy/a/P", "policy P"),
        ("mfa", {"SerialNumber": f"{IAM}:mfa/phone"}, f"{IAM}:mfa/phone", f"{IAM}:mfa/phone"),
        ("mfa", {"SerialNumber": "GAHT12345678"}, f"{IAM}:mfa/GAHT12345678", "GAHT12345678"),
        (
            "server-certificate",
            {"ServerCertificateName": "web"},
            f"{IAM}:server-certificate/web",
            "server certificate web",
        ),
        (
            "new-server-certificate",
            {"ServerCertificateName": "web", "Path": "/a/"},
            f"{IAM}:server-certificate/a/web",
            f"{IAM}:server-certificate/a/web",
        ),
        ("credential-users", {"AllUsers": True}, f"{IAM}:user/*", "user *"),
        ("credential-users", {"AllUsers": False}, f"{IAM}:user/team/ana", "user ana"),
        (
            "credential-user",
            {"UserName": "ana", "ServiceSpecificCredentialId": "ACCA"},
            f"{IAM}:user/team/ana",
            "user ana",
        ),
        ("new-mfa", {"VirtualMFADeviceName": "p", "Path": "/a/"}, f"{IAM}:mfa/a/p", f"{IAM}:mfa/a/p"),
        ("", {}, "*", "*"),
    ],
)
def test_a_finder_names_the_resource_and_prints_what_the_request_said(
    tx: Transaction, world: World, finder: str, asked: dict[str, Any], arn: str, shown: str
) -> None:
    target = found(tx, world, finder, asked)

    assert target.resource == Resource(arn=arn, account=OWN)
    assert target.shown == shown


def test_a_user_and_a_role_bring_tags_under_both_keys_and_their_boundary(tx: Transaction, world: World) -> None:
    user = found(tx, world, "user", {"UserName": "ana"})
    role = found(tx, world, "role", {"RoleName": "Deploy"})

    assert (user.tags, user.tag_keys, user.boundary) == ({"Team": "red"}, BOTH, f"{IAM}:policy/Edge")
    assert (role.tags, role.tag_keys, role.boundary) == ({"stage": "prod"}, BOTH, world.policy.arn)


def test_a_policy_brings_its_tags_under_one_key(tx: Transaction, world: World) -> None:
    target = found(tx, world, "policy", {"PolicyArn": world.policy.arn})

    assert (target.tags, target.tag_keys) == ({"kind": "data"}, ONE)


def test_all_account_properties_bring_the_namespaces_they_are_in(tx: Transaction, world: World) -> None:
    assert found(tx, world, "account-properties", {}).keys == {}

    put_account_properties(tx, OWN, {"B/x": "1", "A/x": "1", "A/y": "2"})

    assert found(tx, world, "account-properties", {}).keys == {"iam:AccountPropertyNamespaces": ("A", "B")}
    assert found(tx, world, "account-properties", {}).shown == "*"


def test_what_is_not_there_yet_has_no_tags(tx: Transaction, world: World) -> None:
    assert found(tx, world, "user", {"UserName": "nobody"}).tags == {}
    assert found(tx, world, "new-user", {"UserName": "bob"}).tags == {}


def test_an_aws_managed_policy_belongs_to_aws_and_has_no_tags(tx: Transaction, world: World) -> None:
    target = found(tx, world, "policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})

    assert target.resource == Resource(arn="arn:aws:iam::aws:policy/ReadOnlyAccess", account=OWN)
    assert target.tags == {}


def test_a_call_without_a_name_by_somebody_who_is_no_user_is_about_who_signed(tx: Transaction, world: World) -> None:
    for caller in (root_of(OWN), role_session_of(world.role)):
        target = find(Asked(tx, caller, "aws", {}), "user")

        assert (target.resource.arn, target.shown) == (caller.arn, caller.arn)


def test_the_resource_of_a_key_is_its_owner(tx: Transaction, world: World) -> None:
    target = found(tx, world, "key-owner", {"AccessKeyId": world.key.id})

    assert (target.resource.arn, target.shown) == (world.user.arn, f"access key {world.key.id}")
    assert target.tags == {"Team": "red"}


def test_a_key_that_is_not_there_or_not_ours_could_be_any_users(tx: Transaction, world: World) -> None:
    stranger = find(Asked(tx, root_of(OTHER), "aws", {"AccessKeyId": world.key.id}), "key-owner")

    assert found(tx, world, "key-owner", {"AccessKeyId": "AKIANONE"}).resource.arn == f"{IAM}:user/*"
    assert stranger.resource.arn == f"arn:aws:iam::{OTHER}:user/*"


def test_the_role_to_assume_brings_its_trust_policy(tx: Transaction, world: World) -> None:
    target = found(tx, world, "role-arn", {"RoleArn": world.outside.arn})

    assert target.resource == Resource(arn=world.outside.arn, account=OTHER, kind=ResourceKind.ROLE)
    assert (target.role, target.tags, target.shown) == (world.outside, {"x": "y"}, world.outside.arn)


@pytest.mark.parametrize("name", ["role/ci/None", "role/Deploy", "role/ci/deploy", "user/team/ana"])
def test_a_role_that_is_not_there_looks_like_one_that_trusts_nobody(tx: Transaction, world: World, name: str) -> None:
    target = found(tx, world, "role-arn", {"RoleArn": f"{IAM}:{name}"})

    assert target.resource == Resource(arn=f"{IAM}:{name}", account=OWN, kind=ResourceKind.ROLE)
    assert target.role is None


def test_what_is_printed_may_be_made_of_the_input(tx: Transaction, world: World) -> None:
    shown = "arn:{partition}:iam::{account}:user{PathPrefix}"

    assert found(tx, world, "", {}, shown).shown == f"{IAM}:user/"
    assert found(tx, world, "", {"PathPrefix": "/a/"}, shown).shown == f"{IAM}:user/a/"


@pytest.mark.parametrize(
    ("text", "account"),
    [("*", OWN), ("nonsense", OWN), ("arn:aws:s3:::b/k", OWN), (f"arn:aws:sqs:eu-west-1:{OTHER}:jobs", OTHER)],
)
def test_what_has_no_owner_counts_as_the_callers_own(tx: Transaction, world: World, text: str, account: str) -> None:
    target = named(tx, world.ana, text)

    assert target.resource == Resource(arn=text, account=account)
    assert target.role is None


def test_a_role_that_is_passed_is_an_ordinary_resource(tx: Transaction, world: World) -> None:
    passed = named(tx, world.ana, world.role.arn)

    assert (passed.resource.kind, passed.role, passed.tags) == (ResourceKind.ORDINARY, None, {"stage": "prod"})
    assert assumed(tx, world.ana, world.role.arn).role == world.role


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (f"{IAM}:user/team/ana", f"{IAM}:user/team/ana"),
        (f"{IAM}:user/open/ANA", f"{IAM}:user/team/ana"),
        (f"{IAM}:group/devs", f"{IAM}:group/g/devs"),
        (f"{IAM}:role/Deploy", f"{IAM}:role/ci/Deploy"),
        (f"{IAM}:user/nobody", f"{IAM}:user/nobody"),
        (f"{IAM}:policy/Reports", f"{IAM}:policy/Reports"),
        ("no ARN, but twenty characters", "no ARN, but twenty characters"),
    ],
)
def test_whose_policies_are_simulated_is_found_by_name(tx: Transaction, world: World, text: str, arn: str) -> None:
    target = found(tx, world, "policy-source", {"PolicySourceArn": text})

    assert (target.resource, target.shown) == (Resource(arn=arn, account=OWN), text)


def test_another_accounts_entity_is_not_looked_for_here(tx: Transaction, world: World) -> None:
    text = f"arn:aws:iam::{OTHER}:user/ana"

    assert found(tx, world, "policy-source", {"PolicySourceArn": text}).resource == Resource(arn=text, account=OTHER)


def test_every_finder_is_used_by_an_operation() -> None:
    every = [operation for service in operations().values() for operation in service.values()]
    used = {finder for operation in every for finder in (operation.resource, *operation.others)}

    assert used - {""} == set(FINDERS)
