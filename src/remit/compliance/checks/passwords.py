"""Passwords are long, are not used again, and go when nobody uses them.

Source: `shared-responsibility` reference, 4 and 5, SR-I7; CIS AWS Foundations 6.0, 2.7, 2.8, 2.11.
"""

from remit.compliance.checks import credential_report as report
from remit.compliance.checks.check import Account, Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen

LENGTH_MIN, REUSE_MIN, UNUSED_DAYS = 14, 24, 45
_POLICY = "iam:GetAccountPasswordPolicy"
_USERS = Each("iam:ListUsers", "Users", "Arn")


@check("iam.pw.policy", version=1, each=Account(), reads=(_POLICY,))
def policy(_account: Subject, seen: Seen) -> Judgement:
    """The account has a password policy, and a strict one."""
    answer = seen.maybe(_POLICY)
    if answer is None:
        return failed("the account has no password policy of its own: 8 characters are enough, and any may come again")
    laid_down = answer["PasswordPolicy"]
    length, reuse = laid_down["MinimumPasswordLength"], laid_down.get("PasswordReusePrevention", 0)
    if length < LENGTH_MIN:
        return failed(f"passwords of {length} characters are long enough; it takes {LENGTH_MIN}")
    if reuse < REUSE_MIN:
        return failed(f"only the last {reuse} passwords may not come again; it takes {REUSE_MIN}")
    return passed(f"passwords have at least {length} characters, the last {reuse} may not come again")


@check("iam.pw.unused", version=1, each=_USERS, reads=(report.READ,))
def unused(user: Subject, seen: Seen) -> Judgement:
    """Who does not sign in has no password."""
    row = report.row(seen, user["UserName"])
    if not report.is_true(row, "password_enabled"):
        return not_applicable("the user has no password")
    used_at = report.moment(row, "password_last_used")
    since = used_at or report.moment(row, "password_last_changed")
    if since is None:
        message = "password_last_changed has no time although there is a password"
        raise ValueError(message)
    days = report.days_since(since, seen.now)
    if days < UNUSED_DAYS:
        return passed(f"the password was {'used' if used_at else 'set'} {days} days ago")
    return failed(f"the password was not used for {days} days" + ("" if used_at else ", never since it was set"))
