"""Kinds of faults that an auditor looks for, each a predicate over the store.

A fault is there if its predicate says so, whether it was planted or not: so whoever claims one that nobody planted, and
that is there, claims nothing false.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import msgspec

from remit.compliance.learning.grading.asking import counterexample, people
from remit.compliance.learning.grading.reaching import Reaching
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import ACCESS_ROLE, LEARNER, MANAGEMENT
from remit.directory.access_keys import AccessKey, access_keys
from remit.directory.accounts import ACCOUNTS
from remit.directory.attachments import policy_by_arn
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS, is_aws_managed
from remit.directory.contacts import ContactType, alternate_contact
from remit.directory.facts import NotFound
from remit.directory.groups import groups_of
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.mfa_devices import mfa_devices
from remit.directory.organizations.members import membership_of
from remit.directory.password_policy import PASSWORD_POLICIES
from remit.directory.policies import POLICIES
from remit.directory.roles import Role, role
from remit.directory.users import User, user
from remit.ids import AccountId

SECURITY = "security"
KEY_DAYS_MAX, PASSWORD_LENGTH_MIN = 90, 14
_DETAILS = "iam:GetAccountAuthorizationDetails"
_GUARDED = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail")

# Given the tenant, the name of an account and a subject: whether the fault is there.
Holds = Callable[[Tenant, str, str], bool]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        criterion: what should be.
        subject: what a claim names: `user`, `role`, `policy`, `account` or `service`.
        shown_by: reads whose answers show it.
        of_organization: whether the management account is asked.
    """

    id: str
    criterion: str
    subject: str
    shown_by: tuple[str, ...]
    holds: Holds
    of_organization: bool = False


def _keys(tenant: Tenant, account: str, subject: str) -> list[AccessKey]:
    owner = user(tenant.tx, tenant.account(account), subject)
    return [key for key in access_keys(tenant.tx, owner.id) if key.active]


def _root_key(tenant: Tenant, account: str, subject: str) -> bool:
    return _is_account(tenant, account, subject) and bool(access_keys(tenant.tx, tenant.account(account)))


def _old_key(tenant: Tenant, account: str, subject: str) -> bool:
    oldest = tenant.at - timedelta(days=KEY_DAYS_MAX)
    return any(key.created_at < oldest for key in _keys(tenant, account, subject))


def _two_keys(tenant: Tenant, account: str, subject: str) -> bool:
    return len(_keys(tenant, account, subject)) > 1


def _no_mfa(tenant: Tenant, account: str, subject: str) -> bool:
    owner = user(tenant.tx, tenant.account(account), subject)
    return tenant.tx.get(LOGIN_PROFILES, owner.id) is not None and not mfa_devices(tenant.tx, owner.id)


def _direct_policy(tenant: Tenant, account: str, subject: str) -> bool:
    held = user(tenant.tx, tenant.account(account), subject)
    return bool(held.attached or held.inline)


def _star_policy(tenant: Tenant, account: str, subject: str) -> bool:
    policy = tenant.tx.find(POLICIES, "name", (tenant.account(account), subject.lower()))
    return policy is not None and _is_star(policy.document)


def _is_star(document: str) -> bool:
    """Say whether a policy allows everything on everything, without a condition."""
    return any(
        one.get("Effect") == "Allow"
        and "*" in _listed(one.get("Action"))
        and "*" in _listed(one.get("Resource"))
        and not one.get("Condition")
        for one in _statements(document)
    )


def _statements(document: str) -> list[dict[str, Any]]:
    found: Any = msgspec.json.decode(document)["Statement"]
    return [cast("dict[str, Any]", one) for one in _listed(found)]


def _listed(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list) else [value]


def _trusted(tenant: Tenant, account: str, subject: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the AWS principals that a role trusts, each with the statement."""
    trust = role(tenant.tx, tenant.account(account), subject).trust
    found: list[tuple[str, Mapping[str, Any]]] = []
    for one in _statements(trust):
        principal: Any = one.get("Principal", {})
        names: Any = "*" if principal == "*" else cast("dict[str, Any]", principal).get("AWS", [])
        if one.get("Effect") == "Allow":
            found += [(str(name), one) for name in _listed(names)]
    return found


def _trusts_stranger(tenant: Tenant, account: str, subject: str) -> bool:
    ours = set(tenant.attempt.accounts.values())
    return any(
        name != "*" and _account_of(name) not in ours and "sts:ExternalId" not in str(one.get("Condition", ""))
        for name, one in _trusted(tenant, account, subject)
    )


def _account_of(name: str) -> str:
    return name.split(":")[4] if name.startswith("arn:") else name


def _trusts_everybody(tenant: Tenant, account: str, subject: str) -> bool:
    return any(name == "*" and not one.get("Condition") for name, one in _trusted(tenant, account, subject))


def _federation_open(tenant: Tenant, account: str, subject: str) -> bool:
    trust = role(tenant.tx, tenant.account(account), subject).trust
    return any(
        one.get("Effect") == "Allow"
        and "Federated" in cast("dict[str, Any]", one.get("Principal", {}))
        and ":sub" not in str(one.get("Condition", ""))
        for one in _statements(trust)
    )


def _escalates(tenant: Tenant, account: str, subject: str) -> bool:
    """Say whether a user who is no administrator can come to be one."""
    held = user(tenant.tx, tenant.account(account), subject)
    return not _administers(tenant, held) and Reaching(tenant, account).way(f"user/{held.name}") is not None


def _administers(tenant: Tenant, held: User | Role) -> bool:
    holders = [held, *(groups_of(tenant.tx, held) if isinstance(held, User) else ())]
    if any(_is_star(text) for holder in holders for text in holder.inline.values()):
        return True
    arns = {arn for holder in holders for arn in holder.attached}
    own = [policy_by_arn(tenant.tx, held.account, arn) for arn in arns if not is_aws_managed(arn)]
    return ADMINISTRATOR_ACCESS in arns or any(_is_star(policy.document) for policy in own)


def _weak_passwords(tenant: Tenant, account: str, subject: str) -> bool:
    rules = tenant.tx.get(PASSWORD_POLICIES, tenant.account(account))
    return _is_account(tenant, account, subject) and (rules is None or rules.length_min < PASSWORD_LENGTH_MIN)


def _in_root(tenant: Tenant, account: str, subject: str) -> bool:
    found, organization = tenant.tx.get(ACCOUNTS, tenant.account(account)), tenant.organization
    if not _is_account(tenant, account, subject) or account == MANAGEMENT or found is None or organization is None:
        return False
    return membership_of(found).parent == organization.root


def _unguarded(tenant: Tenant, account: str, subject: str) -> bool:
    if not _is_account(tenant, account, subject) or account == MANAGEMENT:
        return False
    (person,) = people(tenant, account, ["imagined"])
    trail = f"arn:aws:cloudtrail:us-east-1:{tenant.account(account)}:trail/organization"
    return counterexample(tenant, person, _GUARDED, (trail,)) is not None


def _no_owner(tenant: Tenant, account: str, subject: str) -> bool:
    found = tenant.tx.get(ACCOUNTS, tenant.account(account))
    return _is_account(tenant, account, subject) and found is not None and not membership_of(found).tags.get("Owner")


def _no_contact(tenant: Tenant, account: str, subject: str) -> bool:
    try:
        alternate_contact(tenant.tx, tenant.account(account), ContactType.SECURITY)
    except NotFound:
        return _is_account(tenant, account, subject)
    return False


def _stray_administrator(tenant: Tenant, account: str, subject: str) -> bool:
    organization = tenant.organization
    if organization is None or account == SECURITY:
        return False
    return tenant.account(account) in organization.delegated_administrators.get(subject, {})


def _is_account(tenant: Tenant, account: str, subject: str) -> bool:
    return AccountId(subject) == tenant.account(account)


_REPORT = "iam:GetCredentialReport"
FAULTS: Mapping[str, Fault] = {
    one.id: one
    for one in (
        Fault(
            "root-key",
            "The root user has no access key.",
            "account",
            ("iam:GetAccountSummary", _REPORT),
            _root_key,
        ),
        Fault(
            "old-key",
            f"No active access key is older than {KEY_DAYS_MAX} days.",
            "user",
            ("iam:ListAccessKeys", _REPORT),
            _old_key,
        ),
        Fault("two-keys", "No user has two active keys.", "user", ("iam:ListAccessKeys", _REPORT), _two_keys),
        Fault(
            "no-mfa",
            "Whoever has a password has an MFA device.",
            "user",
            ("iam:ListMFADevices", _REPORT, "iam:ListVirtualMFADevices"),
            _no_mfa,
        ),
        Fault(
            "direct-policy",
            "Users have permissions through groups only.",
            "user",
            ("iam:ListAttachedUserPolicies", "iam:ListUserPolicies", "iam:GetUserPolicy", _DETAILS),
            _direct_policy,
        ),
        Fault(
            "star-policy",
            "No policy of the account's own allows every action on every resource.",
            "policy",
            ("iam:GetPolicyVersion", _DETAILS),
            _star_policy,
        ),
        Fault(
            "trusts-stranger",
            "No role trusts an account outside the organization without an external id.",
            "role",
            ("iam:GetRole", "iam:ListRoles", _DETAILS),
            _trusts_stranger,
        ),
        Fault(
            "trusts-everybody",
            "No role trusts everybody.",
            "role",
            ("iam:GetRole", "iam:ListRoles", _DETAILS),
            _trusts_everybody,
        ),
        Fault(
            "open-federation",
            "A role for an identity provider says which subjects may have it.",
            "role",
            ("iam:GetRole", "iam:ListRoles", _DETAILS),
            _federation_open,
        ),
        Fault(
            "escalation",
            "No user who is no administrator can come to be one.",
            "user",
            ("iam:GetUserPolicy", "iam:GetGroupPolicy", "iam:GetPolicyVersion", _DETAILS),
            _escalates,
        ),
        Fault(
            "weak-passwords",
            f"Passwords have at least {PASSWORD_LENGTH_MIN} characters.",
            "account",
            ("iam:GetAccountPasswordPolicy",),
            _weak_passwords,
        ),
        Fault(
            "no-contact",
            "The account has a security contact.",
            "account",
            ("account:GetAlternateContact",),
            _no_contact,
        ),
        Fault(
            "in-root",
            "No member account is in the root.",
            "account",
            ("organizations:ListAccountsForParent", "organizations:ListParents"),
            _in_root,
            of_organization=True,
        ),
        Fault(
            "unguarded",
            "In no member account can anybody stop or delete the trail `organization`.",
            "account",
            ("organizations:ListPoliciesForTarget", "organizations:ListTargetsForPolicy"),
            _unguarded,
            of_organization=True,
        ),
        Fault(
            "no-owner",
            "Every account has a tag `Owner`.",
            "account",
            ("organizations:ListTagsForResource",),
            _no_owner,
            of_organization=True,
        ),
        Fault(
            "stray-administrator",
            f"Only the account `{SECURITY}` administers services for the organization.",
            "service",
            ("organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount"),
            _stray_administrator,
            of_organization=True,
        ),
    )
}

# Who is no subject of a claim: the learner's own way in.
WAY_IN = frozenset({LEARNER, ACCESS_ROLE})
