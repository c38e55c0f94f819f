"""Reading says the same however the bytes come, and nothing breaks it."""

from http import HTTPStatus
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from remit.endpoint.limits import Limits
from remit.endpoint.reading import Reader
from remit.request import HttpRequest

LIMITS = Limits(head_bytes=300, body_bytes=50, drain_bytes=120)
Said = tuple[HttpRequest | HTTPStatus | None, bool, bool]


class Notes:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    def take(self, request: HttpRequest, *, too_large: bool, last: bool) -> None:
        self.said.append((request, too_large, last))

    def refuse(self, status: HTTPStatus, message: str) -> None:
        assert message
        self.said.append((status, False, True))

    def invite(self) -> None:
        self.said.append((None, False, False))


def read(*parts: bytes) -> list[Said]:
    notes = Notes()
    reader = Reader(LIMITS, notes, "127.0.0.1", secure=False)
    for part in parts:
        reader.feed(part)
    return notes.said


PIECES = [
    b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
    b"HEAD /a?b=c HTTP/1.1\r\nHost: h\r\nA: b\r\nA: c\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n" + b"x" * 60,
    b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 130\r\n\r\n" + b"x" * 130,
    b"PUT / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: h\r\nA: " + b"b" * 290 + b"\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: h\r\n\r\n",
    b"nonsense",
    b"\r\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=5), st.lists(st.integers(0, 400), max_size=12))
def test_the_same_bytes_say_the_same_however_they_are_cut(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    parts = [data[start:end] for start, end in pairwise(places)]

    assert read(*parts) == read(data)
    assert read(*(bytes((byte,)) for byte in data)) == read(data)


@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(PIECES)), max_size=8))
def test_no_bytes_make_it_stumble(parts: list[bytes]) -> None:
    said = read(*parts)

    # What is no request, or too large to be read to its end, is the last thing that is read.
    assert all(not isinstance(what, HTTPStatus) for what, _, _ in said[:-1])
    assert HTTPStatus.INTERNAL_SERVER_ERROR not in [what for what, _, _ in said]


def test_a_body_in_pieces_is_whole() -> None:
    ((request, too_large, last),) = read(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nab", b"cd", b"ef")

    assert isinstance(request, HttpRequest)
    assert (request.body, type(request.body), too_large, last) == (b"abcdef", bytes, False, False)
