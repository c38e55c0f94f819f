"""Which account a call is about: the caller's own, or the member account that it names.

Only the management account and the delegated administrator may name one, in an organization that lets Account
Management do so; the management account does not name itself.
The order of the checks, and the words, are as AWS was recorded in September 2026: who may not name an account learns
nothing more; then trusted access; then what is named.
Source: AWS Account Management API reference, the parameter `AccountId` of each operation.
"""

from collections.abc import Mapping
from typing import Any

from remit.directory.organizations import FeatureSet, organization_of
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import Call, Parsed
from remit.store import Transaction

SERVICE = "account.amazonaws.com"
_UNTRUSTED = "Your organization must first enable trusted access with AWS Account Management."
_STANDALONE = "The management account can only be managed using the standalone context from the management account."


def named_account(asked: Mapping[str, Any]) -> AccountId | None:
    """Return the account that the input *asked* names; None for the caller's own."""
    named = asked.get("AccountId") or asked.get("StandardAccountId")
    return None if named is None else AccountId(named)


def target_of(call: Call[Any]) -> AccountId:
    """Return the account that *call* is about."""
    return named_account(call.input) or call.account


def check_target(parsed: Parsed, tx: Transaction) -> None:
    """Refuse a call that names an account which its caller may not name.

    Raises:
        AccessDenied: it does.
    """
    named = named_account(parsed.input)
    if named is None:
        return
    own = parsed.signed.caller.account
    organization = organization_of(tx, own)
    if (
        organization is None
        or organization.feature_set is not FeatureSet.ALL
        or not organization.is_administered_by(own, SERVICE)
    ):
        raise denied(parsed)
    if SERVICE not in organization.trusted_services:
        raise denied(parsed, _UNTRUSTED)
    if organization.is_managed_by(named):
        is_about_email = "PrimaryEmail" in parsed.signed.routed.operation
        raise denied(parsed, "Access Denied" if is_about_email else _STANDALONE)
    if organization_of(tx, named) != organization:
        raise denied(parsed)


def denied(parsed: Parsed, reason: str = "") -> AccessDenied:
    """Refuse a call before the policies are asked, for *reason*."""
    signed = parsed.signed
    message = f"User: {signed.caller.arn} is not authorized to perform: account:{signed.routed.operation}"
    return AccessDenied(f"{message} ({reason})" if reason else message)
