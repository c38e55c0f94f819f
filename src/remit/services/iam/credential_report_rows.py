"""The rows of a credential report, in AWS's CSV.

What is known of the account is taken out of the store at once, as values; the text is made of it on a thread.
Source: `iam-sts` reference, section 15 (recorded).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from remit.directory.access_keys import ACCESS_KEYS, AccessKey
from remit.directory.accounts import Account
from remit.directory.login_profiles import LOGIN_PROFILES, LoginProfile
from remit.directory.mfa_devices import MFA_DEVICES, MfaDevice
from remit.directory.password_policy import PASSWORD_POLICIES, PasswordPolicy, expires_at
from remit.directory.signing_certificates import SIGNING_CERTIFICATES, SigningCertificate
from remit.directory.users import USERS, User
from remit.store import Transaction

_KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
_SLOTS = 2  # a user has two access keys and two certificates at most
COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_{slot}_{column}" for slot in (1, 2) for column in _KEY_COLUMNS),
    *(f"cert_{slot}_{column}" for slot in (1, 2) for column in ("active", "last_rotated")),
)
_NEVER, _UNKNOWN, _UNSUPPORTED = "N/A", "no_information", "not_supported"
_Owned = TypeVar("_Owned", AccessKey, SigningCertificate)


class Facts(msgspec.Struct, frozen=True):
    """Everything that a report tells, taken out of the store."""

    account: Account
    partition: str
    users: Sequence[User]
    keys: Sequence[AccessKey]
    profiles: Sequence[LoginProfile]
    devices: Sequence[MfaDevice]
    certificates: Sequence[SigningCertificate]
    policy: PasswordPolicy | None


def facts(tx: Transaction, account: Account, partition: str) -> Facts:
    """Take what a report tells out of the store."""
    return Facts(
        account,
        partition,
        tx.select(USERS, "account", account.id),
        tx.select(ACCESS_KEYS, "account", account.id),
        tx.select(LOGIN_PROFILES, "account", account.id),
        tx.select(MFA_DEVICES, "account", account.id),
        tx.select(SIGNING_CERTIFICATES, "account", account.id),
        tx.get(PASSWORD_POLICIES, account.id),
    )


def report(found: Facts) -> bytes:
    """Write the report: the root user, then the users by name. Takes long for many: only for `Call.slowly`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(found))
    return text.getvalue().removesuffix("\n").encode()


def _rows(found: Facts) -> Iterator[list[str]]:
    keys, certificates = _by_owner(found.keys), _by_owner(found.certificates)
    profiles = {profile.id: profile for profile in found.profiles}
    with_mfa = {device.owner for device in found.devices}
    root = found.account.id

    def credentials(owner: str) -> list[str]:
        cells = [_truth(owner in with_mfa)]
        for slot in range(_SLOTS):
            cells += _key(keys[owner], slot)
        for slot in range(_SLOTS):
            cells += _certificate(certificates[owner], slot)
        return cells

    profile = profiles.get(root)
    used = None if profile is None else profile.last_used_at
    yield [
        "<root_account>",
        f"arn:{found.partition}:iam::{root}:root",
        _time(found.account.created_at),
        _UNSUPPORTED,
        _UNKNOWN if used is None else _time(used),
        _UNSUPPORTED,
        _UNSUPPORTED,
        *credentials(root),
    ]
    for user in sorted(found.users, key=lambda user: user.name.lower()):
        password = _password(user, profiles.get(user.id), found.policy)
        yield [user.name, user.arn, _time(user.created_at), *password, *credentials(user.id)]


def _by_owner(owned: Iterable[_Owned]) -> defaultdict[str, list[_Owned]]:
    """Sort what is owned by its owners, the oldest first."""
    found: defaultdict[str, list[_Owned]] = defaultdict(list)
    for one in sorted(owned, key=lambda one: (one.created_at, one.id)):
        found[one.owner].append(one)
    return found


def _password(user: User, profile: LoginProfile | None, policy: PasswordPolicy | None) -> list[str]:
    if profile is None:
        return [_truth(False), _NEVER, _NEVER, _NEVER]
    used, rotation = user.password_last_used, expires_at(policy, profile)
    return [
        _truth(True),
        _UNKNOWN if used is None else _time(used),
        _time(profile.changed_at),
        _NEVER if rotation is None else _time(rotation),
    ]


def _key(keys: Sequence[AccessKey], slot: int) -> list[str]:
    if slot >= len(keys):
        return [_truth(False), *[_NEVER] * 4]
    key = keys[slot]
    return [
        _truth(key.active),
        _time(key.changed_at or key.created_at),
        _NEVER if key.last_used_at is None else _time(key.last_used_at),
        key.last_used_region or _NEVER,
        key.last_used_service or _NEVER,
    ]


def _certificate(certificates: Sequence[SigningCertificate], slot: int) -> list[str]:
    if slot >= len(certificates):
        return [_truth(False), _NEVER]
    return [_truth(certificates[slot].active), _time(certificates[slot].changed_at)]


def _truth(value: bool) -> str:  # noqa: FBT001  # a cell
    return "true" if value else "false"


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
