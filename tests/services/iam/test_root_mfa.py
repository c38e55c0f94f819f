"""The root user's MFA device: shown, used for a session, and taken off; no operation enables one."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import ACCOUNT, Composed

from remit.clock import SystemClock
from remit.directory.access_keys import create_access_key
from remit.directory.mfa_devices import create_device, enable, virtual_serial
from remit.directory.totp import STEP_SECONDS, code_at, read_seed, step_of
from remit.ids import AccountId, Secret, new_mfa_seed
from remit.store import Transaction
from remit.testing import Identity

OWN = AccountId(ACCOUNT)
SERIAL = virtual_serial("aws", OWN, "/", "root-account-mfa-device")
SEED = new_mfa_seed()


def code() -> str:
    return code_at(read_seed(SEED), int(time.time()) // STEP_SECONDS)


@pytest.fixture
def root(remit: Composed) -> Identity:
    def change(tx: Transaction) -> Identity:
        at = SystemClock().now()
        step = step_of(at)
        codes = (code_at(read_seed(SEED), step - 2), code_at(read_seed(SEED), step - 1))
        enable(tx, create_device(tx, OWN, SERIAL, SEED, at=at), OWN, codes, at)
        key, secret = create_access_key(tx, OWN, OWN, at=at)
        return Identity(f"arn:aws:iam::{OWN}:root", key.id, secret, None, remit.admin.endpoint)

    made: Identity = remit.change(change)
    return made


def refused(call: Any, **asked: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**asked)
    return str(caught.value.response["Error"]["Code"])


def test_root_sees_its_device_and_takes_it_off(remit: Composed, root: Identity) -> None:
    iam = remit.client("iam", root)

    (device,) = iam.list_mfa_devices()["MFADevices"]
    assert (device["UserName"], device["SerialNumber"]) == ("root", SERIAL)
    assert iam.get_mfa_device(SerialNumber=SERIAL)["SerialNumber"] == SERIAL
    (virtual,) = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert virtual["User"]["Arn"] == root.arn
    assert iam.get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 1
    iam.deactivate_mfa_device(SerialNumber=SERIAL)
    assert iam.list_mfa_devices()["MFADevices"] == []
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    assert refused(iam.enable_mfa_device, UserName="root", SerialNumber=SERIAL, **codes) == "NoSuchEntity"


def test_a_session_of_root_may_call_iam_with_a_code_and_not_without(remit: Composed, root: Identity) -> None:
    def session(**proof: str) -> Any:
        keys = remit.client("sts", root).get_session_token(**proof)["Credentials"]
        identity = Identity(
            root.arn,
            keys["AccessKeyId"],
            Secret(keys["SecretAccessKey"]),
            keys["SessionToken"],
            root.endpoint,
        )
        return remit.client("iam", identity)

    proof = {"SerialNumber": SERIAL, "TokenCode": code()}

    assert session(**proof).get_user()["User"]["Arn"] == root.arn
    assert refused(session().get_user) == "InvalidClientTokenId"
    assert refused(session, **proof) == "AccessDenied"
