"""The wire: AWS's protocols for a set of services, both ways.

Models load at the start; what reads and writes an operation is made when the operation is first asked for and then
kept, so what nobody uses costs nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from remit.errors import MalformedInput, ServiceError
from remit.request import HttpRequest, HttpResponse, Protocol, Routed
from remit.wire import models
from remit.wire.constraints import Check, Checker, Violations, says_it_as_schemas_do
from remit.wire.facts import OperationFacts, facts
from remit.wire.faults import fault, modelled
from remit.wire.json_rpc import JsonSpeaker
from remit.wire.models import ServiceModel
from remit.wire.query import QuerySpeaker
from remit.wire.recording import Recording
from remit.wire.rest_json import RestJsonSpeaker
from remit.wire.routing import RouteFailed, Router, Unrouted
from remit.wire.schema_words import SchemaChecker
from remit.wire.speech import Speaker, Speech

_SPEAKERS: Mapping[Protocol, Callable[[ServiceModel | None], Speaker]] = {
    Protocol.QUERY: QuerySpeaker,
    Protocol.JSON: JsonSpeaker,
    Protocol.REST_JSON: RestJsonSpeaker,
}

Secretless = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Wire:
    """Routes, reads, checks and writes requests to the services it was made for.

    Attributes:
        services: their names, as botocore has them.
    """

    def __init__(self, services: Iterable[str]) -> None:
        """Load the models.

        Args:
            services: botocore's names, `iam`, `sts`, `cloudtrail`.

        Raises:
            LookupError: botocore has no such service, or it speaks no protocol that we do.
        """
        self._set_up({name: models.load(name) for name in services})

    @classmethod
    def of_models(cls, loaded: Iterable[ServiceModel]) -> "Wire":
        """Make a wire of models that are not botocore's, for tests."""
        wire = cls.__new__(cls)
        named = {model.name: model for model in loaded}
        wire._set_up(named)  # noqa: SLF001  # its own class
        return wire

    def _set_up(self, loaded: Mapping[str, ServiceModel]) -> None:
        self._models = loaded
        self.services = tuple(loaded)
        self._spoken = {name: _protocols(model) for name, model in loaded.items()}
        self._router = Router(loaded, self._spoken)
        self._speakers: dict[tuple[str, Protocol], Speaker] = {}
        self._speeches: dict[tuple[str, str, Protocol], tuple[Speech, Check | None]] = {}
        self._checkers: dict[str, Checker | SchemaChecker] = {}
        self._recordings: dict[str, Recording] = {}
        self._facts: dict[tuple[str, str], OperationFacts] = {}

    def route(self, http: HttpRequest, *, request_id: str, at: datetime) -> Routed:
        """Find the operation that a request asks for; nothing else of a body is read.

        Raises:
            RouteFailed: there is none; it carries the error, and what `render_error` needs.
        """
        return self._router.route(http, request_id, at)

    def parse(self, routed: Routed, body: bytes) -> dict[str, Any]:
        """Read the input: members by the model's names, absent ones absent; timestamps aware in UTC, blobs as bytes.

        Args:
            routed: the request.
            body: what the signature was verified for, transfer and `aws-chunked` coding removed.

        Raises:
            MalformedInput: a body or a value that cannot be read.
            MalformedQueryString: a form that cannot be read.
            ValidationError: the input breaks constraints of the model; all of them are in the text.
        """
        speech, check = self._speech(routed)
        try:
            found = speech.read(routed, body)
            if check is not None:
                violations = Violations()
                check(found, "", violations)
                violations.raise_any()
        except RecursionError:
            raise MalformedInput("the input is nested too deeply") from None
        return found

    def render(self, routed: Routed, output: Mapping[str, Any]) -> HttpResponse:
        """Write the answer to a request.

        Args:
            routed: the request.
            output: members of the output shape by the model's names; those that are None are left out.

        Raises:
            KeyError: a member that the model does not have, which is a bug of the handler.
        """
        return self._speech(routed)[0].write(routed.request_id, output)

    def render_error(self, asked: Routed | Unrouted, error: ServiceError) -> HttpResponse:
        """Write an error, in the protocol and the words of the service that was asked."""
        model = self._models.get(asked.service)
        operation = model.operations[asked.operation] if model and isinstance(asked, Routed) else None
        speaker: Speaker
        if model is None and asked.protocol is Protocol.JSON:
            speaker = JsonSpeaker(None, asked.json_version)
        else:
            speaker = self._speaker(asked.service, asked.protocol)
        return speaker.refuse(fault(model, operation, asked.protocol, error), asked.request_id)

    def operations(self, service: str) -> tuple[str, ...]:
        """List the names of a service's operations, in the model's order."""
        return tuple(self._models[service].operations)

    def facts(self, service: str, operation: str) -> OperationFacts:
        """Tell what the model knows of an operation.

        Raises:
            KeyError: no such service or operation.
        """
        key = (service, operation)
        found = self._facts.get(key)
        if found is None:
            model = self._models[service]
            found = self._facts[key] = facts(model, model.operations[operation], self._spoken[service][0])
        return found

    def error_shape(self, service: str, operation: str, code: str) -> str:
        """Return the model's name of the error with this code or name; *code* itself where the model has none."""
        model = self._models[service]
        found = modelled(model, model.operations[operation], code)
        return code if found is None else found[0]

    def is_message_recorded(self, service: str, operation: str, code: str) -> bool:
        """Say whether a trail records the message of the error with this code or name: not where it is sensitive."""
        model = self._models[service]
        found = modelled(model, model.operations[operation], code)
        if found is None:
            return True
        members = model.members(found[0])
        return not any(members[name].shape.sensitive for name in members if name.lower() == "message")

    def recorded(
        self, service: str, operation: str, values: Mapping[str, Any], *, output: bool = False
    ) -> Mapping[str, Any]:
        """Give what a trail records of an operation's input, or of its *output*: nothing the model calls sensitive."""
        ref = self._models[service].operations[operation]
        shape = ref.output if output else ref.input
        if shape is None:
            return {}
        recording = self._recordings.get(service)
        if recording is None:
            recording = self._recordings[service] = Recording(self._models[service])
        found: dict[str, Any] = recording.structure(shape.shape)(values)
        return found

    def model(self, service: str) -> ServiceModel:
        """Give a service's model, for tools and tests."""
        return self._models[service]

    def _speaker(self, service: str, protocol: Protocol) -> Speaker:
        key = (service, protocol)
        speaker = self._speakers.get(key)
        if speaker is None:
            make = _SPEAKERS.get(protocol, QuerySpeaker)
            speaker = self._speakers[key] = make(self._models.get(service))
        return speaker

    def _speech(self, routed: Routed) -> tuple[Speech, Check | None]:
        key = (routed.service, routed.operation, routed.protocol)
        found = self._speeches.get(key)
        if found is None:
            model = self._models[routed.service]
            operation = model.operations[routed.operation]
            speech = self._speaker(routed.service, routed.protocol).speech(operation)
            found = self._speeches[key] = (speech, self._check(model, routed.operation))
        return found

    def _check(self, model: ServiceModel, operation: str) -> Check | None:
        asked = model.operations[operation].input
        if asked is None:
            return None
        checker = self._checkers.get(model.name)
        if checker is None:
            make = SchemaChecker if says_it_as_schemas_do(model.name) else Checker
            checker = self._checkers[model.name] = make(model)
        return checker.structure(asked.shape)


def _protocols(model: ServiceModel) -> tuple[Protocol, ...]:
    """List the protocols of a service that we speak, the service's favourite first."""
    named = dict.fromkeys([model.metadata.protocol, *model.metadata.protocols])
    spoken = tuple(protocol for protocol in map(Protocol, named) if protocol in _SPEAKERS)
    if not spoken:
        raise LookupError(f"`{model.name}` speaks no protocol that is spoken here: {', '.join(named)}")
    return spoken


__all__ = ["RouteFailed", "Unrouted", "Wire"]
