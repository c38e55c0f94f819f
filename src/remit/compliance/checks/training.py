"""Who works with the account has learned how to.

Certificates are verified before they get here; what counts is whose they are, and how long they hold.
Source: `shared-responsibility` reference, 6, "training half".
"""

from collections.abc import Iterator
from datetime import datetime

from remit.compliance.checks import credential_report as report
from remit.compliance.checks.check import Account, Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.identities import Identity, identity_subjects
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.proved_privileges import RIGHTS_READS, account_rights
from remit.compliance.checks.seen import Seen

TRAINED_PERCENT_MIN = 95
_USERS = "iam:ListUsers"


def trained(seen: Seen) -> frozenset[str]:
    """Return who has a certificate that holds, in lower case."""
    return frozenset(
        one.holder.lower()
        for one in seen.facts.training.certificates
        if _holds(one.issued_at, one.expires_at, seen.now)
    )


def _holds(issued_at: datetime, expires_at: datetime, now: datetime) -> bool:
    return issued_at <= now < expires_at


def _members(seen: Seen) -> tuple[str, ...]:
    if seen.facts.training.members is not None:
        return seen.facts.training.members
    users = [str(user["UserName"]) for user in seen.items(_USERS, "Users")]
    return tuple(name for name in users if report.is_true(report.row(seen, name), "password_enabled"))


@check("train.members", version=1, each=Account(), reads=(_USERS, report.READ))
def members(_account: Subject, seen: Seen) -> Judgement:
    """Nearly everybody is trained: somebody has always just begun."""
    expected = sorted({name.lower() for name in _members(seen)})
    if not expected:
        return not_applicable("nobody is named as a member, and no user has a password")
    missing = [name for name in expected if name not in trained(seen)]
    count = f"{len(expected) - len(missing)} of {len(expected)} members have a valid certificate"
    if (len(expected) - len(missing)) * 100 >= TRAINED_PERCENT_MIN * len(expected):
        return passed(count)
    return failed(f"{count}; {missing[0]} has none")


def _administrators(seen: Seen) -> Iterator[Subject]:
    """List who is laid down as administrator, and who is one in fact."""
    found = account_rights(seen)
    for subject in identity_subjects(seen):
        one: Identity = subject["identity"]
        if one.is_service_linked:
            continue
        if fits_any(one.arn, seen.parameters.administrators) or found.has_everything(one.known()):
            yield subject


@check("train.admins", version=1, each=Derived("administrators", _administrators, frozenset(RIGHTS_READS)))
def admins(subject: Subject, seen: Seen) -> Judgement:
    """Every administrator is trained."""
    one: Identity = subject["identity"]
    if not one.is_user:
        return not_applicable("is a role: who assumes it is trained as a member")
    if one.name.lower() in trained(seen):
        return passed("is administrator and has a valid certificate")
    return failed("is administrator and has no valid certificate")
