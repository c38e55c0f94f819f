"""The `aws-chunked` coding: a body in chunks, each with a signature that builds on the one before.

    10000;chunk-signature=ad80...          5 hexadecimal digits: 65,536 bytes follow
    <65,536 bytes>
    0;chunk-signature=b6c6...              the end
    x-amz-checksum-crc32c:sOO8/Q==         the trailer, if the variant has one
    x-amz-trailer-signature:d81f...

The first signature builds on that of the request, so no chunk can be changed, left out or moved. The variant without
signatures is for S3 alone: it relies on TLS, and its checksum finds accidents only.
Source: Amazon S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
Chunks" and "... Including Trailing Headers"; error codes from "Error responses".
"""

from collections.abc import Callable, Mapping
from hashlib import sha256

import msgspec

from remit.authn.checksums import CHECKSUMS, checksum
from remit.authn.payload import SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER
from remit.authn.sigv4 import MISMATCH, is_signature
from remit.errors import ServiceError, SignatureDoesNotMatch

# Only the last chunk may be smaller. It also bounds how many signatures a body can cost.
CHUNK_BYTES_MIN = 8_192
_LINE_BYTES_MAX = 4_096
_SIZE_DIGITS_MAX = 8
_TRAILERS_MAX = 16
# AWS's own example ends a trailer's line with an extra line feed.
_BLANKS = " \t\n"
_HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")
_SIGNATURE = b"chunk-signature="
_TRAILER_SIGNATURE = "x-amz-trailer-signature"
_EMPTY = sha256(b"").hexdigest()


class Seed(msgspec.Struct, frozen=True):
    """What the signatures of the chunks begin with.

    Attributes:
        signature: of the request.
        date: `YYYYMMDDTHHMMSSZ`.
        scope: the credential scope.
        sign: returns the signature of a string.
    """

    signature: str
    date: str
    scope: str
    sign: Callable[[bytes], str]


def decoded(content: str, headers: Mapping[str, str], body: bytes, seed: Seed) -> bytes:
    """Verify a body in chunks and return what it holds.

    Args:
        content: the variant, as `x-amz-content-sha256` names it.
        headers: the request's, which announce the size and the trailer.
        body: as it was sent.
        seed: of the request, whose own signature was verified.

    Raises:
        SignatureDoesNotMatch: a chunk or the trailer is not what was signed.
        ServiceError: IncompleteBody, InvalidChunkSizeError, MalformedTrailerError or BadDigest.
    """
    chunks = _Chunks(body, seed, signed=content in (SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER))
    data = chunks.read()
    if headers.get("x-amz-decoded-content-length") != str(len(data)):
        raise _incomplete()
    if content == SIGNED_CHUNKS:
        chunks.end()
    else:
        names = {name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",")} - {""}
        _check_trailer(chunks.trailer(), names, data)
    return data


def _check_trailer(trailer: dict[str, str], announced: set[str], data: bytes) -> None:
    if trailer.keys() != announced:
        raise _malformed_trailer()
    for name, value in trailer.items():
        if name in CHECKSUMS and value != checksum(name, data):
            raise ServiceError(
                "BadDigest", f"The {CHECKSUMS[name][0]} you specified did not match the calculated checksum."
            )


class _Chunks:
    """Reads a body in chunks, from its front to its end."""

    def __init__(self, body: bytes, seed: Seed, *, signed: bool) -> None:
        self._body = body
        self._at = 0
        self._seed = seed
        self._signed = signed
        self._previous = seed.signature

    def read(self) -> bytes:
        """Verify and return the chunks up to the one of size zero."""
        parts: list[bytes] = []
        small = False
        while True:
            size, signature = self._head()
            if size and small:
                raise ServiceError(
                    "InvalidChunkSizeError",
                    f"Only the last chunk is allowed to have a size less than {CHUNK_BYTES_MIN} bytes",
                    403,
                )
            small = size < CHUNK_BYTES_MIN
            chunk = self._body[self._at : self._at + size]
            self._at += size
            if len(chunk) < size:
                raise _incomplete()
            if self._signed:
                self._verify("PAYLOAD", f"{_EMPTY}\n{sha256(chunk).hexdigest()}", signature)
            if not size:
                return b"".join(parts)
            self._skip_line_end()
            parts.append(chunk)

    def end(self) -> None:
        """Insist that nothing follows."""
        self._skip_line_end()
        if self._at != len(self._body):
            raise _incomplete()

    def trailer(self) -> dict[str, str]:
        """Verify and return the headers that follow the last chunk; name in lower case -> value."""
        found: dict[str, str] = {}
        signature = ""
        while (line := self._line()) and not signature:
            name, colon, value = line.decode("latin-1").partition(":")
            name, value = name.strip(_BLANKS).lower(), value.strip(_BLANKS)
            if not colon or name in found or len(found) == _TRAILERS_MAX:
                raise _malformed_trailer()
            if name == _TRAILER_SIGNATURE:
                signature = value
            else:
                found[name] = value
        if self._signed:
            lines = "".join([f"{name}:{value}\n" for name, value in found.items()])
            self._verify("TRAILER", sha256(lines.encode("latin-1")).hexdigest(), signature)
        elif signature:
            raise _malformed_trailer()
        if line or self._at != len(self._body):
            raise _malformed_trailer()
        return found

    def _head(self) -> tuple[int, str]:
        """Read a chunk's size and signature."""
        size, semicolon, extension = self._line().partition(b";")
        if not size or len(size) > _SIZE_DIGITS_MAX or not _HEXADECIMAL.issuperset(size):
            raise _incomplete()
        if not self._signed:
            return int(size, 16), ""
        if not semicolon or not extension.startswith(_SIGNATURE):
            raise SignatureDoesNotMatch(MISMATCH)
        return int(size, 16), extension.removeprefix(_SIGNATURE).decode("latin-1")

    def _verify(self, what: str, hashes: str, signature: str) -> None:
        seed = self._seed
        text = f"AWS4-HMAC-SHA256-{what}\n{seed.date}\n{seed.scope}\n{self._previous}\n{hashes}"
        self._previous = seed.sign(text.encode())
        if not is_signature(self._previous, signature):
            raise SignatureDoesNotMatch(MISMATCH)

    def _line(self) -> bytes:
        end = self._body.find(b"\r\n", self._at, self._at + _LINE_BYTES_MAX)
        if end < 0:
            raise _incomplete()
        line = self._body[self._at : end]
        self._at = end + 2
        return line

    def _skip_line_end(self) -> None:
        if self._body[self._at : self._at + 2] != b"\r\n":
            raise _incomplete()
        self._at += 2


def _incomplete() -> ServiceError:
    return ServiceError(
        "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )


def _malformed_trailer() -> ServiceError:
    return ServiceError(
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )
