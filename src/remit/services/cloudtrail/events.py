"""The event history: management events of one region, newest first.

Source: `trail-records` reference, "Looking up and delivering"; CloudTrail API reference, LookupEvents.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from remit.errors import ServiceError
from remit.request import Call
from remit.services.cloudtrail import shapes
from remit.services.cloudtrail.registry import operation
from remit.store import Record, RecordQuery, SealBroken, Transaction

_DAYS_KEPT = 90
_PAGE = 50
_PURPOSE = "lookup-token"


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


# Lookup attribute -> the column of the trail it asks for, and the text that the column must equal. The column of
# resources is a JSON list of [type, name] pairs, in which a part is found.
_COLUMNS: dict[str, tuple[str, Callable[[str], str]]] = {
    "EventId": ("event_id", str),
    "EventName": ("name", str),
    "ReadOnly": ("read_only", lambda value: str(int(value == "true"))),
    "Username": ("user", str),
    "ResourceType": ("resources", lambda value: f"[{_quoted(value)},"),
    "ResourceName": ("resources", lambda value: f",{_quoted(value)}]"),
    "EventSource": ("source", str),
    "AccessKeyId": ("access_key_id", str),
}


class _Token(msgspec.Struct, array_like=True):
    """Where a page ended, and what it was a page of."""

    at: int
    event_id: str
    start: int
    end: int
    column: str
    value: str


@operation("LookupEvents")
def lookup_events(call: Call[shapes.LookupEventsRequest], tx: Transaction) -> shapes.LookupEventsResponse:
    """Return a page of the account's events in the region that the call was signed for."""
    query = _query(call, tx)
    records = call.slowly("records", lambda: tx.look_up(query))
    response: shapes.LookupEventsResponse = {"Events": [_event(record) for record in records[: query.limit - 1]]}
    if len(records) == query.limit:
        last = records[-2]
        token = _Token(last.at, last.event_id, query.start, query.end, query.column, query.value)
        sealed = tx.keyring.seal(_PURPOSE, msgspec.msgpack.encode(token), call.account.encode())
        response["NextToken"] = base64.b64encode(sealed).decode()
    return response


def _query(call: Call[shapes.LookupEventsRequest], tx: Transaction) -> RecordQuery:
    asked = call.input
    if asked.get("EventCategory") is not None:
        # Insight events are findings of a service that Remit does not imitate: there are none.
        raise ServiceError("InvalidEventCategoryException", "The event category insight is not supported.")
    attributes = asked.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise ServiceError("InvalidLookupAttributesException", "You can only specify one lookup attribute.")
    column, value = "", ""
    for attribute in attributes:
        column, as_stored = _COLUMNS[attribute["AttributeKey"]]
        value = as_stored(attribute["AttributeValue"])
    start = asked.get("StartTime", call.at - timedelta(days=_DAYS_KEPT))
    end = asked.get("EndTime", call.at)
    if start > end:
        raise ServiceError("InvalidTimeRangeException", "The start time must be before the end time.")
    query = RecordQuery(
        account=call.account,
        # Start and end are whole seconds at AWS, and both belong to the range.
        start=max(_milliseconds(start), _milliseconds(call.at - timedelta(days=_DAYS_KEPT))),
        end=_milliseconds(end) + 999,
        limit=asked.get("MaxResults", _PAGE) + 1,
        region=call.region,
        column=column,
        value=value,
    )
    next_token = asked.get("NextToken")
    return query if next_token is None else _next_page(call, tx, query, next_token)


def _next_page(
    call: Call[shapes.LookupEventsRequest], tx: Transaction, query: RecordQuery, next_token: str
) -> RecordQuery:
    try:
        sealed = base64.b64decode(next_token, validate=True)
        token = msgspec.msgpack.decode(tx.keyring.open(_PURPOSE, sealed, call.account.encode()), type=_Token)
    except (SealBroken, binascii.Error, ValueError):
        raise _invalid_token() from None
    if (token.column, token.value) != (query.column, query.value):
        raise _invalid_token()
    return msgspec.structs.replace(query, start=token.start, end=token.end, before=(token.at, token.event_id))


def _invalid_token() -> ServiceError:
    return ServiceError(
        "InvalidNextTokenException",
        "The token is not valid: a NextToken goes with the parameters of the call that returned it.",
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _event(record: Record) -> shapes.Event:
    event: shapes.Event = {
        "EventId": record.event_id,
        "EventName": record.name,
        "ReadOnly": "true" if record.read_only else "false",
        "EventTime": datetime.fromtimestamp(record.at // 1000, UTC),
        "EventSource": record.source,
        "Resources": [],
        "CloudTrailEvent": record.body.decode(),
    }
    if record.access_key_id:
        event["AccessKeyId"] = record.access_key_id
    if record.user:
        event["Username"] = record.user
    if record.resources:
        pairs = msgspec.json.decode(record.resources, type=list[tuple[str, str]])
        event["Resources"] = [{"ResourceType": kind, "ResourceName": name} for kind, name in pairs]
    return event
