"""Signing in, with passwords and with what the federation endpoint gives."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import Composed, composed

from remit.directory import ACCOUNTS, LOGIN_PROFILES, PASSWORD_POLICIES
from remit.directory.login_profiles import create_login_profile
from remit.directory.password_policy import PasswordPolicy
from remit.directory.passwords import hash_password
from remit.directory.totp import code_at
from remit.ids import AccountId, Secret
from remit.request import HttpRequest, HttpResponse
from remit.testing import Identity

PASSWORD = "Correct-Horse-7"
WRONG = "Your authentication information is incorrect. Please try again."
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.fixture
def remit(tmp_path: Path) -> Iterator[Composed]:
    with composed(tmp_path) as whole:
        yield whole


def send(
    remit: Composed,
    method: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    peer: str = "203.0.113.7",
    **headers: str,
) -> HttpResponse:
    async def ask() -> HttpResponse:
        handler: Any = remit._whole.handler
        answer: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        given = {"host": "127.0.0.1:7364", **{name.replace("_", "-"): value for name, value in headers.items()}}
        handler.handle(HttpRequest(method, path, query, given, body, peer), answer.set_result)
        return await answer

    return remit._loop.run_until_complete(ask())


def sign_in(remit: Composed, peer: str = "203.0.113.7", **asked: str) -> tuple[int, dict[str, Any]]:
    given = {"account": remit.account, "userName": "ana", "password": PASSWORD, **asked}
    body = json.dumps({name: value for name, value in given.items() if value}).encode()
    answer = send(remit, "POST", "/_remit/signin", body=body, peer=peer, content_type="application/json")
    return answer.status, msgspec.json.decode(answer.body)


def ana(remit: Composed, **more: Any) -> None:
    remit.user("ana", ANYTHING)
    remit.client("iam").create_login_profile(UserName="ana", Password=PASSWORD, **more)


def holder(remit: Composed, body: dict[str, Any]) -> Identity:
    credentials = body["credentials"]
    return Identity(
        body["arn"],
        credentials["accessKeyId"],
        Secret(credentials["secretAccessKey"]),
        credentials["sessionToken"],
        remit.admin.endpoint,
    )


def events(remit: Composed, name: str = "ConsoleLogin") -> list[dict[str, Any]]:
    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]


def test_a_password_gives_credentials_that_may_what_the_user_may(remit: Composed) -> None:
    ana(remit)

    status, body = sign_in(remit, userName="ANA")

    assert status == 200
    session = holder(remit, body)
    assert remit.client("sts", session).get_caller_identity()["Arn"] == f"arn:aws:iam::{remit.account}:user/ana"
    shown = remit.client("iam", session).get_user(UserName="ana")["User"]
    assert datetime.now(UTC) - shown["PasswordLastUsed"] < timedelta(minutes=1)
    ends = datetime.fromisoformat(body["credentials"]["expiration"])
    assert timedelta(hours=11, minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=12)
    with pytest.raises(ClientError, match="Cannot call GetSessionToken with session credentials"):
        remit.client("sts", session).get_session_token()


@pytest.mark.parametrize(
    "asked",
    [
        {"password": "Wrong-Horse-7"},
        {"password": ""},
        {"userName": "bob"},
        {"userName": ""},
        {"account": "999988887777"},
        {"account": ""},
        {"account": "", "userName": "", "email": "nobody@example.com"},
        {"account": "", "userName": "", "email": "root@example.com"},
    ],
)
def test_what_is_wrong_is_never_told(remit: Composed, asked: dict[str, str]) -> None:
    ana(remit)

    assert sign_in(remit, **asked) == (401, {"message": WRONG})


def test_an_account_goes_by_its_alias(remit: Composed) -> None:
    ana(remit)
    remit.client("iam").create_account_alias(AccountAlias="octo")

    assert sign_in(remit, account="octo")[0] == 200


def test_root_signs_in_with_the_e_mail_address(remit: Composed) -> None:
    hashed = hash_password(Secret(PASSWORD))
    account = AccountId(remit.account)
    remit.change(lambda tx: create_login_profile(tx, account, account, "root", hashed, at=datetime.now(UTC)))
    email = remit.change(lambda tx: tx.get(ACCOUNTS, account).email)

    status, body = sign_in(remit, account="", userName="", email=email.upper())

    assert (status, body["arn"]) == (200, f"arn:aws:iam::{account}:root")
    remit.client("iam", holder(remit, body)).list_users()
    (event,) = events(remit)
    assert event["userIdentity"]["type"] == "Root"


def _device(remit: Composed) -> tuple[str, bytes]:
    import base64

    iam = remit.client("iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]
    seed = base64.b32decode(device["Base32StringSeed"])
    return device["SerialNumber"], seed


def _code(seed: bytes, steps: int = 0) -> str:
    from remit.directory.totp import step_of

    return code_at(seed, step_of(datetime.now(UTC)) + steps)


def test_a_device_is_asked_for_and_counts_in_conditions(remit: Composed) -> None:
    ana(remit)
    serial, seed = _device(remit)
    remit.client("iam").enable_mfa_device(
        UserName="ana", SerialNumber=serial, AuthenticationCode1=_code(seed, -1), AuthenticationCode2=_code(seed)
    )

    assert sign_in(remit) == (401, {"challenge": "MFA", "serials": [serial]})
    assert sign_in(remit, mfaCode="000000") == (401, {"message": WRONG})
    assert sign_in(remit, mfaCode=_code(seed)) == (401, {"message": WRONG})  # it was used
    status, _ = sign_in(remit, mfaCode=_code(seed, 1))
    assert status == 200
    last, *before = events(remit)
    assert last["additionalEventData"]["MFAUsed"] == "Yes"
    assert [event["errorMessage"] for event in before] == ["Failed authentication"] * 2


def test_a_password_may_have_to_be_replaced_first(remit: Composed) -> None:
    ana(remit, PasswordResetRequired=True)

    assert sign_in(remit) == (401, {"challenge": "NEW_PASSWORD"})
    assert sign_in(remit, newPassword="short")[0] == 400
    assert sign_in(remit, newPassword=PASSWORD) == (400, {"message": "The new password was used before."})
    assert sign_in(remit, newPassword="Another-Horse-8")[0] == 200
    assert sign_in(remit) == (401, {"message": WRONG})
    assert sign_in(remit, password="Another-Horse-8")[0] == 200


@pytest.mark.parametrize(("hard", "status"), [(False, 401), (True, 403)])
def test_an_expired_password_is_replaced_by_its_owner_unless_the_account_says_no(
    remit: Composed, status: int, *, hard: bool
) -> None:
    ana(remit)

    def age(tx: Any) -> None:
        (profile,) = tx.select(LOGIN_PROFILES, "account", remit.account)
        long_ago = datetime.now(UTC) - timedelta(days=91)
        tx.put(LOGIN_PROFILES, msgspec.structs.replace(profile, changed_at=long_ago))
        account = AccountId(remit.account)
        tx.put(PASSWORD_POLICIES, PasswordPolicy(id=account, account=account, days_max=90, hard_expiry=hard))

    remit.change(age)

    assert sign_in(remit)[0] == status


def test_a_new_password_ends_the_sessions_of_the_old_one(remit: Composed) -> None:
    ana(remit)
    session = holder(remit, sign_in(remit)[1])
    remit.client("sts", session).get_caller_identity()

    def later(tx: Any) -> None:
        (profile,) = tx.select(LOGIN_PROFILES, "account", remit.account)
        changed = msgspec.structs.replace(profile, changed_at=profile.changed_at + timedelta(seconds=5))
        tx.put(LOGIN_PROFILES, changed)

    remit.change(later)
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        remit.client("sts", session).get_caller_identity()


def test_guessing_is_slow_and_keeps_the_owner_out_of_nowhere(remit: Composed) -> None:
    ana(remit)
    assert sign_in(remit, "198.51.100.1")[0] == 200

    for _ in range(5):
        assert sign_in(remit, "203.0.113.9", password="guess")[0] == 401
    status, body = sign_in(remit, "203.0.113.9")
    assert status == 429
    assert body["retryAfter"] >= 1
    assert sign_in(remit, "198.51.100.1")[0] == 200


def test_who_signed_in_and_who_did_not_is_in_the_trail(remit: Composed) -> None:
    ana(remit)
    sign_in(remit, userName="my-Secret-Password-1")
    sign_in(remit, password="Wrong-Horse-7")
    sign_in(remit)

    success, wrong, nobody = events(remit)

    assert success["eventType"] == "AwsConsoleSignIn"
    assert success["eventSource"] == "signin.amazonaws.com"
    assert success["responseElements"] == {"ConsoleLogin": "Success"}
    assert success["additionalEventData"] == {"MobileVersion": "No", "MFAUsed": "No"}
    assert success["userIdentity"]["userName"] == "ana"
    assert success["sourceIPAddress"] == "203.0.113.7"
    assert "errorMessage" not in success
    assert wrong["responseElements"] == {"ConsoleLogin": "Failure"}
    assert wrong["errorMessage"] == "Failed authentication"
    assert nobody["errorMessage"] == "No username found in supplied account"
    assert nobody["userIdentity"]["userName"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    text = json.dumps([success, wrong, nobody])
    assert "Secret-Password" not in text
    assert "Horse" not in text


@pytest.mark.parametrize(
    ("method", "body", "headers", "status"),
    [
        ("GET", b"", {"content_type": "application/json"}, 400),
        ("POST", b"{}", {"content_type": "text/plain"}, 400),
        ("POST", b"{", {"content_type": "application/json"}, 400),
        ("POST", b'{"other": 1}', {"content_type": "application/json"}, 400),
        ("POST", b"[]", {"content_type": "application/json"}, 400),
        ("POST", b"{}", {"content_type": "application/json", "origin": "https://evil.example.com"}, 403),
        ("POST", b"{}", {"content_type": "application/json", "origin": "null"}, 403),
        ("POST", b"{}", {"content_type": "application/json", "origin": "http://127.0.0.1:7364"}, 401),
    ],
)
def test_only_this_servers_pages_sign_in(
    remit: Composed, method: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert send(remit, method, "/_remit/signin", body=body, **headers).status == status


# -- the federation endpoint


def exchange(remit: Composed, identity: Identity, **more: str) -> tuple[int, dict[str, Any]]:
    session = {
        "sessionId": identity.access_key_id,
        "sessionKey": identity.secret_access_key.reveal(),
        "sessionToken": identity.session_token or "",
    }
    given = {"Action": "getSigninToken", "Session": json.dumps(session), **more}
    query = "&".join(f"{name}={quote(value)}" for name, value in given.items())
    answer = send(remit, "GET", "/federation", query)
    return answer.status, msgspec.json.decode(answer.body)


def assumed(remit: Composed, asker: Identity | None = None, seconds: int = 3600) -> Identity:
    iam = remit.client("iam")
    if not [role for role in iam.list_roles()["Roles"] if role["RoleName"] == "Broker"]:
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": remit.account}, "Action": "sts:AssumeRole"}],
        }
        iam.create_role(RoleName="Broker", AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=14_400)
        iam.attach_role_policy(RoleName="Broker", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    arn = f"arn:aws:iam::{remit.account}:role/Broker"
    answer = remit.client("sts", asker).assume_role(RoleArn=arn, RoleSessionName="s1", DurationSeconds=seconds)
    return _temporary(remit, answer["AssumedRoleUser"]["Arn"], answer["Credentials"])


def _temporary(remit: Composed, arn: str, credentials: dict[str, Any]) -> Identity:
    return Identity(
        arn,
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        remit.admin.endpoint,
    )


def with_token(remit: Composed, token: str) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"signinToken": token}).encode()
    answer = send(remit, "POST", "/_remit/signin", body=body, content_type="application/json")
    return answer.status, msgspec.json.decode(answer.body)


def test_credentials_become_a_link_and_the_link_a_session(remit: Composed) -> None:
    role = assumed(remit)
    status, body = exchange(remit, role)
    assert (status, body.keys()) == (200, {"SigninToken"})

    destination = quote("https://console.aws.amazon.com/iam/home?region=us-east-1#/users")
    issuer, token = quote("https://idp.example.com"), quote(body["SigninToken"])
    query = f"Action=login&Issuer={issuer}&Destination={destination}&SigninToken={token}"
    answer = send(remit, "GET", "/federation", query)
    place = urlsplit(dict(answer.headers)["location"])

    assert answer.status == 302
    assert (place.netloc, place.path, place.query) == ("", "/_remit/console/iam/home", "region=us-east-1")
    told = parse_qs(place.fragment)
    assert told["issuer"] == ["https://idp.example.com"]
    status, signed_in = with_token(remit, told["signin-token"][0])
    assert (status, signed_in["arn"]) == (200, role.arn)
    remit.client("iam", holder(remit, signed_in)).list_users()
    assert events(remit)[0]["userIdentity"]["arn"] == role.arn
    assert events(remit, "GetSigninToken")[0]["userIdentity"]["arn"] == role.arn


@pytest.mark.parametrize(
    "destination",
    [
        "https://evil.example.com/x",
        "//evil.example.com/x",
        "https:evil.example.com",
        "javascript:alert(1)",
        "/\\evil.example.com",
        "http://[",
        "x\r\nset-cookie: a=b",
        "",
    ],
)
def test_nobody_is_sent_to_another_server(remit: Composed, destination: str) -> None:
    token = exchange(remit, assumed(remit))[1]["SigninToken"]

    answer = send(
        remit, "GET", "/federation", f"Action=login&Destination={quote(destination)}&SigninToken={quote(token)}"
    )

    location = dict(answer.headers)["location"]
    assert location.startswith("/_remit/console/")
    assert "\r" not in location
    assert "\\" not in location


def test_a_session_may_last_longer_than_the_credentials(remit: Composed) -> None:
    token = exchange(remit, assumed(remit, seconds=900), SessionDuration="14400")[1]["SigninToken"]

    ends = datetime.fromisoformat(with_token(remit, token)[1]["credentials"]["expiration"])

    assert ends - datetime.now(UTC) > timedelta(hours=3, minutes=59)


def test_what_cannot_be_exchanged(remit: Composed) -> None:
    role = assumed(remit)
    chained = assumed(remit, role)
    user = remit.client("sts").get_session_token()["Credentials"]
    federated = remit.client("sts").get_federation_token(Name="ann")
    ann = _temporary(remit, federated["FederatedUser"]["Arn"], federated["Credentials"])
    forged = Identity(role.arn, role.access_key_id, Secret("wrong"), role.session_token, role.endpoint)
    altered = Identity(role.arn, role.access_key_id, role.secret_access_key, "AAAA", role.endpoint)

    assert exchange(remit, ann)[0] == 200
    assert exchange(remit, chained)[0] == 200
    for identity, more in [
        (remit.admin, {}),
        (_temporary(remit, "", user), {}),
        (forged, {}),
        (altered, {}),
        (role, {"SessionDuration": "899"}),
        (role, {"SessionDuration": "43201"}),
        (role, {"SessionDuration": "20000"}),
        (role, {"SessionDuration": "x"}),
        (role, {"Session": "no json"}),
        (role, {"Action": "other"}),
        (chained, {"SessionDuration": "3600"}),
        (ann, {"SessionDuration": "3600"}),
    ]:
        assert exchange(remit, identity, **more)[0] == 400, (identity.arn, more)


def test_a_request_with_too_many_parameters_is_refused(remit: Composed) -> None:
    assert send(remit, "GET", "/federation", "&".join(f"a{number}=1" for number in range(40))).status == 400
    assert send(remit, "POST", "/federation", body=b"\xff" * 100).status == 400


def test_a_link_is_a_link_of_ours(remit: Composed) -> None:
    for token in ("", "AAAA", "é"):
        answer = send(remit, "GET", "/federation", f"Action=login&SigninToken={quote(token)}")
        assert answer.status == 400
        assert with_token(remit, token or "x")[0] == 401
