"""The sign-in policy: its statements, and what it does once it is in force."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

INSIDE, OUTSIDE = "203.0.113.7", "198.51.100.9"
WRONG = {"message": "Your authentication information is incorrect. Please try again."}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
VPC = {"sourceVpc": "vpc-0123456789abcdef0", "requestedRegion": "us-west-2"}


def refusals(remit: Composed) -> Iterator[str]:
    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ConsoleLogin"}]
    )
    for event in found["Events"]:
        yield json.loads(event["CloudTrailEvent"]).get("errorMessage", "")


def test_a_statement_is_made_listed_and_deleted(remit: Composed) -> None:
    signin = remit.client("signin")
    excluded = f"arn:aws:iam::{remit.account}:user/admin"

    id_ = signin.put_resource_permission_statement(sourceIp="203.0.113.0/24", excludedPrincipal=excluded)["statementId"]

    assert len(id_) == 64
    (listed,) = signin.list_resource_permission_statements()["permissionStatements"]
    assert listed["sid"] == id_
    assert listed["condition"] == {
        "ArnNotEquals": {"signin:PrincipalArn": [excluded]},
        "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
    }
    before, after = signin.get_resource_policy()["signinResourceBasedPolicy"]["statement"]
    assert (before["action"], after["action"]) == (
        ["signin:Authenticate"],
        ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"],
    )
    assert (before["effect"], before["principal"], before["resource"]) == ("Deny", {"AWS": "*"}, "*")
    assert after["condition"]["ArnNotEquals"] == {"aws:PrincipalArn": [excluded]}
    assert after["condition"]["StringEquals"] == {"aws:ResourceAccount": [remit.account]}

    signin.delete_resource_permission_statement(statementId=id_)
    assert signin.list_resource_permission_statements()["permissionStatements"] == []
    for call in (
        lambda: signin.delete_resource_permission_statement(statementId=id_),
        signin.get_resource_policy,
    ):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            call()


def test_a_vpc_is_one_of_its_region(remit: Composed) -> None:
    signin = remit.client("signin")

    signin.put_resource_permission_statement(**VPC, vpcSourceIp="10.0.0.0/8", sourceIp="203.0.113.0/24")

    statements = signin.get_resource_policy()["signinResourceBasedPolicy"]["statement"]
    away, region, address = (one["condition"] for one in statements if one["action"] == ["signin:Authenticate"])
    assert away["StringNotEquals"] == {"aws:SourceVpc": [VPC["sourceVpc"]]}
    assert away["NotIpAddressIfExists"] == {"aws:SourceIp": ["203.0.113.0/24"]}
    assert region["StringEquals"]["aws:SourceVpc"] == [VPC["sourceVpc"]]
    assert region["StringNotEqualsIfExists"] == {"aws:RequestedRegion": ["us-west-2"]}
    assert address["NotIpAddressIfExists"] == {"aws:VpcSourceIp": ["10.0.0.0/8"]}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sourceIp": "203.0.113"},
        {"sourceIp": "everywhere"},
        {"sourceVpc": "vpc-0123456789abcdef0"},
        {"signinSourceVpce": "vpce-12345678"},
        {"requestedRegion": "us-west-2"},
        {"sourceIp": "203.0.113.7", "requestedRegion": "us-west-2"},
        {"vpcSourceIp": "10.0.0.0/8"},
        {**VPC, "vpcSourceIp": "10.0.0.0/33"},
        {"sourceVpc": "vpc-1", "requestedRegion": "us-west-2"},
        {"excludedPrincipal": "arn:aws:iam::123456789012:group/x"},
    ],
)
def test_what_is_no_place_is_refused(remit: Composed, asked: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="ValidationException") as refused:
        remit.client("signin").put_resource_permission_statement(**asked)

    assert refused.value.response["error"] == "INVALID_REQUEST"


def test_the_same_wish_is_the_same_statement(remit: Composed) -> None:
    signin = remit.client("signin")
    first = signin.put_resource_permission_statement(sourceIp="203.0.113.7", clientToken="a")["statementId"]

    assert signin.put_resource_permission_statement(sourceIp="203.0.113.7", clientToken="a")["statementId"] == first
    with pytest.raises(ClientError, match="ConflictException"):
        signin.put_resource_permission_statement(sourceIp="203.0.113.8", clientToken="a")
    assert signin.put_resource_permission_statement(sourceIp="203.0.113.7", clientToken="b")["statementId"] != first


def test_there_are_twenty_statements_at_most_and_they_come_in_pages(remit: Composed) -> None:
    signin = remit.client("signin")
    for last in range(20):
        signin.put_resource_permission_statement(sourceIp=f"203.0.113.{last}")
    with pytest.raises(ClientError, match="ServiceQuotaExceededException") as refused:
        signin.put_resource_permission_statement(sourceIp="203.0.113.20")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402

    found: list[str] = []
    for page in signin.get_paginator("list_resource_permission_statements").paginate(PaginationConfig={"PageSize": 7}):
        found += [item["sid"] for item in page["permissionStatements"]]
    assert len(set(found)) == 20


def test_no_statement_counts_until_it_is_in_force(remit: Composed, login: Callable[..., Any]) -> None:
    signin = remit.client("signin")
    inside, outside = login("ana", peer=INSIDE), login("bob", peer=OUTSIDE)
    signin.put_resource_permission_statement(sourceIp="203.0.113.0/24")
    assert signin.get_console_authorization_configuration()["consoleAuthorizationEnabled"] is False
    assert outside.sign_in()[0] == 200
    told = outside.all_the_way()
    assert told["tokenType"] == "aws_sigv4"

    answer = signin.put_console_authorization_configuration(targetId=remit.account)
    assert (answer["targetId"], answer["scope"], answer["consoleAuthorizationEnabled"]) == (
        remit.account,
        "ACCOUNT",
        True,
    )

    assert outside.sign_in() == (401, WRONG)
    assert next(refusals(remit)) == "Authorization denied because of a resource-based policy"
    status, told = outside.refresh()
    assert (status, "CreateOAuth2Token" in told["message"]) == (403, True)
    assert inside.sign_in()[0] == 200
    inside.all_the_way()
    remit.client("iam").list_users()  # who signs is not asked where from

    signin.delete_console_authorization_configuration()
    assert outside.sign_in()[0] == 200
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        signin.delete_console_authorization_configuration()


def test_who_is_excluded_comes_from_anywhere(remit: Composed, login: Callable[..., Any]) -> None:
    signin = remit.client("signin")
    spared, other = login("ana", peer=OUTSIDE), login("bob", peer=OUTSIDE)
    excluded = f"arn:aws:iam::{remit.account}:user/ana"
    signin.put_resource_permission_statement(sourceIp="203.0.113.0/24", excludedPrincipal=excluded)
    signin.put_console_authorization_configuration()

    spared.all_the_way()
    assert other.sign_in() == (401, WRONG)


def test_a_vpc_endpoint_is_where_nobody_comes_from(remit: Composed, login: Callable[..., Any]) -> None:
    signin = remit.client("signin")
    signin.put_resource_permission_statement(**VPC)
    signin.put_console_authorization_configuration()

    assert login(peer=INSIDE).sign_in() == (401, WRONG)


def test_what_somebodys_own_policies_deny_counts_afterwards(remit: Composed, login: Callable[..., Any]) -> None:
    no_console = {"Effect": "Deny", "Action": "signin:AuthorizeOAuth2Access", "Resource": "*"}
    program = login("ana", ANYTHING, no_console)
    assert program.sign_in()[0] == 200

    remit.client("signin").put_console_authorization_configuration()

    status, told = program.sign_in()
    assert (status, "sign in from a different network" in told["message"]) == (403, True)
    assert next(refusals(remit)) == "Authorization denied because of a policy"


def test_a_wrong_password_is_never_told_from_a_wrong_place(remit: Composed, login: Callable[..., Any]) -> None:
    program = login("ana", peer=OUTSIDE)
    signin = remit.client("signin")
    signin.put_resource_permission_statement(sourceIp="203.0.113.0/24")
    signin.put_console_authorization_configuration()

    asked = {"account": remit.account, "userName": "ana", "password": "Wrong-Horse-7"}
    assert program.post("/_remit/signin", asked) == program.sign_in() == (401, WRONG)


def test_the_management_account_decides_for_its_organization(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Any]
) -> None:
    organization = organize()
    member = remit.client("signin", join(organization))
    signin = remit.client("signin")

    answer = signin.put_console_authorization_configuration(targetId=organization)
    assert (answer["targetId"], answer["scope"]) == (organization, "ORGANIZATION")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        member.delete_console_authorization_configuration(targetId=organization)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        member.get_console_authorization_configuration(targetId=remit.account)
    assert member.get_console_authorization_configuration()["consoleAuthorizationEnabled"] is False
    assert signin.get_console_authorization_configuration(targetId=organization)["consoleAuthorizationEnabled"] is True


def test_an_organizations_wish_counts_in_every_account(
    remit: Composed, login: Callable[..., Any], organize: Callable[..., str]
) -> None:
    signin = remit.client("signin")
    program = login("ana", peer=OUTSIDE)
    signin.put_resource_permission_statement(sourceIp="203.0.113.0/24")

    signin.put_console_authorization_configuration(targetId=organize())

    assert program.sign_in() == (401, WRONG)


def test_the_policy_is_for_those_who_may(remit: Composed) -> None:
    nobody = remit.client("signin", remit.user("nobody"))

    for call in (
        lambda: nobody.put_resource_permission_statement(sourceIp="203.0.113.7"),
        nobody.put_console_authorization_configuration,
        nobody.get_resource_policy,
    ):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            call()
