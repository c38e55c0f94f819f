import base64

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

SUMMARY = "iam:GetAccountSummary"
DEVICES = "iam:ListVirtualMFADevices"
REPORT = "iam:GetCredentialReport"
FEATURES = "iam:ListOrganizationsFeatures"
ORGANIZATION = "organizations:DescribeOrganization"
NOT_IN_USE = "AWSOrganizationsNotInUseException"
IN_ONE = {ORGANIZATION: {"Organization": {"MasterAccountId": "999999999999"}}}
ROOT = "arn:aws:iam::111122223333:root"


def summary(**members):
    usual = {
        "AccountMFAEnabled": 1,
        "AccountAccessKeysPresent": 0,
        "AccountPasswordPresent": 1,
        "AccountSigningCertificatesPresent": 0,
    }
    return {SUMMARY: {"SummaryMap": {**usual, **members}}}


NO_CREDENTIALS = summary(AccountMFAEnabled=0, AccountPasswordPresent=0)


def report(user, **columns):
    usual = {
        "user": user,
        "password_last_used": "no_information",
        "access_key_1_last_used_date": "N/A",
        "access_key_2_last_used_date": "N/A",
    }
    row = {**usual, **columns}
    text = f"{','.join(row)}\n{','.join(row.values())}"
    return {REPORT: {"Content": base64.b64encode(text.encode()).decode()}}


def device(**members):
    return {DEVICES: {"VirtualMFADevices": [members]}}


def features(*names):
    return {FEATURES: {"EnabledFeatures": list(names)}}


BOTH = ("RootCredentialsManagement", "RootSessions")
ROOT_ROW = "<root_account>"

CASES = (
    Case("iam.root.keys", PASS, summary()),
    Case("iam.root.keys", FAIL, summary(AccountAccessKeysPresent=1), "has access keys"),
    Case("iam.root.keys", UNKNOWN, {SUMMARY: "AccessDenied"}),
    Case("iam.root.keys", UNKNOWN, {SUMMARY: {"SummaryMap": {}}}, "makes no sense"),
    Case("iam.root.mfa", PASS, summary(), "second factor"),
    Case("iam.root.mfa", PASS, NO_CREDENTIALS, "no credentials"),
    Case("iam.root.mfa", FAIL, summary(AccountMFAEnabled=0)),
    Case("iam.root.mfa", FAIL, summary(AccountMFAEnabled=0, AccountPasswordPresent=0, AccountAccessKeysPresent=1)),
    Case("iam.root.mfa", FAIL, {SUMMARY: {"SummaryMap": {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0}}}),
    Case("iam.root.mfa", UNKNOWN, {SUMMARY: {"SummaryMap": {}}}),
    Case("iam.root.hardware", PASS, {**summary(), DEVICES: {"VirtualMFADevices": []}}, "device of its own"),
    Case("iam.root.hardware", PASS, {**summary(), **device(SerialNumber="arn:aws:iam::1:mfa/a")}),
    Case("iam.root.hardware", PASS, {**NO_CREDENTIALS, DEVICES: "AccessDenied"}, "no credentials"),
    Case("iam.root.hardware", FAIL, {**summary(), **device(SerialNumber="a", User={"Arn": ROOT})}, "a program, a"),
    Case("iam.root.hardware", FAIL, {**summary(), **device(SerialNumber="arn:aws:iam::1:mfa/root-account-mfa-device")}),
    Case("iam.root.hardware", FAIL, {**summary(AccountMFAEnabled=0), DEVICES: {"VirtualMFADevices": []}}),
    Case("iam.root.hardware", UNKNOWN, {**summary(), DEVICES: "AccessDenied"}),
    Case("iam.root.use", PASS, report(ROOT_ROW), "90 days"),
    Case("iam.root.use", PASS, report(ROOT_ROW, password_last_used="2026-08-31T12:00:00+00:00")),
    Case("iam.root.use", FAIL, report(ROOT_ROW, password_last_used="2026-08-31T12:00:01+00:00"), "used 89 days ago"),
    Case("iam.root.use", FAIL, report(ROOT_ROW, access_key_2_last_used_date="2026-11-28T12:00:00+00:00"), "access key"),
    Case("iam.root.use", UNKNOWN, report("alice"), "has no row of <root_account>"),
    Case("iam.root.use", UNKNOWN, report(ROOT_ROW, password_last_used="not_supported"), "makes no sense"),
    Case("iam.root.use", UNKNOWN, {REPORT: {"Content": "%"}}),
    Case("iam.root.central", PASS, IN_ONE, organization=features(*BOTH)),
    Case("iam.root.central", FAIL, IN_ONE, "RootSessions of the organization", features("RootCredentialsManagement")),
    Case("iam.root.central", UNKNOWN, IN_ONE, "no snapshot of the management account"),
    Case("iam.root.central", UNKNOWN, IN_ONE, organization={FEATURES: "ServiceAccessNotEnabledException"}),
    Case("iam.root.central", NA, {ORGANIZATION: NOT_IN_USE}, "in no organization"),
)
