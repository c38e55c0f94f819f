"""What was read, and what came back.

An answer's value is what the SDK hands its caller, all pages of a list put together, without the response's metadata.
It is kept as canonical JSON: keys sorted, no spaces, UTF-8; points in time as text in UTC, bytes in base64. Its hash is
that text's SHA-256.
"""

import base64
import json
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple


class Read(NamedTuple):
    """One question to an endpoint; what tells answers of a snapshot apart.

    Attributes:
        service: as SDKs call it, `ec2`.
        operation: `DescribeVolumes`.
        region: empty for services that have none.
        params: names and values that the question was about, in order of names; empty for lists of everything.
    """

    service: str
    operation: str
    region: str = ""
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        about = "".join(f" {value}" for _, value in self.params)
        place = f" in {self.region}" if self.region else ""
        return f"{self.service}:{self.operation}{about}{place}"


class Status(StrEnum):
    """How a read went.

    ANSWERED has a value. ABSENT is an answer, too: the service says that there is none, `NoSuchBucketPolicy`. DENIED,
    and FAILED, where no answer came or one that makes no sense, are none: nothing may be concluded from them.
    """

    ANSWERED = "answered"
    ABSENT = "absent"
    DENIED = "denied"
    FAILED = "failed"


_DECODER = json.JSONDecoder()


class Answer(NamedTuple):
    """What came back.

    Attributes:
        text: canonical JSON of the value; empty unless ANSWERED.
        sha256: of *text*, in hexadecimal digits; empty unless ANSWERED.
        code, message: of the error, as the service or the client gave them.
        at: when the answer came.
        request_id: by which the endpoint's trail knows the request; empty when it gave none.
    """

    status: Status
    at: datetime
    text: str = ""
    sha256: str = ""
    code: str = ""
    message: str = ""
    request_id: str = ""

    def value(self) -> Any:
        """Return the value, decoded anew: what a caller does to it stays with the caller."""
        return decoded(self.text)


def answered(value: Any, at: datetime, *, request_id: str = "") -> Answer:
    """Return the answer whose value is *value*, as an SDK hands it out."""
    text = canonical(value)
    return Answer(Status.ANSWERED, at, text, sha256(text.encode()).hexdigest(), request_id=request_id)


def decoded(text: str) -> Any:
    """Return what canonical JSON says.

    Raises:
        ValueError: it is no JSON, or has something before or behind it.
    """
    # A snapshot has hundreds of short texts: `json.loads` takes as long to look for space around them as to read them.
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        message = f"something stands behind the JSON, at {end}"
        raise ValueError(message)
    return value


def canonical(value: Any) -> str:
    """Return *value* as canonical JSON.

    Raises:
        TypeError: there is something in it that no SDK hands out.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    match value:
        case datetime():
            return instant(value)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            msg = f"no JSON for {type(value).__name__}"
            raise TypeError(msg)


def instant(at: datetime) -> str:
    """Return a point in time as snapshots write it: `2026-11-29T13:41:18Z`, with a fraction if it has one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
