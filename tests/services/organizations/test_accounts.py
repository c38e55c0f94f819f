"""Accounts: created, shown, moved, closed, let go."""

from datetime import timedelta

import msgspec
import pytest
from botocore.config import Config
from composed import Composed
from services.organizations.conftest import World, refusal

from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.facts import Quota
from remit.store import Transaction

_NOBODY = "999999999999"
_UNCHECKED = Config(parameter_validation=False)


def grow_old(world: World, account: str, days: int) -> None:
    """Let an account have joined, or been closed, that long ago."""

    def change(tx: Transaction) -> None:
        found = tx.get(ACCOUNTS, account)
        assert found is not None
        assert found.membership is not None
        before = found.membership.joined_at - timedelta(days=days)
        closed = None if found.closed_at is None else found.closed_at - timedelta(days=days)
        membership = msgspec.structs.replace(found.membership, joined_at=before)
        tx.put(ACCOUNTS, msgspec.structs.replace(found, membership=membership, closed_at=closed))

    world.remit.change(change)


def set_quota(world: World, quota: Quota, value: int) -> None:
    """Let the organization have another quota."""

    def change(tx: Transaction) -> None:
        found = tx.get(ORGANIZATIONS, world.id)
        assert found is not None
        tx.put(ORGANIZATIONS, msgspec.structs.replace(found, quotas={**found.quotas, quota: value}))

    world.remit.change(change)


def test_a_created_account_is_whole_at_once(world: World) -> None:
    status = world.api.create_account(Email="dev@example.com", AccountName="Dev", Tags=[{"Key": "team", "Value": "a"}])
    made = status["CreateAccountStatus"]
    account = made["AccountId"]

    assert made["State"] == "SUCCEEDED"
    assert world.api.describe_create_account_status(CreateAccountRequestId=made["Id"])["CreateAccountStatus"] == made
    shown = world.api.describe_account(AccountId=account)["Account"]
    assert (shown["Status"], shown["State"], shown["JoinedMethod"]) == ("ACTIVE", "ACTIVE", "CREATED")
    assert shown["Paths"] == [f"{world.id}/{world.root}/{account}/"]
    assert world.api.list_tags_for_resource(ResourceId=account)["Tags"] == [{"Key": "team", "Value": "a"}]
    attached = world.api.list_policies_for_target(TargetId=account, Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert [policy["Id"] for policy in attached] == ["p-FullAWSAccess"]
    iam = world.remit.client("iam", world.inside(account))
    assert {role["RoleName"] for role in iam.list_roles()["Roles"]} == {
        "AWSServiceRoleForOrganizations",
        "OrganizationAccountAccessRole",
    }


def test_an_address_is_taken_once(world: World) -> None:
    world.account("dev")

    status = world.api.create_account(Email="DEV@example.com", AccountName="again")["CreateAccountStatus"]

    assert (status["State"], status["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    assert "AccountId" not in status
    failed = world.api.list_create_account_status(States=["FAILED"])["CreateAccountStatuses"]
    assert [one["Id"] for one in failed] == [status["Id"]]
    assert len(world.api.list_create_account_status()["CreateAccountStatuses"]) == 2


def test_the_access_role_is_called_as_asked(world: World) -> None:
    made = world.api.create_account(Email="dev@example.com", AccountName="Dev", RoleName="In")["CreateAccountStatus"]
    sts = world.remit.client("sts")

    arn = f"arn:aws:iam::{made['AccountId']}:role/In"
    assert sts.assume_role(RoleArn=arn, RoleSessionName="in")["AssumedRoleUser"]["Arn"].endswith("role/In/in")
    assert refusal(
        lambda: world.api.create_account(Email="b@example.com", AccountName="b", RoleName="AWSServiceRoleForSomething")
    ) == ("InvalidInputException", "INVALID_ROLE_NAME")


def test_requests_take_their_time_where_that_is_asked_for(world: World) -> None:
    set_quota(world, Quota.CREATION_SECONDS, 3_600)
    requests = [
        world.api.create_account(Email=f"{number}@example.com", AccountName="x")["CreateAccountStatus"]
        for number in range(5)
    ]
    assert {request["State"] for request in requests} == {"IN_PROGRESS"}
    assert refusal(lambda: world.api.create_account(Email="5@example.com", AccountName="x")) == (
        "ConstraintViolationException",
        "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
    )
    assert len(world.api.list_accounts()["Accounts"]) == 1

    set_quota(world, Quota.CREATION_SECONDS, 0)

    assert len(world.api.list_accounts()["Accounts"]) == 6
    found = world.api.list_create_account_status(States=["SUCCEEDED"])["CreateAccountStatuses"]
    assert sorted(one["Id"] for one in found) == sorted(one["Id"] for one in requests)


def test_ten_accounts_are_enough_for_most(world: World) -> None:
    for number in range(9):
        world.account(f"a{number}")

    assert refusal(lambda: world.account("eleventh")) == (
        "ConstraintViolationException",
        "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    )
    set_quota(world, Quota.ACCOUNTS, 11)
    world.account("eleventh")


def test_an_account_in_govcloud_comes_in_two_halves(world: World) -> None:
    made = world.api.create_gov_cloud_account(Email="dev@example.com", AccountName="Dev")["CreateAccountStatus"]

    assert made["GovCloudAccountId"] != made["AccountId"]
    members = {account["Id"] for account in world.api.list_accounts()["Accounts"]}
    assert made["AccountId"] in members
    assert made["GovCloudAccountId"] not in members


def test_an_organization_in_govcloud_makes_no_such_pairs(remit: Composed) -> None:
    api = remit.client("organizations", region_name="us-gov-west-1")
    api.create_organization()

    assert refusal(lambda: api.create_gov_cloud_account(Email="a@example.com", AccountName="a")) == (
        "ConstraintViolationException",
        "MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED",
    )


def test_an_account_moves(world: World) -> None:
    account, unit = world.account(), world.unit()
    move = world.api.move_account
    move(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)

    assert [one["Id"] for one in world.api.list_accounts_for_parent(ParentId=unit)["Accounts"]] == [account]
    cases = [
        ({"SourceParentId": world.root, "DestinationParentId": unit}, "SourceParentNotFoundException"),
        ({"SourceParentId": "ou-aaaa-12345678", "DestinationParentId": unit}, "SourceParentNotFoundException"),
        ({"SourceParentId": unit, "DestinationParentId": "r-none"}, "DestinationParentNotFoundException"),
        ({"SourceParentId": unit, "DestinationParentId": unit}, "DuplicateAccountException"),
    ]
    for asked, code in cases:
        assert refusal(lambda asked=asked: move(AccountId=account, **asked))[0] == code
    missing = {"AccountId": _NOBODY, "SourceParentId": world.root, "DestinationParentId": unit}
    assert refusal(lambda: move(**missing))[0] == "AccountNotFoundException"


def test_the_management_account_moves_as_well(world: World) -> None:
    unit = world.unit()

    world.api.move_account(AccountId=world.remit.account, SourceParentId=world.root, DestinationParentId=unit)

    assert world.api.list_parents(ChildId=world.remit.account)["Parents"][0]["Id"] == unit


def test_a_closed_account_is_suspended_and_its_keys_with_it(world: World) -> None:
    account = world.account()
    inside = world.inside(account)

    world.api.close_account(AccountId=account)

    shown = world.api.describe_account(AccountId=account)["Account"]
    assert (shown["State"], shown["Status"]) == ("CLOSED", "SUSPENDED")
    assert refusal(world.remit.client("sts", inside).get_caller_identity)[0] == "InvalidClientTokenId"
    assert refusal(lambda: world.api.close_account(AccountId=account))[0] == "AccountAlreadyClosedException"


def test_a_closed_account_leaves_after_ninety_days(world: World) -> None:
    account = world.account()
    world.api.close_account(AccountId=account)
    grow_old(world, account, 89)
    assert world.api.describe_account(AccountId=account)

    grow_old(world, account, 1)

    assert refusal(lambda: world.api.describe_account(AccountId=account))[0] == "AccountNotFoundException"


def test_who_cannot_be_closed(world: World) -> None:
    close = world.api.close_account
    assert refusal(lambda: close(AccountId=world.remit.account)) == (
        "ConstraintViolationException",
        "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
    )
    assert refusal(lambda: close(AccountId=_NOBODY))[0] == "AccountNotFoundException"
    accounts = [world.account(f"a{number}") for number in range(4)]
    set_quota(world, Quota.CLOSURE_SECONDS, 3_600)
    for account in accounts[:3]:
        close(AccountId=account)
    assert world.api.describe_account(AccountId=accounts[0])["Account"]["Status"] == "PENDING_CLOSURE"
    assert refusal(lambda: close(AccountId=accounts[0]))[0] == "ConflictException"
    assert refusal(lambda: close(AccountId=accounts[3])) == (
        "ConstraintViolationException",
        "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
    )
    set_quota(world, Quota.CLOSURE_SECONDS, 0)
    set_quota(world, Quota.ACCOUNT_CLOSURES_A_MONTH, 3)
    assert refusal(lambda: close(AccountId=accounts[3])) == (
        "ConstraintViolationException",
        "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
    )


def test_a_created_account_stays_for_four_days(world: World) -> None:
    account = world.account()
    remove = world.api.remove_account_from_organization
    for call in (lambda: remove(AccountId=account), world.member(account).leave_organization):
        assert refusal(call) == ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
    grow_old(world, account, 4)

    remove(AccountId=account)

    assert refusal(lambda: world.api.describe_account(AccountId=account))[0] == "AccountNotFoundException"
    assert refusal(world.remit.client("organizations", world.inside(account)).describe_organization)[0] == (
        "AWSOrganizationsNotInUseException"
    )


def test_a_member_leaves_by_itself(world: World) -> None:
    account = world.account()
    member = world.member(account)
    grow_old(world, account, 4)

    member.leave_organization()

    assert [one["Id"] for one in world.api.list_accounts()["Accounts"]] == [world.remit.account]


def test_the_management_account_does_not_leave(world: World) -> None:
    for call in (
        world.api.leave_organization,
        lambda: world.api.remove_account_from_organization(AccountId=world.remit.account),
    ):
        assert refusal(call)[0] == "MasterCannotLeaveOrganizationException"


def test_who_administers_a_service_does_not_leave(world: World) -> None:
    account = world.account()
    grow_old(world, account, 4)
    world.api.enable_aws_service_access(ServicePrincipal="ssm.amazonaws.com")
    world.api.register_delegated_administrator(AccountId=account, ServicePrincipal="ssm.amazonaws.com")

    assert refusal(lambda: world.api.remove_account_from_organization(AccountId=account)) == (
        "ConstraintViolationException",
        "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
    )


def test_the_list_has_every_account_in_pages(world: World) -> None:
    made = [world.account(f"a{number}") for number in range(4)]

    pages = world.api.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 2})

    found = [account["Id"] for page in pages for account in page["Accounts"]]
    assert found == [world.remit.account, *made]


@pytest.mark.parametrize(
    ("operation", "asked", "refused"),
    [
        ("describe_account", {"AccountId": "12"}, ("InvalidInputException", "INVALID_PATTERN")),
        ("create_account", {"Email": "nobody", "AccountName": "x"}, ("InvalidInputException", "INVALID_PATTERN")),
        ("list_accounts", {"MaxResults": 21}, ("InvalidInputException", "MAX_VALUE_EXCEEDED")),
        ("list_accounts", {"MaxResults": 0}, ("InvalidInputException", "MIN_VALUE_EXCEEDED")),
        ("list_policies", {"Filter": "NONE"}, ("InvalidInputException", "INVALID_ENUM")),
        (
            "describe_create_account_status",
            {"CreateAccountRequestId": "car-" + "a" * 32},
            ("CreateAccountStatusNotFoundException", ""),
        ),
        (
            "create_account",
            {"Email": "x@example.com", "AccountName": "<script>"},
            ("InvalidInputException", "INVALID_PATTERN"),
        ),
        (
            "create_organizational_unit",
            {"ParentId": "r-aaaa", "Name": "x" * 129},
            ("InvalidInputException", "MAX_LENGTH_EXCEEDED"),
        ),
    ],
)
def test_what_the_model_does_not_allow(
    world: World, operation: str, asked: dict[str, object], refused: tuple[str, str]
) -> None:
    api = world.remit.client("organizations", config=_UNCHECKED)

    assert refusal(lambda: getattr(api, operation)(**asked)) == refused
