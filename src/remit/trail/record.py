"""The record of an event, in CloudTrail's form, version 1.11.

INVARIANT: no secret is in a record. What the model calls sensitive is left out, and so are headers and the query
string.
Source: `trail-records` reference, "Writing".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from remit.arn import Arn, region_of_service
from remit.errors import CommonError, ServiceError
from remit.ids import AccountId, new_uuid
from remit.request import Caller, HttpRequest
from remit.store import Record
from remit.trail.event import Event
from remit.trail.identity import foreign_identity, name_of, user_identity
from remit.trail.named import named_resources
from remit.trail.parameters import elements

EVENT_VERSION = "1.11"
_HEADER_CHARACTERS_MAX = 1_024
_IDENTITIES_KEPT = 4_096
# They only read, by their kind, and yet answer something that the trail should show: who got which credentials.
_ASSUMES = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
_GIVES_CREDENTIALS = _ASSUMES | {"AssumeRoot", "GetSessionToken", "GetFederationToken"}


class _Seconds:
    """Writes whole seconds; the newest one is kept, because most events of a second ask for it."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second, self._text = -1, ""

    def text(self, second: int) -> str:
        """Return the second since 1970 in ISO 8601, `2026-11-24T10:20:30Z`."""
        if second != self._second:
            self._second, self._text = second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._text


_seconds = _Seconds()


class Facts(Protocol):
    """What the trail wants to know of an operation."""

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        ...


class Models(Protocol):
    """What the trail wants to know of the services' models; `remit.wire.Wire` is one."""

    def facts(self, service: str, operation: str) -> Facts:
        """Tell what the model knows of an operation."""
        ...

    def error_shape(self, service: str, operation: str, code: str) -> str:
        """Return the model's name of the error with this code; *code* itself where it has none."""
        ...

    def is_message_recorded(self, service: str, operation: str, code: str) -> bool:
        """Say whether the message of the error with this code may be recorded."""
        ...

    def recorded(
        self, service: str, operation: str, values: Mapping[str, Any], *, output: bool = False
    ) -> Mapping[str, Any]:
        """Give what is recorded of an operation's input, or of its *output*: nothing the model calls sensitive."""
        ...


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A record as it is written; the order of the fields is CloudTrail's."""

    event_version: str
    user_identity: msgspec.Raw
    event_time: str
    event_source: str
    event_name: str
    aws_region: str
    source_ip: str = msgspec.field(name="sourceIPAddress")
    user_agent: str
    error_code: str = ""
    error_message: str = ""
    request_parameters: msgspec.Raw | None
    response_elements: msgspec.Raw | None
    additional_event_data: dict[str, Any] = {}
    request_id: str = msgspec.field(name="requestID")
    event_id: str = msgspec.field(name="eventID")
    read_only: bool
    resources: list[dict[str, str]] = []
    event_type: str
    management_event: bool
    recipient_account_id: str = ""
    shared_event_id: str = msgspec.field(name="sharedEventID", default="")
    event_category: str
    service_event_details: dict[str, Any] = {}
    tls_details: dict[str, str] = {}


class _Identities:
    """The identities of callers with long-term keys as JSON: a caller that calls often is written once."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], msgspec.Raw] = {}

    def of(self, caller: Caller) -> msgspec.Raw:
        """Return the `userIdentity` of *caller*."""
        if caller.session is not None or caller.federation is not None:
            return as_json(user_identity(caller))
        key = (caller.arn, caller.access_key_id, caller.principal_id)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _IDENTITIES_KEPT:
                self._kept.clear()
            found = self._kept[key] = as_json(user_identity(caller))
        return found


_identities = _Identities()


def as_json(value: dict[str, Any]) -> msgspec.Raw:
    """Write a part of a record."""
    return msgspec.Raw(msgspec.json.encode(value))


UNKNOWN = as_json({"type": "Unknown"})


def records(models: Models, event: Event) -> tuple[Record, ...]:
    """Write *event* down: once for the caller's account, once more for the account whose role it assumes.

    A request whose signature did not verify is recorded for the account whose key it named, without believing anything
    else in it; one that named no key of ours, for nobody.
    """
    caller = event.caller
    if caller is None:
        return (_record(models, event, event.claimed_account or AccountId(""), UNKNOWN),)
    owner = _other_account(event, caller)
    if owner is None or not caller.account:  # who does not sign has no account: the role's owner learns of it
        return (_record(models, event, owner or caller.account, _identities.of(caller)),)
    shared = new_uuid()
    return (
        _record(models, event, caller.account, _identities.of(caller), shared),
        _record(models, event, owner, as_json(foreign_identity(caller)), shared),
    )


def _other_account(event: Event, caller: Caller) -> AccountId | None:
    """Return the account of the role that was assumed, when it is another one than the caller's.

    Somebody without an account who was not let in is the business of the role's owner, too.
    """
    is_let_in = event.error is None or not caller.account
    if not is_let_in or event.routed.operation not in _ASSUMES or event.input is None:
        return None
    try:
        account = Arn.parse(event.input.get("RoleArn", "")).account
    except ValueError:  # refused, because it is none
        return None
    return None if account == caller.account else AccountId(account)


def _record(models: Models, event: Event, account: AccountId, identity: msgspec.Raw, shared: str = "") -> Record:
    routed, caller, error = event.routed, event.caller, event.error
    service, operation = routed.service, routed.operation
    is_read = models.facts(service, operation).is_read or operation in _GIVES_CREDENTIALS
    request = response = None
    if caller is not None and event.input:
        request = elements(models.recorded(service, operation, event.input))
    shows_response = not is_read or operation in _GIVES_CREDENTIALS
    if error is None and event.output and shows_response:
        response = elements(models.recorded(service, operation, event.output, output=True))
    return write(
        account=account,
        identity=identity,
        http=routed.http,
        at=routed.at,
        source=f"{routed.signing_name}.amazonaws.com",
        name=operation,
        region=region_of_service(routed.signing_name, event.region or "us-east-1"),
        request_id=routed.request_id,
        is_read=is_read,
        error=None if error is None else (_code(models, event, error), _message(models, event, error)),
        claimed_key="" if caller is not None else event.claimed_key,
        user="" if caller is None else name_of(caller),
        access_key_id=event.claimed_key if caller is None else caller.access_key_id,
        request=request,
        response=response,
        resources=_resources(event),
        named=named_resources(event.input, event.output if shows_response else None) if caller is not None else "",
        shared=shared,
    )


def _code(models: Models, event: Event, error: ServiceError) -> str:
    if isinstance(error, CommonError):
        return error.code
    return models.error_shape(event.routed.service, event.routed.operation, error.code)


def _message(models: Models, event: Event, error: ServiceError) -> str:
    """Return what the caller was told, less a message that the model calls sensitive: it may repeat the input."""
    code = error.json_code if isinstance(error, CommonError) else error.code
    is_recorded = models.is_message_recorded(event.routed.service, event.routed.operation, code)
    return (error.message or "") if is_recorded else ""


def _resources(event: Event) -> list[dict[str, str]]:
    if event.error is not None or event.routed.operation not in _ASSUMES or "RoleArn" not in (event.input or {}):
        return []
    arn: str = (event.input or {})["RoleArn"]
    return [{"accountId": Arn.parse(arn).account, "type": "AWS::IAM::Role", "ARN": arn}]


def write(  # noqa: PLR0913  # a record has so many fields
    *,
    account: AccountId,
    identity: msgspec.Raw,
    http: HttpRequest,
    at: datetime,
    source: str,
    name: str,
    region: str,
    request_id: str,
    is_read: bool,
    error: tuple[str, str] | None,
    claimed_key: str = "",
    user: str = "",
    access_key_id: str = "",
    request: msgspec.Raw | None = None,
    response: msgspec.Raw | None = None,
    resources: list[dict[str, str]] | None = None,
    named: str = "",
    shared: str = "",
    additional: dict[str, Any] | None = None,
    event_type: str = "AwsApiCall",
    details: dict[str, Any] | None = None,
    event_id: str = "",
) -> Record:
    """Write one record.

    Args:
        event_id: a new one by default. The trail keeps the first of several records of one id, account and time.
        details: of what a service did on its own account.
        error: code and message; None when all went well.
        claimed_key: the key id of a request whose signature did not verify.
    """
    event_id = event_id or new_uuid()
    milliseconds = int(at.timestamp() * 1000)
    body = Body(
        event_version=EVENT_VERSION,
        user_identity=identity,
        event_time=_seconds.text(milliseconds // 1000),
        event_source=source,
        event_name=name,
        aws_region=region,
        source_ip=http.peer,
        user_agent=http.headers.get("user-agent", "")[:_HEADER_CHARACTERS_MAX],
        error_code="" if error is None else error[0],
        error_message="" if error is None else error[1],
        request_parameters=request,
        response_elements=response,
        additional_event_data={**({"accessKeyId": claimed_key} if claimed_key else {}), **(additional or {})},
        request_id=request_id,
        event_id=event_id,
        read_only=is_read,
        resources=resources or [],
        event_type=event_type,
        management_event=True,
        recipient_account_id=account,
        shared_event_id=shared,
        event_category="Management",
        service_event_details=details or {},
        tls_details={"clientProvidedHostHeader": http.headers.get("host", "")[:_HEADER_CHARACTERS_MAX]}
        if http.secure
        else {},
    )
    return Record(
        event_id=event_id,
        account=account,
        at=milliseconds,
        name=name,
        source=source,
        region=region,
        request_id=request_id,
        read_only=is_read,
        user=user,
        access_key_id=access_key_id,
        resources=named,
        body=msgspec.json.encode(body),
    )
