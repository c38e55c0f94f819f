"""Who signed, and whose a key is. Source: `iam-sts` reference, section 13.8."""

from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.accounts import ACCOUNTS
from remit.errors import ServiceError
from remit.ids import account_of_access_key
from remit.request import Call
from remit.services.sts import shapes
from remit.services.sts.registry import operation
from remit.store import Transaction


@operation("GetCallerIdentity")
def get_caller_identity(
    call: Call[shapes.GetCallerIdentityRequest], tx: Transaction
) -> shapes.GetCallerIdentityResponse:
    """Say who signed."""
    del tx
    caller = call.caller
    return {"UserId": caller.principal_id, "Account": caller.account, "Arn": caller.arn}


@operation("GetAccessKeyInfo")
def get_access_key_info(call: Call[shapes.GetAccessKeyInfoRequest], tx: Transaction) -> shapes.GetAccessKeyInfoResponse:
    """Say which account a key belongs to, not whether it is active.

    The id itself carries the account. Of an account of ours we know the long-term keys: one that is not there is
    refused.
    """
    id_ = call.input["AccessKeyId"]
    key = tx.get(ACCESS_KEYS, id_)
    if key is not None:
        return {"Account": key.account}
    account = account_of_access_key(id_)
    if account is None or (id_.startswith("AKIA") and tx.get(ACCOUNTS, account) is not None):
        raise ServiceError("ValidationError", f"Invalid access key id: {id_}")
    return {"Account": account}
