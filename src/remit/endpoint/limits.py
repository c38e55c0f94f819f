"""What one connection may take of the server."""

import msgspec

# Where a provider's operations are that bring documents: `wire/data/sdk`.
_UPLOADS = "/v1/publisher/"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a client may send, and how long it may take.

    Attributes:
        head_bytes: request line and headers together; also what may frame a body beyond the body's own size.
        body_bytes: a larger body is read to its end, and refused with 413.
        upload_bytes: the same for requests that bring a document: the largest PDF that is taken, in base64.
        drain_bytes: how much of a too large body is read, to keep the connection; beyond that it ends.
        head_seconds: from a request's first byte to the end of its headers.
        body_seconds: from the end of the headers to the end of the body.
        idle_seconds: between requests.
        write_seconds: for the client to take an answer.
        linger_seconds: for a client that was refused to read why, while what it still sends is dropped.
        pipelined: requests read ahead of the one being answered.
    """

    head_bytes: int = 65_536
    body_bytes: int = 4_194_304
    upload_bytes: int = 30_000_000
    drain_bytes: int = 67_108_864
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    idle_seconds: float = 75.0
    write_seconds: float = 30.0
    linger_seconds: float = 2.0
    pipelined: int = 16

    def body_bytes_of(self, path: str) -> int:
        """Return what the body of a request to *path* may have."""
        return max(self.body_bytes, self.upload_bytes) if path.startswith(_UPLOADS) else self.body_bytes
