"""Bodies in chunks: AWS's own examples, what a reference signer makes, and what tampering does.

Source: Amazon S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
Chunks" and "... Including Trailing Headers", from which `EXAMPLE` and `EXAMPLE_WITH_TRAILER` are.
"""

from datetime import UTC, datetime

import msgspec
import pytest
from authn.conftest import ACCOUNT, NOW, World
from authn.signer import basic, hashed, keyed, routed, signed, signing_key
from hypothesis import given
from hypothesis import strategies as st

from remit.authn import authenticate
from remit.authn.checksums import checksum
from remit.authn.chunked import CHUNK_BYTES_MIN
from remit.directory.access_keys import create_access_key
from remit.errors import ServiceError, SignatureDoesNotMatch
from remit.ids import Secret
from remit.request import HttpRequest
from remit.store import Transaction

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SIGNED, WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
EXAMPLE_DATE = datetime(2013, 5, 24, tzinfo=UTC)
EXAMPLE = (
    SIGNED,
    (
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
        "x-amz-storage-class"
    ),
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    (
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ),
    b"\r\n",
)
EXAMPLE_WITH_TRAILER = (
    WITH_TRAILER,
    "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    (
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ),
    (
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
    ),
)


@pytest.fixture(autouse=True)
def known_key(tx: Transaction, world: World) -> None:
    create_access_key(tx, ACCOUNT, world.user.id, at=NOW, given=(KEY, Secret(SECRET)))


def read(tx: Transaction, http: HttpRequest, service: str = "s3", at: datetime = NOW) -> bytes:
    return authenticate(tx, routed(http, service, at=at), lambda *_: None).body


def refusal(tx: Transaction, http: HttpRequest, service: str = "s3") -> str:
    with pytest.raises(ServiceError) as refused:
        read(tx, http, service)
    return refused.value.code


@pytest.mark.parametrize("example", [EXAMPLE, EXAMPLE_WITH_TRAILER])
def test_the_examples_of_the_documentation_are_right(
    tx: Transaction, example: tuple[str, str, str, tuple[str, ...], bytes]
) -> None:
    content, names, seed, signatures, end = example
    parts = [b"a" * 65_536, b"a" * 1_024, b""]
    body = b"".join(
        b"%x;chunk-signature=%s\r\n%s%s" % (len(part), made.encode(), part, b"\r\n" if part else b"")
        for part, made in zip(parts, signatures, strict=True)
    )
    headers = {
        "host": "s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={names},Signature={seed}",
        "x-amz-content-sha256": content,
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "content-length": "66824",
    }
    if content == WITH_TRAILER:
        headers["x-amz-trailer"] = "x-amz-checksum-crc32c"
    http = HttpRequest("PUT", "/examplebucket/chunkObject.txt", "", headers, body + end, "127.0.0.1")

    assert read(tx, http, at=EXAMPLE_DATE) == b"a" * 66_560


def chunked(
    content: str, parts: list[bytes], trailer: dict[str, str] | None = None, service: str = "s3", **headers: str
) -> HttpRequest:
    """Sign a request and its body in chunks, as the documentation describes it."""
    trailer = trailer or {}
    said = {
        "content-encoding": "aws-chunked",
        "x-amz-content-sha256": content,
        "x-amz-decoded-content-length": str(sum(map(len, parts))),
        **({"x-amz-trailer": ",".join(trailer)} if trailer else {}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    http = signed(KEY, SECRET, service=service, method="PUT", path="/b/k", headers=said, body=b"", payload=content)
    previous = http.headers["authorization"].rpartition("=")[2]
    date = basic(NOW)
    scope = f"{date[:8]}/us-east-1/{service}/aws4_request"
    key = signing_key(SECRET, date[:8], "us-east-1", service)
    body = b""
    for part in [*parts, b""]:
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{hashed(b'')}\n{hashed(part)}"
        extension = b""
        if content != UNSIGNED:
            previous = keyed(key, text).hex()
            extension = f";chunk-signature={previous}".encode()
        body += b"%x%s\r\n%s" % (len(part), extension, part + b"\r\n" if part else b"")
    lines = "".join(f"{name}:{value}\n" for name, value in trailer.items())
    body += lines.replace("\n", "\r\n").encode()
    if content == WITH_TRAILER:
        text = f"AWS4-HMAC-SHA256-TRAILER\n{date}\n{scope}\n{previous}\n{hashed(lines.encode())}"
        body += f"x-amz-trailer-signature:{keyed(key, text).hex()}\r\n".encode()
    return msgspec.structs.replace(http, body=body + b"\r\n")


BIG = b"x" * CHUNK_BYTES_MIN
CRC32 = "x-amz-checksum-crc32"


@pytest.mark.parametrize("content", [SIGNED, WITH_TRAILER, UNSIGNED])
@given(st.binary(max_size=40_000), st.integers(CHUNK_BYTES_MIN, 20_000))
def test_what_is_put_in_chunks_comes_out(tx: Transaction, content: str, data: bytes, size: int) -> None:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    trailer = {} if content == SIGNED else {CRC32: checksum(CRC32, data)}

    assert read(tx, chunked(content, parts, trailer)) == data


def test_chunks_that_are_signed_are_for_every_service(tx: Transaction) -> None:
    http = chunked(SIGNED, [b"Action=ListUsers"], service="iam")

    assert read(tx, msgspec.structs.replace(http, path="/b/k"), "iam") == b"Action=ListUsers"


def test_chunks_that_are_not_signed_are_for_s3_alone(tx: Transaction) -> None:
    assert refusal(tx, chunked(UNSIGNED, [b"x"], service="iam"), "iam") == "SignatureDoesNotMatch"


@pytest.mark.parametrize("content", [SIGNED, WITH_TRAILER])
def test_every_byte_of_a_signed_body_counts(tx: Transaction, content: str) -> None:
    trailer = {} if content == SIGNED else {CRC32: checksum(CRC32, b"hello")}
    http = chunked(content, [b"hello"], trailer)
    assert read(tx, http) == b"hello"

    for at in range(len(http.body)):
        for wrong in (
            http.body[:at] + bytes((http.body[at] ^ 1,)) + http.body[at + 1 :],
            http.body[:at] + http.body[at + 1 :],
        ):
            with pytest.raises(ServiceError):
                read(tx, msgspec.structs.replace(http, body=wrong))


def test_chunks_do_not_change_places_nor_get_lost(tx: Transaction) -> None:
    http = chunked(SIGNED, [b"1" * CHUNK_BYTES_MIN, b"2" * CHUNK_BYTES_MIN, b"3"])
    size = len(f"{CHUNK_BYTES_MIN:x};chunk-signature=") + 64 + 2 + CHUNK_BYTES_MIN + 2
    one, two, rest = http.body[:size], http.body[size : 2 * size], http.body[2 * size :]

    for wrong in (two + one + rest, one + one + rest, one + rest, two + rest, one + two):
        with pytest.raises(ServiceError):
            read(tx, msgspec.structs.replace(http, body=wrong))
    assert read(tx, msgspec.structs.replace(http, body=one + two + rest))[-1:] == b"3"


def test_a_body_of_another_request_is_refused(tx: Transaction) -> None:
    one, other = chunked(SIGNED, [b"one"]), chunked(SIGNED, [b"two"], x_amz_note="other")

    assert refusal(tx, msgspec.structs.replace(one, body=other.body)) == "SignatureDoesNotMatch"


def test_only_the_last_chunk_may_be_small(tx: Transaction) -> None:
    assert read(tx, chunked(SIGNED, [BIG, b"x"])) == BIG + b"x"

    small = b"x" * (CHUNK_BYTES_MIN - 1)
    assert refusal(tx, chunked(SIGNED, [small, b"x"])) == "InvalidChunkSizeError"
    assert refusal(tx, chunked(UNSIGNED, [small, BIG])) == "InvalidChunkSizeError"


@pytest.mark.parametrize("length", ["4", "6", "", "+5", "05", "-5", "five", "5,5"])
def test_the_size_must_be_what_was_announced(tx: Transaction, length: str) -> None:
    assert read(tx, chunked(SIGNED, [b"hello"], x_amz_decoded_content_length="5")) == b"hello"

    assert refusal(tx, chunked(SIGNED, [b"hello"], x_amz_decoded_content_length=length)) == "IncompleteBody"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "IncompleteBody"),
        (b"0", "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n", "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n\r\n", ""),
        (b"5;any=thing\r\nhello\r\n0\r\n\r\n", ""),
        (b"05\r\nhello\r\n0\r\n\r\n", ""),
        (b"5\r\nhello\r\n0\r\n\r\nmore", "MalformedTrailerError"),
        (b"5\r\nhello0\r\n\r\n", "IncompleteBody"),
        (b"6\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"4\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"5\nhello\n0\n\n", "IncompleteBody"),
        (b"ffffffff\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"fffffffff\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"-5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"+5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"0x5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"5_\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b" 5\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"5" + b";x" * 4_000 + b"\r\nhello\r\n0\r\n\r\n", "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nnonsense\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nx-amz-trailer-signature:00\r\n\r\n", "MalformedTrailerError"),
    ],
)
def test_the_coding_is_read_to_the_letter(tx: Transaction, body: bytes, code: str) -> None:
    http = msgspec.structs.replace(chunked(UNSIGNED, [b"hello"]), body=body)

    if code:
        assert refusal(tx, http) == code
    else:
        assert read(tx, http) == b"hello"


@pytest.mark.parametrize("content", [WITH_TRAILER, UNSIGNED])
@pytest.mark.parametrize(
    "name",
    ["x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1",
     "x-amz-checksum-sha256"],
)  # fmt: skip
def test_a_checksum_in_the_trailer_is_checked(tx: Transaction, content: str, name: str) -> None:
    assert read(tx, chunked(content, [b"hello"], {name: checksum(name, b"hello")})) == b"hello"

    assert refusal(tx, chunked(content, [b"hello"], {name: checksum(name, b"hullo")})) == "BadDigest"
    assert refusal(tx, chunked(content, [b"hello"], {name: ""})) == "BadDigest"


@pytest.mark.parametrize("announced", ["", "x-amz-checksum-sha1", f"{CRC32},x-amz-checksum-sha1"])
@pytest.mark.parametrize("content", [WITH_TRAILER, UNSIGNED])
def test_the_trailer_is_the_one_that_was_announced(tx: Transaction, content: str, announced: str) -> None:
    http = chunked(content, [b"hello"], {CRC32: checksum(CRC32, b"hello")}, x_amz_trailer=announced)

    assert refusal(tx, http) == "MalformedTrailerError"


def test_a_trailer_without_its_signature_is_refused(tx: Transaction) -> None:
    http = chunked(WITH_TRAILER, [b"hello"], {CRC32: checksum(CRC32, b"hello")})
    body = http.body.partition(b"x-amz-trailer-signature:")[0] + b"\r\n"

    with pytest.raises(SignatureDoesNotMatch):
        read(tx, msgspec.structs.replace(http, body=body))


def test_a_line_feed_too_many_in_the_trailer_is_overlooked(tx: Transaction) -> None:
    http = chunked(UNSIGNED, [b"hello"], {CRC32: checksum(CRC32, b"hello")})
    body = http.body.replace(b"==\r\n", b"==\n\r\n")

    assert body != http.body
    assert read(tx, msgspec.structs.replace(http, body=body)) == b"hello"


def test_a_header_of_the_trailer_comes_once(tx: Transaction) -> None:
    http = chunked(UNSIGNED, [b"hello"], {CRC32: checksum(CRC32, b"hello")})
    line = f"{CRC32}:{checksum(CRC32, b'hello')}\r\n".encode()

    assert refusal(tx, msgspec.structs.replace(http, body=http.body.replace(line, line * 2))) == "MalformedTrailerError"


def test_a_chunked_body_is_not_for_presigned_requests(tx: Transaction) -> None:
    # A pre-signed request for S3 signs no body, so its body is not decoded either.
    http = chunked(SIGNED, [b"hello"])

    assert read(tx, http) == b"hello"
    without = {name: value for name, value in http.headers.items() if name != "authorization"}
    with pytest.raises(ServiceError):
        read(tx, msgspec.structs.replace(http, headers=without, query="X-Amz-Algorithm=AWS4-HMAC-SHA256"))
