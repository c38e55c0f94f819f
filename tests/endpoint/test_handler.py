"""What every request meets first: Remit's own paths, and what browsers ask for.

Source: Fetch standard, "CORS protocol".
"""

from typing import Any

import pytest

from remit.endpoint.connection import Respond
from remit.endpoint.handler import Handler
from remit.endpoint.limits import Limits
from remit.endpoint.proxies import Proxies
from remit.request import HttpRequest, HttpResponse


class Below:
    """Stands for AWS's path, or for Remit's own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[HttpRequest] = []

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        self.seen.append(request)
        respond(HttpResponse(200, (("x-from", self.name),), b"body"))

    def too_large(self, request: HttpRequest, body_bytes_max: int) -> HttpResponse:
        self.seen.append(request)
        return HttpResponse(413, (("x-from", self.name),), str(body_bytes_max).encode())


AWS, OWN = "aws", "own"
EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-query-error,date,content-length"


def handler(**limits: Any) -> Handler:
    aws, own = Below(AWS), Below(OWN)
    return Handler(aws, own, own, own, own, own, own, own, Proxies(()), Limits(**limits))  # type: ignore[arg-type]  # it needs no more of them


def ask(method: str, path: str, **headers: str) -> HttpResponse:
    answers: list[HttpResponse] = []
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    handler().handle(HttpRequest(method, path, "", named, b"", "127.0.0.1"), answers.append)
    (answer,) = answers
    return answer


@pytest.mark.parametrize(
    ("method", "path", "below"),
    [
        ("POST", "/", AWS),
        ("GET", "/_remit", AWS),
        ("GET", "/_remit/health", OWN),
        ("POST", "/_remit/reset", OWN),
        ("OPTIONS", "/", AWS),
        ("OPTIONS", "/_remit/health", OWN),
    ],
)
def test_a_request_goes_where_its_path_says(method: str, path: str, below: str) -> None:
    assert ask(method, path).headers == (("x-from", below),)


def test_a_browser_is_let_in_from_everywhere() -> None:
    answer = ask(
        "OPTIONS", "/", origin="https://example.com", access_control_request_headers="authorization,x-amz-date"
    )

    assert (answer.status, answer.body) == (200, b"")
    assert dict(answer.headers) == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET,HEAD,POST,PUT,DELETE,PATCH,OPTIONS",
        "access-control-allow-headers": "authorization,x-amz-date",
        "access-control-expose-headers": EXPOSED,
        "access-control-max-age": "172800",
    }


def test_a_browser_that_asks_for_no_headers_may_send_any() -> None:
    assert dict(ask("OPTIONS", "/", origin="null").headers)["access-control-allow-headers"] == "*"


@pytest.mark.parametrize("path", ["/", "/_remit/health"])
@pytest.mark.parametrize("method", ["POST", "HEAD", "GET"])
def test_a_page_may_read_the_answer(method: str, path: str) -> None:
    headers = dict(ask(method, path, origin="https://example.com").headers)

    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == EXPOSED
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(("headers", "readable"), [({}, False), ({"origin": "https://example.com"}, True)])
def test_a_page_may_read_that_its_request_was_too_large(headers: dict[str, str], *, readable: bool) -> None:
    answer = handler(body_bytes=7).too_large(HttpRequest("POST", "/", "", headers, b"", "127.0.0.1"))

    assert (answer.status, answer.body) == (413, b"7")
    assert ("access-control-allow-origin" in dict(answer.headers)) is readable
