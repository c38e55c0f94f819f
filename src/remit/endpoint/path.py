r"""The path of a request, from HTTP to HTTP, on one screen.

    route -> authenticate -> parse -> authorize -> handle -> render
                     \____________ trail ____________/

Everything from `authenticate` on runs within one transaction. A change and its record commit together; what changed
nothing, refusals among it, goes to the recorder. The store may run the whole of `_attempt` again when what it saw did
not last, so it has no effect but through the transaction: what happens once (log, metrics, the answer) happens in
`_finish`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path as FilePath
from time import perf_counter
from typing import Any

import msgspec

from remit.authn import authenticate, check_session
from remit.authz import Refused, authorize
from remit.clock import Clock
from remit.directory.facts import DirectoryFact
from remit.endpoint.last_used import LastUsed
from remit.endpoint.observer import Observer, Outcome
from remit.endpoint.recorder import Recorder
from remit.endpoint.refusals import Refusals
from remit.endpoint.slow_work import done
from remit.endpoint.throttling import Throttle
from remit.endpoint.wrong_codes import WrongCodes
from remit.errors import InternalFailure, ServiceError, ServiceFailure, UnknownOperation, ValidationError
from remit.ids import new_uuid
from remit.request import Bills, HttpRequest, HttpResponse, Outside, Parsed, Routed, Signed
from remit.services import Service
from remit.services.account.errors import OneTimeCodeWrong
from remit.services.invoicing.errors import PortalCodeWrong
from remit.services.sts.mfa import MfaCodeWrong
from remit.slow_work import Raised, SlowWork
from remit.store import Answer, CommitFailed, CommitUnknown, Database, Transaction
from remit.trail import Event, Malformed, records
from remit.wire import RouteFailed, Unrouted, Wire

_log = logging.getLogger("remit.endpoint")

Respond = Callable[[HttpResponse], None]
_TOO_LARGE = 413


class _Suspended(msgspec.Struct):
    """An attempt that needs slow work before it can be made again."""

    slow: SlowWork


class Path:
    """Answers AWS requests.

    Attributes:
        refusals: the newest of them, to be explained.
    """

    def __init__(
        self,
        wire: Wire,
        services: Mapping[str, Service],
        database: Database,
        clock: Clock,
        observer: Observer,
        recorder: Recorder,
        outside: Outside,
        bills: Bills,
        throttle: Throttle,
        organization_quotas: Mapping[str, int] | None = None,
        evidence: FilePath | None = None,
    ) -> None:
        self._wire = wire
        self._services = services
        self._database = database
        self._clock = clock
        self._observer = observer
        self._recorder = recorder
        self._outside = outside
        self._bills = bills
        self._throttle = throttle
        self._organization_quotas = organization_quotas
        self._evidence = evidence
        self._malformed = Malformed()
        self._last_used = LastUsed(database)
        self._wrong_codes = WrongCodes(database)
        self.refusals = Refusals(database)

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, now or when the answer is durable."""
        started = perf_counter()
        request_id = new_uuid()
        at = self._clock.now()
        try:
            routed = self._wire.route(http, request_id=request_id, at=at)
        except RouteFailed as failure:
            self._refuse(failure, started, respond)
            return
        self._run(routed, {}, started, respond)

    def _run(self, routed: Routed, slow_results: Mapping[str, Any], started: float, respond: Respond) -> None:
        try:
            result = self._database.execute(partial(self._attempt, routed, slow_results))
        except Exception as error:  # noqa: BLE001  # whatever it is, the caller gets an answer
            self._finish(routed, self._failed(routed, error), started, respond)
            return
        if isinstance(result, asyncio.Future):
            result.add_done_callback(lambda future: self._resume(routed, slow_results, future, started, respond))
        elif isinstance(result, _Suspended):
            self._work_slowly(routed, slow_results, result.slow, started, respond)
        else:
            self._finish(routed, result, started, respond)

    def _attempt(
        self, routed: Routed, slow_results: Mapping[str, Any], tx: Transaction
    ) -> Answer[Outcome | _Suspended]:
        event = Event(routed)
        try:
            response = self._allow(routed, slow_results, event, tx)
        except SlowWork as slow:
            tx.rollback()
            return Answer(_Suspended(slow))
        except Exception as error:  # noqa: BLE001  # what is no ServiceError is our bug, and the caller's answer is 500
            tx.rollback()
            known = self._known(routed, error)
            event.error = known
            response = self._wire.render_error(routed, known)
        if tx.changes:
            return Answer(Outcome(response, event, is_recorded=True), (*records(self._wire, event), *tx.records))
        return Answer(Outcome(response, event))

    def _allow(self, routed: Routed, slow_results: Mapping[str, Any], event: Event, tx: Transaction) -> HttpResponse:
        signed: Signed = authenticate(tx, routed, event.claim)  # raises SignatureDoesNotMatch, InvalidClientTokenId ...
        event.signed(signed)
        if not slow_results:  # a call that runs again is one call
            self._throttle.check(tx, routed, signed.caller.account)
        check_session(signed)  # raises AccessDenied: what temporary credentials may never call
        service = self._service(routed)
        # No stranger's body is parsed before this line.
        try:
            parsed = Parsed(signed, self._wire.parse(routed, signed.body))
        except ValidationError as error:
            raise service.invalid(error) from error
        event.input = parsed.input
        if (before := service.before.get(routed.operation)) is not None:
            before(parsed, tx)
        if (identify := service.identify.get(routed.operation)) is not None:  # nobody signed: the input says who asks
            signed = msgspec.structs.replace(signed, caller=identify(parsed, tx, slow_results, self._outside))
            parsed = Parsed(signed, parsed.input)
            event.signed(signed)
        call = authorize(
            tx, parsed, slow_results, self._outside, self._bills, self._organization_quotas, self._evidence
        )  # raises AccessDenied; the only place that makes a Call
        try:
            output = service.handlers[routed.operation](call, tx) or {}
        except DirectoryFact as fact:
            raise service.words(fact) from fact
        event.output = output
        return self._wire.render(routed, output)

    def _service(self, routed: Routed) -> Service:
        service = self._services[routed.service]
        if routed.operation not in service.handlers:
            raise UnknownOperation(
                f"Remit does not answer {routed.service}:{routed.operation} yet; see docs/coverage.md."
            )
        return service

    def _known(self, routed: Routed, error: Exception) -> ServiceError:
        if isinstance(error, ServiceError):
            return error
        _log.error("bug in %s:%s, request %s", routed.service, routed.operation, routed.request_id, exc_info=error)
        return InternalFailure()

    # -- what waits

    def _resume(
        self,
        routed: Routed,
        slow_results: Mapping[str, Any],
        future: asyncio.Future[Outcome | _Suspended],
        started: float,
        respond: Respond,
    ) -> None:
        error = future.exception()
        if error is not None:
            self._finish(routed, self._failed(routed, error), started, respond)
            return
        result = future.result()
        if isinstance(result, _Suspended):
            self._work_slowly(routed, slow_results, result.slow, started, respond)
        else:
            self._finish(routed, result, started, respond)

    def _failed(self, routed: Routed, error: BaseException) -> Outcome:
        """Answer for a change that is not durable: nothing was changed, and the caller may try again."""
        event = Event(routed)
        if isinstance(error, CommitUnknown):
            event.error = ServiceFailure("The store was lost while it stored the change. Look whether it is there.")
        elif isinstance(error, CommitFailed):
            event.error = ServiceFailure("The change could not be stored. Nothing was changed; try again.")
        else:
            _log.error("bug beside the operation, request %s", routed.request_id, exc_info=error)
            event.error = InternalFailure()
        return Outcome(self._wire.render_error(routed, event.error), event)

    def _work_slowly(
        self, routed: Routed, slow_results: Mapping[str, Any], slow: SlowWork, started: float, respond: Respond
    ) -> None:
        async def work() -> None:
            self._recorder.write()
            await self._database.flush()  # what was answered before can be looked up now
            result: Any
            try:
                result = await done(slow)
            except Exception as error:  # noqa: BLE001  # the handler raises it, where it is known who asked
                result = Raised(error)
            self._run(routed, {**slow_results, slow.name: result}, started, respond)

        self._observer.keep(asyncio.get_running_loop().create_task(work()))

    # -- what happens once

    def _finish(self, routed: Routed, outcome: Outcome, started: float, respond: Respond) -> None:
        respond(outcome.response)
        event = outcome.event
        caller, error = event.caller, event.error
        if not outcome.is_recorded:
            self._recorder.note(event)
        if isinstance(error, Refused):
            self.refusals.note(routed.request_id, routed.at, error.question)
        if isinstance(error, MfaCodeWrong | OneTimeCodeWrong | PortalCodeWrong):
            self._wrong_codes.note(error, routed.at)
        if caller is not None and error is None:
            self._last_used.note(caller, routed.signing_name, event.region, routed.at)
        self._observer.request(routed, outcome, perf_counter() - started)

    def _refuse(self, failure: RouteFailed, started: float, respond: Respond) -> None:
        """Answer a request that asks for nothing we know."""
        respond(self._refused_unread(failure.unrouted, failure.error, started))

    def too_large(self, http: HttpRequest, body_bytes_max: int) -> HttpResponse:
        """Answer a request whose body was not kept, because it was larger than *body_bytes_max*."""
        started = perf_counter()
        error = ServiceError(
            "RequestEntityTooLarge", f"The request body must not be larger than {body_bytes_max} bytes.", _TOO_LARGE
        )
        try:
            routed = self._wire.route(http, request_id=new_uuid(), at=self._clock.now())
        except RouteFailed as failure:
            return self._refused_unread(failure.unrouted, error, started)
        unrouted = Unrouted(http, routed.service, routed.protocol, routed.json_version, routed.request_id, routed.at)
        return self._refused_unread(unrouted, error, started)

    def _refused_unread(self, unrouted: Unrouted, error: ServiceError, started: float) -> HttpResponse:
        for record in self._malformed.records(unrouted, error):
            self._database.record(record)
        self._observer.unrouted(unrouted, error, perf_counter() - started)
        return self._wire.render_error(unrouted, error)
