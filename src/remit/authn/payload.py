"""The payload hash: what of the body a signature covers.

Everywhere it is the SHA-256 of the body, whatever `x-amz-content-sha256` says; S3 takes the header's word, and may
leave the body unsigned. A body that is signed chunk by chunk is signed whole, so any service may get it.
Source: `iam-sts` reference, section 2.1; Amazon S3 API reference, "Signature Calculations".
"""

from hashlib import sha256

from remit.authn.presented import Presented
from remit.errors import ServiceError

UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_CHUNKS_AND_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_CHUNKS = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

# Where a path is the name of an object, and a body may be too large to be hashed before it is sent.
OBJECT_SERVICES = frozenset(("s3", "s3express", "s3-object-lambda", "s3-outposts"))

_EMPTY = sha256(b"").hexdigest()


def payload_hash(presented: Presented, service: str, body: bytes) -> str:
    """Return what the canonical request ends with."""
    content = presented.content
    if content is not None:
        if service in OBJECT_SERVICES or (is_chunked(content, service) and not presented.presigned):
            return content
    elif presented.presigned and service in OBJECT_SERVICES:
        return UNSIGNED
    return sha256(body).hexdigest() if body else _EMPTY


def is_chunked(content: str | None, service: str) -> bool:
    """Say whether the body comes in the `aws-chunked` coding, in a variant that the service takes."""
    if content == UNSIGNED_CHUNKS:
        return service in OBJECT_SERVICES
    return content in (SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER)


def check_object_hash(content: str | None, body: bytes) -> None:
    """Refuse a body for S3 that is not the one the header announced; asked after the signature was verified.

    Raises:
        ServiceError: XAmzContentSHA256Mismatch.
    """
    if content not in (None, UNSIGNED) and content != sha256(body).hexdigest():
        raise ServiceError(
            "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
        )
