"""Handshakes between accounts of one served endpoint, through an unchanged boto3."""

import json
import subprocess
from datetime import UTC, datetime

import pytest
from serving import BIN, CLEAN, served

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance

OUTSIDE, OTHER = "outside@example.com", "222222222222"


@pytest.fixture
def two(tmp_path):
    """Give a server, and the administrator of a second account on it, which is in no organization."""
    with served("--data", str(tmp_path)) as server:
        done = subprocess.run(
            [BIN / "remit", "account", "create", "--id", OTHER, "--email", OUTSIDE, "--data", tmp_path, "--json"],
            env=CLEAN,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        made = json.loads(done.stdout)
        secret = Secret(made["secret_access_key"])
        yield server, Identity("", made["access_key_id"], secret, None, server.endpoint)


def test_an_account_of_its_own_comes_into_the_organization(two, refused):
    server, other = two
    api, client = server.client("organizations"), other.client("organizations")
    organization = api.create_organization()["Organization"]["Id"]
    refused(client.describe_organization, "AWSOrganizationsNotInUseException", 400)
    declined = api.invite_account_to_organization(Target={"Id": OTHER, "Type": "ACCOUNT"})["Handshake"]
    assert client.decline_handshake(HandshakeId=declined["Id"])["Handshake"]["State"] == "DECLINED"
    refused(lambda: client.accept_handshake(HandshakeId=declined["Id"]), "InvalidHandshakeTransitionException", 400)

    sent = api.invite_account_to_organization(Target={"Id": OUTSIDE.upper(), "Type": "EMAIL"})["Handshake"]
    assert [one["State"] for one in client.list_handshakes_for_account()["Handshakes"]] == ["DECLINED", "OPEN"]
    client.accept_handshake(HandshakeId=sent["Id"])

    assert client.describe_organization()["Organization"]["Id"] == organization
    assert other.client("iam").get_role(RoleName="AWSServiceRoleForOrganizations")
    joined = [event["serviceEventDetails"] for event in server.events(EventName="AccountJoinedOrganization")]
    assert [(one["accountId"], one["joinedMethod"]) for one in joined] == [
        (OTHER, "INVITED"),
        (server.account, "INVITED"),
    ]


def test_the_aws_cli_invites_and_accepts(two):
    server, other = two
    server.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")

    invited = server.aws("organizations", "invite-account-to-organization", "--target", f"Id={OTHER},Type=ACCOUNT")
    id_ = json.loads(invited.stdout)["Handshake"]["Id"]
    accepted = server.aws("organizations", "accept-handshake", "--handshake-id", id_, identity=other)
    attempt = server.aws("organizations", "enable-all-features")
    asked = server.aws("organizations", "list-handshakes-for-account", identity=other)

    assert json.loads(accepted.stdout)["Handshake"]["State"] == "ACCEPTED"
    assert json.loads(attempt.stdout)["Handshake"]["State"] == "REQUESTED"
    waiting = [one["Action"] for one in json.loads(asked.stdout)["Handshakes"] if one["State"] == "REQUESTED"]
    assert waiting == ["ENABLE_ALL_FEATURES"]


@pytest.fixture
def api(server):
    client = server.client("organizations")
    client.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    return client


def member(server, api, name):
    """Create a member account; return an administrator's session in it, and its id."""
    made = api.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
    arn = f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"
    keys = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    secret = Secret(keys["SecretAccessKey"])
    return Identity("", keys["AccessKeyId"], secret, keys["SessionToken"], server.endpoint), made["AccountId"]


def test_a_member_is_too_young_to_move(server, api, refused):
    identity, account = member(server, api, "dev")
    target = {"Id": account, "Type": "ACCOUNT"}

    error = refused(
        lambda: api.invite_account_to_organization(Target=target), "HandshakeConstraintViolationException", 400
    )
    assert error["Message"].startswith("The handshake request is invalid because the invited account is already")
    assert identity.client("organizations").list_handshakes_for_account()["Handshakes"] == []
    refused(lambda: identity.client("organizations").leave_organization(), "ConstraintViolationException", 400)


def test_an_invitation_by_email_is_canceled_by_its_sender(server, api, refused):
    target = {"Id": OUTSIDE, "Type": "EMAIL"}
    sent = api.invite_account_to_organization(Target=target, Notes="welcome")["Handshake"]
    assert sent["State"] == "OPEN"
    assert sent["RequestedTimestamp"] <= datetime.now(UTC) < sent["ExpirationTimestamp"]

    refused(lambda: api.invite_account_to_organization(Target=target), "DuplicateHandshakeException", 400)
    refused(lambda: api.accept_handshake(HandshakeId=sent["Id"]), "AccessDeniedException", 400)
    assert api.cancel_handshake(HandshakeId=sent["Id"])["Handshake"]["State"] == "CANCELED"
    refused(lambda: api.cancel_handshake(HandshakeId=sent["Id"]), "HandshakeAlreadyInStateException", 400)

    pages = api.get_paginator("list_handshakes_for_organization").paginate()
    assert [one["State"] for page in pages for one in page["Handshakes"]] == ["CANCELED"]
    recorded = server.events(EventName="InviteAccountToOrganization")
    assert [event.get("errorCode") for event in recorded] == ["DuplicateHandshakeException", None]
    assert OUTSIDE not in str(recorded)
    assert recorded[-1]["responseElements"]["handshake"]["id"] == sent["Id"]


def test_a_handshake_of_nobody_is_not_found(server, api, refused):
    identity, _ = member(server, api, "dev")
    client = identity.client("organizations")
    sent = api.invite_account_to_organization(Target={"Id": OUTSIDE, "Type": "EMAIL"})["Handshake"]

    refused(lambda: client.describe_handshake(HandshakeId="h-12345678"), "HandshakeNotFoundException", 400)
    refused(lambda: client.describe_handshake(HandshakeId=sent["Id"]), "AccessDeniedException", 400)


def test_all_features_are_enabled_over_the_wire(server, api, refused):
    identity, _ = member(server, api, "dev")
    client = identity.client("organizations")

    attempt = api.enable_all_features()["Handshake"]
    refused(api.enable_all_features, "HandshakeConstraintViolationException", 400)
    (asked,) = client.list_handshakes_for_account()["Handshakes"]
    assert asked["Action"] == "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
    client.accept_handshake(HandshakeId=asked["Id"])
    (last,) = api.list_handshakes_for_account(Filter={"ActionType": "APPROVE_ALL_FEATURES"})["Handshakes"]
    api.accept_handshake(HandshakeId=last["Id"])

    assert api.describe_organization()["Organization"]["FeatureSet"] == "ALL"
    children = api.list_handshakes_for_organization(Filter={"ParentHandshakeId": attempt["Id"]})["Handshakes"]
    assert {one["State"] for one in children} == {"ACCEPTED"}
    assert identity.client("iam").get_role(RoleName="AWSServiceRoleForOrganizations")


def test_nobody_pays_for_others_without_a_quota(api, refused):
    start = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    start = start.replace(year=start.year + start.month // 11, month=(start.month + 1) % 12 + 1)
    asked = {"Type": "BILLING", "Target": {"Id": OUTSIDE, "Type": "EMAIL"}, "SourceName": "bill"}

    error = refused(
        lambda: api.invite_organization_to_transfer_responsibility(**asked, StartTimestamp=start),
        "ConstraintViolationException",
        400,
    )
    assert error["Message"] == "You have exceeded the allowed number of inbound responsibility transfers."
    assert api.list_inbound_responsibility_transfers(Type="BILLING")["ResponsibilityTransfers"] == []
