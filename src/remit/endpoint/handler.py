"""What every connection's requests meet first: Remit's own paths, CORS for browsers, and then AWS's path.

Browsers may call from any origin: a request counts by its signature, not by where its page came from, and there are no
cookies. Source: Fetch standard, "CORS protocol".
"""

from remit.clock import Clock
from remit.endpoint.connection import Limits, Respond
from remit.endpoint.local import PREFIX, Local
from remit.endpoint.path import Path
from remit.errors import ServiceError
from remit.ids import new_uuid
from remit.request import HttpRequest, HttpResponse
from remit.wire import RouteFailed, Wire

_EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-query-error,date,content-length"
_PREFLIGHT_SECONDS = 172_800
_TOO_LARGE = 413


class Handler:
    """Answers whatever a connection reads."""

    def __init__(self, path: Path, local: Local, wire: Wire, clock: Clock, limits: Limits) -> None:
        self.limits = limits
        self._path = path
        self._local = local
        self._wire = wire
        self._clock = clock

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """Answer *request* by calling *respond* once, now or later."""
        if "origin" in request.headers:
            if request.method == "OPTIONS":
                respond(_preflight(request))
                return
            respond = _with_cors(respond)
        if request.path.startswith(PREFIX):
            self._local.handle(request, respond)
        else:
            self._path.handle(request, respond)

    def too_large(self, request: HttpRequest) -> HttpResponse:
        """Say that the body was too large, in the protocol of the service that was asked."""
        message = f"The request body must not be larger than {self.limits.body_bytes} bytes."
        error = ServiceError("RequestEntityTooLarge", message, _TOO_LARGE)
        try:
            asked = self._wire.route(request, request_id=new_uuid(), at=self._clock.now())
        except RouteFailed as failure:
            return self._wire.render_error(failure.unrouted, error)
        return self._wire.render_error(asked, error)


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
        headers = (
            *response.headers,
            ("access-control-allow-origin", "*"),
            ("access-control-expose-headers", _EXPOSED),
        )
        respond(HttpResponse(response.status, headers, response.body))

    return respond_with_cors
