"""The records of signing in: ConsoleLogin, those of the federation endpoint, and keys that are registered.

INVARIANT: a name that is no user's is not recorded: people type their passwords there.
Source: CloudTrail User Guide, "AWS Management Console sign-in events"; `iam-sts` reference, section 18.
"""

from datetime import datetime
from typing import Any

from remit.ids import AccountId, new_uuid
from remit.request import Caller, HttpRequest
from remit.store import Record
from remit.trail.identity import name_of, user_identity
from remit.trail.record import as_json, write

_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_REGION = "us-east-1"
FAILED, NO_USER = "Failed authentication", "No username found in supplied account"


def console_login(
    http: HttpRequest,
    at: datetime,
    *,
    account: AccountId,
    caller: Caller | None,
    failure: str = "",
    used_mfa: bool = False,
    mfa_device: str = "",
) -> Record:
    """Return the record of somebody who signed in, or did not.

    Args:
        caller: who it was, or said to be; None when there is nobody of that name.
        failure: why not; empty for success.
        mfa_device: serial number of the device that was used; empty for none, or none that is theirs.
    """
    identity: dict[str, Any]
    if caller is None:
        identity = {"type": "IAMUser", "accountId": account, "accessKeyId": "", "userName": _HIDDEN}
    else:
        identity = {name: value for name, value in user_identity(caller).items() if value != ""}
    return write(
        account=account,
        identity=as_json(identity),
        http=http,
        at=at,
        source="signin.amazonaws.com",
        name="ConsoleLogin",
        region=_REGION,
        request_id=new_uuid(),
        is_read=False,
        error=("", failure) if failure else None,
        user="" if caller is None else name_of(caller),
        response=as_json({"ConsoleLogin": "Failure" if failure else "Success"}),
        additional={
            "MobileVersion": "No",
            "MFAUsed": "Yes" if used_mfa else "No",
            **({"MFAIdentifier": mfa_device} if mfa_device else {}),
        },
        event_type="AwsConsoleSignIn",
    )


def signin_token(http: HttpRequest, at: datetime, caller: Caller) -> Record:
    """Return the record of credentials that were exchanged for a token to sign in with."""
    return write(
        account=caller.account,
        identity=as_json(user_identity(caller)),
        http=http,
        at=at,
        source="signin.amazonaws.com",
        name="GetSigninToken",
        region=_REGION,
        request_id=new_uuid(),
        is_read=False,
        error=None,
        user=name_of(caller),
        access_key_id=caller.access_key_id,
        response=as_json({"GetSigninToken": "Success"}),
        event_type="AwsConsoleSignIn",
    )


def security_key_registered(
    http: HttpRequest, at: datetime, *, caller: Caller, user_name: str, serial: str = "", refusal: str = ""
) -> Record:
    """Return the record of a security key that was registered or refused: EnableMFADevice, which the console calls.

    Args:
        user_name: whose key it is.
        serial: of the key; empty where it did not come so far.
        refusal: what the policies say against it; empty for success.
    """
    request = {"userName": user_name, **({"serialNumber": serial} if serial else {})}
    return write(
        account=caller.account,
        identity=as_json(user_identity(caller)),
        http=http,
        at=at,
        source="iam.amazonaws.com",
        name="EnableMFADevice",
        region=_REGION,
        request_id=new_uuid(),
        is_read=False,
        error=("AccessDenied", refusal) if refusal else None,
        user=name_of(caller),
        access_key_id=caller.access_key_id,
        request=as_json(request),
    )
