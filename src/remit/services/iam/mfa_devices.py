"""MFA devices of users and of the root user. Source: `iam-sts` reference, section 12."""

import io
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory import mfa_devices as directory
from remit.directory.mfa_devices import MfaDevice
from remit.directory.totp import otpauth_uri
from remit.directory.users import USERS, user
from remit.errors import ValidationError
from remit.ids import Secret, new_mfa_seed
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import tag_list, user_shape
from remit.services.iam.owners import owner_of
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.services.iam.users import root_shape
from remit.store import Transaction

_PICTURE_SCALE = 4
_SERIAL_CHARACTERS_MAX = 256
_SERIAL_TOO_LONG = (
    "1 validation error detected: Value at 'serialNumber' failed to satisfy constraint: "
    f"Member must have length less than or equal to {_SERIAL_CHARACTERS_MAX}"
)


class _Made(msgspec.Struct, frozen=True):
    """A seed, and a picture of it that authenticator apps read."""

    seed: Secret
    picture: bytes


def _make(name: str, account: str) -> _Made:
    import segno

    seed = new_mfa_seed()
    picture = io.BytesIO()
    segno.make(otpauth_uri(seed, name, account).reveal(), error="m", micro=False).save(
        picture, kind="png", scale=_PICTURE_SCALE
    )
    return _Made(seed, picture.getvalue())


@operation("CreateVirtualMFADevice")
def create_device(
    call: Call[shapes.CreateVirtualMFADeviceRequest], tx: Transaction
) -> shapes.CreateVirtualMFADeviceResponse:
    """Make a virtual device; the answer is the only place where its seed ever shows.

    Raises:
        AlreadyExists: the account has a device of that name in that path.
        QuotaExceeded: the account has as many devices as users are allowed.
        ValidationError: path and name make a serial number that is too long.
    """
    asked = call.input
    name = asked["VirtualMFADeviceName"]
    serial = directory.virtual_serial(call.partition, call.account, asked.get("Path", "/"), name)
    if len(serial) > _SERIAL_CHARACTERS_MAX:  # no later call could name the device
        raise ValidationError(_SERIAL_TOO_LONG)
    tags = new_tags(asked.get("Tags", []), fold=True)
    directory.refuse_second_device(tx, serial)
    made = call.slowly("seed and picture", lambda: _make(name, call.account))
    directory.create_device(tx, call.account, serial, made.seed, at=call.at, tags=tags)
    shape: shapes.VirtualMFADevice = {
        "SerialNumber": serial,
        "Base32StringSeed": made.seed.reveal().encode(),
        "QRCodePNG": made.picture,
    }
    if tags:
        shape["Tags"] = tag_list(tags)
    return {"VirtualMFADevice": shape}


def _codes(asked: shapes.EnableMFADeviceRequest | shapes.ResyncMFADeviceRequest) -> tuple[str, str]:
    return asked["AuthenticationCode1"], asked["AuthenticationCode2"]


@operation("EnableMFADevice")
def enable_device(call: Call[shapes.EnableMFADeviceRequest], tx: Transaction) -> None:
    """Give a device to a user.

    Raises:
        AlreadyExists: somebody has it.
        QuotaExceeded: the user has as many devices as anybody may have.
        CodeRefused: the codes are not two in a row.
    """
    owner = user(tx, call.account, call.input["UserName"])
    device = directory.mfa_device(tx, call.account, call.input["SerialNumber"])
    directory.enable(tx, device, owner.id, _codes(call.input), call.at)


@operation("ResyncMFADevice")
def resync_device(call: Call[shapes.ResyncMFADeviceRequest], tx: Transaction) -> None:
    """Learn anew how far a device's clock is off."""
    owner = user(tx, call.account, call.input["UserName"])
    device = directory.owned_device(tx, owner.id, call.input["SerialNumber"])
    directory.resync(tx, device, _codes(call.input), call.at)


@operation("DeactivateMFADevice")
def deactivate_device(call: Call[shapes.DeactivateMFADeviceRequest], tx: Transaction) -> None:
    """Take a device from its owner; a virtual one stays until it is deleted, a security key is gone."""
    owner, _ = owner_of(call, tx)
    directory.deactivate(tx, directory.owned_device(tx, owner, call.input["SerialNumber"]))


@operation("DeleteVirtualMFADevice")
def delete_device(call: Call[shapes.DeleteVirtualMFADeviceRequest], tx: Transaction) -> None:
    """Delete a virtual device that is nobody's."""
    directory.delete_virtual_device(tx, directory.mfa_device(tx, call.account, call.input["SerialNumber"]))


def _serial(device: MfaDevice) -> str:
    return device.serial


@operation("ListMFADevices")
def list_devices(call: Call[shapes.ListMFADevicesRequest], tx: Transaction) -> shapes.ListMFADevicesResponse:
    """List the devices of a user, or of who signed."""
    owner, name = owner_of(call, tx)
    devices, more = page(call, tx, directory.mfa_devices(tx, owner), _serial)
    shown: list[shapes.MFADevice] = [
        {"UserName": name, "SerialNumber": device.serial, "EnableDate": whole_second(device.enabled_at)}
        for device in devices
        if device.enabled_at is not None
    ]
    return {"MFADevices": shown, **more}


_STATUSES = {"Assigned": True, "Unassigned": False, "Any": None}


@operation("ListVirtualMFADevices")
def list_virtual_devices(
    call: Call[shapes.ListVirtualMFADevicesRequest], tx: Transaction
) -> shapes.ListVirtualMFADevicesResponse:
    """List the account's virtual devices and who has them, without seeds."""
    assigned = _STATUSES[call.input.get("AssignmentStatus", "Any")]
    found = directory.virtual_devices(tx, call.account, assigned=assigned)
    devices, more = page(call, tx, found, _serial)
    return {"VirtualMFADevices": [_virtual_shape(call, tx, device) for device in devices], **more}


def _virtual_shape(call: Call[Any], tx: Transaction, device: MfaDevice) -> shapes.VirtualMFADevice:
    shape: shapes.VirtualMFADevice = {"SerialNumber": device.serial}
    if device.enabled_at is not None:
        shape["EnableDate"] = whole_second(device.enabled_at)
        owner = tx.get(USERS, device.owner)
        shape["User"] = root_shape(call, tx) if owner is None else user_shape(owner, full=False)
    return shape


@operation("GetMFADevice")
def get_device(call: Call[shapes.GetMFADeviceRequest], tx: Transaction) -> shapes.GetMFADeviceResponse:
    """Show a device of a user, or of who signed."""
    owner, name = owner_of(call, tx)
    device = directory.owned_device(tx, owner, call.input["SerialNumber"])
    shape: shapes.GetMFADeviceResponse = {"UserName": name, "SerialNumber": device.serial}
    if device.enabled_at is not None:
        shape["EnableDate"] = whole_second(device.enabled_at)
    if device.key is not None and device.key.certifications:
        shape["Certifications"] = device.key.certifications
    return shape
