"""Reading requests: from the bytes of a connection to `HttpRequest`s, or the reason why they are none.

httptools is strict where it counts: two lengths, a length beside a transfer coding, line ends without a carriage
return, folded headers and control characters are errors. The rest is here: versions, Host, sizes, trailers, Upgrade.
Source: RFC 9112; RFC 9110 sections 6.5 (trailers), 7.2 (Host), 7.8 (Upgrade) and 10.1.1 (Expect).
"""

import logging
from http import HTTPStatus
from typing import Any, Protocol

import httptools

from remit.endpoint.limits import Limits
from remit.request import HttpRequest

_log = logging.getLogger("remit.endpoint")

# Of the headers that say something of the body: most others have another, and need not be looked at.
_NAME_LENGTHS = frozenset(map(len, ("expect", "content-length", "transfer-encoding")))


class Listener(Protocol):
    """What is told of the requests that were read."""

    def take(self, request: HttpRequest, *, too_large: bool, last: bool) -> None:
        """Take a request.

        Args:
            request: complete, but for a body that is too large, which is left out.
            too_large: whether the body was.
            last: whether the client wants no other request of this connection answered.
        """
        ...

    def refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer what is no request. Nothing is read after it."""
        ...

    def invite(self) -> None:
        """Tell the client that its body is welcome."""
        ...


class Reader:
    """Reads the requests of one connection.

    Attributes:
        in_head, in_body: where in a request it is; both are false between requests.
        steps: how many heads and bodies were begun and ended, so that it shows when one goes on for long.
        deaf: set to read nothing any more.
    """

    __slots__ = (
        "_body", "_body_max", "_body_size", "_ends", "_fed", "_framing", "_head_size", "_head_size_max", "_header_list",
        "_limits", "_listener", "_parser", "_peer", "_secure", "_url", "deaf", "in_body", "in_head", "steps",
    )  # fmt: skip

    def __init__(self, limits: Limits, listener: Listener, peer: str, *, secure: bool) -> None:
        self._limits = limits
        self._listener = listener
        self._peer = peer
        self._secure = secure
        self._parser: Any = httptools.HttpRequestParser(self)
        self.deaf = False
        self.steps = self._fed = 0
        self._begin()

    def _begin(self) -> None:
        """Expect a new request."""
        self.in_head = self.in_body = self._ends = False
        self._url = b""
        self._header_list: list[tuple[bytes, bytes]] = []
        self._body: bytes | bytearray = b""
        # Of the bytes that were fed last, we do not know how many are of this request: none, or at most all.
        self._head_size, self._head_size_max = 0, self._fed
        self._body_size = self._framing = 0
        self._body_max = self._limits.body_bytes

    def feed(self, data: bytes) -> None:
        """Read *data*."""
        if self.deaf:
            return
        read = self._feed(data)
        while read < len(data) and not self.deaf:
            read += self._feed(memoryview(data)[read:])

    def close(self) -> None:
        """Let go of the parser, which holds on to its reader."""
        self.deaf = True
        self._parser = None

    def _feed(self, data: bytes | memoryview) -> int:
        """Let the parser read *data*; return how much it read, which is all but after an `Upgrade`."""
        limits, steps, was_in_body, body_size = self._limits, self.steps, self.in_body, self._body_size
        self._fed = len(data)
        if not was_in_body:
            self._head_size += len(data)
            self._head_size_max += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            read: int = upgrade.args[0]
            head = self._without_upgrade()
            if not self.deaf:
                self._feed(head)
            return read
        except httptools.HttpParserCallbackError:
            _log.exception("bug while reading a request")
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "the request could not be read")
        except httptools.HttpParserError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, f"not HTTP/1.1: {error}")
        if was_in_body and steps == self.steps:
            # Sizes and extensions of chunks, and a trailer, which is kept in memory until it ends.
            self._framing += len(data) - (self._body_size - body_size)
            if self._framing > limits.head_bytes + min(self._body_size, self._body_max):
                self._refuse(HTTPStatus.BAD_REQUEST, "what frames the body is larger than the body")
        elif not self.in_body and self._head_size > limits.head_bytes:
            self._refuse_head()
        return len(data)

    # -- what the parser says

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.in_head = True
        self.steps += 1

    def on_url(self, url: bytes) -> None:
        """Note the request's target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note one header. Those of a trailer are dropped: nobody signed them, and nothing here asks for any."""
        if not self.in_body:
            self._header_list.append((name, value))

    def on_headers_complete(self) -> None:
        """Check the head."""
        self.in_head, self.in_body = False, True
        self.steps += 1
        if self.deaf or self._parser.should_upgrade():
            return
        version: str = self._parser.get_http_version()
        self._ends = version != "1.1"
        if version not in ("1.1", "1.0"):
            self._refuse(HTTPStatus.BAD_REQUEST, f"not HTTP/1.1: HTTP/{version}")
        elif self._head_size_max > self._limits.head_bytes and self._head_bytes() > self._limits.head_bytes:
            self._refuse_head()
        self._body_max = self._limits.body_bytes_of(self._url.decode("latin-1"))
        self._check_framing()

    def _head_bytes(self) -> int:
        """Count the head as it is usually written, with one blank after each colon."""
        first = len(self._parser.get_method()) + len(self._url) + len("  HTTP/1.1\r\n")
        return first + sum([len(name) + len(value) + 4 for name, value in self._header_list]) + len("\r\n")

    def _check_framing(self) -> None:
        """Look at what the head says of the body: its size, its coding, and whether it waits to be asked for."""
        expects, length = False, 0
        for name, value in self._header_list:
            if len(name) not in _NAME_LENGTHS:
                continue
            match name.lower():
                case b"expect":
                    expects = value.strip().lower() == b"100-continue" and not self._ends
                case b"content-length":
                    length = int(value)
                case b"transfer-encoding":
                    length = 1
                    if value.strip().lower() != b"chunked" or self._ends:
                        message = "a transfer coding other than chunked, or not in HTTP/1.1"
                        self._refuse(HTTPStatus.BAD_REQUEST, message)
                case _:
                    pass
        if length > (self._body_max if expects else self._limits.drain_bytes):
            self._refuse_body()
        elif expects and length and not self.deaf:
            self._listener.invite()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, or drop it when there is too much."""
        if self.deaf:
            return
        self._body_size += len(body)
        if self._body_size > self._body_max:
            self._body = b""
            if self._body_size > self._limits.drain_bytes:
                self._refuse_body()
        elif not self._body:
            self._body = body
        else:
            if isinstance(self._body, bytes):
                self._body = bytearray(self._body)
            self._body += body

    def on_message_complete(self) -> None:
        """Hand the request on."""
        if self.deaf or self._parser.should_upgrade():
            return
        self.steps += 1
        self._hand_on(
            too_large=self._body_size > self._body_max,
            last=self._ends or not self._parser.should_keep_alive(),
        )
        self._begin()

    def _hand_on(self, *, too_large: bool, last: bool) -> None:
        headers: dict[str, str] = {}
        for name_bytes, value_bytes in self._header_list:
            name = name_bytes.decode("latin-1").lower()
            # Blanks and tabs, and not what else Unicode calls a space: UTF-8 may end with its bytes.
            value = value_bytes.decode("latin-1").strip(" \t")
            if name in headers:
                if name == "host":
                    self._refuse(HTTPStatus.BAD_REQUEST, "more than one Host header")
                    return
                value = f"{headers[name]},{value}"
            headers[name] = value
        if "host" not in headers and not self._ends:
            self._refuse(HTTPStatus.BAD_REQUEST, "no Host header")
            return
        path, _, query = self._url.decode("latin-1").partition("?")
        if not path.startswith("/"):
            path = _path_of_absolute_form(path)
        method = self._parser.get_method().decode("latin-1")
        request = HttpRequest(method, path, query, headers, bytes(self._body), self._peer, self._secure)
        self._listener.take(request, too_large=too_large, last=last)

    def _without_upgrade(self) -> bytes:
        """Return the head of the request just read without its `Upgrade`, which we do not follow, to be read again.

        The parser takes what comes after such a head for another protocol's, even if a body was announced.
        """
        method: bytes = self._parser.get_method()
        if method == b"CONNECT":
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "this is no proxy")
        version: str = self._parser.get_http_version()
        headers = [header for header in self._header_list if header[0].lower() != b"upgrade"]
        lines = [b"%s: %s\r\n" % header for header in headers]
        head = b"%s %s HTTP/%s\r\n%s\r\n" % (method, self._url, version.encode(), b"".join(lines))
        self._parser = httptools.HttpRequestParser(self)
        self._begin()
        return head

    # -- what is refused

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        if not self.deaf:
            self.deaf = True
            self.in_head = self.in_body = False
            self._listener.refuse(status, message)

    def _refuse_head(self) -> None:
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "request line and headers are too large")

    def _refuse_body(self) -> None:
        """Answer now, and end the connection: there is too much to be read to the end of the body."""
        if not self.deaf:
            self.deaf = True
            self.in_body = False
            self._body = b""
            self._hand_on(too_large=True, last=True)


def _path_of_absolute_form(target: str) -> str:
    """Return the path of `http://host/path`, the form that proxies send; `/` when there is none."""
    _, _, rest = target.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path or "/"
