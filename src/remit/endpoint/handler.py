"""What every connection's requests meet first: Remit's own paths, signing in, CORS for browsers, and then AWS's path.

Browsers may call from any origin: a request counts by its signature, not by where its page came from, and there are no
cookies. Source: Fetch standard, "CORS protocol".
"""

from remit.endpoint.artifact_documents import PREFIX as ARTIFACT
from remit.endpoint.artifact_documents import ArtifactDocuments
from remit.endpoint.authorize import PAGE as AUTHORIZE_PAGE
from remit.endpoint.authorize import PATH as AUTHORIZE
from remit.endpoint.authorize import Authorize
from remit.endpoint.billing_files import PREFIX as BILLING
from remit.endpoint.billing_files import BillingFiles
from remit.endpoint.connection import Respond
from remit.endpoint.federation import PATH as FEDERATION
from remit.endpoint.federation import Federation
from remit.endpoint.limits import Limits
from remit.endpoint.local import PREFIX, Local
from remit.endpoint.path import Path
from remit.endpoint.proxies import Proxies
from remit.endpoint.security_keys import OPTIONS as SECURITY_KEY_OPTIONS
from remit.endpoint.security_keys import PATH as SECURITY_KEYS
from remit.endpoint.security_keys import SecurityKeys
from remit.endpoint.sign_in import PATH as SIGN_IN
from remit.endpoint.sign_in import SignIn
from remit.request import HttpRequest, HttpResponse

_EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-query-error,date,content-length"
_PREFLIGHT_SECONDS = 172_800


class Handler:
    """Answers whatever a connection reads."""

    def __init__(
        self,
        path: Path,
        local: Local,
        sign_in: SignIn,
        federation: Federation,
        authorizing: Authorize,
        security_keys: SecurityKeys,
        artifact: ArtifactDocuments,
        billing: BillingFiles,
        proxies: Proxies,
        limits: Limits,
    ) -> None:
        self.limits = limits
        self._path = path
        self._local = local
        self._sign_in = sign_in
        self._federation = federation
        self._authorizing = authorizing
        self._security_keys = security_keys
        self._artifact = artifact
        self._billing = billing
        self._proxies = proxies

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """Answer *request* by calling *respond* once, now or later."""
        if "origin" in request.headers:
            if request.method == "OPTIONS":
                respond(_preflight(request))
                return
            respond = _with_cors(respond)
        if request.path == SIGN_IN:
            self._sign_in.handle(self._proxies.client_of(request), respond)
        elif request.path == FEDERATION:
            self._federation.handle(self._proxies.client_of(request), respond)
        elif request.path in (AUTHORIZE, AUTHORIZE_PAGE):
            self._authorizing.handle(self._proxies.client_of(request), respond)
        elif request.path in (SECURITY_KEYS, SECURITY_KEY_OPTIONS):
            self._security_keys.handle(self._proxies.client_of(request), respond)
        elif request.path.startswith(ARTIFACT):
            self._artifact.handle(self._proxies.client_of(request), respond)
        elif request.path.startswith(BILLING):
            self._billing.handle(self._proxies.client_of(request), respond)
        elif request.path.startswith(PREFIX):
            self._local.handle(request, respond)
        else:
            self._path.handle(self._proxies.client_of(request), respond)

    def too_large(self, request: HttpRequest) -> HttpResponse:
        """Say that the body was too large, in the protocol of the service that was asked."""
        response = self._path.too_large(self._proxies.client_of(request), self.limits.body_bytes_of(request.path))
        return _exposed(response) if "origin" in request.headers else response


def _preflight(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        200,
        (
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET,HEAD,POST,PUT,DELETE,PATCH,OPTIONS"),
            ("access-control-allow-headers", request.headers.get("access-control-request-headers", "*")),
            ("access-control-expose-headers", _EXPOSED),
            ("access-control-max-age", str(_PREFLIGHT_SECONDS)),
        ),
        b"",
    )


def _with_cors(respond: Respond) -> Respond:
    def respond_with_cors(response: HttpResponse) -> None:
        respond(_exposed(response))

    return respond_with_cors


def _exposed(response: HttpResponse) -> HttpResponse:
    """Let a page of any origin read *response*."""
    headers = (
        *response.headers,
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", _EXPOSED),
    )
    return HttpResponse(response.status, headers, response.body)
