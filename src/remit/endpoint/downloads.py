"""Files that links lead to, as answers: saved under the name in the link, kept by no cache, taken for nothing else."""

from urllib.parse import unquote

from remit.endpoint.unsigned import Outcome, said
from remit.request import HttpRequest, HttpResponse
from remit.store import Answer

_OK, _FORBIDDEN, _NOT_ALLOWED = 200, 403, 405
GONE, NOT_IMPLEMENTED, BROKEN = 410, 501, 503


def given(http: HttpRequest, media_type: str, body: bytes) -> HttpResponse:
    """Give a file."""
    name = unquote(http.path.rpartition("/")[2])
    headers = (
        ("content-type", media_type),
        ("content-disposition", f'attachment; filename="{name}"'),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    )
    return HttpResponse(_OK, headers, body)


def refused(status: int, message: str) -> Answer[HttpResponse]:
    """Say why there is no file."""
    return Answer(said(Outcome(status, {"message": message})))


def expired() -> Answer[HttpResponse]:
    """Refuse a link that is none, or is over."""
    return refused(_FORBIDDEN, "The link is invalid or has expired. Request a new one.")


def not_get(http: HttpRequest) -> HttpResponse | None:
    """Return what is said to any other method than GET."""
    if http.method == "GET":
        return None
    return said(Outcome(_NOT_ALLOWED, {"message": f"use GET, not {http.method}"}))
