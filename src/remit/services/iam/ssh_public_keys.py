"""SSH public keys of users. Source: `iam-sts` reference, section 11."""

from functools import partial

import msgspec

from remit.clock import whole_second
from remit.directory import ssh_public_keys as directory
from remit.directory.ssh_public_keys import SSH_PUBLIC_KEYS, KeyEncoding, KeyFlaw, SshPublicKey, read_key
from remit.directory.users import user
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.owners import owner_of
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.services.iam.statuses import is_active, status
from remit.store import Transaction


def _shape(key: SshPublicKey, name: str, body: str) -> shapes.SSHPublicKey:
    return {
        "UserName": name,
        "SSHPublicKeyId": key.id,
        "Fingerprint": key.fingerprint,
        "SSHPublicKeyBody": body,
        "Status": status(active=key.active),
        "UploadDate": whole_second(key.created_at),
    }


@operation("UploadSSHPublicKey")
def upload_ssh_public_key(
    call: Call[shapes.UploadSSHPublicKeyRequest], tx: Transaction
) -> shapes.UploadSSHPublicKeyResponse:
    """Keep a public key for a user.

    Raises:
        AlreadyExists: the user has it.
        QuotaExceeded: the user has five.
        ServiceError: UnrecognizedPublicKeyEncoding or InvalidPublicKey.
    """
    body = call.input["SSHPublicKeyBody"]
    owner = user(tx, call.account, call.input["UserName"])
    key = call.slowly("key", partial(read_key, body))
    if key is KeyFlaw.ENCODING:
        raise ServiceError("UnrecognizedPublicKeyEncoding", "Invalid public key uploaded.")
    if key is KeyFlaw.KEY:
        raise ServiceError("InvalidPublicKey", "The public key must be an RSA key of 2048 bits or more.")
    kept = directory.create_ssh_public_key(tx, call.account, owner.id, key, at=call.at)
    return {"SSHPublicKey": _shape(kept, owner.name, body)}


@operation("GetSSHPublicKey")
def get_ssh_public_key(call: Call[shapes.GetSSHPublicKeyRequest], tx: Transaction) -> shapes.GetSSHPublicKeyResponse:
    """Show a key in the form that is asked for."""
    owner = user(tx, call.account, call.input["UserName"])
    key = directory.ssh_public_key(tx, owner.id, call.input["SSHPublicKeyId"])
    return {"SSHPublicKey": _shape(key, owner.name, key.bodies[KeyEncoding(call.input["Encoding"])])}


@operation("ListSSHPublicKeys")
def list_ssh_public_keys(
    call: Call[shapes.ListSSHPublicKeysRequest], tx: Transaction
) -> shapes.ListSSHPublicKeysResponse:
    """List the keys of a user, or of who signed, without the keys themselves."""
    owner, name = owner_of(call, tx)
    keys, more = page(call, tx, directory.ssh_public_keys(tx, owner), lambda key: key.id)
    shown: list[shapes.SSHPublicKeyMetadata] = [
        {
            "UserName": name,
            "SSHPublicKeyId": key.id,
            "Status": status(active=key.active),
            "UploadDate": whole_second(key.created_at),
        }
        for key in keys
    ]
    return {"SSHPublicKeys": shown, **more}


@operation("UpdateSSHPublicKey")
def update_ssh_public_key(call: Call[shapes.UpdateSSHPublicKeyRequest], tx: Transaction) -> None:
    """Activate or deactivate a key."""
    owner = user(tx, call.account, call.input["UserName"])
    key = directory.ssh_public_key(tx, owner.id, call.input["SSHPublicKeyId"])
    tx.put(SSH_PUBLIC_KEYS, msgspec.structs.replace(key, active=is_active(call.input["Status"])))


@operation("DeleteSSHPublicKey")
def delete_ssh_public_key(call: Call[shapes.DeleteSSHPublicKeyRequest], tx: Transaction) -> None:
    """Delete a key."""
    owner = user(tx, call.account, call.input["UserName"])
    tx.delete(SSH_PUBLIC_KEYS, directory.ssh_public_key(tx, owner.id, call.input["SSHPublicKeyId"]))
