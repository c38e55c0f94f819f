"""Service-specific credentials, through an unchanged boto3."""

import base64
import json
from datetime import timedelta

import pytest

pytestmark = pytest.mark.conformance

GIT = "codecommit.amazonaws.com"
BEDROCK = "bedrock.amazonaws.com"


def made(iam, service=GIT, user="bob", **more):
    return iam.create_service_specific_credential(UserName=user, ServiceName=service, **more)[
        "ServiceSpecificCredential"
    ]


def test_a_credential_from_its_making_to_its_end(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")

    credential = made(iam)

    one = {"UserName": "bob", "ServiceSpecificCredentialId": credential["ServiceSpecificCredentialId"]}
    assert credential == {
        **credential,
        "UserName": "bob",
        "ServiceName": GIT,
        "ServiceUserName": f"bob-at-{server.account}",
        "Status": "Active",
    }
    assert credential["ServiceSpecificCredentialId"].startswith("ACCA")
    assert len(credential["ServicePassword"]) == 44
    (listed,) = iam.list_service_specific_credentials(UserName="bob")["ServiceSpecificCredentials"]
    assert listed == {name: value for name, value in credential.items() if name != "ServicePassword"}
    iam.update_service_specific_credential(**one, Status="Inactive")
    again = iam.reset_service_specific_credential(**one)["ServiceSpecificCredential"]
    assert again == {**credential, "Status": "Inactive", "ServicePassword": again["ServicePassword"]}
    assert again["ServicePassword"] != credential["ServicePassword"]
    refused(lambda: iam.update_service_specific_credential(**one, Status="Expired"), "InvalidInput", 400)
    error = refused(lambda: iam.delete_user(UserName="bob"), "DeleteConflict", 409)
    assert error["Message"] == "Cannot delete entity, must remove referenced objects first."
    iam.delete_service_specific_credential(**one)
    for call in (
        iam.delete_service_specific_credential,
        iam.reset_service_specific_credential,
        lambda **who: iam.update_service_specific_credential(**who, Status="Active"),
    ):
        error = refused(lambda call=call: call(**one), "NoSuchEntity", 404)
        assert error["Message"] == f"No such credential {one['ServiceSpecificCredentialId']} exists"


def test_two_for_each_service_and_no_third(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")

    names = [made(iam)["ServiceUserName"] for _ in range(2)]
    made(iam, "cassandra.amazonaws.com")

    assert names == [f"bob-at-{server.account}", f"bob+1-at-{server.account}"]
    error = refused(lambda: made(iam), "LimitExceeded", 409)
    assert error["Message"] == "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"


def test_a_service_without_credentials(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    text = "No such service s3.amazonaws.com is supported for Service Specific Credentials"

    assert refused(lambda: made(iam, "s3.amazonaws.com"), "NotSupportedService", 404)["Message"] == text
    listing = lambda: iam.list_service_specific_credentials(ServiceName="s3.amazonaws.com")  # noqa: E731
    assert refused(listing, "NotSupportedService", 404)["Message"] == text
    refused(lambda: made(iam, user="nobody"), "NoSuchEntity", 404)
    odd = {"UserName": "bob", "ServiceSpecificCredentialId": "has-hyphens-and-is-long-enough"}
    message = refused(lambda: iam.delete_service_specific_credential(**odd), "ValidationError", 400)["Message"]
    assert message.endswith(r"Member must satisfy regular expression pattern: [\w]+")


def test_an_api_key_may_expire(server):
    iam = server.client("iam")
    iam.create_user(UserName="bob")

    key, lasting = made(iam, BEDROCK, CredentialAgeDays=30), made(iam, BEDROCK)

    alias = key["ServiceCredentialAlias"]
    assert alias.startswith(f"bob-at-{server.account}-")
    assert "ServiceUserName" not in key
    assert key["ServiceCredentialSecret"].startswith("ABSK")
    assert base64.b64decode(key["ServiceCredentialSecret"][4:]).startswith(f"{alias}:".encode())
    assert key["ExpirationDate"] - key["CreateDate"] == timedelta(days=30)
    assert "ExpirationDate" not in lasting
    assert "ExpirationDate" not in made(iam, CredentialAgeDays=30)


def test_credentials_are_listed_by_user_by_service_and_all(server, refused):
    iam = server.client("iam")
    for name in ("bob", "eve"):
        iam.create_user(UserName=name)
        made(iam, user=name)
        made(iam, BEDROCK, name)
    own = {"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}"}
    ana = server.user("ana", own)

    def listed(client=iam, **asked):
        found = client.list_service_specific_credentials(**asked)["ServiceSpecificCredentials"]
        return sorted((one["UserName"], one["ServiceName"]) for one in found)

    assert listed(UserName="bob") == [("bob", BEDROCK), ("bob", GIT)]
    assert listed(UserName="bob", ServiceName=GIT) == [("bob", GIT)]
    assert listed(AllUsers=True, ServiceName=GIT) == [("bob", GIT), ("eve", GIT)]
    assert len(listed(AllUsers=True)) == 4
    assert listed() == []
    assert listed(ana.client("iam")) == []
    refused(lambda: listed(ana.client("iam"), AllUsers=True), "AccessDenied", 403)
    refused(lambda: listed(AllUsers=True, UserName="bob"), "ValidationError", 400)
    page = iam.list_service_specific_credentials(AllUsers=True, MaxItems=3)
    assert page["IsTruncated"]
    rest = iam.list_service_specific_credentials(AllUsers=True, Marker=page["Marker"])
    assert len(rest["ServiceSpecificCredentials"]) == 1


def test_a_policy_may_be_about_the_service_of_a_credential(server, refused):
    condition = {"StringEquals": {"iam:ServiceSpecificCredentialServiceName": BEDROCK}}
    bob = server.user("bob", {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": condition})
    iam = bob.client("iam")
    server.client("iam").create_user(UserName="eve")
    git = made(server.client("iam"), user="eve")["ServiceSpecificCredentialId"]

    key = made(iam, BEDROCK, "eve")["ServiceSpecificCredentialId"]

    iam.reset_service_specific_credential(UserName="eve", ServiceSpecificCredentialId=key)
    refused(lambda: made(iam, user="eve"), "AccessDenied", 403)
    refused(
        lambda: iam.reset_service_specific_credential(UserName="eve", ServiceSpecificCredentialId=git),
        "AccessDenied",
        403,
    )


def test_the_service_keeps_the_old_name_of_a_renamed_user(server):
    iam = server.client("iam")
    iam.create_user(UserName="old")
    made(iam, user="old")
    iam.update_user(UserName="old", NewUserName="new")

    (listed,) = iam.list_service_specific_credentials(UserName="new")["ServiceSpecificCredentials"]

    assert listed["UserName"] == "new"
    assert listed["ServiceUserName"] == f"old-at-{server.account}"


def test_secrets_are_in_no_record(server):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    secrets = [made(iam)["ServicePassword"], made(iam, BEDROCK)["ServiceCredentialSecret"]]

    text = json.dumps(server.events())

    assert not any(secret in text for secret in secrets)
    assert len(server.events(EventName="CreateServiceSpecificCredential")) == 2
