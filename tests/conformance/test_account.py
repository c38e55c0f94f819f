"""AWS Account Management, through an unchanged boto3 and the AWS CLI."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from serving import Served

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]
CONTACT = {
    "FullName": "Ana Ito",
    "AddressLine1": "1 Long Street",
    "City": "Newark",
    "StateOrRegion": "NJ",
    "PostalCode": "07102",
    "CountryCode": "US",
    "PhoneNumber": "+1 202 555 0100",
}
ALTERNATE = {
    "AlternateContactType": "SECURITY",
    "Name": "Bo",
    "Title": "Chief",
    "EmailAddress": "bo@example.com",
    "PhoneNumber": "5550100",
}


def _aws(server: Served, *arguments: str) -> Any:
    done = server.aws("account", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def test_the_command_line_keeps_contacts(server: Served) -> None:
    given = ",".join(f"{member}={value}" for member, value in CONTACT.items())

    assert _aws(server, "put-contact-information", "--contact-information", given) is None
    assert _aws(server, "get-contact-information") == {"ContactInformation": CONTACT}  # its model is older
    account = server.client("account")
    assert account.get_contact_information()["VerificationStatus"] == "UNVERIFIED"
    assert account.send_phone_number_verification()["Status"] == "PENDING"
    assert account.get_contact_information()["VerificationStatus"] == "PENDING"

    flags = ["--name", "Bo", "--title", "Chief", "--email-address", "bo@example.com", "--phone-number", "5550100"]
    _aws(server, "put-alternate-contact", "--alternate-contact-type", "SECURITY", *flags)
    shown = _aws(server, "get-alternate-contact", "--alternate-contact-type", "SECURITY")
    assert shown == {"AlternateContact": ALTERNATE}
    _aws(server, "delete-alternate-contact", "--alternate-contact-type", "SECURITY")
    gone = server.aws("account", "get-alternate-contact", "--alternate-contact-type", "SECURITY")
    assert gone.returncode != 0
    assert "(ResourceNotFoundException)" in gone.stderr
    assert "No contact of the inputted alternate contact type found." in gone.stderr


def test_the_command_line_opts_in_to_regions(server: Served) -> None:
    names = [one["RegionName"] for one in _aws(server, "list-regions")["Regions"]]  # pages are put together
    assert len(names) == 34
    assert names == sorted(names)

    assert _aws(server, "enable-region", "--region-name", "af-south-1") is None
    status = _aws(server, "get-region-opt-status", "--region-name", "af-south-1")
    assert status == {"RegionName": "af-south-1", "RegionOptStatus": "ENABLING"}
    enabling = _aws(server, "list-regions", "--region-opt-status-contains", "ENABLING")
    assert enabling == {"Regions": [status]}
    refused = server.aws("account", "disable-region", "--region-name", "af-south-1")
    assert "(ConflictException)" in refused.stderr


def test_the_command_line_names_the_account(server: Served) -> None:
    _aws(server, "put-account-name", "--account-name", " Sales ")

    shown = _aws(server, "get-account-information")

    assert (shown["AccountId"], shown["AccountName"], shown["AccountState"]) == (server.account, "Sales", "ACTIVE")


def test_a_region_that_was_not_enabled_knows_nobody(server: Served, refused: Refused) -> None:
    sts = server.client("sts", region_name="af-south-1")
    trail = server.client("cloudtrail", region_name="af-south-1")

    error = refused(sts.get_caller_identity, "InvalidClientTokenId", 403)
    assert error["Message"] == "The security token included in the request is invalid"
    refused(trail.lookup_events, "UnrecognizedClientException", 400)
    server.client("account").enable_region(RegionName="af-south-1")
    refused(sts.get_caller_identity, "InvalidClientTokenId", 403)  # it takes a while

    for region in ("eu-west-1", "mars-north-1"):
        assert server.client("sts", region_name=region).get_caller_identity()["Account"] == server.account
    assert server.client("iam", region_name="af-south-1").get_user()["User"]["UserName"] == "admin"
    assert server.client("account", region_name="af-south-1").get_account_information()["AccountId"] == server.account
    (event, *_) = server.events(EventName="GetCallerIdentity")
    assert event["awsRegion"] != "af-south-1"  # nothing in it is believed, but whose key it names


def test_the_trail_has_changes_and_refusals_without_what_is_personal(server: Served, refused: Refused) -> None:
    account = server.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.put_alternate_contact(**ALTERNATE)
    account.enable_region(RegionName="af-south-1")
    strange = server.client("account", config=Config(parameter_validation=False))
    error = refused(lambda: strange.put_account_name(AccountName="Ana <x>"), "ValidationException", 400)
    assert error["Message"] == '[ECMA 262 regex "^[ -;=?-~]+$" does not match input string "Ana <x>"]'
    bob = server.user("bob").client("account")
    refused(lambda: bob.put_alternate_contact(**ALTERNATE), "AccessDeniedException", 403)

    (put,) = server.events(EventName="PutContactInformation")
    assert put["eventSource"] == "account.amazonaws.com"
    assert put["awsRegion"] == "us-east-1"
    assert put["readOnly"] is False
    assert put["requestParameters"] == {"contactInformation": {}}
    denied, made = server.events(EventName="PutAlternateContact")
    assert made["requestParameters"] == {"alternateContactType": "SECURITY"}
    assert (denied["errorCode"], denied["userIdentity"]["userName"]) == ("AccessDenied", "bob")
    assert f"on resource: arn:aws:account::{server.account}:account because" in denied["errorMessage"]
    (invalid,) = server.events(EventName="PutAccountName")
    assert "errorMessage" not in invalid
    (enabled,) = server.events(EventName="EnableRegion")
    assert enabled["requestParameters"] == {"regionName": "af-south-1"}


@pytest.fixture
def member(server: Served) -> dict[str, str]:
    """Return the status of a member account that an organization made, with its other half in GovCloud."""
    server.client("account").put_contact_information(ContactInformation=CONTACT)
    organizations = server.client("organizations")
    organizations.create_organization()
    asked = {"Email": "sales@example.com", "AccountName": "Sales"}
    made: dict[str, str] = organizations.create_gov_cloud_account(**asked)["CreateAccountStatus"]
    return made


def _inside(server: Served, account: str) -> Any:
    """Return a client of the member, through the role that its organization made."""
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    given = server.client("sts").assume_role(RoleArn=role, RoleSessionName="admin")["Credentials"]
    return server.client(
        "account",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def test_an_organization_looks_after_its_members(server: Served, member: dict[str, str], refused: Refused) -> None:
    id_ = member["AccountId"]
    account, inside = server.client("account"), _inside(server, id_)
    error = refused(lambda: account.get_primary_email(AccountId=id_), "AccessDeniedException", 403)
    assert error["Message"].endswith(
        "(Your organization must first enable trusted access with AWS Account Management.)"
    )
    server.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")

    assert account.get_primary_email(AccountId=id_)["PrimaryEmail"] == "sales@example.com"
    assert account.get_contact_information(AccountId=id_)["ContactInformation"] == {**CONTACT, "FullName": "Sales"}
    shown = account.get_gov_cloud_account_information(StandardAccountId=id_)
    assert (shown["GovCloudAccountId"], shown["AccountState"]) == (member["GovCloudAccountId"], "ACTIVE")
    account.put_account_name(AccountId=id_, AccountName="Trade")
    account.enable_region(AccountId=id_, RegionName="eu-south-1")
    assert account.start_primary_email_update(AccountId=id_, PrimaryEmail="new@example.com")["Status"] == "PENDING"
    assert account.get_primary_email_update_status(AccountId=id_)["Status"] == "PENDING"

    assert inside.get_account_information()["AccountName"] == "Trade"
    assert inside.get_region_opt_status(RegionName="eu-south-1")["RegionOptStatus"] == "ENABLING"
    refused(lambda: inside.get_account_information(AccountId=id_), "AccessDeniedException", 403)
    names = [one["Name"] for one in server.client("organizations").list_accounts()["Accounts"]]
    assert sorted(names) == ["Trade", "remit"]


def test_a_delegated_administrator_looks_after_members_too(
    server: Served, member: dict[str, str], refused: Refused
) -> None:
    organizations, id_ = server.client("organizations"), member["AccountId"]
    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    inside = _inside(server, id_)
    refused(lambda: inside.list_regions(AccountId=id_), "AccessDeniedException", 403)

    organizations.register_delegated_administrator(AccountId=id_, ServicePrincipal="account.amazonaws.com")

    assert inside.list_regions(AccountId=id_)["Regions"]
    refused(lambda: inside.list_regions(AccountId=server.account), "AccessDeniedException", 403)


def test_a_control_policy_binds_members(server: Served, member: dict[str, str], refused: Refused) -> None:
    organizations, id_ = server.client("organizations"), member["AccountId"]
    statement = {"Effect": "Deny", "Action": "account:EnableRegion", "Resource": "*"}
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = organizations.create_policy(
        Content=content, Description="", Name="NoRegions", Type="SERVICE_CONTROL_POLICY"
    )["Policy"]["PolicySummary"]["Id"]
    inside = _inside(server, id_)

    organizations.attach_policy(PolicyId=policy, TargetId=id_)

    error = refused(lambda: inside.enable_region(RegionName="af-south-1"), "AccessDeniedException", 403)
    assert "with an explicit deny in a service control policy" in error["Message"]
    assert inside.list_regions()["Regions"]
    server.client("account").enable_region(RegionName="af-south-1")  # the management account is not bound


def test_an_account_without_an_organization_names_none(server: Served, refused: Refused) -> None:
    account = server.client("account")

    for call in (
        lambda: account.get_primary_email(AccountId=server.account),
        lambda: account.start_primary_email_update(AccountId=server.account, PrimaryEmail="new@example.com"),
        lambda: account.accept_primary_email_update(
            AccountId=server.account, PrimaryEmail="new@example.com", Otp="123456"
        ),
        lambda: account.list_regions(AccountId=server.account),
    ):
        refused(call, "AccessDeniedException", 403)
    assert refused(account.get_primary_email_update_status, "ValidationException", 400)["Message"] == (
        "No email update found for account"
    )
    refused(account.get_gov_cloud_account_information, "ResourceNotFoundException", 404)
