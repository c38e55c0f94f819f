"""A record of the trail as the store keeps it: its text, and the columns it is looked up by."""

from collections.abc import Callable
from operator import attrgetter

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record of the trail, with what it can be looked up by.

    Attributes:
        event_id: a UUID.
        account: whose trail it is in.
        at: milliseconds since 1970.
        name: `CreateUser`.
        source: `iam.amazonaws.com`.
        region: where the event is looked up; global services are in `us-east-1`.
        request_id: the UUID the caller was told.
        user: user name or session name; empty when unknown.
        access_key_id: empty when unsigned.
        resources: JSON list of [type, name] pairs; empty when there are none.
        body: the record, JSON.
    """

    event_id: str
    account: str
    at: int
    name: str
    source: str
    region: str
    request_id: str
    read_only: bool
    user: str
    access_key_id: str
    resources: str
    body: bytes


class RecordQuery(msgspec.Struct, frozen=True):
    """Which records are asked for, newest first.

    Attributes:
        start: first millisecond, inclusive. end: last millisecond, inclusive.
        column: a column that must equal *value*; empty for no such condition.
        before: only records older than this (at, event id) pair: where the page before ended.
    """

    account: str
    start: int
    end: int
    limit: int
    region: str = ""
    column: str = ""
    value: str = ""
    before: tuple[int, str] | None = None


RECORD_COLUMNS = Record.__struct_fields__
_TEXT_COLUMNS = tuple(name for name, kind in Record.__annotations__.items() if kind is str)
_texts: Callable[[Record], tuple[str, ...]] = attrgetter(*_TEXT_COLUMNS)


def storable(record: Record) -> Record:
    """Return *record* with U+FFFD for what no database keeps: NUL characters and lone surrogates.

    A caller chooses some of its texts (the region of a credential scope); one of them must not keep the others out.
    """
    texts = _texts(record)
    joined = "".join(texts)
    if joined.isascii() and "\0" not in joined:
        return record
    changed = dict(zip(_TEXT_COLUMNS, map(storable_text, texts), strict=True))
    return msgspec.structs.replace(record, **changed)


def storable_text(text: str) -> str:
    """Return *text* with U+FFFD for each NUL character and each lone surrogate."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
