"""New passwords: what they must be, hashed beside other requests. Source: `iam-sts` reference, section 10."""

from functools import partial
from typing import Any

from remit.directory.accounts import known_account
from remit.directory.facts import PasswordRefused, PasswordRule
from remit.directory.login_profiles import LoginProfile, newest_hashes
from remit.directory.password_policy import PASSWORD_POLICIES, PasswordPolicy, check_password
from remit.directory.passwords import hash_password, matches
from remit.ids import Secret
from remit.request import Call
from remit.store import Transaction


def new_hash(call: Call[Any], tx: Transaction, password: Secret, profile: LoginProfile | None = None) -> str:
    """Return the hash of a password that the account's rules allow.

    Args:
        profile: what the password becomes part of; None when it is the owner's first.

    Raises:
        PasswordRefused: it breaks a rule.
    """
    policy = tx.get(PASSWORD_POLICIES, call.account)
    check_password(policy, password, known_account(tx, call.account))
    if profile is not None:
        _refuse_reuse(call, tx, policy, password, profile)
    return call.slowly("hash", partial(hash_password, password))


def _refuse_reuse(
    call: Call[Any], tx: Transaction, policy: PasswordPolicy | None, password: Secret, profile: LoginProfile
) -> None:
    if policy is None or policy.reuse_prevention is None:
        return
    hashes = newest_hashes(tx.keyring, profile, policy.reuse_prevention)
    # Named by what it compares with: should the password change meanwhile, it is compared again.
    if call.slowly(f"reuse of {hashes}", lambda: any(matches(hashed, password) for hashed in hashes)):
        raise PasswordRefused(PasswordRule.REUSE)
