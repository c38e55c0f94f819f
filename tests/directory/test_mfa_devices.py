"""MFA devices: codes of the right half minute, once, from a device whose clock may be off."""

import base64
from datetime import datetime, timedelta

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_user

from remit.directory.facts import LIMITS, AlreadyExists, CodeRefused, Hindrance, InUse, NotFound, Quota, QuotaExceeded
from remit.directory.mfa_devices import (
    MfaDevice,
    MfaKind,
    authenticate,
    create_device,
    deactivate,
    delete_virtual_device,
    enable,
    mfa_device,
    mfa_devices,
    note_wrong_code,
    resync,
    virtual_devices,
    virtual_serial,
)
from remit.directory.totp import STEP_SECONDS, code_at, matching_step, read_seed, step_of
from remit.ids import Secret, new_mfa_seed
from remit.store import Transaction

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238
SERIAL = virtual_serial("aws", OWN, "/", "phone")


def code(at: datetime, ahead: int = 0) -> str:
    return code_at(base64.b32decode(SEED), step_of(at) + ahead)


def pair(at: datetime, ahead: int) -> tuple[str, str]:
    return code(at, ahead - 1), code(at, ahead)


def later(steps: int) -> datetime:
    return AT + timedelta(seconds=STEP_SECONDS * steps)


def a_device(tx: Transaction, serial: str = SERIAL, kind: MfaKind = MfaKind.VIRTUAL) -> MfaDevice:
    return create_device(tx, OWN, serial, Secret(SEED), at=AT, kind=kind)


def a_used_device(tx: Transaction, owner: str, ahead: int = 0) -> MfaDevice:
    return enable(tx, a_device(tx), owner, pair(AT, ahead), AT)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, expected: str) -> None:
    assert code_at(b"12345678901234567890", seconds // STEP_SECONDS) == expected


def test_a_code_is_found_in_its_half_minute() -> None:
    seed = base64.b32decode(SEED)

    assert matching_step(seed, code_at(seed, 7), range(10)) == 7
    assert matching_step(seed, code_at(seed, 7), range(7)) is None
    assert matching_step(seed, "12345", range(10)) is None


@pytest.mark.parametrize("seed", ["", "A" * 24, "A" * 27, "A" * 30, "A" * 33, "a" * 32, "A1" * 16, "=" * 32, "é" * 32])
def test_what_is_no_seed(seed: str) -> None:
    with pytest.raises(ValueError, match=r"not base32|too short"):
        read_seed(Secret(seed))


@pytest.mark.parametrize("seed", ["A" * 26, "A" * 26 + "=" * 6, "A" * 32, SEED, "A" * 64])
def test_seeds_come_with_and_without_padding(seed: str) -> None:
    assert len(read_seed(Secret(seed))) >= 16


def test_a_seed_is_sealed_and_no_device_is_made_twice(tx: Transaction) -> None:
    device = a_device(tx)

    assert SEED.encode() not in device.sealed_seed
    assert f"arn:aws:iam::{OWN}:mfa/phone" == SERIAL
    with pytest.raises(AlreadyExists):
        a_device(tx)
    assert len(new_mfa_seed().reveal()) == 64


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_a_code_is_good_half_a_minute_early_and_late(tx: Transaction, ahead: int) -> None:
    a_used_device(tx, "AIDA1")

    authenticate(tx, "AIDA1", SERIAL, code(later(5), ahead), later(5))


@pytest.mark.parametrize("ahead", [-2, 2])
def test_and_no_longer(tx: Transaction, ahead: int) -> None:
    a_used_device(tx, "AIDA1")

    with pytest.raises(CodeRefused):
        authenticate(tx, "AIDA1", SERIAL, code(later(5), ahead), later(5))


def test_a_code_is_good_once_and_none_before_it_is_good_afterwards(tx: Transaction) -> None:
    a_used_device(tx, "AIDA1")
    authenticate(tx, "AIDA1", SERIAL, code(later(5)), later(5))

    for ahead in (0, -1):
        with pytest.raises(CodeRefused):
            authenticate(tx, "AIDA1", SERIAL, code(later(5), ahead), later(5))
    authenticate(tx, "AIDA1", SERIAL, code(later(5), 1), later(5))


def test_codes_that_enabled_a_device_are_used(tx: Transaction) -> None:
    a_used_device(tx, "AIDA1")

    for ahead in (-1, 0):
        with pytest.raises(CodeRefused):
            authenticate(tx, "AIDA1", SERIAL, code(AT, ahead), AT)


@pytest.mark.parametrize("serial", [SERIAL, "arn:aws:iam::111122223333:mfa/other", ""])
def test_a_device_is_good_for_its_owner_alone(tx: Transaction, serial: str) -> None:
    a_used_device(tx, "AIDA1")

    with pytest.raises(NotFound):
        authenticate(tx, "AIDA2", serial, code(later(5)), later(5))
    with pytest.raises(NotFound):
        authenticate(tx, "", serial, code(later(5)), later(5))


@pytest.mark.parametrize("ahead", [-100, -2, -1, 0, 1, 2, 100])
def test_a_device_whose_clock_is_off_is_known_by_two_codes_in_a_row(tx: Transaction, ahead: int) -> None:
    device = a_used_device(tx, "AIDA1", ahead)

    assert device.drift_steps == (0 if abs(ahead) <= 1 else ahead)
    authenticate(tx, "AIDA1", SERIAL, code(later(5), ahead), later(5))


@pytest.mark.parametrize("ahead", [-121, 121])
def test_and_no_further_than_an_hour(tx: Transaction, ahead: int) -> None:
    with pytest.raises(CodeRefused):
        a_used_device(tx, "AIDA1", ahead)


def test_a_clock_can_be_set_again(tx: Transaction) -> None:
    device = a_used_device(tx, "AIDA1")

    with pytest.raises(CodeRefused):
        resync(tx, device, (code(later(5), 9), code(later(5), 9)), later(5))
    resync(tx, device, pair(later(5), 10), later(5))

    with pytest.raises(CodeRefused):
        authenticate(tx, "AIDA1", SERIAL, code(later(7)), later(7))
    authenticate(tx, "AIDA1", SERIAL, code(later(7), 10), later(7))


def test_a_device_is_one_owners_at_a_time(tx: Transaction) -> None:
    device = a_used_device(tx, "AIDA1")

    with pytest.raises(AlreadyExists):
        enable(tx, device, "AIDA2", pair(later(5), 0), later(5))
    with pytest.raises(InUse) as fact:
        delete_virtual_device(tx, device)
    assert fact.value.hindrance is Hindrance.ASSIGNMENT
    free = deactivate(tx, device)
    assert list(mfa_devices(tx, "AIDA1")) == []
    assert list(virtual_devices(tx, OWN)) == list(virtual_devices(tx, OWN, assigned=False)) == [free]
    assert list(virtual_devices(tx, OWN, assigned=True)) == []
    enable(tx, free, "AIDA2", pair(later(5), 0), later(5))
    assert [found.serial for found in mfa_devices(tx, "AIDA2")] == [SERIAL]


def test_used_codes_stay_used_when_a_device_changes_hands(tx: Transaction) -> None:
    device = a_used_device(tx, "AIDA1")

    with pytest.raises(CodeRefused):
        enable(tx, deactivate(tx, device), "AIDA2", pair(AT, 0), AT)


def test_a_user_and_root_have_eight_devices_at_most(tx: Transaction) -> None:
    for owner in (a_user(tx).id, OWN):
        for number in range(LIMITS[Quota.MFA_DEVICES]):
            enable(tx, a_device(tx, f"{SERIAL}-{owner}-{number}"), owner, pair(AT, 0), AT)

        with pytest.raises(QuotaExceeded) as fact:
            enable(tx, a_device(tx, f"{SERIAL}-{owner}"), owner, pair(AT, 0), AT)

        assert fact.value.quota is Quota.MFA_DEVICES


def test_a_hardware_device_is_no_virtual_one(tx: Transaction) -> None:
    token = a_device(tx, "GAHT12345678", MfaKind.HARDWARE)

    assert list(virtual_devices(tx, OWN)) == []
    with pytest.raises(NotFound):
        delete_virtual_device(tx, token)
    assert mfa_device(tx, OWN, "GAHT12345678") == token
    with pytest.raises(NotFound):
        mfa_device(tx, OTHER, "GAHT12345678")


def test_who_guesses_has_to_wait_longer_each_time(tx: Transaction) -> None:
    device = a_used_device(tx, "AIDA1")
    for _ in range(5):
        note_wrong_code(tx, SERIAL, AT)
    assert not mfa_device(tx, OWN, SERIAL).is_resting(AT)

    waits: list[int] = []
    at = AT
    for _ in range(12):
        note_wrong_code(tx, SERIAL, at)
        note_wrong_code(tx, SERIAL, at)  # while no code is good, another wrong one changes nothing
        found = mfa_device(tx, OWN, SERIAL)
        seconds = next(wait for wait in range(1, 1000) if not found.is_resting(at + timedelta(seconds=wait)))
        waits.append(seconds)
        at += timedelta(seconds=seconds)

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert device.wrong_codes == 0


def test_a_good_code_is_refused_while_somebody_guesses_and_good_afterwards(tx: Transaction) -> None:
    a_used_device(tx, "AIDA1")
    for _ in range(6):
        note_wrong_code(tx, SERIAL, later(5))

    with pytest.raises(CodeRefused):
        authenticate(tx, "AIDA1", SERIAL, code(later(5)), later(5))
    good_at = later(5) + timedelta(seconds=2)
    authenticate(tx, "AIDA1", SERIAL, code(good_at), good_at)
    assert mfa_device(tx, OWN, SERIAL).wrong_codes == 0
    note_wrong_code(tx, "nothing", AT)
