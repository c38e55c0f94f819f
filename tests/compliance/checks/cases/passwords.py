import base64

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

POLICY = "iam:GetAccountPasswordPolicy"
USERS = {"iam:ListUsers": {"Users": [{"UserName": "alice", "Arn": "arn:aws:iam::111122223333:user/alice"}]}}


def policy(**members):
    return {POLICY: {"PasswordPolicy": members}}


def reported(enabled, used, changed="2026-01-01T00:00:00+00:00"):
    text = f"user,password_enabled,password_last_used,password_last_changed\nalice,{enabled},{used},{changed}"
    return {**USERS, "iam:GetCredentialReport": {"Content": base64.b64encode(text.encode()).decode()}}


CASES = (
    Case("iam.pw.policy", PASS, policy(MinimumPasswordLength=14, PasswordReusePrevention=24)),
    Case("iam.pw.policy", FAIL, policy(MinimumPasswordLength=13, PasswordReusePrevention=24), "13 characters"),
    Case("iam.pw.policy", FAIL, policy(MinimumPasswordLength=14, PasswordReusePrevention=23), "last 23"),
    Case("iam.pw.policy", FAIL, policy(MinimumPasswordLength=14), "last 0"),
    Case("iam.pw.policy", FAIL, {POLICY: "NoSuchEntity"}, "no password policy"),
    Case("iam.pw.policy", UNKNOWN, {POLICY: "AccessDenied"}),
    Case("iam.pw.policy", UNKNOWN, policy(PasswordReusePrevention=24), "makes no sense"),
    Case("iam.pw.unused", PASS, reported("true", "2026-10-15T12:00:01+00:00"), "used 44 days ago"),
    Case("iam.pw.unused", PASS, reported("true", "no_information", "2026-11-28T12:00:00+00:00"), "set 1 days ago"),
    Case("iam.pw.unused", FAIL, reported("true", "2026-10-15T12:00:00+00:00"), "not used for 45 days"),
    Case("iam.pw.unused", FAIL, reported("true", "no_information"), "never since it was set"),
    Case("iam.pw.unused", UNKNOWN, reported("true", "no_information", "N/A"), "makes no sense"),
    Case("iam.pw.unused", UNKNOWN, reported("perhaps", "N/A"), "neither true nor false"),
    Case("iam.pw.unused", UNKNOWN, {**reported("true", "N/A"), "iam:GetCredentialReport": "AccessDenied"}),
    Case("iam.pw.unused", NA, reported("false", "N/A"), "no password"),
    Case("iam.pw.unused", NA, {"iam:ListUsers": {"Users": []}}, "nothing there"),
)
