"""`aws login` without a browser: a person who signed in, a key that is proven, and tokens."""

import asyncio
import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from composed import Composed
from joserfc import jws
from joserfc.jwk import ECKey

from remit.request import HttpRequest

PASSWORD = "Correct-Horse-7"
HOST = "127.0.0.1:7364"
SAME = "arn:aws:signin:::devtools/same-device"
REDIRECT = "http://127.0.0.1:53210/oauth/callback"
VERIFIER = "v" * 64
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Login:
    """A program that somebody let act for them, and what it was told."""

    def __init__(self, remit: Composed, name: str, peer: str = "203.0.113.7") -> None:
        self._remit, self._peer = remit, peer
        self._key = ECKey.generate_key("P-256", private=True)
        self.name = name
        self.refresh_token = ""

    def post(self, path: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
        async def ask() -> Any:
            handler: Any = self._remit._whole.handler
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            given = {"host": HOST, "content-type": "application/json", "user-agent": "tests", **headers}
            request = HttpRequest("POST", path, "", given, json.dumps(body).encode(), self._peer)
            handler.handle(request, answer.set_result)
            return await answer

        answer = self._remit._loop.run_until_complete(ask())
        return answer.status, msgspec.json.decode(answer.body)

    def sign_in(self) -> tuple[int, dict[str, Any]]:
        asked = {"account": self._remit.account, "userName": self.name, "password": PASSWORD}
        return self.post("/_remit/signin", asked)

    def authorize(self, credentials: dict[str, str]) -> tuple[int, dict[str, Any]]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        asked = {
            "clientId": SAME,
            "redirectUri": REDIRECT,
            "state": "s",
            "codeChallenge": challenge,
            "credentials": {
                "sessionId": credentials["accessKeyId"],
                "sessionKey": credentials["secretAccessKey"],
                "sessionToken": credentials["sessionToken"],
            },
        }
        return self.post("/_remit/signin/authorize", asked)

    def token(self, **asked: str) -> tuple[int, dict[str, Any]]:
        claims = {"htm": "POST", "htu": f"http://{HOST}/v1/token", "iat": int(datetime.now(UTC).timestamp())}
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._key.as_dict(private=False)}
        payload = json.dumps({**claims, "jti": str(uuid.uuid4())}).encode()
        proof = jws.serialize_compact(header, payload, self._key, algorithms=["ES256"])
        return self.post("/v1/token", {"clientId": SAME, **asked}, dpop=proof)

    def redeem(self, redirect: str) -> tuple[int, dict[str, Any]]:
        code = parse_qs(urlsplit(redirect).query)["code"][0]
        asked = {"code": code, "codeVerifier": VERIFIER, "redirectUri": REDIRECT}
        status, told = self.token(grantType="authorization_code", **asked)
        self.refresh_token = told.get("refreshToken", "")
        return status, told

    def refresh(self) -> tuple[int, dict[str, Any]]:
        return self.token(grantType="refresh_token", refreshToken=self.refresh_token)

    def all_the_way(self) -> dict[str, Any]:
        status, body = self.sign_in()
        assert status == 200, body
        status, body = self.authorize(body["credentials"])
        assert status == 200, body
        status, told = self.redeem(body["redirect"])
        assert status == 200, told
        return told


@pytest.fixture
def login(remit: Composed) -> Callable[..., Login]:
    """Give a function that makes a user with a password, and returns their program, which did nothing yet."""

    def make(name: str = "ana", *statements: dict[str, Any], peer: str = "203.0.113.7") -> Login:
        remit.user(name, *(statements or (ANYTHING,)))
        remit.client("iam").create_login_profile(UserName=name, Password=PASSWORD)
        return Login(remit, name, peer)

    return make
