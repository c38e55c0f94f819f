"""Security keys and passkeys: MFA devices that sign, and show no codes.

A key is somebody's from the moment it is registered, and no longer there once it was taken from them.
Source: IAM User Guide, "Passkey or FIDO security key"; Web Authentication Level 2, section 7.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, Noun, Quota, limit
from remit.directory.mfa_devices import MFA_DEVICES, MfaDevice, MfaKind, SecurityKey, mfa_devices
from remit.ids import AccountId, new_uuid
from remit.store import Transaction

_ID_BYTES = 16


def key_serial(partition: str, account: AccountId, user_name: str, key_name: str) -> str:
    """Return a serial number for a new key: an ARN that never returns. *user_name* is empty for the root user."""
    id_ = base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().rstrip("=")
    return f"arn:{partition}:iam::{account}:u2f/{f'user/{user_name}' if user_name else 'root'}/{key_name}-{id_}"


def security_keys(tx: Transaction, owner: str) -> Sequence[tuple[MfaDevice, SecurityKey]]:
    """Return the keys of a user id (for root: the account id), by serial number."""
    return [(device, device.key) for device in mfa_devices(tx, owner) if device.key is not None]


def refuse_ninth_device(tx: Transaction, owner: str) -> None:
    """Refuse when *owner* has as many MFA devices as anybody may have; asked before a key is made to sign.

    Raises:
        QuotaExceeded: they have.
    """
    limit(Quota.MFA_DEVICES, tx.count(MFA_DEVICES, "owner", owner) + 1)


def register_key(
    tx: Transaction, account: AccountId, owner: str, serial: str, key: SecurityKey, at: datetime
) -> MfaDevice:
    """Give *key* to *owner*, a user id or for root the account id.

    Raises:
        AlreadyExists: somebody has it.
        QuotaExceeded: the owner has as many devices as anybody may have.
    """
    if tx.find(MFA_DEVICES, "credential", key.credential_id) is not None:
        raise AlreadyExists(Noun.MFA_ASSIGNMENT, serial)
    refuse_ninth_device(tx, owner)
    registered = MfaDevice(
        id=new_uuid(),
        account=account,
        kind=MfaKind.SECURITY_KEY,
        serial=serial,
        created_at=at,
        owner=owner,
        enabled_at=at,
        key=key,
    )
    tx.put(MFA_DEVICES, registered)
    return registered


def note_signature(tx: Transaction, device: MfaDevice, key: SecurityKey) -> None:
    """Keep what *key* said of itself when it signed."""
    tx.put(MFA_DEVICES, msgspec.structs.replace(device, key=key))
