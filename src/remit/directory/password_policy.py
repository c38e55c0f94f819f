"""The account's password policy, and what a password must be without one.

A changed policy counts from the next change of a password on, but expiry counts at once.
Source: IAM User Guide, "Set an account password policy for IAM users"; `iam-sts` reference, section 10.
"""

import string
from datetime import datetime, timedelta

import msgspec

from remit.directory.accounts import Account
from remit.directory.facts import NotFound, Noun, PasswordRefused, PasswordRule
from remit.directory.login_profiles import LoginProfile
from remit.ids import AccountId, Secret
from remit.store import Kind, Transaction

SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
_CLASSES = (
    frozenset(string.ascii_uppercase),
    frozenset(string.ascii_lowercase),
    frozenset(string.digits),
    SYMBOLS,
)
_DEFAULT_LENGTH_MIN = 8
_DEFAULT_CLASSES_MIN = 3


class PasswordPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an account asks of its users' passwords; the root user's is not subject to it.

    Attributes:
        id, account: the account's id: it has one policy at most.
        users_may_change: whether every user may change their own password without a policy that says so.
        days_max: a password older than this is expired; None for never.
        reuse_prevention: so many of the newest passwords may not be set again; None for no such rule.
        hard_expiry: whether only an administrator can replace an expired password; None when nobody said.
    """

    id: str
    account: AccountId
    length_min: int = 6
    require_symbols: bool = False
    require_numbers: bool = False
    require_uppercase: bool = False
    require_lowercase: bool = False
    users_may_change: bool = False
    days_max: int | None = None
    reuse_prevention: int | None = None
    hard_expiry: bool | None = None


PASSWORD_POLICIES = Kind("password_policy", PasswordPolicy)


def password_policy(tx: Transaction, account: AccountId) -> PasswordPolicy:
    """Find the account's policy.

    Raises:
        NotFound: it has none, and the default rules hold.
    """
    found = tx.get(PASSWORD_POLICIES, account)
    if found is None:
        raise NotFound(Noun.PASSWORD_POLICY, account)
    return found


def check_password(policy: PasswordPolicy | None, password: Secret, account: Account) -> None:
    """Refuse a new password that breaks a rule which can be told from its text.

    Args:
        policy: None for the rules that hold without one, and always for the root user.

    Raises:
        PasswordRefused: with the first rule that it breaks.
    """
    text = password.reveal()
    length_min = _DEFAULT_LENGTH_MIN if policy is None else policy.length_min
    if len(text) < length_min:
        raise PasswordRefused(PasswordRule.LENGTH, length_min)
    upper, lower, numbers, symbols = (not given.isdisjoint(text) for given in _CLASSES)
    if policy is None:
        if upper + lower + numbers + symbols < _DEFAULT_CLASSES_MIN:
            raise PasswordRefused(PasswordRule.CLASSES, _DEFAULT_CLASSES_MIN)
        if text.lower() in (account.name.lower(), account.email.lower()):
            raise PasswordRefused(PasswordRule.NAME)
        return
    required = (
        (policy.require_symbols, symbols, PasswordRule.SYMBOL),
        (policy.require_numbers, numbers, PasswordRule.NUMBER),
        (policy.require_uppercase, upper, PasswordRule.UPPERCASE),
        (policy.require_lowercase, lower, PasswordRule.LOWERCASE),
    )
    for is_required, has, rule in required:
        if is_required and not has:
            raise PasswordRefused(rule)


def expires_at(policy: PasswordPolicy | None, profile: LoginProfile) -> datetime | None:
    """Say when the password of *profile* expires or did; None for never. The root user's never does."""
    if policy is None or policy.days_max is None or profile.is_root:
        return None
    return profile.changed_at + timedelta(days=policy.days_max)
