"""Answers as they are written. Source: RFC 9112, section 4; RFC 9110, section 6.6.1."""

from email.utils import parsedate_to_datetime
from http import HTTPStatus

import pytest

from remit.endpoint.writing import refusal, written
from remit.request import HttpResponse

ANSWER = HttpResponse(200, (("X-A", "b"), ("x-a", "c")), b"body")


def lines(data: bytes) -> tuple[list[str], bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), body


def test_an_answer_has_a_date_and_a_size() -> None:
    (status, date, *rest), body = lines(written(ANSWER, last=False, head_only=False))

    assert (status, rest, body) == ("HTTP/1.1 200 OK", ["X-A: b", "x-a: c", "content-length: 4"], b"body")
    assert parsedate_to_datetime(date.removeprefix("date: "))
    assert date.endswith(" GMT")


def test_the_last_answer_says_so() -> None:
    head, _ = lines(written(ANSWER, last=True, head_only=False))

    assert "connection: close" in head


def test_an_answer_to_head_has_a_size_and_no_body() -> None:
    head, body = lines(written(ANSWER, last=False, head_only=True))

    assert ("content-length: 4" in head, body) == (True, b"")


@pytest.mark.parametrize(("status", "line"), [(413, "HTTP/1.1 413 Request Entity Too Large"), (599, "HTTP/1.1 599 ")])
def test_a_status_has_its_reason(status: int, line: str) -> None:
    assert lines(written(HttpResponse(status, (), b""), last=False, head_only=False))[0][0] == line


def test_a_header_that_cannot_be_written_is_written_all_the_same() -> None:
    head, _ = lines(written(HttpResponse(200, (("x-a", "→"),), b""), last=False, head_only=False))

    assert "x-a: ?" in head


def test_a_refusal_ends_the_connection() -> None:
    head, body = lines(refusal(HTTPStatus.BAD_REQUEST, "not HTTP"))

    assert head[0] == "HTTP/1.1 400 Bad Request"
    assert {"connection: close", "content-type: text/plain"} <= set(head)
    assert body == b"not HTTP\n"
