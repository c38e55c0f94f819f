"""MFA parameters of AssumeRole and GetSessionToken. Source: `iam-sts` reference, section 13.2, step 2."""

from collections.abc import Mapping
from typing import Any

from remit.errors import AccessDenied


def check_mfa(asked: Mapping[str, Any]) -> None:
    """Refuse MFA parameters that prove nothing.

    Raises:
        AccessDenied: only one of the two is given, or no device of the caller has this serial number. No caller has a
            device yet (`docs/coverage.md`).
    """
    serial, code = asked.get("SerialNumber"), asked.get("TokenCode")
    if serial is None and code is None:
        return
    if serial is None or code is None:
        raise AccessDenied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
        )
    raise AccessDenied(
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
        "and associated with this user."
    )
