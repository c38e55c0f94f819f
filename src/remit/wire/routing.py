"""Routing: which service and operation a request is for, before anything in it is trusted.

The service is the one in the credential scope; unsigned requests, and requests whose scope names a service that is not
here, are looked up in all (the signature check then refuses a wrong scope in its own words). The operation is in
`X-Amz-Target` (json), in method and path (rest-json), or in `Action` and `Version` (query), which are looked for in the
query string and the body without reading the rest: no stranger's body is parsed.

Texts: `iam-sts` reference, section 1.4; `NO_VERSION_SPECIFIED` is what AWS's query services print for a request without
version.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from remit.errors import MissingAction, ServiceError, UnknownOperation
from remit.request import HttpRequest, Protocol, Routed
from remit.wire import forms
from remit.wire.models import ServiceModel
from remit.wire.paths import Paths

# What is shown of a name that the caller made up.
_SHOWN_MAX = 256
# How a form of the query protocol begins when action and version stand first: nothing further need be looked at.
_HEAD = re.compile(rb"Action=([A-Za-z0-9]{1,64})&Version=([0-9-]{10})(?:&|\Z)")
_JSON_CONTENT = "application/x-amz-json-"


class Unrouted(msgspec.Struct, frozen=True, gc=False):
    """A request that leads to no operation, and what is needed to say so.

    Attributes:
        service: botocore's name, empty if the request names no service that is here.
        protocol: in which the error is written: the service's, or what the request looks like.
        json_version: `1.0` or `1.1`, empty for protocols without one.
    """

    http: HttpRequest
    service: str
    protocol: Protocol
    json_version: str
    request_id: str
    at: datetime


class RouteFailed(Exception):
    """A request leads to no operation.

    Attributes:
        unrouted: what is known of the request.
        error: what to answer.
    """

    def __init__(self, unrouted: Unrouted, error: ServiceError) -> None:
        super().__init__(str(error))
        self.unrouted = unrouted
        self.error = error


class _Peeked(msgspec.Struct, frozen=True, gc=False):
    """What a request says of the operation it wants, before any service was chosen."""

    http: HttpRequest
    request_id: str
    at: datetime
    target: str
    action: str
    version: str


def scope_service(http: HttpRequest) -> str:
    """Read the service out of the credential scope, unverified; empty if there is none."""
    text = http.headers.get("authorization", "")
    start = text.find("Credential=")
    if start >= 0:
        end = text.find(",", start)
        credential = text[start + 11 : end if end >= 0 else len(text)]
    elif "X-Amz-Credential=" in http.query:
        credential = _peek(http.query, "X-Amz-Credential")
    else:
        return ""
    parts = credential.strip().rsplit("/", 2)
    return parts[1] if len(parts) == 3 else ""  # noqa: PLR2004  # key, date and region; service; terminator


def _peek(form: str, name: str) -> str:
    """Look for one parameter and read nothing else."""
    start = 0 if form.startswith(name + "=") else form.find(f"&{name}=") + 1
    if start == 0 and not form.startswith(name + "="):
        return ""
    end = form.find("&", start)
    value = form[start + len(name) + 1 : end if end >= 0 else len(form)]
    try:
        return forms.unescaped(value, plus=True)
    except ServiceError:
        return value


def _peek_body(body: bytes, name: bytes) -> str:
    start = 0 if body.startswith(name + b"=") else body.find(b"&" + name + b"=") + 1
    if start == 0 and not body.startswith(name + b"="):
        return ""
    end = body.find(b"&", start)
    start += len(name) + 1
    value = body[start : min(end if end >= 0 else len(body), start + _SHOWN_MAX)].decode("ascii", "replace")
    try:
        return forms.unescaped(value, plus=True)
    except ServiceError:
        return value


class Router:
    """Knows the operations of the services that are answered here."""

    def __init__(self, models: Mapping[str, ServiceModel], spoken: Mapping[str, tuple[Protocol, ...]]) -> None:
        self._models = models
        self._spoken = spoken
        self._signing: dict[str, list[ServiceModel]] = {}
        self._paths: dict[str, Paths] = {}
        for model in models.values():
            self._signing.setdefault(model.signing_name, []).append(model)
        self._all = list(models.values())

    def route(self, http: HttpRequest, request_id: str, at: datetime) -> Routed:
        """Find the operation.

        Raises:
            RouteFailed: there is none; it carries the error to answer.
        """
        target = http.headers.get("x-amz-target", "")
        # The query string goes first, for it is what a pre-signed request has.
        action = version = ""
        if not target:
            action, version = self._asked(http)
        peeked = _Peeked(http, request_id, at, target, action, version)
        scoped = self._signing.get(scope_service(http))
        for model in scoped or self._all:
            routed = self._in_service(model, peeked)
            if routed is not None:
                return routed
        raise self._failure(scoped or [], peeked)

    @staticmethod
    def _asked(http: HttpRequest) -> tuple[str, str]:
        """Return Action and Version; nearly all clients send them first."""
        if http.query:
            action = _peek(http.query, "Action") or _peek_body(http.body, b"Action")
            return action, _peek(http.query, "Version") or _peek_body(http.body, b"Version")
        first = _HEAD.match(http.body)
        if first is not None:
            return first[1].decode(), first[2].decode()
        return _peek_body(http.body, b"Action"), _peek_body(http.body, b"Version")

    def _in_service(self, model: ServiceModel, peeked: _Peeked) -> Routed | None:
        for protocol in self._spoken[model.name]:
            match protocol:
                case Protocol.QUERY:
                    name = peeked.action if peeked.version == model.metadata.api_version else ""
                case Protocol.JSON:
                    prefix, _, name = peeked.target.rpartition(".")
                    name = name if prefix in _target_prefixes(model) else ""
                case _:
                    found = None if peeked.target or peeked.action else self._path(model, peeked.http)
                    if found is not None:
                        return _routed(model, found[0], protocol, peeked, found[1])
                    continue
            if name in model.operations:
                return _routed(model, name, protocol, peeked, {})
        return None

    def _path(self, model: ServiceModel, http: HttpRequest) -> tuple[str, dict[str, str]] | None:
        paths = self._paths.get(model.name)
        if paths is None:
            paths = self._paths[model.name] = Paths(model.operations.values())
        try:
            return paths.find(http.method, http.path, http.query)
        except ServiceError:
            return None

    def _failure(self, scoped: Iterable[ServiceModel], peeked: _Peeked) -> RouteFailed:
        model = next(iter(scoped), None)
        protocol = self._spoken[model.name][0] if model else _guess(peeked)
        error: ServiceError
        if protocol is Protocol.QUERY:
            if not peeked.action:
                error = MissingAction("The request is missing an action parameter")
            else:
                version = peeked.version[:_SHOWN_MAX] or "NO_VERSION_SPECIFIED"
                error = UnknownOperation(f"Could not find operation {peeked.action[:_SHOWN_MAX]} for version {version}")
        else:
            error = UnknownOperation(None)
        json_version = ""
        if protocol is Protocol.JSON:
            content = peeked.http.headers.get("content-type", "")
            said = content.removeprefix(_JSON_CONTENT)[:3] if content.startswith(_JSON_CONTENT) else ""
            json_version = said if said in ("1.0", "1.1") else "1.1"
            json_version = (model and model.metadata.json_version) or json_version
        unrouted = Unrouted(
            peeked.http, model.name if model else "", protocol, json_version, peeked.request_id, peeked.at
        )
        return RouteFailed(unrouted, error)


def _target_prefixes(model: ServiceModel) -> tuple[str, str]:
    """Return botocore's prefix, and the name of the service alone, which SDKs made from Smithy models send."""
    whole = model.metadata.target_prefix
    return whole, whole.rpartition(".")[2]


def _guess(peeked: _Peeked) -> Protocol:
    if peeked.target or peeked.http.headers.get("content-type", "").startswith(_JSON_CONTENT):
        return Protocol.JSON
    if peeked.action or peeked.http.path == "/":
        return Protocol.QUERY
    return Protocol.REST_JSON


def _routed(
    model: ServiceModel, operation: str, protocol: Protocol, peeked: _Peeked, labels: Mapping[str, str]
) -> Routed:
    return Routed(
        peeked.http,
        model.name,
        model.signing_name,
        operation,
        protocol,
        peeked.request_id,
        peeked.at,
        model.metadata.json_version if protocol is Protocol.JSON else "",
        labels,
        model.operations[operation].authtype == "none",
    )
