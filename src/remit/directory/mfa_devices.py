"""MFA devices: something that a user or the root user has, beside what they know.

A virtual device is made here and knows a seed that its owner's app knows, too; a hardware device brings its seed along.
Such a device belongs to nobody until it proves, by two codes in a row, that the clocks agree. Security keys show no
codes: `security_keys`.
INVARIANT: a seed leaves this module once, to whoever created the device; a code is good once; who guesses has to wait.
Source: IAM User Guide, "Multi-factor authentication in IAM"; `iam-sts` reference, section 12.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.facts import AlreadyExists, CodeRefused, Hindrance, InUse, NotFound, Noun, Quota, limit
from remit.directory.totp import matching_step, read_seed, step_of
from remit.ids import AccountId, Secret, new_uuid
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "mfa-seed"
# A code may be half a minute early or late.
_TOLERANCE_STEPS = 1
# So far a device's clock may be off when it proves its codes: an hour.
_REACH_STEPS = 120


# So many wrong codes in a row are mistakes; after each further one no code is good for a while, each time longer.
_MISTAKES = 5
_REST_SECONDS_MAX = 900


class MfaKind(StrEnum):
    """What a device is."""

    VIRTUAL = "virtual"
    HARDWARE = "hardware"
    SECURITY_KEY = "security key"


class SecurityKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key that signs, or a passkey.

    Attributes:
        credential_id: what the key calls itself.
        public_key: in COSE's form.
        host: the host name that it signs for, WebAuthn's relying party id.
        signatures: how many it made, by its own count; 0 for keys that do not count.
        verifies_user: whether it asked for a finger or a PIN when it was registered, and so always has to.
        asked_at: when the newest challenge that it answered was made.
        certifications: name -> level, as in GetMFADevice.
    """

    credential_id: bytes
    public_key: bytes
    host: str
    signatures: int = 0
    verifies_user: bool = False
    asked_at: datetime
    certifications: dict[str, str] = {}


class MfaDevice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A device that shows codes, or a key that signs.

    Attributes:
        id: our own; a serial number can return.
        serial: the ARN of a virtual device, what is printed on a hardware one.
        sealed_seed: the seed, sealed for this id; empty for a security key.
        owner: id of the user, the account id for the root user; empty while it is nobody's.
        enabled_at: since when it is the owner's.
        drift_steps: how far its clock was ahead of ours when it last proved its codes.
        used_step: the half minute, by its clock, of the newest code that was accepted.
        wrong_codes, wrong_at: how many wrong codes were shown since then, and when the last one was.
        key: None for devices that show codes.
    """

    id: str
    account: AccountId
    kind: MfaKind
    serial: str
    sealed_seed: bytes = b""
    created_at: datetime
    tags: dict[str, str] = {}
    owner: str = ""
    enabled_at: datetime | None = None
    drift_steps: int = 0
    used_step: int = 0
    wrong_codes: int = 0
    wrong_at: datetime | None = None
    key: SecurityKey | None = None

    def is_resting(self, at: datetime) -> bool:
        """Whether so many wrong codes were shown that no code is good yet."""
        if self.wrong_at is None or self.wrong_codes <= _MISTAKES:
            return False
        seconds = min(2 ** min(self.wrong_codes - _MISTAKES, 16), _REST_SECONDS_MAX)
        return at < self.wrong_at + timedelta(seconds=seconds)


MFA_DEVICES = Kind(
    "mfa_device",
    MfaDevice,
    unique={
        "serial": lambda device: device.serial,
        "credential": lambda device: None if device.key is None else device.key.credential_id,
    },
    groups={
        "account": lambda device: (device.account,),
        "owner": lambda device: (device.owner,) if device.owner else (),
        "virtual": lambda device: ((device.account, bool(device.owner)),) if device.kind is MfaKind.VIRTUAL else (),
        "every virtual": lambda device: (device.account,) if device.kind is MfaKind.VIRTUAL else (),
    },
    order=lambda device: device.serial,
)


# -- finding


def mfa_device(tx: Transaction, account: AccountId, serial: str) -> MfaDevice:
    """Find a device of *account*, whoever has it.

    Raises:
        NotFound: the account has none with this serial number.
    """
    found = tx.find(MFA_DEVICES, "serial", serial)
    if found is None or found.account != account:
        raise NotFound(Noun.MFA_DEVICE, serial)
    return found


def owned_device(tx: Transaction, owner: str, serial: str) -> MfaDevice:
    """Find a device of a user id (for root: the account id).

    Raises:
        NotFound: the owner has none with this serial number.
    """
    found = tx.find(MFA_DEVICES, "serial", serial)
    if found is None or found.owner != owner:
        raise NotFound(Noun.MFA_DEVICE, serial)
    return found


def mfa_devices(tx: Transaction, owner: str) -> Sequence[MfaDevice]:
    """Return the devices of a user id (for root: the account id), by serial number."""
    return tx.in_order(MFA_DEVICES, "owner", owner)


def virtual_devices(tx: Transaction, account: AccountId, *, assigned: bool | None = None) -> Sequence[MfaDevice]:
    """Return the account's virtual devices, by serial number.

    Args:
        assigned: whether somebody has them; None for all.
    """
    if assigned is None:
        return tx.in_order(MFA_DEVICES, "every virtual", account)
    return tx.in_order(MFA_DEVICES, "virtual", (account, assigned))


# -- making


def virtual_serial(partition: str, account: AccountId, path: str, name: str) -> str:
    """Return the ARN that is a virtual device's serial number."""
    return f"arn:{partition}:iam::{account}:mfa{path}{name}"


def refuse_second_device(tx: Transaction, serial: str) -> None:
    """Refuse a serial number that is taken; asked before a device is made.

    Raises:
        AlreadyExists: it is.
    """
    if tx.find(MFA_DEVICES, "serial", serial) is not None:
        raise AlreadyExists(Noun.MFA_DEVICE, serial)


def create_device(
    tx: Transaction,
    account: AccountId,
    serial: str,
    seed: Secret,
    *,
    at: datetime,
    kind: MfaKind = MfaKind.VIRTUAL,
    tags: Mapping[str, str] | None = None,
) -> MfaDevice:
    """Make a device that is nobody's yet.

    Args:
        seed: in base32.

    Raises:
        AlreadyExists: the serial number is taken.
        QuotaExceeded: the account has as many virtual devices as it may have.
    """
    refuse_second_device(tx, serial)
    if kind is MfaKind.VIRTUAL:
        limit(Quota.VIRTUAL_MFA_DEVICES, tx.count(MFA_DEVICES, "every virtual", account) + 1)
    id_ = new_uuid()
    created = MfaDevice(
        id=id_,
        account=account,
        kind=kind,
        serial=serial,
        sealed_seed=tx.keyring.seal(_PURPOSE, seed.reveal().encode(), id_.encode()),
        created_at=at,
        tags=dict(tags or {}),
    )
    tx.put(MFA_DEVICES, created)
    return created


def delete_virtual_device(tx: Transaction, device: MfaDevice) -> None:
    """Delete a virtual device that is nobody's.

    Raises:
        NotFound: it is no virtual one.
        InUse: somebody has it.
    """
    if device.kind is not MfaKind.VIRTUAL:
        raise NotFound(Noun.MFA_DEVICE, device.serial)
    if device.owner:
        raise InUse(Noun.MFA_DEVICE, Hindrance.ASSIGNMENT)
    tx.delete(MFA_DEVICES, device)


# -- owning


def enable(tx: Transaction, device: MfaDevice, owner: str, codes: tuple[str, str], at: datetime) -> MfaDevice:
    """Give *device* to *owner*, a user id or for root the account id.

    Raises:
        AlreadyExists: somebody has it.
        QuotaExceeded: the owner has as many devices as anybody may have.
        CodeRefused: *codes* are not two codes in a row.
    """
    if device.owner:
        raise AlreadyExists(Noun.MFA_ASSIGNMENT, device.serial)
    limit(Quota.MFA_DEVICES, tx.count(MFA_DEVICES, "owner", owner) + 1)
    return _put(tx, _proven(tx.keyring, msgspec.structs.replace(device, owner=owner, enabled_at=at), codes, at))


def resync(tx: Transaction, device: MfaDevice, codes: tuple[str, str], at: datetime) -> MfaDevice:
    """Learn anew how far the clock of *device* is off.

    Raises:
        CodeRefused: *codes* are not two codes in a row, or were used; or the device is a security key.
    """
    return _put(tx, _proven(tx.keyring, device, codes, at))


def deactivate(tx: Transaction, device: MfaDevice) -> MfaDevice:
    """Take *device* from its owner; one that shows codes can be enabled again, a security key is gone."""
    # What was used stays used: the next owner may be the same one, a second later.
    freed = msgspec.structs.replace(device, owner="", enabled_at=None, drift_steps=0)
    if device.kind is MfaKind.SECURITY_KEY:
        tx.delete(MFA_DEVICES, device)
        return freed
    return _put(tx, freed)


def authenticate(tx: Transaction, owner: str, serial: str, code: str, at: datetime) -> None:
    """Let pass who shows a good code, once; *owner* is a user id, for root the account id.

    Raises:
        NotFound: the owner has no such device.
        CodeRefused: the code is wrong, or was used, or too many wrong ones were shown, or the device is a security
            key. The transaction will be taken back: `note_wrong_code` has to be called in another one.
    """
    device = owned_device(tx, owner, serial)
    if device.key is not None or device.is_resting(at):
        raise CodeRefused(serial)
    now = step_of(at) + device.drift_steps
    steps = range(now - _TOLERANCE_STEPS, now + _TOLERANCE_STEPS + 1)
    used = matching_step(_seed(tx.keyring, device), code, (step for step in steps if step > device.used_step))
    if used is None:
        raise CodeRefused(serial)
    _put(tx, msgspec.structs.replace(device, used_step=used, wrong_codes=0, wrong_at=None))


def note_wrong_code(tx: Transaction, serial: str, at: datetime) -> None:
    """Remember that a wrong code was shown; one that was shown while no code is good counts for nothing."""
    device = tx.find(MFA_DEVICES, "serial", serial)
    if device is not None and not device.is_resting(at):
        _put(tx, msgspec.structs.replace(device, wrong_codes=device.wrong_codes + 1, wrong_at=at))


def _proven(keyring: Keyring, device: MfaDevice, codes: tuple[str, str], at: datetime) -> MfaDevice:
    """Return *device* with its clock set by two codes in a row, which count as used."""
    if device.key is not None:
        raise CodeRefused(device.serial)
    seed, (first, second) = _seed(keyring, device), codes
    now = step_of(at)
    # The nearest half minutes first, so that a pair that fits twice means the likelier one.
    near = sorted(range(now - _REACH_STEPS, now + _REACH_STEPS + 1), key=lambda step: abs(step - now))
    used = matching_step(seed, second, (step for step in near if step > device.used_step))
    if used is None or matching_step(seed, first, (used - 1,)) is None:
        raise CodeRefused(device.serial)
    ahead = used - now
    drift = 0 if abs(ahead) <= _TOLERANCE_STEPS else ahead
    return msgspec.structs.replace(device, drift_steps=drift, used_step=used, wrong_codes=0, wrong_at=None)


def _seed(keyring: Keyring, device: MfaDevice) -> bytes:
    return read_seed(Secret(keyring.open(_PURPOSE, device.sealed_seed, device.id.encode()).decode()))


def _put(tx: Transaction, device: MfaDevice) -> MfaDevice:
    tx.put(MFA_DEVICES, device)
    return device
