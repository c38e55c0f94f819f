"""`remit credentials`: what no AWS operation can set, the root user's own, and tokens whose seeds their makers know.

Source: `iam-sts` reference, sections 12 and 18.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory import LOGIN_PROFILES
from remit.directory.accounts import Account, first_account, known_account
from remit.directory.login_profiles import create_login_profile, set_password
from remit.directory.mfa_devices import MfaDevice, MfaKind, create_device, enable, virtual_serial
from remit.directory.password_policy import check_password
from remit.directory.passwords import hash_password
from remit.directory.totp import otpauth_uri, read_seed
from remit.ids import AccountId, Secret, new_mfa_seed
from remit.store import Answer, Transaction

# As AWS's console calls the root user's first device.
_ROOT_DEVICE = "root-account-mfa-device"

_account_option = click.option("--account", help="The account; the first one by default.")


@click.group("credentials")
def command() -> None:
    """Set the root user's password and MFA devices, and make hardware tokens known."""


@command.command("root-password", cls=Framed, example="remit credentials root-password")
@_account_option
@data_option
def root_password(*, account: str | None, data: Path | None) -> None:
    """Set the root user's password, which is asked for, or read from standard input."""
    _, database = open_store(None, data)
    password = _secret("Password", confirm=True)
    hashed = hash_password(password)

    def work(tx: Transaction) -> Answer[Account]:
        owner = _account(tx, account)
        check_password(None, password, owner)
        at = datetime.now(UTC)
        profile = tx.get(LOGIN_PROFILES, owner.id)
        if profile is None:
            create_login_profile(tx, owner.id, owner.id, "root", hashed, at=at)
        else:
            set_password(tx, profile, hashed, at=at, reset_required=False)
        return Answer(owner)

    Say.line(f"The root user of {run(database, work).id} has a password.")


@command.command("root-mfa", cls=Framed, example="remit credentials root-mfa")
@click.option("--name", default=_ROOT_DEVICE, show_default=True, help="The device's name.")
@_account_option
@data_option
@json_option
def root_mfa(*, name: str, account: str | None, data: Path | None, as_json: bool) -> None:
    """Give the root user an authenticator app: shows a seed, then asks for two codes in a row that were made of it."""
    _, database = open_store(None, data)
    owner = database.run(lambda tx: Answer(_account(tx, account)))
    seed = new_mfa_seed()
    serial = virtual_serial("aws", owner.id, "/", name)
    uri = otpauth_uri(seed, name, owner.id)
    if as_json:
        Say.json({"serial": serial, "seed": seed.reveal(), "uri": uri.reveal()})
        sys.stdout.flush()
    else:
        Say.line("Give the app this seed, which is shown this once:")
        Say.line(f"  {seed.reveal()}")
        Say.line(f"  {uri.reveal()}")
    codes = (_secret("Code").reveal(), _secret("The next code").reveal())

    def work(tx: Transaction) -> Answer[MfaDevice]:
        at = datetime.now(UTC)
        return Answer(enable(tx, create_device(tx, owner.id, serial, seed, at=at), owner.id, codes, at))

    device = run(database, work)
    if not as_json:
        Say.line(f"The root user of {owner.id} has the device {device.serial}.")


@command.command("hardware-token", cls=Framed, example="remit credentials hardware-token GAHT12345678 < seed.txt")
@click.argument("serial")
@_account_option
@data_option
def hardware_token(*, serial: str, account: str | None, data: Path | None) -> None:
    """Make a hardware token known by its SERIAL number and seed, which is asked for in base32.

    EnableMFADevice then gives it to a user.
    """
    _, database = open_store(None, data)
    seed = _secret("Seed")
    try:
        read_seed(seed)
    except ValueError as error:
        raise Failed(f"not a seed: {error}; say at least 26 characters of A to Z and 2 to 7", REFUSED) from None

    def work(tx: Transaction) -> Answer[MfaDevice]:
        owner = _account(tx, account)
        return Answer(create_device(tx, owner.id, serial, seed, at=datetime.now(UTC), kind=MfaKind.HARDWARE))

    Say.line(f"The token {run(database, work).serial} can be enabled.")


def _account(tx: Transaction, given: str | None) -> Account:
    if given is not None:
        return known_account(tx, AccountId(given))
    return first_account(tx)


def _secret(name: str, *, confirm: bool = False) -> Secret:
    """Ask for a secret at a terminal; else read a line."""
    if sys.stdin.isatty():
        return Secret(click.prompt(name, hide_input=True, confirmation_prompt=confirm, err=True))
    return Secret(sys.stdin.readline().strip())
