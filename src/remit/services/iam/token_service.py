"""Which version of session tokens the global endpoint of STS gives. Source: `iam-sts` reference, section 13.11."""

import msgspec

from remit.directory.accounts import ACCOUNTS, known_account
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.registry import operation
from remit.store import Transaction


@operation("SetSecurityTokenServicePreferences")
def set_security_token_service_preferences(
    call: Call[shapes.SetSecurityTokenServicePreferencesRequest], tx: Transaction
) -> None:
    """Choose the version; the account summary shows it."""
    version = 2 if call.input["GlobalEndpointTokenVersion"] == "v2Token" else 1
    account = known_account(tx, call.account)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, token_version=version))
