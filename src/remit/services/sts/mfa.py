"""MFA parameters of AssumeRole and GetSessionToken. Source: `iam-sts` reference, section 13.2, step 2."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from remit.directory.facts import CodeRefused, NotFound
from remit.directory.mfa_devices import authenticate, note_wrong_code
from remit.errors import AccessDenied
from remit.request import Parsed
from remit.store import Transaction


class MfaCodeWrong(AccessDenied):
    """The code is not that of the device with this *serial* number."""

    def __init__(self, serial: str) -> None:
        super().__init__("MultiFactorAuthentication failed with invalid MFA one time pass code.")
        self.serial = serial

    def count(self, tx: Transaction, at: datetime) -> None:
        """Count the guess, in a transaction of its own: that of the call was taken back."""
        note_wrong_code(tx, self.serial, at)


def check_mfa(parsed: Parsed, tx: Transaction) -> None:
    """Refuse MFA parameters that prove nothing, before the policies are asked.

    INVARIANT: when a call with a code reaches the policies, its caller has the device; `authz` makes
    `aws:MultiFactorAuthPresent` of that.

    Raises:
        AccessDenied: only one of the two is given, or no device of the caller has this serial number.
        MfaCodeWrong: the code is wrong or was used.
    """
    serial, code = parsed.input.get("SerialNumber"), parsed.input.get("TokenCode")
    if serial is None and code is None:
        return
    if serial is None or code is None:
        raise AccessDenied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
        )
    try:
        authenticate(tx, parsed.signed.caller.entity_id, serial, code, parsed.signed.routed.at)
    except NotFound:
        raise AccessDenied(
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is "
            "valid and associated with this user."
        ) from None
    except CodeRefused:
        raise MfaCodeWrong(serial) from None


def proven_at(asked: Mapping[str, Any], at: datetime) -> datetime | None:
    """Say when the caller proved to have an MFA device: with this call, or not at all."""
    return at if "TokenCode" in asked else None
