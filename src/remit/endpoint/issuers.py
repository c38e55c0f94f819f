"""What verifies what we sign: everybody is told the keys.

Each account's issuer for outbound federation tells its configuration, too; `artifact` is that of certificates of
acceptance, whose keys are none before the first certificate.

Nothing here is secret, and nobody signs. Source: OpenID Connect Discovery 1.0, section 4; `iam-sts` reference, 13.10.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from remit.directory.artifact.certificates import published_keys
from remit.directory.outbound_federation import ALGORITHMS, OUTBOUND_ISSUERS
from remit.request import HttpRequest, HttpResponse, Outside
from remit.store import Answer, Database, StoreError, Transaction

PREFIX = "/_remit/issuers/"
_KEYS = "/.well-known/jwks.json"
CERTIFICATE_KEYS_PATH = f"{PREFIX}artifact{_KEYS}"
_HEADERS = (
    ("content-type", "application/json"),
    ("access-control-allow-origin", "*"),
    ("cache-control", "public, max-age=300"),
)
_OK, _NOT_FOUND, _UNAVAILABLE = 200, 404, 503


class Issuers:
    """Answers requests to paths below `/_remit/issuers/`."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self._database = database
        self._outside = outside

    def handle(self, http: HttpRequest, respond: Callable[[HttpResponse], None]) -> None:
        """Answer *http* by calling *respond* once, now or when the store has answered."""
        try:
            found = self._database.execute(partial(self._work, http.path))
        except StoreError:
            respond(HttpResponse(_UNAVAILABLE, _HEADERS, b"{}"))
            return
        if isinstance(found, asyncio.Future):
            found.add_done_callback(
                lambda future: respond(_said(None if future.exception() is not None else future.result()))
            )
        else:
            respond(_said(found))

    def _work(self, path: str, tx: Transaction) -> Answer[dict[str, Any] | None]:
        if path == CERTIFICATE_KEYS_PATH:
            return Answer({"keys": published_keys(tx)})
        id_, slash, rest = path.removeprefix(PREFIX).partition("/")
        issuer = tx.get(OUTBOUND_ISSUERS, id_)
        if issuer is None:
            return Answer(None)
        match slash + rest:
            case "/.well-known/openid-configuration":
                return Answer(self._configuration(id_))
            case "/.well-known/jwks.json":
                return Answer({"keys": [key.public for key in issuer.keys]})
            case _:
                return Answer(None)

    def _configuration(self, id_: str) -> dict[str, Any]:
        url = self._outside.issuer_url(id_)
        return {
            "issuer": url,
            "jwks_uri": f"{url}{_KEYS}",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(ALGORITHMS),
            "claims_supported": ["iss", "aud", "sub", "iat", "exp", "jti", "scope", "https://sts.amazonaws.com/"],
        }


def _said(body: dict[str, Any] | None) -> HttpResponse:
    if body is None:
        return HttpResponse(_NOT_FOUND, _HEADERS, b'{"message":"there is no such issuer"}\n')
    return HttpResponse(_OK, _HEADERS, msgspec.json.encode(body) + b"\n")
