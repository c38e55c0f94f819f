"""Answers as HTTP/1.1 writes them. Source: RFC 9112, section 4; RFC 9110, section 6.6.1 (Date)."""

from email.utils import formatdate
from http import HTTPStatus
from time import time

from remit.request import HttpResponse

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class _Date:
    """The Date header's text, made once a second."""

    __slots__ = ("second", "text")

    def __init__(self) -> None:
        self.second = 0
        self.text = ""

    def now(self) -> str:
        second = int(time())
        if second != self.second:
            self.second, self.text = second, formatdate(second, usegmt=True)
        return self.text


_date = _Date()


def written(response: HttpResponse, *, last: bool, head_only: bool) -> bytes:
    """Write an answer.

    Args:
        response: what to say.
        last: whether the connection ends with it.
        head_only: whether HEAD was asked: the size of the body is told, the body left out.
    """
    head = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}\r\ndate: {_date.now()}\r\n"]
    head.extend([f"{name}: {value}\r\n" for name, value in response.headers])
    if last:
        head.append("connection: close\r\n")
    head.append(f"content-length: {len(response.body)}\r\n\r\n")
    data = "".join(head).encode("latin-1", "replace")
    return data if head_only else data + response.body


def refusal(status: HTTPStatus, message: str) -> bytes:
    """Write the answer to what is no request to AWS; it ends the connection."""
    response = HttpResponse(status.value, (("content-type", "text/plain"),), f"{message}\n".encode())
    return written(response, last=True, head_only=False)
