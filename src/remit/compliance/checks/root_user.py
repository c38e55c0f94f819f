"""The root user is locked away.

Source: `shared-responsibility` reference, 4 and 5, SR-I1; IAM API reference, GetAccountSummary.
"""

from remit.compliance.checks import credential_report as report
from remit.compliance.checks.check import Account, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen

UNUSED_DAYS = 90
_SUMMARY = "iam:GetAccountSummary"
_DEVICES = "iam:ListVirtualMFADevices"
_FEATURES = "iam:ListOrganizationsFeatures"
_ORGANIZATION = "organizations:DescribeOrganization"
_CREDENTIALS = ("AccountPasswordPresent", "AccountAccessKeysPresent", "AccountSigningCertificatesPresent")
_USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")


def _has_no_credentials(seen: Seen) -> bool:
    summary = seen.answer(_SUMMARY)["SummaryMap"]
    # An endpoint that knows nothing of centralized root access leaves the first out: then root has a password.
    return all(summary.get(name, 1) == 0 for name in _CREDENTIALS)


@check("iam.root.keys", version=1, each=Account(), reads=(_SUMMARY,))
def keys(_account: Subject, seen: Seen) -> Judgement:
    """Root has no access keys."""
    if seen.answer(_SUMMARY)["SummaryMap"]["AccountAccessKeysPresent"]:
        return failed("the root user has access keys")
    return passed("the root user has no access keys")


@check("iam.root.mfa", version=1, each=Account(), reads=(_SUMMARY,))
def mfa(_account: Subject, seen: Seen) -> Judgement:
    """Root has a second factor, or nothing to sign in with."""
    if seen.answer(_SUMMARY)["SummaryMap"]["AccountMFAEnabled"]:
        return passed("the root user signs in with a second factor")
    if _has_no_credentials(seen):
        return passed("the root user has no credentials")
    return failed("the root user signs in without a second factor")


@check("iam.root.hardware", version=1, each=Account(), reads=(_SUMMARY, _DEVICES))
def hardware(account: Subject, seen: Seen) -> Judgement:
    """Root's second factor is a thing, not a program."""
    if _has_no_credentials(seen):
        return passed("the root user has no credentials")
    if not seen.answer(_SUMMARY)["SummaryMap"]["AccountMFAEnabled"]:
        return failed("the root user signs in without a second factor")
    for device in seen.items(_DEVICES, "VirtualMFADevices"):
        serial = str(device["SerialNumber"])
        if device.get("User", {}).get("Arn") == account.name or serial.endswith(":mfa/root-account-mfa-device"):
            return failed(f"the root user's second factor is a program, {serial}")
    return passed("the root user's second factor is a device of its own")


@check("iam.root.use", version=1, each=Account(), reads=(report.READ,))
def use(_account: Subject, seen: Seen) -> Judgement:
    """Nobody has worked as root lately."""
    row = report.row(seen, report.ROOT)
    for column in _USES:
        used_at = report.moment(row, column)
        if used_at is not None and (days := report.days_since(used_at, seen.now)) < UNUSED_DAYS:
            what = "password" if column.startswith("password") else "access key"
            return failed(f"the root user's {what} was used {days} days ago, on {used_at:%Y-%m-%d}")
    return passed(f"nobody used the root user for {UNUSED_DAYS} days")


@check("iam.root.central", version=1, each=Account(), reads=(_FEATURES, _ORGANIZATION))
def central(_account: Subject, seen: Seen) -> Judgement:
    """Members' root users are managed by the organization."""
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization")
    enabled = seen.organization.answer(_FEATURES)["EnabledFeatures"]
    missing = [name for name in ("RootCredentialsManagement", "RootSessions") if name not in enabled]
    if missing:
        return failed(f"{' and '.join(missing)} of the organization are off")
    return passed("root credentials and root sessions of members are managed centrally")
