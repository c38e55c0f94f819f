"""`aws login`: codes, keys that are proven, and credentials that end with the sign-in."""

import asyncio
import base64
import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import Composed
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from remit.directory import LOGIN_PROFILES, SIGNIN_GRANTS
from remit.ids import Secret
from remit.request import HttpRequest, HttpResponse
from remit.testing import Identity

PASSWORD = "Correct-Horse-7"
SAME, CROSS = (f"arn:aws:signin:::devtools/{device}-device" for device in ("same", "cross"))
REDIRECT = "http://127.0.0.1:53210/oauth/callback"
HOST = "127.0.0.1:7364"
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
VERIFIER = "v" * 64


def send(remit: Composed, method: str, path: str, query: str = "", body: Any = None, **headers: str) -> HttpResponse:
    async def ask() -> HttpResponse:
        handler: Any = remit._whole.handler
        answer: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        data = b"" if body is None else json.dumps(body).encode()
        given = {"host": HOST, "content-type": "application/json", **headers}
        handler.handle(HttpRequest(method, path, query, given, data, "203.0.113.7"), answer.set_result)
        return await answer

    return remit._loop.run_until_complete(ask())


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def signed_in(remit: Composed, *statements: dict[str, Any]) -> dict[str, str]:
    remit.user("ana", *(statements or (ANYTHING,)))
    remit.client("iam").create_login_profile(UserName="ana", Password=PASSWORD)
    body = {"account": remit.account, "userName": "ana", "password": PASSWORD}
    credentials = msgspec.json.decode(send(remit, "POST", "/_remit/signin", body=body).body)["credentials"]
    return {
        "sessionId": credentials["accessKeyId"],
        "sessionKey": credentials["secretAccessKey"],
        "sessionToken": credentials["sessionToken"],
    }


def authorize(remit: Composed, credentials: dict[str, str], **changed: Any) -> tuple[int, dict[str, Any]]:
    asked = {
        "clientId": SAME,
        "redirectUri": REDIRECT,
        "state": "s t&te",
        "codeChallenge": challenge(),
        "credentials": credentials,
        **changed,
    }
    answer = send(remit, "POST", "/_remit/signin/authorize", body=asked)
    return answer.status, msgspec.json.decode(answer.body)


def code(remit: Composed, credentials: dict[str, str], **changed: Any) -> str:
    status, body = authorize(remit, credentials, **changed)
    assert status == 200, body
    return parse_qs(urlsplit(body["redirect"]).query)["code"][0]


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", private=True)


def proof(key: Any, header: dict[str, Any] | None = None, **changed: Any) -> str:
    claims = {
        "htm": "POST",
        "htu": f"http://{HOST}/v1/token",
        "iat": int(datetime.now(UTC).timestamp()),
        "jti": str(uuid.uuid4()),
        **changed,
    }
    given = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False), **(header or {})}
    return jws.serialize_compact(given, json.dumps(claims).encode(), key, algorithms=[given["alg"]])


def redeem(remit: Composed, key: Any, text: str | None, dpop: str | None = None, **asked: Any) -> tuple[int, Any]:
    body = {
        "clientId": SAME,
        "grantType": "authorization_code",
        "code": text,
        "codeVerifier": VERIFIER,
        "redirectUri": REDIRECT,
        **asked,
    }
    body = {name: value for name, value in body.items() if value is not None}
    answer = send(remit, "POST", "/v1/token", body=body, dpop=proof(key) if dpop is None else dpop)
    return answer.status, msgspec.json.decode(answer.body)


def refresh(remit: Composed, key: Any, token: str, **asked: Any) -> tuple[int, Any]:
    return redeem(
        remit, key, None, grantType="refresh_token", refreshToken=token, codeVerifier=None, redirectUri=None, **asked
    )


def holder(remit: Composed, tokens: dict[str, Any]) -> Identity:
    given = tokens["accessToken"]
    secret = Secret(given["secretAccessKey"])
    return Identity("", given["accessKeyId"], secret, given["sessionToken"], remit.admin.endpoint)


def test_a_code_becomes_credentials_and_these_are_refreshed(remit: Composed) -> None:
    key = new_key()
    status, first = redeem(remit, key, code(remit, signed_in(remit)))

    assert status == 200
    assert (first["tokenType"], first["expiresIn"]) == ("aws_sigv4", 900)
    arn = f"arn:aws:iam::{remit.account}:user/ana"
    assert remit.client("sts", holder(remit, first)).get_caller_identity()["Arn"] == arn
    claims = json.loads(base64.urlsafe_b64decode(first["idToken"].split(".")[1] + "=="))
    assert (claims["sub"], claims["aud"]) == (arn, SAME)

    status, second = refresh(remit, key, first["refreshToken"])
    assert status == 200
    assert "idToken" not in second
    remit.client("iam", holder(remit, second)).list_users()
    assert refresh(remit, key, first["refreshToken"])[0] == 200  # the answer may have been lost


def test_the_page_leads_to_the_console(remit: Composed) -> None:
    answer = send(remit, "GET", "/v1/authorize", "response_type=code&state=1\r\nx")

    assert answer.status == 302
    assert dict(answer.headers)["location"] == "/_remit/console/authorize?response_type=code&state=1x"


def test_a_code_for_another_device_is_shown_to_people(remit: Composed) -> None:
    redirect = f"http://{HOST}/v1/sessions/confirmation"
    status, body = authorize(remit, signed_in(remit), clientId=CROSS, redirectUri=redirect, state="abc")

    assert status == 200
    shown = parse_qs(base64.b64decode(body["confirmation"]).decode())
    assert shown["state"] == ["abc"]
    assert redeem(remit, new_key(), shown["code"][0], clientId=CROSS, redirectUri=redirect)[0] == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"clientId": "arn:aws:signin:::devtools/other"},
        {"redirectUri": "https://evil.example.com/oauth/callback"},
        {"redirectUri": "http://127.0.0.1.evil.com:1/oauth/callback"},
        {"redirectUri": f"{REDIRECT}?x=1"},
        {"clientId": CROSS, "redirectUri": "http://evil.example.com/v1/sessions/confirmation"},
        {"clientId": CROSS},
        {"codeChallenge": "short"},
        {"codeChallengeMethod": "plain"},
        {"responseType": "token"},
        {"scope": "all"},
        {"credentials": {"sessionId": "x"}},
    ],
)
def test_what_is_not_authorized(remit: Composed, changed: dict[str, Any]) -> None:
    status, body = authorize(remit, **{"credentials": signed_in(remit), **changed})

    assert (status, body["error"]) == (400, "INVALID_REQUEST")


def test_the_policies_are_asked_twice(remit: Composed) -> None:
    client = f"arn:aws:signin:*:{remit.account}:oauth2/public-client/localhost"
    may = {"Effect": "Allow", "Action": "signin:AuthorizeOAuth2Access", "Resource": client}
    credentials = signed_in(remit, may)
    text = code(remit, credentials)

    status, body = redeem(remit, new_key(), text)
    assert status == 403
    assert body["message"].startswith(
        f"User: arn:aws:iam::{remit.account}:user/ana is not authorized to perform: signin:CreateOAuth2Token on "
        f"resource: arn:aws:signin:us-east-1:{remit.account}:oauth2/public-client/localhost because "
    )
    remit.client("iam").delete_user_policy(UserName="ana", PolicyName="test")
    status, body = authorize(remit, credentials)
    assert (status, body["error"]) == (403, "INSUFFICIENT_PERMISSIONS")


def test_a_code_is_good_once_and_for_ten_minutes(remit: Composed) -> None:
    credentials = signed_in(remit)
    key, text, late = new_key(), code(remit, credentials), code(remit, credentials)

    assert redeem(remit, key, text)[0] == 200
    for other in (key, new_key()):
        status, body = redeem(remit, other, text)
        assert (status, body["error"]) == (400, "AUTHCODE_EXPIRED")

    def age(tx: Any) -> None:
        for grant in tx.all(SIGNIN_GRANTS):
            if not grant.key:
                tx.put(
                    SIGNIN_GRANTS, msgspec.structs.replace(grant, created_at=grant.created_at - timedelta(minutes=10))
                )

    remit.change(age)
    assert redeem(remit, key, late)[1]["error"] == "AUTHCODE_EXPIRED"
    code(remit, credentials)
    assert len(remit.change(lambda tx: tx.all(SIGNIN_GRANTS))) == 2  # what is over has gone


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"codeVerifier": "w" * 64}, "INSUFFICIENT_PERMISSIONS"),
        ({"redirectUri": "http://127.0.0.1:1/oauth/callback"}, "INSUFFICIENT_PERMISSIONS"),
        ({"clientId": CROSS}, "INSUFFICIENT_PERMISSIONS"),
        ({"codeVerifier": None}, "INVALID_REQUEST"),
        ({"code": None}, "INVALID_REQUEST"),
        ({"code": "AAAA"}, "AUTHCODE_EXPIRED"),
        ({"code": "\u00e9"}, "AUTHCODE_EXPIRED"),
    ],
)
def test_a_code_goes_with_what_it_was_asked_for_with(remit: Composed, asked: dict[str, Any], error: str) -> None:
    text = code(remit, signed_in(remit))

    status, body = redeem(
        remit, new_key(), **{"text": text, **asked} if "code" not in asked else {"text": asked["code"]}
    )

    assert (status, body["error"]) == (400, error)


def test_a_refresh_token_belongs_to_a_key(remit: Composed) -> None:
    key = new_key()
    tokens = redeem(remit, key, code(remit, signed_in(remit)))[1]

    assert refresh(remit, new_key(), tokens["refreshToken"])[1]["error"] == "INSUFFICIENT_PERMISSIONS"
    assert refresh(remit, key, "AAAA")[1]["error"] == "TOKEN_EXPIRED"
    assert refresh(remit, key, tokens["refreshToken"], clientId=CROSS)[1]["error"] == "INSUFFICIENT_PERMISSIONS"


def test_everything_ends_with_the_password(remit: Composed) -> None:
    key = new_key()
    tokens = redeem(remit, key, code(remit, signed_in(remit)))[1]

    def change(tx: Any) -> None:
        (profile,) = tx.select(LOGIN_PROFILES, "account", remit.account)
        later = profile.changed_at + timedelta(seconds=5)
        tx.put(LOGIN_PROFILES, msgspec.structs.replace(profile, changed_at=later))

    remit.change(change)

    assert refresh(remit, key, tokens["refreshToken"])[1]["error"] == "USER_CREDENTIALS_CHANGED"
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        remit.client("sts", holder(remit, tokens)).get_caller_identity()


def _forged(key: ECKey) -> str:
    """Return a proof that shows one key and is signed with another."""
    return proof(new_key(), {"jwk": key.as_dict(private=False)})


def _secret(key: ECKey) -> str:
    return proof(key, {"jwk": key.as_dict(private=True)})


def _rsa(key: ECKey) -> str:
    del key
    return proof(RSAKey.generate_key(2048, private=True), {"alg": "RS256"})


PROOFS = {
    "none": lambda _: "",
    "no token": lambda _: "a.b.c",
    "another key's": _forged,
    "with the private key": _secret,
    "RSA": _rsa,
    "another type": lambda key: proof(key, {"typ": "JWT"}),
    "another method": lambda key: proof(key, htm="GET"),
    "another path": lambda key: proof(key, htu=f"http://{HOST}/v1/other"),
    "another host": lambda key: proof(key, htu="http://evil.example.com/v1/token"),
    "no URL": lambda key: proof(key, htu=None),
    "old": lambda key: proof(key, iat=int(datetime.now(UTC).timestamp()) - 400),
    "of the future": lambda key: proof(key, iat=int(datetime.now(UTC).timestamp()) + 400),
    "no time": lambda key: proof(key, iat=None),
    "no id": lambda key: proof(key, jti=None),
    "a long id": lambda key: proof(key, jti="x" * 257),
}


@pytest.mark.parametrize("made", PROOFS.values(), ids=PROOFS)
def test_a_key_must_be_proven(remit: Composed, made: Any) -> None:
    key = new_key()

    status, body = redeem(remit, key, code(remit, signed_in(remit)), dpop=made(key))

    assert (status, body["error"]) == (400, "INVALID_REQUEST")


def test_a_proof_is_good_for_one_request(remit: Composed) -> None:
    key = new_key()
    tokens = redeem(remit, key, code(remit, signed_in(remit)))[1]
    once = proof(key)
    body = {"clientId": SAME, "grantType": "refresh_token", "refreshToken": tokens["refreshToken"]}

    assert send(remit, "POST", "/v1/token", body=body, dpop=once).status == 200
    assert send(remit, "POST", "/v1/token", body=body, dpop=once).status == 400


def test_the_trail_has_who_and_no_secret(remit: Composed) -> None:
    text = code(remit, signed_in(remit))
    tokens = redeem(remit, new_key(), text)[1]

    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateOAuth2Token"}]
    )["Events"]

    (event,) = found
    record = json.loads(event["CloudTrailEvent"])
    assert record["userIdentity"]["userName"] == "ana"
    assert record["eventSource"] == "signin.amazonaws.com"
    for secret in (text, VERIFIER, tokens["refreshToken"], tokens["idToken"], tokens["accessToken"]["sessionToken"]):
        assert secret not in event["CloudTrailEvent"]
