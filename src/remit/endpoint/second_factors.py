"""What somebody with MFA devices shows beside their password: a code, or what one of their keys signed.

Any one device is enough. Who has none needs none.
Source: `iam-sts` reference, section 12; `authn.security_keys` for what a key signs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from remit.authn.security_keys import (
    HostUnfit,
    KeyRefused,
    Purpose,
    key_host,
    new_challenge,
    open_challenge,
    proven,
    request_options,
    seal_challenge,
)
from remit.directory.facts import CodeRefused, NotFound
from remit.directory.mfa_devices import MfaDevice, authenticate
from remit.directory.security_keys import note_signature, security_keys
from remit.store import Transaction


class FactorRefused(Exception):
    """What was shown is not good; *wrong_code_of* is the device that showed the code, empty for anything else."""

    def __init__(self, wrong_code_of: str = "") -> None:
        super().__init__(wrong_code_of)
        self.wrong_code_of = wrong_code_of


class SecondFactor(msgspec.Struct, frozen=True):
    """What is shown.

    Attributes:
        serial: of the device that shows *code*; empty for the first one.
        answer: what a key signed, `PublicKeyCredential.toJSON()`; None for none.
        challenge: what came with the options that were signed.
    """

    code: str = ""
    serial: str = ""
    answer: Mapping[str, Any] | None = None
    challenge: str = ""

    @property
    def is_there(self) -> bool:
        """Whether anything is shown."""
        return bool(self.code) or self.answer is not None


def challenge(tx: Transaction, owner: str, devices: Sequence[MfaDevice], host: str, at: datetime) -> dict[str, Any]:
    """Return what is asked of the owner of *devices*, for a page whose Host header is *host*."""
    asked: dict[str, Any] = {
        "challenge": "MFA",
        "serials": [device.serial for device in devices if device.key is None],
    }
    keys = [key for _, key in security_keys(tx, owner)]
    if not keys:
        return asked
    try:
        here = [key for key in keys if key.host == key_host(host)]
        made = new_challenge(Purpose.SIGN_IN, owner, host, at)
    except HostUnfit:
        here, made = [], None
    if here and made is not None:
        asked |= request_options(made, here) | {"mfaChallenge": seal_challenge(tx.keyring, made)}
    elsewhere = sorted({key.host for key in keys} - {key.host for key in here})
    return asked | ({"keysAt": elsewhere} if elsewhere else {})


def prove(tx: Transaction, owner: str, devices: Sequence[MfaDevice], shown: SecondFactor, at: datetime) -> str:
    """Let pass who shows something good, once; return the serial number of the device.

    Raises:
        FactorRefused: it is not.
    """
    if shown.answer is None:
        serial = shown.serial or next((device.serial for device in devices if device.key is None), "")
        try:
            authenticate(tx, owner, serial, shown.code, at)
        except NotFound:
            raise FactorRefused from None
        except CodeRefused:
            raise FactorRefused(serial) from None
        return serial
    keys = security_keys(tx, owner)
    try:
        asked = open_challenge(tx.keyring, shown.challenge, Purpose.SIGN_IN, owner, at)
        key = proven(asked, [key for _, key in keys], shown.answer)
    except KeyRefused:
        raise FactorRefused from None
    device = next(device for device, known in keys if known.credential_id == key.credential_id)
    note_signature(tx, device, key)
    return device.serial
