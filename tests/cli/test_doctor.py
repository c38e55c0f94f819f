"""What `remit doctor` finds of credentials: root users with keys, in use or without MFA, passwords without MFA."""

from datetime import timedelta

import msgspec
import pytest
from directory.conftest import AT, OWN
from directory.people import a_user

from remit.cli.doctor import Finding, _credentials
from remit.directory import ACCESS_KEYS, KINDS, LOGIN_PROFILES, MFA_DEVICES
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.login_profiles import create_login_profile
from remit.directory.mfa_devices import create_device
from remit.ids import Secret
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

_MASTER = b"m" * 32
_DAYS = timedelta(days=1)
WITHOUT_MFA = ("the root user has no MFA device", OWN)
HAS_KEY = ("the root user has an access key", OWN)
USED = ("the root user was used in the last 90 days", OWN)


@pytest.fixture
def tx() -> Transaction:
    made = Transaction(View(KINDS), Keyring(_MASTER, [new_data_key(_MASTER)]), lambda _: [])
    create_account(made, OWN, email="root@example.com", name="own", at=AT)
    return made


def found(tx: Transaction) -> set[tuple[str, str]]:
    findings: list[Finding] = _credentials(tx, AT)
    return {(finding.what, finding.where) for finding in findings}


def give_device(tx: Transaction, owner: str) -> None:
    device = create_device(tx, OWN, f"arn:aws:iam::{OWN}:mfa/{owner}", Secret("A" * 32), at=AT)
    tx.put(MFA_DEVICES, msgspec.structs.replace(device, owner=owner))


def test_a_root_user_should_have_a_device(tx: Transaction) -> None:
    assert found(tx) == {WITHOUT_MFA}

    give_device(tx, OWN)

    assert found(tx) == set()


@pytest.mark.parametrize(("days", "is_recent"), [(89, True), (90, False)])
def test_a_root_user_should_have_no_key_and_not_be_used(tx: Transaction, days: int, *, is_recent: bool) -> None:
    key, _ = create_access_key(tx, OWN, OWN, at=AT)
    tx.put(ACCESS_KEYS, msgspec.structs.replace(key, last_used_at=AT - days * _DAYS))

    assert found(tx) == {WITHOUT_MFA, HAS_KEY} | ({USED} if is_recent else set())


def test_signing_in_is_a_use(tx: Transaction) -> None:
    profile = create_login_profile(tx, OWN, OWN, "root", "hash", at=AT)
    assert found(tx) == {WITHOUT_MFA}

    tx.put(LOGIN_PROFILES, msgspec.structs.replace(profile, last_used_at=AT))

    assert found(tx) == {WITHOUT_MFA, USED}


def test_a_user_with_a_password_should_have_a_device(tx: Transaction) -> None:
    ana, bob = a_user(tx, "ana"), a_user(tx, "bob")
    for user in (ana, bob):
        create_login_profile(tx, OWN, user.id, user.name, "hash", at=AT)
    give_device(tx, bob.id)

    assert found(tx) == {WITHOUT_MFA, ("a user with a password has no MFA device", ana.arn)}
