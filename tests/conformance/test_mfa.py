"""MFA devices, and sessions that prove one, through an unchanged boto3."""

import base64
import json
import time

import pytest

from remit.directory.totp import STEP_SECONDS, code_at
from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance


class Device:
    """An authenticator app."""

    def __init__(self, iam, name, **more):
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=name, **more)["VirtualMFADevice"]
        self.made = made
        self.serial = made["SerialNumber"]
        self._seed = base64.b32decode(made["Base32StringSeed"])

    def code(self, ahead=0):
        return self.codes(ahead)[0]

    def codes(self, *ahead):
        now = int(time.time()) // STEP_SECONDS  # once: a half minute may end between two codes
        return [code_at(self._seed, now + steps) for steps in ahead]

    def enable(self, iam, user):
        first, second = self.codes(-2, -1)
        iam.enable_mfa_device(
            UserName=user, SerialNumber=self.serial, AuthenticationCode1=first, AuthenticationCode2=second
        )


def test_a_device_from_its_seed_to_its_end(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    device = Device(iam, "bobs", Path="/phones//")
    unassigned = iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]

    device.enable(iam, "bob")

    assert device.serial == f"arn:aws:iam::{server.account}:mfa/phones//bobs"
    assert len(device.made["Base32StringSeed"]) == 64
    assert device.made["QRCodePNG"].startswith(b"\x89PNG")
    assert unassigned == [{"SerialNumber": device.serial}]
    (mine,) = iam.list_mfa_devices(UserName="bob")["MFADevices"]
    assert mine == {"UserName": "bob", "SerialNumber": device.serial, "EnableDate": mine["EnableDate"]}
    (shown,) = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert shown == {
        "SerialNumber": device.serial,
        "EnableDate": mine["EnableDate"],
        "User": iam.get_user(UserName="bob")["User"],
    }
    got = iam.get_mfa_device(UserName="bob", SerialNumber=device.serial)
    assert got == {**got, "UserName": "bob", "SerialNumber": device.serial, "EnableDate": mine["EnableDate"]}
    error = refused(lambda: iam.delete_virtual_mfa_device(SerialNumber=device.serial), "DeleteConflict", 409)
    assert error["Message"] == "MFA VirtualDevice in use. Must deactivate first."
    error = refused(lambda: iam.delete_user(UserName="bob"), "DeleteConflict", 409)
    assert error["Message"] == "Cannot delete entity, must delete MFA device first."
    iam.deactivate_mfa_device(UserName="bob", SerialNumber=device.serial)
    assert iam.list_mfa_devices(UserName="bob")["MFADevices"] == []
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == [{"SerialNumber": device.serial}]
    iam.delete_virtual_mfa_device(SerialNumber=device.serial)
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Any")["VirtualMFADevices"] == []


def test_who_is_looked_for_before_what(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    missing = f"arn:aws:iam::{server.account}:mfa/nothing"
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    device = Device(iam, "d")

    error = refused(lambda: iam.enable_mfa_device(UserName="no", SerialNumber=missing, **codes), "NoSuchEntity", 404)
    assert error["Message"] == "The user with name no cannot be found."
    for call in (iam.enable_mfa_device, iam.resync_mfa_device):
        error = refused(lambda call=call: call(UserName="bob", SerialNumber=missing, **codes), "NoSuchEntity", 404)
        assert error["Message"] == f"MFA Device with serial number {missing} does not exist."
    for call in (iam.deactivate_mfa_device, iam.get_mfa_device):
        error = refused(lambda call=call: call(UserName="bob", SerialNumber=device.serial), "NoSuchEntity", 404)
        assert error["Message"] == f"MFA Device with serial number {device.serial} does not exist."
    refused(lambda: iam.delete_virtual_mfa_device(SerialNumber=missing), "NoSuchEntity", 404)


def test_codes_must_be_two_in_a_row_of_a_free_device(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    device = Device(iam, "d")

    def enable(first, second):
        iam.enable_mfa_device(
            UserName="bob", SerialNumber=device.serial, AuthenticationCode1=first, AuthenticationCode2=second
        )

    for pair in ((-1, -1), (0, -1), (-2, 0)):
        error = refused(lambda pair=pair: enable(*device.codes(*pair)), "InvalidAuthenticationCode", 403)
        assert error["Message"] == "Authentication code for device is not valid."
    device.enable(iam, "bob")
    error = refused(lambda: enable(*device.codes(-1, 0)), "EntityAlreadyExists", 409)
    assert error["Message"] == "MFA Device is already in use."
    error = refused(lambda: Device(iam, "d"), "EntityAlreadyExists", 409)
    assert error["Message"] == "MFA device already exists."
    first, second = device.codes(50, 51)
    iam.resync_mfa_device(
        UserName="bob", SerialNumber=device.serial, AuthenticationCode1=first, AuthenticationCode2=second
    )


def test_a_path_begins_and_ends_with_a_slash(server, refused):
    iam = server.client("iam")

    for path in ("test/", "/test"):
        call = lambda path=path: iam.create_virtual_mfa_device(VirtualMFADeviceName="d", Path=path)  # noqa: E731
        assert refused(call, "ValidationError", 400)["Message"] == (
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
            "characters and/or / characters."
        )


def test_a_name_that_no_later_call_could_give_is_refused(server, refused):
    iam = server.client("iam")
    make = lambda **asked: lambda: iam.create_virtual_mfa_device(**asked)  # noqa: E731
    too_long = "failed to satisfy constraint: Member must have length less than or equal to"

    message = refused(make(VirtualMFADeviceName="d" * 227), "ValidationError", 400)["Message"]
    assert message == f"1 validation error detected: Value at 'virtualMFADeviceName' {too_long} 226"
    message = refused(make(VirtualMFADeviceName="d", Path=f"/{'p' * 300}/"), "ValidationError", 400)["Message"]
    assert message == f"1 validation error detected: Value at 'serialNumber' {too_long} 256"
    make(VirtualMFADeviceName="d" * 200)()


def test_tags_of_devices(server, refused):
    iam = server.client("iam")
    device = Device(iam, "d", Tags=[{"Key": "team", "Value": "red"}])
    assert device.made["Tags"] == [{"Key": "team", "Value": "red"}]

    iam.tag_mfa_device(SerialNumber=device.serial, Tags=[{"Key": "Team", "Value": "blue"}, {"Key": "a", "Value": ""}])

    assert iam.list_mfa_device_tags(SerialNumber=device.serial)["Tags"] == [
        {"Key": "Team", "Value": "blue"},
        {"Key": "a", "Value": ""},
    ]
    iam.untag_mfa_device(SerialNumber=device.serial, TagKeys=["TEAM", "absent"])
    assert iam.list_mfa_device_tags(SerialNumber=device.serial)["Tags"] == [{"Key": "a", "Value": ""}]
    twice = [{"Key": "k", "Value": "1"}, {"Key": "K", "Value": "2"}]
    refused(lambda: iam.tag_mfa_device(SerialNumber=device.serial, Tags=twice), "InvalidInput", 400)
    many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    refused(lambda: iam.tag_mfa_device(SerialNumber=device.serial, Tags=many), "LimitExceeded", 409)
    for call in (iam.list_mfa_device_tags, lambda **who: iam.untag_mfa_device(**who, TagKeys=["a"])):
        refused(lambda call=call: call(SerialNumber=f"{device.serial}x"), "NoSuchEntity", 404)


def test_a_ninth_device_is_one_too_many(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    for number in range(8):
        Device(iam, f"d{number}").enable(iam, "bob")

    error = refused(lambda: Device(iam, "d8").enable(iam, "bob"), "LimitExceeded", 409)

    assert error["Message"] == "Cannot exceed quota for MFADevicesPerUser: 8"


def test_a_device_for_oneself_needs_permission_for_its_arn(server, refused):
    arn = f"arn:aws:iam::{server.account}:mfa/bob"
    bob = server.user("bob", {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": arn})

    Device(bob.client("iam"), "bob")

    error = refused(lambda: Device(bob.client("iam"), "eve"), "AccessDenied", 403)
    assert error["Message"].startswith(
        f"User: {bob.arn} is not authorized to perform: iam:CreateVirtualMFADevice on resource: "
        f"arn:aws:iam::{server.account}:mfa/eve because"
    )


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def with_keys(credentials, asker):
    return Identity(
        "",
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        asker.endpoint,
    )


def test_a_session_token_with_a_code_may_do_what_needs_mfa(server, refused):
    bob = server.user(
        "bob",
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": MFA},
        {
            "Effect": "Allow",
            "Action": "iam:ListRoles",
            "Resource": "*",
            "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}},
        },
    )
    device = Device(server.client("iam"), "d")
    device.enable(server.client("iam"), "bob")
    refused(bob.client("iam").list_users, "AccessDenied", 403)

    code = device.code()
    ask = lambda: bob.client("sts").get_session_token(SerialNumber=device.serial, TokenCode=code)  # noqa: E731
    session = with_keys(ask()["Credentials"], bob)

    session.client("iam").list_users()
    session.client("iam").list_roles()
    error = refused(ask, "AccessDenied", 403)
    assert error["Message"] == "MultiFactorAuthentication failed with invalid MFA one time pass code."
    plain = with_keys(bob.client("sts").get_session_token()["Credentials"], bob)
    refused(plain.client("iam").list_users, "InvalidClientTokenId", 403)
    event, *_ = server.events(AccessKeyId=session.access_key_id)
    assert event["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"


def test_a_trust_policy_may_ask_for_mfa(server, refused):
    bob = server.user("bob")
    trust = {"Effect": "Allow", "Principal": {"AWS": bob.arn}, "Action": "sts:AssumeRole", "Condition": MFA}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = server.client("iam")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": MFA}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="R", PolicyName="p", PolicyDocument=policy)
    device = Device(iam, "d")
    device.enable(iam, "bob")

    def assume(**proof):
        return bob.client("sts").assume_role(RoleArn=role, RoleSessionName="s1", **proof)

    refused(assume, "AccessDenied", 403)
    session = with_keys(assume(SerialNumber=device.serial, TokenCode=device.code())["Credentials"], bob)

    session.client("iam").list_users()


def test_proof_that_proves_nothing(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    device = Device(iam, "d")
    eves = Device(iam, "e")
    iam.create_user(UserName="eve")
    device.enable(iam, "bob")
    eves.enable(iam, "eve")

    def message(**proof):
        return refused(lambda: bob.client("sts").get_session_token(**proof), "AccessDenied", 403)["Message"]

    one = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
    unknown = (
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
        "and associated with this user."
    )
    assert message(SerialNumber=device.serial) == one
    assert message(TokenCode="123456") == one
    assert message(SerialNumber=eves.serial, TokenCode=eves.code()) == unknown
    assert message(SerialNumber=f"{device.serial}x", TokenCode="123456") == unknown
    assert message(SerialNumber=device.serial, TokenCode=eves.code()) == (
        "MultiFactorAuthentication failed with invalid MFA one time pass code."
    )


def test_seeds_and_codes_are_in_no_record(server):
    iam = server.client("iam")
    bob = server.user("bob")
    device = Device(iam, "d")
    device.enable(iam, "bob")
    bob.client("sts").get_session_token(SerialNumber=device.serial, TokenCode=device.code())

    text = json.dumps(server.events())

    (made,) = server.events(EventName="CreateVirtualMFADevice")
    assert made["responseElements"] == {"virtualMFADevice": {"serialNumber": device.serial}}
    assert device.made["Base32StringSeed"].decode() not in text
    assert "authenticationCode" not in text
    assert "tokenCode" not in text


def test_who_guesses_codes_is_slowed_down(server, refused):
    bob = server.user("bob")
    device = Device(server.client("iam"), "d")
    device.enable(server.client("iam"), "bob")
    ask = lambda code: bob.client("sts").get_session_token(SerialNumber=device.serial, TokenCode=code)  # noqa: E731
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in device.codes(-1, 0, 1, 2))

    messages = {refused(lambda: ask(wrong), "AccessDenied", 403)["Message"] for _ in range(6)}
    refused(lambda: ask(device.code()), "AccessDenied", 403)
    for _ in range(100):
        try:
            ask(device.code())
            break
        except bob.client("sts").exceptions.ClientError:
            time.sleep(0.1)  # two seconds, by the server's clock
    else:
        raise AssertionError("a good code is refused for ten seconds")

    assert messages == {"MultiFactorAuthentication failed with invalid MFA one time pass code."}
