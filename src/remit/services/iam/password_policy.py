"""The account's password policy. Source: `iam-sts` reference, section 10."""

from remit.directory.password_policy import PASSWORD_POLICIES, PasswordPolicy, password_policy
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.registry import operation
from remit.store import Transaction

_MISSING = 404


@operation("UpdateAccountPasswordPolicy")
def update_policy(call: Call[shapes.UpdateAccountPasswordPolicyRequest], tx: Transaction) -> None:
    """Set the whole policy: what is not given is set back."""
    asked = call.input
    policy = PasswordPolicy(
        id=call.account,
        account=call.account,
        length_min=asked.get("MinimumPasswordLength", 6),
        require_symbols=asked.get("RequireSymbols", False),
        require_numbers=asked.get("RequireNumbers", False),
        require_uppercase=asked.get("RequireUppercaseCharacters", False),
        require_lowercase=asked.get("RequireLowercaseCharacters", False),
        users_may_change=asked.get("AllowUsersToChangePassword", False),
        days_max=asked.get("MaxPasswordAge"),
        reuse_prevention=asked.get("PasswordReusePrevention"),
        hard_expiry=asked.get("HardExpiry"),
    )
    tx.put(PASSWORD_POLICIES, policy)


@operation("GetAccountPasswordPolicy")
def get_policy(call: Call[shapes.GetUserRequest], tx: Transaction) -> shapes.GetAccountPasswordPolicyResponse:
    """Show the policy; numbers that nobody set are left out."""
    policy = password_policy(tx, call.account)
    shown: shapes.PasswordPolicy = {
        "MinimumPasswordLength": policy.length_min,
        "RequireSymbols": policy.require_symbols,
        "RequireNumbers": policy.require_numbers,
        "RequireUppercaseCharacters": policy.require_uppercase,
        "RequireLowercaseCharacters": policy.require_lowercase,
        "AllowUsersToChangePassword": policy.users_may_change,
        "ExpirePasswords": policy.days_max is not None,
    }
    if policy.days_max is not None:
        shown["MaxPasswordAge"] = policy.days_max
    if policy.reuse_prevention is not None:
        shown["PasswordReusePrevention"] = policy.reuse_prevention
    if policy.hard_expiry is not None:
        shown["HardExpiry"] = policy.hard_expiry
    return {"PasswordPolicy": shown}


@operation("DeleteAccountPasswordPolicy")
def delete_policy(call: Call[shapes.GetUserRequest], tx: Transaction) -> None:
    """Go back to the rules that hold without a policy.

    Raises:
        ServiceError: NoSuchEntity, there is none; its text is another one than GetAccountPasswordPolicy's (recorded).
    """
    policy = tx.get(PASSWORD_POLICIES, call.account)
    if policy is None:
        raise ServiceError("NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.", _MISSING)
    tx.delete(PASSWORD_POLICIES, policy)
