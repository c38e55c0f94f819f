"""Login profiles: the passwords of users. Source: `iam-sts` reference, section 10."""

from functools import partial
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory.login_profiles import (
    LOGIN_PROFILES,
    LoginProfile,
    create_login_profile,
    login_profile,
    password_hash,
    refuse_second_profile,
    set_password,
)
from remit.directory.passwords import matches
from remit.directory.users import USERS, user
from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import Secret
from remit.request import Call, CallerKind, SessionKind
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input
from remit.services.iam.owners import owner_of
from remit.services.iam.passwords import new_hash
from remit.services.iam.registry import operation
from remit.store import Transaction

_NO_PASSWORD = "Must specify password when calling with non-AssumeRoot credentials"  # noqa: S105  # a message
_ROOT_SETS_ITS_OWN = "Must not specify password when calling with AssumeRoot credentials"


def _owner(call: Call[Any], tx: Transaction) -> tuple[str, str]:
    """Return id and name of whose profile the call is about: a user, in sessions of AssumeRoot the root user.

    Raises:
        ValidationError: the call names nobody, and root signed it with credentials of its own.
    """
    caller = call.caller
    is_assumed = caller.session is not None and caller.session.kind is SessionKind.ROOT
    if caller.kind is CallerKind.ROOT and not is_assumed and "UserName" not in call.input:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return owner_of(call, tx)


def _shape(profile: LoginProfile, name: str) -> shapes.LoginProfile:
    shape: shapes.LoginProfile = {
        "UserName": name,
        "CreateDate": whole_second(profile.created_at),
        "PasswordResetRequired": profile.reset_required,
    }
    if profile.session_seconds_max is not None:
        shape["MaxSigninSessionDuration"] = profile.session_seconds_max
    return shape


@operation("CreateLoginProfile")
def create_profile(call: Call[shapes.CreateLoginProfileRequest], tx: Transaction) -> shapes.CreateLoginProfileResponse:
    """Give a user a password, or in a session of AssumeRoot let the root user have one, which root sets itself.

    Raises:
        AlreadyExists: the user has one.
        PasswordRefused: it breaks a rule of the account.
    """
    asked = call.input
    owner, name = _owner(call, tx)
    is_root, password = owner == call.account, asked.get("Password")
    if is_root == (password is not None):
        raise ValidationError(_ROOT_SETS_ITS_OWN if is_root else _NO_PASSWORD)
    refuse_second_profile(tx, owner, name)
    profile = create_login_profile(
        tx,
        call.account,
        owner,
        name,
        "" if password is None else new_hash(call, tx, Secret(password)),
        at=call.at,
        reset_required=asked.get("PasswordResetRequired", False),
        session_seconds_max=asked.get("MaxSigninSessionDuration"),
    )
    return {"LoginProfile": _shape(profile, name)}


@operation("GetLoginProfile")
def get_profile(call: Call[shapes.GetLoginProfileRequest], tx: Transaction) -> shapes.GetLoginProfileResponse:
    """Say whether a user has a password, and since when."""
    owner, name = _owner(call, tx)
    return {"LoginProfile": _shape(login_profile(tx, owner, name), name)}


@operation("UpdateLoginProfile")
def update_profile(call: Call[shapes.UpdateLoginProfileRequest], tx: Transaction) -> None:
    """Give a user another password, or change what is asked of them at the next sign-in.

    Raises:
        PasswordRefused: the password breaks a rule of the account.
        ServiceError: InvalidInput, a duration is given and taken away at once.
    """
    asked = call.input
    owner = user(tx, call.account, asked["UserName"])
    profile = login_profile(tx, owner.id, owner.name)
    forgets = asked.get("ResetMaxSigninSessionDuration", False)
    if forgets and "MaxSigninSessionDuration" in asked:
        raise invalid_input(
            "MaxSigninSessionDuration and ResetMaxSigninSessionDuration cannot be specified at the same time."
        )
    seconds = None if forgets else asked.get("MaxSigninSessionDuration", profile.session_seconds_max)
    profile = msgspec.structs.replace(
        profile,
        reset_required=asked.get("PasswordResetRequired", profile.reset_required),
        session_seconds_max=seconds,
    )
    if "Password" not in asked:
        tx.put(LOGIN_PROFILES, profile)
        return
    hashed = new_hash(call, tx, Secret(asked["Password"]), profile)
    set_password(tx, profile, hashed, at=call.at, reset_required=profile.reset_required)


@operation("DeleteLoginProfile")
def delete_profile(call: Call[shapes.DeleteLoginProfileRequest], tx: Transaction) -> None:
    """Take a user's password away; access keys go on to work."""
    owner, name = _owner(call, tx)
    tx.delete(LOGIN_PROFILES, login_profile(tx, owner, name))
    holder = tx.get(USERS, owner)
    if holder is not None:
        tx.put(USERS, msgspec.structs.replace(holder, password_last_used=None))


@operation("ChangePassword")
def change_password(call: Call[shapes.ChangePasswordRequest], tx: Transaction) -> None:
    """Let a user change their own password.

    Raises:
        ServiceError: InvalidUserType, who signed is no IAM user.
        NotFound: the user has no password.
        AccessDenied: the old password is another one.
        PasswordRefused: the new password breaks a rule of the account.
    """
    if call.caller.kind is not CallerKind.USER:
        raise ServiceError("InvalidUserType", "Only IAM Users can change their own password")
    profile = login_profile(tx, call.caller.entity_id, call.caller.name)
    hashed = password_hash(tx.keyring, profile)
    # Named by what it compares with: should the password change meanwhile, it is compared again.
    if not call.slowly(f"old {hashed}", partial(matches, hashed, Secret(call.input["OldPassword"]))):
        raise AccessDenied("The old password was incorrect.")
    new = new_hash(call, tx, Secret(call.input["NewPassword"]), profile)
    set_password(tx, profile, new, at=call.at, reset_required=False)
