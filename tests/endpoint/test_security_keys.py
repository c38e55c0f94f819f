"""Registering security keys through the console's requests, and signing in with them."""

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from authenticator import PRESENT, Authenticator
from botocore.exceptions import ClientError
from composed import Composed, composed

from remit.authn.authenticators import Authenticators
from remit.directory.login_profiles import create_login_profile
from remit.directory.passwords import hash_password
from remit.directory.security_keys import security_keys
from remit.directory.totp import code_at, step_of
from remit.ids import AccountId, Secret
from remit.request import HttpRequest

PASSWORD = "Correct-Horse-7"
HOST, ORIGIN = "localhost:7364", "http://localhost:7364"
WRONG = (401, {"message": "Your authentication information is incorrect. Please try again."})
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.fixture
def remit(tmp_path: Path) -> Iterator[Composed]:
    with composed(tmp_path) as whole:
        yield whole


def post(remit: Composed, path: str, body: Any, host: str = HOST, **headers: str) -> tuple[int, dict[str, Any]]:
    async def ask() -> Any:
        handler: Any = remit._whole.handler
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        given = {"host": host, "content-type": "application/json", **headers}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.handle(HttpRequest("POST", path, "", given, data, "203.0.113.7"), answer.set_result)
        return await answer

    answer = remit._loop.run_until_complete(ask())
    return answer.status, msgspec.json.decode(answer.body)


def sign_in(remit: Composed, user: str = "ana", host: str = HOST, **more: Any) -> tuple[int, dict[str, Any]]:
    asked = {"account": remit.account, "userName": user, "password": PASSWORD, **more}
    return post(remit, "/_remit/signin", asked, host)


def person(remit: Composed, name: str = "ana", *statements: dict[str, Any]) -> dict[str, str]:
    remit.user(name, *(statements or (ANYTHING,)))
    remit.client("iam").create_login_profile(UserName=name, Password=PASSWORD)
    return shown(sign_in(remit, name)[1])


def shown(body: dict[str, Any]) -> dict[str, str]:
    credentials = body["credentials"]
    return {
        "sessionId": credentials["accessKeyId"],
        "sessionKey": credentials["secretAccessKey"],
        "sessionToken": credentials["sessionToken"],
    }


def options(remit: Composed, credentials: dict[str, str], name: str = "blue", **more: Any) -> tuple[int, Any]:
    asked = {"credentials": credentials, "keyName": name, **more}
    return post(remit, "/_remit/signin/security-keys/options", asked)


def register(
    remit: Composed, credentials: dict[str, str], device: Authenticator, name: str = "blue", **more: Any
) -> tuple[int, Any]:
    status, asked = options(remit, credentials, name, **more)
    if status != 200:
        return status, asked
    answer = device.create(asked["publicKey"], ORIGIN)
    body = {"credentials": credentials, "challenge": asked["challenge"], "answer": answer, **more}
    return post(remit, "/_remit/signin/security-keys", body)


def with_key(remit: Composed, device: Authenticator, user: str = "ana", **lies: Any) -> tuple[int, Any]:
    status, asked = sign_in(remit, user)
    assert (status, asked["challenge"]) == (401, "MFA")
    origin = lies.pop("origin", ORIGIN)
    answer = device.get(asked["publicKey"], origin, **lies)
    return sign_in(remit, user, mfaAnswer=answer, mfaChallenge=asked["mfaChallenge"])


def events(remit: Composed, name: str) -> list[dict[str, Any]]:
    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_key_is_registered_shown_used_and_taken_away(remit: Composed, algorithm: str) -> None:
    device = Authenticator(algorithm)
    status, body = register(remit, person(remit), device)

    serial = body["serialNumber"]
    assert status == 200
    assert serial.startswith(f"arn:aws:iam::{remit.account}:u2f/user/ana/blue-")
    iam = remit.client("iam")
    assert [one["SerialNumber"] for one in iam.list_mfa_devices(UserName="ana")["MFADevices"]] == [serial]
    assert iam.get_mfa_device(UserName="ana", SerialNumber=serial)["UserName"] == "ana"
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []

    status, signed_in = with_key(remit, device)
    assert status == 200
    token = shown(signed_in)
    only_mfa = {**ANYTHING, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [only_mfa]})
    iam.put_user_policy(UserName="ana", PolicyName="test", PolicyDocument=document)
    assert options(remit, token, "second")[0] == 200

    last = events(remit, "ConsoleLogin")[0]
    assert last["additionalEventData"] == {"MobileVersion": "No", "MFAUsed": "Yes", "MFAIdentifier": serial}
    (registered,) = events(remit, "EnableMFADevice")
    assert registered["requestParameters"] == {"userName": "ana", "serialNumber": serial}

    iam.deactivate_mfa_device(UserName="ana", SerialNumber=serial)
    assert iam.list_mfa_devices(UserName="ana")["MFADevices"] == []
    assert sign_in(remit)[0] == 200


def test_a_user_is_not_deleted_while_there_is_a_key(remit: Composed) -> None:
    register(remit, person(remit), Authenticator())
    iam = remit.client("iam")
    iam.delete_login_profile(UserName="ana")
    iam.delete_user_policy(UserName="ana", PolicyName="test")
    for key in iam.list_access_keys(UserName="ana")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"])

    with pytest.raises(ClientError, match="must delete MFA device first"):
        iam.delete_user(UserName="ana")


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "http://localhost:7365"},
        {"challenge": "AAAA"},
        {"flags": 0},
        {"host": "evil.example.com"},
    ],
)
def test_what_another_page_made_a_key_sign_signs_nobody_in(remit: Composed, lies: dict[str, Any]) -> None:
    device = Authenticator()
    register(remit, person(remit), device)

    assert with_key(remit, device, **lies) == WRONG
    assert events(remit, "ConsoleLogin")[0]["errorMessage"] == "Failed authentication"
    assert with_key(remit, device)[0] == 200


def test_an_answer_signs_in_once(remit: Composed) -> None:
    device = Authenticator(counts=False)
    register(remit, person(remit), device)
    asked = sign_in(remit)[1]
    answer = device.get(asked["publicKey"], ORIGIN)

    assert sign_in(remit, mfaAnswer=answer, mfaChallenge=asked["mfaChallenge"])[0] == 200
    assert sign_in(remit, mfaAnswer=answer, mfaChallenge=asked["mfaChallenge"]) == WRONG


def test_a_copy_of_a_key_is_noticed(remit: Composed) -> None:
    device = Authenticator()
    register(remit, person(remit), device)
    assert with_key(remit, device)[0] == 200

    device.count = 0
    assert with_key(remit, device) == WRONG


def test_a_key_that_verifies_its_user_always_has_to(remit: Composed) -> None:
    device = Authenticator(verifies=True)
    register(remit, person(remit), device)

    assert with_key(remit, device, flags=PRESENT) == WRONG
    assert with_key(remit, device)[0] == 200


def test_a_key_that_was_taken_away_between_question_and_answer_is_no_good(remit: Composed) -> None:
    device, other = Authenticator(), Authenticator()
    credentials = person(remit)
    serial = register(remit, credentials, device)[1]["serialNumber"]
    register(remit, credentials, other, "green")
    asked = sign_in(remit)[1]
    answer = device.get(asked["publicKey"], ORIGIN)

    remit.client("iam").deactivate_mfa_device(UserName="ana", SerialNumber=serial)
    assert sign_in(remit, mfaAnswer=answer, mfaChallenge=asked["mfaChallenge"]) == WRONG
    assert with_key(remit, other)[0] == 200


def test_a_key_of_somebody_else_is_no_good(remit: Composed) -> None:
    device, other = Authenticator(), Authenticator()
    register(remit, person(remit), device)
    register(remit, person(remit, "bob"), other)
    asked, bobs = sign_in(remit)[1], sign_in(remit, "bob")[1]

    by_bobs_key = other.get(asked["publicKey"], ORIGIN)
    assert sign_in(remit, mfaAnswer=by_bobs_key, mfaChallenge=asked["mfaChallenge"]) == WRONG
    to_bobs_question = other.get(bobs["publicKey"], ORIGIN)
    assert sign_in(remit, mfaAnswer=to_bobs_question, mfaChallenge=bobs["mfaChallenge"]) == WRONG
    assert sign_in(remit, "bob", mfaAnswer=to_bobs_question, mfaChallenge=bobs["mfaChallenge"])[0] == 200


def test_a_key_is_one_persons(remit: Composed) -> None:
    device = Authenticator()
    ana, bob = person(remit), person(remit, "bob")
    assert register(remit, ana, device)[0] == 200

    assert register(remit, ana, device) == (409, {"message": "the key is registered"})
    assert register(remit, bob, device) == (409, {"message": "the key is registered"})


def test_a_question_to_one_is_not_answered_by_another(remit: Composed) -> None:
    ana, bob = person(remit), person(remit, "bob")
    asked = options(remit, ana)[1]
    answer = Authenticator().create(asked["publicKey"], ORIGIN)

    body = {"credentials": bob, "challenge": asked["challenge"], "answer": answer}
    status, told = post(remit, "/_remit/signin/security-keys", body)

    assert (status, told["message"]) == (400, "the key was not registered: a challenge for something else")
    asked_at_sign_in = {**body, "credentials": ana, "challenge": "AAAA"}
    assert post(remit, "/_remit/signin/security-keys", asked_at_sign_in)[0] == 400


def test_nobody_has_more_than_eight_devices(remit: Composed) -> None:
    credentials = person(remit)
    for number in range(7):
        assert register(remit, credentials, Authenticator(), f"key{number}")[0] == 200
    waiting = options(remit, credentials)[1]
    assert register(remit, credentials, Authenticator(), "eighth")[0] == 200

    too_many = (409, {"message": "there are as many MFA devices as anybody may have"})
    assert options(remit, credentials) == too_many
    answer = Authenticator().create(waiting["publicKey"], ORIGIN)
    body = {"credentials": credentials, "challenge": waiting["challenge"], "answer": answer}
    assert post(remit, "/_remit/signin/security-keys", body) == too_many
    serial = remit.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="v")["VirtualMFADevice"]
    with pytest.raises(ClientError, match="LimitExceeded"):
        remit.client("iam").enable_mfa_device(
            UserName="ana",
            SerialNumber=serial["SerialNumber"],
            AuthenticationCode1="123456",
            AuthenticationCode2="123456",
        )


def test_codes_are_not_for_keys(remit: Composed) -> None:
    serial = register(remit, person(remit), Authenticator())[1]["serialNumber"]
    iam = remit.client("iam")
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}

    with pytest.raises(ClientError, match="InvalidAuthenticationCode"):
        iam.resync_mfa_device(UserName="ana", SerialNumber=serial, **codes)
    with pytest.raises(ClientError, match="already in use"):
        iam.enable_mfa_device(UserName="ana", SerialNumber=serial, **codes)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert sign_in(remit, mfaCode="123456") == WRONG


def test_one_registers_keys_for_another_who_may(remit: Composed) -> None:
    credentials = person(remit)
    remit.user("bob")

    status, body = register(remit, credentials, Authenticator(), userName="bob")
    assert (status, body["serialNumber"].split("/")[2]) == (200, "bob")
    status, body = register(remit, credentials, Authenticator(), userName="nobody")
    assert (status, body["message"]) == (404, "The user with name nobody cannot be found.")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"StringEquals": {"iam:RegisterSecurityKey": ["Create", "Activate"]}}, (200, 200)),
        ({"StringEquals": {"iam:RegisterSecurityKey": "Create"}}, (200, 403)),
        ({"StringEquals": {"iam:RegisterSecurityKey": "Activate"}}, (403, None)),
        ({"StringEqualsIfExists": {"iam:FIDO-certification": "L1"}}, (200, 200)),
        ({"Null": {"iam:FIDO-certification": "false"}}, (403, None)),
    ],
)
def test_each_step_is_asked_of_the_policies(remit: Composed, condition: Any, status: tuple[int, int | None]) -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    may = {"Effect": "Allow", "Action": "iam:EnableMFADevice", "Resource": own, "Condition": condition}
    credentials = person(remit, "ana", may)
    first, asked = options(remit, credentials)
    assert first == status[0]
    if status[1] is not None:
        answer = Authenticator().create(asked["publicKey"], ORIGIN)
        body = {"credentials": credentials, "challenge": asked["challenge"], "answer": answer}
        assert post(remit, "/_remit/signin/security-keys", body)[0] == status[1]
    if 403 in status:
        refused = events(remit, "EnableMFADevice")[0]
        assert refused["errorCode"] == "AccessDenied"
        assert remit.change(lambda tx: len(security_keys(tx, refused["userIdentity"]["principalId"]))) == 0


def test_what_a_key_is_certified_as_is_asked_of_the_policies_and_shown(
    remit: Composed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Authenticators, "certifications", lambda *_: {"FIDO": "L2", "FIPS-140-2": "L1"})
    condition = {"StringEquals": {"iam:RegisterSecurityKey": "Activate", "iam:FIDO-certification": "L2"}}
    begin = {"StringEquals": {"iam:RegisterSecurityKey": "Create"}}
    may = {"Effect": "Allow", "Action": "iam:EnableMFADevice", "Resource": "*"}
    fips = {**may, "Effect": "Deny", "Condition": {"StringEquals": {"iam:FIDO-FIPS-140-2-certification": "L1"}}}
    ana = person(remit, "ana", {**may, "Condition": condition}, {**may, "Condition": begin})
    bob = person(remit, "bob", may, fips)

    status, body = register(remit, ana, Authenticator())
    assert status == 200
    found = remit.client("iam").get_mfa_device(UserName="ana", SerialNumber=body["serialNumber"])
    assert found["Certifications"] == {"FIDO": "L2", "FIPS-140-2": "L1"}
    assert register(remit, bob, Authenticator())[0] == 403


def test_root_registers_a_key_of_its_own(remit: Composed) -> None:
    account = AccountId(remit.account)
    hashed = hash_password(Secret(PASSWORD))

    remit.change(lambda tx: create_login_profile(tx, account, account, "root", hashed, at=datetime.now(UTC)))
    as_root = {"email": "root@example.com", "password": PASSWORD}
    device = Authenticator()
    credentials = shown(post(remit, "/_remit/signin", as_root)[1])

    status, body = register(remit, credentials, device)

    assert status == 200
    assert body["serialNumber"].startswith(f"arn:aws:iam::{account}:u2f/root/blue-")
    assert remit.client("iam").get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 1
    asked = post(remit, "/_remit/signin", as_root)[1]
    answer = device.get(asked["publicKey"], ORIGIN)
    proof = {"mfaAnswer": answer, "mfaChallenge": asked["mfaChallenge"]}
    assert post(remit, "/_remit/signin", as_root | proof)[0] == 200


def test_somebody_whose_keys_are_for_another_host_is_told_where(remit: Composed) -> None:
    register(remit, person(remit), Authenticator())

    for host in ("127.0.0.1:7364", "remit.example.com"):
        status, body = sign_in(remit, host=host)
        assert (status, body) == (401, {"challenge": "MFA", "serials": [], "keysAt": ["localhost"]})


def test_codes_and_keys_stand_for_each_other(remit: Composed) -> None:
    device = Authenticator()
    register(remit, person(remit), device)
    iam = remit.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="v")["VirtualMFADevice"]
    seed, step = base64.b32decode(made["Base32StringSeed"]), step_of(datetime.now(UTC))
    iam.enable_mfa_device(
        UserName="ana",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1=code_at(seed, step - 1),
        AuthenticationCode2=code_at(seed, step),
    )

    assert sign_in(remit)[1]["serials"] == [made["SerialNumber"]]
    assert with_key(remit, device)[0] == 200
    assert sign_in(remit, mfaCode=code_at(seed, step + 1))[0] == 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"[]", {}, 400),
        (b'{"credentials": {}, "keyName": "a"}', {}, 400),
        (b" " * 70_000, {}, 400),
        ({"credentials": {"sessionId": "A", "sessionKey": "B", "sessionToken": "C"}, "keyName": "a"}, {}, 401),
        (b"{}", {"origin": "https://evil.example.com"}, 403),
    ],
)
def test_what_is_no_question_is_refused(remit: Composed, body: Any, headers: dict[str, str], status: int) -> None:
    assert post(remit, "/_remit/signin/security-keys/options", body, **headers)[0] == status


@pytest.mark.parametrize(("name", "status"), [("a" * 64, 200), ("a" * 65, 400), ("", 400), ("a/b", 400), ("é", 400)])
def test_a_key_has_a_name(remit: Composed, name: str, status: int) -> None:
    assert options(remit, person(remit), name)[0] == status


def test_an_address_is_no_host_for_keys(remit: Composed) -> None:
    asked = {"credentials": person(remit), "keyName": "a"}

    status, body = post(remit, "/_remit/signin/security-keys/options", asked, "127.0.0.1:7364")

    assert (status, "localhost" in body["message"]) == (400, True)


def test_long_term_keys_register_nothing(remit: Composed) -> None:
    admin = remit.admin
    given = {"sessionId": admin.access_key_id, "sessionKey": admin.secret_access_key.reveal(), "sessionToken": ""}

    assert options(remit, given)[0] == 401
