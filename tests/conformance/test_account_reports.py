"""The account summary and the credential report, through an unchanged boto3."""

import csv
import io
import time

import pytest
from conformance.certificates import Issued, PublicKey
from conformance.test_mfa import Device

pytestmark = pytest.mark.conformance


def test_the_summary_of_a_new_account(server):
    summary = server.client("iam").get_account_summary()["SummaryMap"]

    assert summary == {
        "AccessKeysPerUserQuota": 2,
        "AccountAccessKeysPresent": 0,
        "AccountMFAEnabled": 0,
        "AccountPasswordPresent": 0,
        "AccountSigningCertificatesPresent": 0,
        "AssumeRolePolicySizeQuota": 2048,
        "AttachedPoliciesPerGroupQuota": 10,
        "AttachedPoliciesPerRoleQuota": 10,
        "AttachedPoliciesPerUserQuota": 10,
        "GlobalEndpointTokenVersion": 1,
        "GroupPolicySizeQuota": 5120,
        "Groups": 0,
        "GroupsPerUserQuota": 10,
        "GroupsQuota": 300,
        "InstanceProfiles": 0,
        "InstanceProfilesQuota": 1000,
        "MFADevices": 0,
        "MFADevicesInUse": 0,
        "Policies": 0,
        "PoliciesQuota": 1500,
        "PolicySizeQuota": 6144,
        "PolicyVersionsInUse": 0,
        "PolicyVersionsInUseQuota": 10000,
        "Providers": 0,
        "RolePolicySizeQuota": 10240,
        "Roles": 0,
        "RolesQuota": 1000,
        "ServerCertificates": 0,
        "ServerCertificatesQuota": 20,
        "SigningCertificatesPerUserQuota": 2,
        "UserPolicySizeQuota": 2048,
        "Users": 1,
        "UsersQuota": 5000,
        "VersionsPerPolicyQuota": 5,
    }


def test_the_summary_counts_what_there_is(server, refused):
    iam = server.client("iam")
    before = iam.get_account_summary()["SummaryMap"]
    document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    iam.create_user(UserName="bob")
    iam.create_group(GroupName="devs")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.create_policy(PolicyName="p", PolicyDocument=document)
    Device(iam, "free")
    Device(iam, "used").enable(iam, "bob")
    issued = Issued()
    iam.upload_server_certificate(ServerCertificateName="web", CertificateBody=issued.pem, PrivateKey=issued.key)

    after = iam.get_account_summary()["SummaryMap"]

    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "Groups": 1,
        "InstanceProfiles": 1,
        "MFADevices": 2,
        "MFADevicesInUse": 1,
        "Policies": 1,
        "PolicyVersionsInUse": 1,
        "ServerCertificates": 1,
        "Users": 1,
    }
    bob = server.user("eve")
    error = refused(bob.client("iam").get_account_summary, "AccessDenied", 403)
    assert "iam:GetAccountSummary on resource: * because" in error["Message"]


def generated(iam):
    """Wait for the report: it is ready a second after it was begun."""
    states = []
    for _ in range(200):
        answer = iam.generate_credential_report()
        states.append(answer["State"])
        if answer["State"] == "COMPLETE":
            return states
        time.sleep(0.02)  # the only way to learn of it is to ask again
    raise AssertionError(states)


def rows(iam):
    content = iam.get_credential_report()["Content"].decode()
    assert not content.endswith("\n")
    return {row["user"]: row for row in csv.DictReader(io.StringIO(content))}


def test_a_report_is_begun_made_and_given_out(server, refused):
    iam = server.client("iam")
    assert refused(iam.get_credential_report, "ReportNotPresent", 410)["Message"] == ""

    begun = iam.generate_credential_report()
    refused(iam.get_credential_report, "ReportInProgress", 404)
    states = generated(iam)
    report = iam.get_credential_report()

    assert (begun["State"], begun["Description"]) == (
        "STARTED",
        "No report exists. Starting a new report generation task",
    )
    assert sorted(set(states)) == ["COMPLETE", "INPROGRESS"]
    assert "Description" not in iam.generate_credential_report()
    assert report["ReportFormat"] == "text/csv"
    assert report["GeneratedTime"].microsecond == 0
    assert report["Content"].decode().splitlines()[0] == (
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
        "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
        "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
        "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
        "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
    )
    codes = {event.get("errorCode") for event in server.events(EventName="GetCredentialReport")}
    assert codes == {None, "CredentialReportNotPresentException", "CredentialReportNotReadyException"}


def test_a_report_tells_the_credentials_of_everybody(server):
    iam = server.client("iam")
    bare = iam.create_user(UserName="bare,with=comma", Path="/a/")["User"]
    full = iam.create_user(UserName="full")["User"]
    iam.create_login_profile(UserName="full", Password="correct Horse 1")
    keys = [iam.create_access_key(UserName="full")["AccessKey"] for _ in range(2)]
    iam.update_access_key(UserName="full", AccessKeyId=keys[1]["AccessKeyId"], Status="Inactive")
    Device(iam, "d").enable(iam, "full")
    certificate = iam.upload_signing_certificate(UserName="full", CertificateBody=Issued().pem)["Certificate"]
    iam.upload_ssh_public_key(UserName="full", SSHPublicKeyBody=PublicKey().ssh)
    used = server.user("used")
    used.client("sts").get_caller_identity()

    generated(iam)
    found = rows(iam)

    def shown(at):
        return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")

    no_key = {"active": "false"} | dict.fromkeys(
        ("last_rotated", "last_used_date", "last_used_region", "last_used_service"), "N/A"
    )
    assert list(found) == ["<root_account>", "admin", "bare,with=comma", "full", "used"]
    root = found["<root_account>"]
    assert root == {
        **root,
        "arn": f"arn:aws:iam::{server.account}:root",
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
        "mfa_active": "false",
        "access_key_1_active": "false",
    }
    assert found["bare,with=comma"] == {
        "user": "bare,with=comma",
        "arn": bare["Arn"],
        "user_creation_time": shown(bare["CreateDate"]),
        "password_enabled": "false",
        "password_last_used": "N/A",
        "password_last_changed": "N/A",
        "password_next_rotation": "N/A",
        "mfa_active": "false",
        **{f"access_key_{slot}_{column}": value for slot in (1, 2) for column, value in no_key.items()},
        "cert_1_active": "false",
        "cert_1_last_rotated": "N/A",
        "cert_2_active": "false",
        "cert_2_last_rotated": "N/A",
    }
    row = found["full"]
    assert row == {
        **row,
        "arn": full["Arn"],
        "password_enabled": "true",
        "password_last_used": "no_information",
        "password_next_rotation": "N/A",
        "mfa_active": "true",
        "access_key_1_active": "true",
        "access_key_1_last_rotated": shown(keys[0]["CreateDate"]),
        "access_key_1_last_used_date": "N/A",
        "access_key_2_active": "false",
        "access_key_2_last_used_service": "N/A",
        "cert_1_active": "true",
        "cert_1_last_rotated": shown(certificate["UploadDate"]),
        "cert_2_active": "false",
    }
    assert row["password_last_changed"] >= shown(full["CreateDate"])
    assert row["access_key_2_last_rotated"] >= shown(keys[1]["CreateDate"])
    assert found["used"]["access_key_1_last_used_service"] == "sts"
    assert found["used"]["access_key_1_last_used_region"] == "us-east-1"


def test_an_expiry_shows_when_a_password_must_change(server):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password="correct Horse 1")
    iam.update_account_password_policy(MaxPasswordAge=90)

    generated(iam)
    row = rows(iam)["bob"]

    assert row["password_next_rotation"] > row["password_last_changed"]
