"""Access keys of users and of the root user. Source: `iam-sts` reference, section 11."""

import msgspec

from remit.clock import whole_second
from remit.directory import access_keys as directory
from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.users import USERS
from remit.errors import AccessDenied
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.owners import ROOT, owner_of
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.services.iam.statuses import is_active, status
from remit.store import Transaction


@operation("CreateAccessKey")
def create_access_key(call: Call[shapes.CreateAccessKeyRequest], tx: Transaction) -> shapes.CreateAccessKeyResponse:
    """Make a key; the answer is the only place where its secret ever shows."""
    owner, name = owner_of(call, tx)
    key, secret = directory.create_access_key(tx, call.account, owner, at=call.at)
    return {
        "AccessKey": {
            "UserName": name,
            "AccessKeyId": key.id,
            "Status": status(active=key.active),
            "SecretAccessKey": secret.reveal(),
            "CreateDate": whole_second(key.created_at),
        }
    }


@operation("ListAccessKeys")
def list_access_keys(call: Call[shapes.ListAccessKeysRequest], tx: Transaction) -> shapes.ListAccessKeysResponse:
    """List a user's keys, without secrets."""
    owner, name = owner_of(call, tx)
    found = sorted(directory.access_keys(tx, owner), key=lambda key: key.id)
    keys, more = page(call, tx, found, lambda key: key.id)
    shown: list[shapes.AccessKeyMetadata] = [
        {
            "UserName": name,
            "AccessKeyId": key.id,
            "Status": status(active=key.active),
            "CreateDate": whole_second(key.created_at),
        }
        for key in keys
    ]
    return {"AccessKeyMetadata": shown, **more}


@operation("UpdateAccessKey")
def update_access_key(call: Call[shapes.UpdateAccessKeyRequest], tx: Transaction) -> None:
    """Activate or deactivate a key; a deactivated one is refused like an unknown one, with all its sessions."""
    owner, _ = owner_of(call, tx)
    key = directory.access_key(tx, owner, call.input["AccessKeyId"])
    tx.put(ACCESS_KEYS, msgspec.structs.replace(key, active=is_active(call.input["Status"]), changed_at=call.at))


@operation("DeleteAccessKey")
def delete_access_key(call: Call[shapes.DeleteAccessKeyRequest], tx: Transaction) -> None:
    """Delete a key, which ends its sessions too."""
    owner, _ = owner_of(call, tx)
    tx.delete(ACCESS_KEYS, directory.access_key(tx, owner, call.input["AccessKeyId"]))


@operation("GetAccessKeyLastUsed")
def get_access_key_last_used(
    call: Call[shapes.GetAccessKeyLastUsedRequest], tx: Transaction
) -> shapes.GetAccessKeyLastUsedResponse:
    """Say when, where and for what a key was used last.

    A key that does not exist, or is another account's, is denied and not missing (recorded; the colon after `perform`
    is missing in AWS's text, too).
    """
    id_ = call.input["AccessKeyId"]
    key = tx.get(ACCESS_KEYS, id_)
    if key is None or key.account != call.account:
        raise AccessDenied(
            f"User: {call.caller.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: "
            f"access key {id_}"
        )
    owner = tx.get(USERS, key.owner)
    used: shapes.AccessKeyLastUsed = {
        "ServiceName": key.last_used_service or "N/A",
        "Region": key.last_used_region or "N/A",
    }
    if key.last_used_at is not None:
        used["LastUsedDate"] = whole_second(key.last_used_at)
    return {"UserName": ROOT if owner is None else owner.name, "AccessKeyLastUsed": used}
