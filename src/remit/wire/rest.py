"""Members outside the body: labels of the path, the query string, headers and the status, for the REST protocols.

Source: Smithy, "HTTP binding traits"; botocore's serializers show what its clients send.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.errors import MalformedInput
from remit.request import HttpRequest, Routed
from remit.wire import forms, scalars, timestamps
from remit.wire.models import Field, ServiceModel

# Puts one member into the input, if the request has it.
Take = Callable[[Routed, dict[str, list[str]], dict[str, Any]], None]
# Puts one member's value into the headers of an answer.
Put = Callable[[Any, list[tuple[str, str]]], None]

# One element of a list in a header: quoted, with \" and \\ inside, or bare up to the comma.
_ELEMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)', re.DOTALL)
_UNSAFE_IN_HEADER = re.compile(r"[\r\n\x00]")


def query_of(http: HttpRequest) -> dict[str, list[str]]:
    """Read the query string: name -> its values in their order."""
    found: dict[str, list[str]] = {}
    for name, value in forms.pairs(http.query) if http.query else ():
        found.setdefault(name, []).append(value)
    return found


def taker(model: ServiceModel, member: str, field: Field) -> Take:
    """Make what takes a member from its place in the request, which is outside the body."""
    name = field.wire_name or member
    match field.location:
        case "uri":
            return _label(member, name, field)
        case "querystring":
            return _query(model, member, name, field)
        case "header":
            return _header(model, member, name.lower(), field)
        case "headers":
            return _prefixed_headers(member, name.lower() if field.wire_name else "")
        case other:
            raise TypeError(f"no place in a request: `{other}`")


def _text_reader(field: Field, timestamp_format: str) -> Callable[[str], Any]:
    return scalars.reader(field, timestamp_format) or _unchanged


def _unchanged(text: str) -> str:
    return text


def _label(member: str, name: str, field: Field) -> Take:
    read = _text_reader(field, timestamps.ISO8601)

    def take(routed: Routed, _: dict[str, list[str]], found: dict[str, Any]) -> None:
        found[member] = read(forms.unescaped(routed.path_labels[name]))

    return take


def _query(model: ServiceModel, member: str, name: str, field: Field) -> Take:
    if field.shape.type == "map":
        return _query_map(model, member, field)
    if field.shape.type == "list":
        read_element = _text_reader(model.element(field.shape), timestamps.ISO8601)

        def take_all(_: Routed, query: dict[str, list[str]], found: dict[str, Any]) -> None:
            if name in query:
                found[member] = [read_element(text) for text in query[name]]

        return take_all
    read = _text_reader(field, timestamps.ISO8601)

    def take(_: Routed, query: dict[str, list[str]], found: dict[str, Any]) -> None:
        if name in query:
            if len(query[name]) > 1:
                raise MalformedInput(f"the parameter is given twice: `{name}`")
            found[member] = read(query[name][0])

    return take


def _query_map(model: ServiceModel, member: str, field: Field) -> Take:
    """A map takes every parameter, those of other members too (Smithy, "httpQueryParams"), but no signature."""
    holds_lists = model.entry(field.shape)[1].shape.type == "list"

    def take(_: Routed, query: dict[str, list[str]], found: dict[str, Any]) -> None:
        taken = {
            name: texts if holds_lists else texts[0] for name, texts in query.items() if not name.startswith("X-Amz-")
        }
        if taken:
            found[member] = taken

    return take


def _header(model: ServiceModel, member: str, name: str, field: Field) -> Take:
    read = _header_reader(model, field)

    def take(routed: Routed, _: dict[str, list[str]], found: dict[str, Any]) -> None:
        text = routed.http.headers.get(name)
        if text is not None:
            found[member] = read(text)

    return take


def _header_reader(model: ServiceModel, field: Field) -> Callable[[str], Any]:
    if field.json_value:
        return _read_json_value
    if field.shape.type != "list":
        return _text_reader(field, timestamps.HTTP_DATE)
    element = model.element(field.shape)
    read_element = _text_reader(element, timestamps.HTTP_DATE)
    dates = (
        element.shape.type == "timestamp" and (element.timestamp_format or timestamps.HTTP_DATE) == timestamps.HTTP_DATE
    )
    split = _split_dates if dates else _split
    return lambda text: [read_element(part) for part in split(text)]


def _split(text: str) -> list[str]:
    """Take a list in a header apart; elements with commas or quotes are quoted."""
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _ELEMENT.match(text, at)
        if match is None:
            raise MalformedInput("a list in a header has a text after a quoted one")
        quoted, bare = match.groups()
        found.append(bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = match.end()
    return found


def _split_dates(text: str) -> list[str]:
    """Take a list of HTTP dates apart; each has a comma of its own after the day's name."""
    parts = [part.strip() for part in text.split(",")]
    return [", ".join(parts[start : start + 2]) for start in range(0, len(parts), 2)]


def _read_json_value(text: str) -> Any:
    try:
        return msgspec.json.decode(b64decode(text, validate=True))
    except (ValueError, RecursionError):
        raise MalformedInput("JSON in base64 is expected in the header") from None


def _prefixed_headers(member: str, prefix: str) -> Take:
    def take(routed: Routed, _: dict[str, list[str]], found: dict[str, Any]) -> None:
        taken = {name[len(prefix) :]: text for name, text in routed.http.headers.items() if name.startswith(prefix)}
        if taken:
            found[member] = taken

    return take


def header_putter(model: ServiceModel, member: str, field: Field) -> Put:
    """Make what puts a member into the headers of an answer."""
    name = field.wire_name or member
    if field.location == "headers":
        prefix = field.wire_name

        def put_all(value: Mapping[str, str], headers: list[tuple[str, str]]) -> None:
            headers.extend((prefix + key, _safe(item)) for key, item in value.items())

        return put_all
    write = _header_writer(model, field)

    def put(value: Any, headers: list[tuple[str, str]]) -> None:
        headers.append((name, _safe(write(value))))

    return put


def _safe(text: str) -> str:
    """Keep a value from ending its header: what comes from callers must not make headers of its own."""
    return _UNSAFE_IN_HEADER.sub(" ", text)


def _header_writer(model: ServiceModel, field: Field) -> Callable[[Any], str]:
    if field.json_value:
        return lambda value: b64encode(msgspec.json.encode(value)).decode()
    if field.shape.type != "list":
        return scalars.writer(field, timestamps.HTTP_DATE)
    element = model.element(field.shape)
    write = scalars.writer(element, timestamps.HTTP_DATE)
    if element.shape.type == "string":
        return lambda items: ", ".join(_quoted(item) for item in items)
    return lambda items: ", ".join(write(item) for item in items)


def _quoted(text: str) -> str:
    if '"' in text or "," in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
