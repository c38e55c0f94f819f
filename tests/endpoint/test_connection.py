"""A connection as a stranger finds it: order, time, and what becomes of those who break the rules.

Source: RFC 9112; RFC 9110.
"""

import logging
import socket
import struct

import pytest
from endpoint.conftest import SECONDS, Client, Server, serving, until

HOST = b"Host: h\r\n"
ECHO = b"GET /echo HTTP/1.1\r\n" + HOST + b"\r\n"
LATER = b"GET /later HTTP/1.1\r\n" + HOST + b"\r\n"


def post(body: bytes, *headers: bytes, path: bytes = b"/echo") -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"POST %s HTTP/1.1\r\n%s%sContent-Length: %d\r\n\r\n%s" % (path, HOST, lines, len(body), body)


# -- what is understood


def test_a_request_is_read_as_it_was_sent(client: Client) -> None:
    client.send(
        b"PUT /echo/a%20b?c=%64&e HTTP/1.1\r\nHOST: h\r\nX-Two: 1\r\nx-two:  2 \t\r\nContent-Length: 5\r\n\r\nhello"
    )

    told = client.answer().told

    assert (told["method"], told["path"], told["query"], told["size"]) == ("PUT", "/echo/a%20b", "c=%64&e", 5)
    assert told["headers"] == {"host": "h", "x-two": "1,2", "content-length": "5"}
    assert told["peer"] == "127.0.0.1"


def test_a_request_may_come_byte_by_byte(client: Client) -> None:
    for byte in post(b"hello"):
        client.send(bytes((byte,)))

    assert client.answer().told["size"] == 5


def test_a_value_keeps_the_bytes_that_unicode_calls_spaces(client: Client) -> None:
    client.send(b"GET /echo HTTP/1.1\r\nHost: h\r\nX-Name: \xc3\xa0 \r\n\r\n")

    assert client.answer().told["headers"]["x-name"].encode("latin-1") == b"\xc3\xa0"


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"http://other:80/echo?a=b", "/echo", "a=b"),
        (b"http://other", "/", ""),
        (b"http://other?a=b", "/", "a=b"),
        (b"https://other/echo//x", "/echo//x", ""),
        (b"*", "/", ""),
        (b"/echo?a?b=/c", "/echo", "a?b=/c"),
        (b"//echo", "//echo", ""),
    ],
)
def test_a_target_has_several_forms(client: Client, target: bytes, path: str, query: str) -> None:
    told = client.send(b"OPTIONS %s HTTP/1.1\r\nHost: h\r\n\r\n" % target).answer().told

    assert (told["path"], told["query"]) == (path, query)


def test_head_gets_the_size_and_no_body(client: Client) -> None:
    client.send(b"HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n" + ECHO)

    head = client.answer(has_body=False)

    assert (head.status, head.headers["content-length"]) == (200, "1000000")
    assert client.answer().told["path"] == "/echo"


def test_every_answer_has_a_date(client: Client) -> None:
    assert client.send(ECHO).answer().headers["date"].endswith(" GMT")
    assert client.send(b"nonsense\r\n\r\n").answer().headers["date"].endswith(" GMT")


# -- order


def test_answers_come_in_the_order_of_the_requests(server: Server, client: Client) -> None:
    client.send(LATER + ECHO + LATER + post(b"four"))
    assert client.silent()

    server.release(b"one")
    assert client.answer().body == b"one"
    assert client.answer().told["method"] == "GET"
    assert client.silent()

    server.release(b"three")
    assert client.answer().body == b"three"
    assert client.answer().told["size"] == 4


def test_a_thousand_requests_at_once_are_answered(client: Client) -> None:
    client.send(b"".join(b"GET /echo/%d HTTP/1.1\r\nHost: h\r\n\r\n" % number for number in range(1_000)))

    assert [client.answer().told["path"] for _ in range(1_000)] == [f"/echo/{number}" for number in range(1_000)]


def test_no_more_is_read_than_can_wait(server: Server, client: Client) -> None:
    # Four may wait behind the first; the rest stays with the client, or in one packet that was read already.
    client.send(LATER)
    until(lambda: bool(server.script.waiting))
    for _ in range(5):
        client.send(ECHO)
    until(lambda: any(connection._held for connection in server.connections))

    server.release()

    assert client.answer().body == b"later"
    assert [client.answer().status for _ in range(5)] == [200] * 5
    assert not any(connection._held for connection in server.connections)


def test_large_bodies_do_not_wait_in_numbers(server: Server, client: Client) -> None:
    client.send(LATER)
    until(lambda: bool(server.script.waiting))
    client.send(post(b"x" * 60_000) + post(b"x" * 60_000))
    until(lambda: any(connection._held for connection in server.connections))

    server.release()

    assert client.answer().body == b"later"
    assert [client.answer().told["size"] for _ in range(2)] == [60_000] * 2
    assert client.send(ECHO).answer().status == 200


def test_a_refusal_waits_for_its_turn(server: Server, client: Client) -> None:
    client.send(LATER + ECHO + b"nonsense\r\n\r\n" + ECHO)
    assert client.silent()

    server.release()

    assert client.answer().body == b"later"
    assert client.answer().status == 200
    assert client.answer().status == 400
    assert client.ended()


@pytest.mark.parametrize("said", [b"Connection: close\r\n", b"connection: keep-alive, Close\r\n"])
def test_close_is_the_clients_last_word(client: Client, said: bytes) -> None:
    client.send(b"GET /echo HTTP/1.1\r\nHost: h\r\n%s\r\n" % said + ECHO)

    answer = client.answer()

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert client.ended()


def test_what_follows_close_does_not_overtake_the_answer(server: Server, client: Client) -> None:
    client.send(b"GET /later HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + ECHO)
    assert client.silent()

    server.release()

    assert client.answer().body == b"later"
    assert client.ended()


# -- what is refused


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: h\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA: b\x00c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET /\xe1 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET echo HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"get / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"MAKE / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"HTTP/1.1 200 OK\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/0.9\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/3\r\nHost: h\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 405),
    ],
)
def test_what_is_no_request_is_refused(client: Client, request_: bytes, status: int) -> None:
    client.send(ECHO + request_ + ECHO)

    assert client.answer().status == 200
    refusal = client.answer()
    assert (refusal.status, refusal.headers["connection"]) == (status, "close")
    assert client.ended()


CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (b"Content-Length: 5\r\n" + CHUNKED, END, 400),
        (CHUNKED + b"Content-Length: 5\r\n", END, 400),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", b"hello", 400),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello", 400),
        (b"Content-Length: 5,5\r\n", b"hello", 400),
        (b"Content-Length: +5\r\n", b"hello", 400),
        (b"Content-Length: -5\r\n", b"hello", 400),
        (b"Content-Length: 0x5\r\n", b"hello", 400),
        (b"Content-Length: 5 5\r\n", b"hello", 400),
        (b"Content-Length:\r\n", b"", 400),
        (b"Content-Length: 99999999999999999999\r\n", b"", 400),
        (b"Content-Length : 5\r\n", b"hello", 400),
        (b"Transfer-Encoding : chunked\r\n", END, 400),
        (b"Transfer-Encoding:\x0bchunked\r\n", END, 400),
        (b"Transfer-Encoding: xchunked\r\n", END, 400),
        (b"Transfer-Encoding: identity\r\n", b"", 400),
        (b"Transfer-Encoding: gzip\r\n", b"", 400),
        (b"Transfer-Encoding: gzip, chunked\r\n", END, 400),
        (b"Transfer-Encoding: chunked, gzip\r\n", END, 400),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", END, 400),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", END, 400),
        (CHUNKED, b"0x5\r\nhello\r\n" + END, 400),
        (CHUNKED, b"-5\r\nhello\r\n" + END, 400),
        (CHUNKED, b"5 \r\nhello\r\n" + END, 400),
        (CHUNKED, b"5\nhello\n0\n\n", 400),
        (CHUNKED, b"5\r\nhelloX\r\n" + END, 400),
        (CHUNKED, b"4\r\nhello\r\n" + END, 400),
        (CHUNKED, b"ffffffffffffffffff\r\nhello", 400),
        (CHUNKED, b"\r\nhello\r\n" + END, 400),
        (CHUNKED, b"5\r\nhello\r\n0\r\nbad trailer\r\n\r\n", 400),
    ],
)
def test_a_body_whose_end_could_be_elsewhere_is_refused(
    server: Server, client: Client, headers: bytes, body: bytes, status: int
) -> None:
    handled = server.script.handled

    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n" + headers + b"\r\n" + body + ECHO)

    assert client.answer().status == status
    assert client.ended()
    assert server.script.handled == handled


def test_a_chunked_body_is_put_together(client: Client) -> None:
    client.send(
        b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n06\r\n world\r\n" + END
    )
    client.send(ECHO)

    assert client.answer().told["size"] == 11
    assert client.answer().status == 200


def test_a_trailer_is_no_header(client: Client) -> None:
    client.send(
        b"POST /echo HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n" + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n"
        b"X-A: 2\r\nHost: other\r\nAuthorization: me\r\n\r\n" + ECHO
    )

    told = client.answer().told

    assert told["headers"] == {"host": "h", "x-a": "1", "transfer-encoding": "chunked"}
    assert client.answer().told["headers"] == {"host": "h"}


def test_old_http_gets_one_answer(client: Client) -> None:
    client.send(b"GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

    answer = client.answer()

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert client.ended()


def test_old_http_has_no_chunks(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.0\r\n" + CHUNKED + b"\r\n" + END)

    assert client.answer().status == 400
    assert client.ended()


# -- another protocol


@pytest.mark.parametrize("what", [b"h2c", b"websocket"])
@pytest.mark.parametrize(
    ("framing", "body", "size"),
    [(b"", b"", 0), (b"Content-Length: 5\r\n", b"hello", 5), (CHUNKED, b"5\r\nhello\r\n" + END, 5)],
)
def test_an_upgrade_is_not_followed(client: Client, what: bytes, framing: bytes, body: bytes, size: int) -> None:
    client.send(
        b"POST /echo?a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: %s\r\nX-A: b\r\n" % what
        + framing + b"\r\n" + body + ECHO
    )  # fmt: skip

    told = client.answer().told

    assert (told["method"], told["query"], told["size"], told["headers"]["x-a"]) == ("POST", "a", size, "b")
    assert client.answer().told["headers"] == {"host": "h"}


def test_the_body_after_an_upgrade_is_no_request(client: Client) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"
    client.send(post(hidden, b"Connection: upgrade", b"Upgrade: h2c") + ECHO)

    assert client.answer().told["size"] == len(hidden)
    assert client.answer().told["path"] == "/echo"
    assert client.silent()


# -- expectations


def test_a_body_is_asked_for(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
    assert client.answer().status == 100

    assert client.send(b"hello").answer().told["size"] == 5


def test_a_chunked_body_is_asked_for(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + CHUNKED + b"\r\n")
    assert client.answer().status == 100

    assert client.send(b"1\r\nx\r\n" + END).answer().told["size"] == 1


def test_a_body_is_asked_for_once_with_an_upgrade(client: Client) -> None:
    client.send(
        b"POST /echo HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: h2c\r\nExpect: 100-continue\r\n"
        b"Content-Length: 5\r\n\r\n"
    )
    assert client.answer().status == 100

    assert client.send(b"hello").answer().told["size"] == 5


def test_a_body_is_asked_for_when_what_is_before_it_is_answered(server: Server, client: Client) -> None:
    client.send(LATER + b"POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert client.silent()

    server.release()

    assert client.answer().body == b"later"
    assert client.answer().status == 100
    assert client.send(b"hello").answer().told["size"] == 5


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: h\r\nExpect: something\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
def test_nobody_is_asked_who_does_not_wait(client: Client, request_: bytes) -> None:
    assert client.send(request_).answer().status == 200


@pytest.mark.parametrize("expects_first", [True, False])
def test_a_body_that_is_too_large_is_not_asked_for(client: Client, *, expects_first: bool) -> None:
    headers = [b"Expect: 100-continue\r\n", b"Content-Length: 100001\r\n"]
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n" + b"".join(headers if expects_first else headers[::-1]) + b"\r\n")

    answer = client.answer()

    assert (answer.status, answer.body, answer.headers["connection"]) == (413, b"too large /echo", "close")
    client.half_close()
    assert client.ended()


# -- sizes (the server's limits: a head of 4,096 bytes, a body of 100,000, 300,000 to drain)


def head_of(size: int) -> bytes:
    """Make a request of *size* bytes."""
    start, end = b"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: ", b"\r\n\r\n"
    return start + b"x" * (size - len(start) - len(end)) + end


@pytest.mark.parametrize("before", [b"", ECHO])
def test_a_head_may_be_so_large_and_no_larger(client: Client, before: bytes) -> None:
    client.send(head_of(4_096) + before)
    assert client.answer().status == 200
    if before:
        assert client.answer().status == 200

    client.send(before + head_of(4_097))
    if before:
        assert client.answer().status == 200
    assert client.answer().status == 431
    assert client.ended()


@pytest.mark.parametrize(("size", "status"), [(4_096, 200), (4_097, 431)])
def test_a_head_that_comes_in_pieces_may_be_as_large(client: Client, size: int, status: int) -> None:
    head = head_of(size)
    for at in range(0, size, 700):
        client.send(head[at : at + 700])

    assert client.answer().status == status


@pytest.mark.parametrize(
    "part",
    [b"GET /" + b"x" * 9_000, b"GET / HTTP/1.1\r\nA: " + b"x" * 9_000, b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 2_000],
)
def test_a_head_without_end_is_cut_off(client: Client, part: bytes) -> None:
    client.send(part)

    assert client.answer().status == 431
    assert client.ended()


def test_a_body_may_be_so_large_and_no_larger(client: Client) -> None:
    assert client.send(post(b"x" * 100_000)).answer().told["size"] == 100_000

    answer = client.send(post(b"x" * 100_001)).answer()

    assert (answer.status, answer.body) == (413, b"too large /echo")
    assert "connection" not in answer.headers
    assert client.send(ECHO).answer().status == 200


def test_a_chunked_body_may_be_no_larger_either(client: Client) -> None:
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    head = b"POST /echo HTTP/1.1\r\nHost: h\r\n" + CHUNKED + b"\r\n"

    assert client.send(head + chunk * 10 + END).answer().told["size"] == 100_000
    assert client.send(head + chunk * 11 + END).answer().status == 413
    assert client.send(ECHO).answer().status == 200


def test_a_body_is_read_to_its_end_only_so_far(client: Client) -> None:
    assert client.send(post(b"x" * 300_000)).answer().status == 413

    answer = client.send(post(b"x" * 300_001)).answer()

    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert client.ended()


def test_a_chunked_body_without_end_is_refused_in_words(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n" + CHUNKED + b"\r\n")
    client.send((b"2710\r\n" + b"x" * 10_000 + b"\r\n") * 31)

    answer = client.answer()

    assert (answer.status, answer.body, answer.headers["connection"]) == (413, b"too large /echo", "close")
    assert client.ended()


@pytest.mark.parametrize(
    "endless",
    [b"0\r\nX: " + b"x" * 60_000, b"0\r\n" + b"X: y\r\n" * 10_000, b"1;" + b"x" * 60_000, b"1\r\nx\r\n" * 4_000],
)
def test_what_frames_a_body_may_not_be_larger_than_the_body(client: Client, endless: bytes) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n" + CHUNKED + b"\r\n")
    assert client.silent()

    for at in range(0, len(endless), 1_000):
        client.send(endless[at : at + 1_000])

    assert client.answer().status == 400
    assert client.ended()


def test_small_chunks_are_fine_while_they_are_few(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n" + CHUNKED + b"\r\n")
    for _ in range(500):
        client.send(b"1\r\nx\r\n")

    assert client.send(END).answer().told["size"] == 500


def test_a_refusal_can_be_read_by_a_client_that_still_sends(client: Client) -> None:
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n")
    for _ in range(50):
        client.send(b"x" * 100_000)

    assert client.answer().status == 413
    client.half_close()
    assert client.ended()


# -- time


def test_a_slow_head_runs_out_of_time() -> None:
    with serving(head_seconds=0.1) as server, server.connect() as client:
        client.send(b"GET /echo HT")

        assert client.answer().status == 408
        assert client.ended()


def test_a_head_that_drips_runs_out_of_time() -> None:
    with serving(head_seconds=0.2, body_seconds=SECONDS, idle_seconds=SECONDS) as server, server.connect() as client:
        client.send(ECHO + b"GET /echo HTTP/1.1\r\n")
        assert client.answer().status == 200
        client.socket.settimeout(0.02)
        while True:
            client.send(b"A: b\r\n")
            try:
                client._more()
            except TimeoutError:
                continue
            break

        assert client.answer().status == 408


def test_a_slow_body_runs_out_of_time() -> None:
    with serving(head_seconds=SECONDS, body_seconds=0.1) as server, server.connect() as client:
        client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel")

        assert client.answer().status == 408
        assert client.ended()


def test_a_connection_that_sends_nothing_ends_without_a_word() -> None:
    with serving(head_seconds=0.1) as server, server.connect() as client:
        assert client.ended()


def test_an_idle_connection_ends_without_a_word() -> None:
    with serving(idle_seconds=0.1) as server, server.connect() as client:
        assert client.send(ECHO).answer().status == 200
        assert client.ended()


def test_whoever_waits_for_an_answer_has_time() -> None:
    with serving(head_seconds=0.05, body_seconds=0.05, idle_seconds=0.05) as server, server.connect() as client:
        client.send(LATER + b"GET /ec")
        assert client.silent()
        assert client.silent()

        server.release()

        assert client.answer().body == b"later"
        assert client.answer().status == 408


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_client_that_does_not_read_is_cut_off(version: bytes) -> None:
    with serving(write_seconds=0.1) as server, server.connect() as client:
        client.send(b"GET /huge HTTP/%s\r\nHost: h\r\n\r\n" % version)
        until(lambda: server.script.handled > 0)

        until(server.is_alone)


def test_a_refused_client_that_never_ends_is_cut_off() -> None:
    with serving(linger_seconds=0.1) as server, server.connect() as client:
        client.send(b"nonsense\r\n\r\n")
        assert client.answer().status == 400

        until(server.is_alone)


# -- answers that wait


def test_nothing_more_is_answered_while_the_client_does_not_read(server: Server, client: Client) -> None:
    handled = server.script.handled
    client.send(b"GET /big HTTP/1.1\r\nHost: h\r\n\r\n" * 30)

    until(lambda: any(connection._paused for connection in server.connections))
    assert server.script.handled - handled < 30

    assert [len(client.answer().body) for _ in range(30)] == [1_000_000] * 30
    assert client.send(ECHO).answer().status == 200


def test_a_client_that_has_sent_everything_gets_its_answers(server: Server, client: Client) -> None:
    client.send(LATER + ECHO)
    client.half_close()

    server.release()

    assert client.answer().body == b"later"
    answer = client.answer()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert client.ended()


def test_half_a_request_is_none(server: Server, client: Client) -> None:
    handled = server.script.handled
    client.send(post(b"hello")[:-1])
    client.half_close()

    assert client.ended()
    assert server.script.handled == handled


@pytest.mark.parametrize("with_reset", [False, True])
def test_a_client_that_left_is_not_missed(server: Server, *, with_reset: bool) -> None:
    client = server.connect()
    client.send(LATER + ECHO)
    until(lambda: bool(server.script.waiting))
    if with_reset:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()
    if with_reset:  # without, it could be a client that has sent everything
        until(server.is_alone)

    server.release()

    until(server.is_alone)
    with server.connect() as another:
        assert another.send(ECHO).answer().status == 200


def test_an_answer_is_given_once(client: Client) -> None:
    client.send(b"GET /twice HTTP/1.1\r\nHost: h\r\n\r\n" + ECHO)

    assert client.answer().body == b"once"
    assert client.answer().told["path"] == "/echo"
    assert client.silent()


def test_a_bug_is_answered_and_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="remit.endpoint"):
        client.send(ECHO + b"GET /bug HTTP/1.1\r\nHost: h\r\n\r\n" + ECHO)

        assert client.answer().status == 200
        answer = client.answer()

    assert (answer.status, b"bug" in answer.body) == (500, False)
    assert client.ended()
    assert "bug while answering GET /bug" in caplog.text


# -- the end of the server


def test_a_stopping_server_answers_what_it_was_asked() -> None:
    with serving() as server, server.connect() as client, server.connect() as idle:
        assert idle.send(ECHO).answer().status == 200
        client.send(LATER + ECHO)
        until(lambda: bool(server.script.waiting))

        server.stop()

        assert idle.ended()
        server.release()
        assert client.answer().body == b"later"
        answer = client.answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert client.ended()
