"""What people see of the requests: one structured log line each, and numbers for Prometheus.

The numbers are plain integers, handed to Prometheus's client library when somebody asks: its own counters cost more a
request than all the rest of the trail.
"""

import asyncio
import json
import logging
from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from remit.errors import ServiceError
from remit.request import HttpResponse, Routed
from remit.store import Database
from remit.trail import Event
from remit.wire import Unrouted

access_log = logging.getLogger("remit.access")

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Outcome(msgspec.Struct):
    """What a request came to: the answer, and what the trail knows of it.

    Attributes:
        is_recorded: whether the event's record is in the transaction of its change.
    """

    response: HttpResponse
    event: Event
    is_recorded: bool = False


class Observer:
    """Counts and logs requests."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._seconds = [0] * (len(_BUCKETS) + 1)
        self._seconds_sum = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold on to *task* until it is done: the event loop itself does not."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def request(self, routed: Routed, outcome: Outcome, seconds: float) -> None:
        """Note a request that led to an operation."""
        status = outcome.response.status
        self._count(routed.service, routed.operation, status, seconds)
        if access_log.isEnabledFor(logging.INFO):
            event = outcome.event
            error = event.error
            access_log.info(
                "request",
                extra={
                    "request_id": routed.request_id,
                    "caller": event.caller.arn if event.caller is not None else "-",
                    "action": f"{routed.service}:{routed.operation}",
                    "decision": "ok" if error is None else error.code,
                    "status": status,
                    "ms": round(seconds * 1000, 3),
                    "peer": routed.http.peer,
                },
            )

    def unrouted(self, unrouted: Unrouted, error: ServiceError, seconds: float) -> None:
        """Note a request that led to no operation."""
        self._count(unrouted.service or "unknown", "unknown", error.status, seconds)
        access_log.info(
            "request",
            extra={
                "request_id": unrouted.request_id,
                "caller": "-",
                "action": f"{unrouted.service or 'unknown'}:?",
                "decision": error.code,
                "status": error.status,
                "ms": round(seconds * 1000, 3),
                "peer": unrouted.http.peer,
            },
        )

    def _count(self, service: str, operation: str, status: int, seconds: float) -> None:
        key = (service, operation, status)
        self._requests[key] = self._requests.get(key, 0) + 1
        self._seconds[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds_sum += seconds

    def metrics(self, database: Database) -> bytes:
        """Write everything in Prometheus's text format."""
        # Costs 50 ms, and most servers are never asked.
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

        observer = self

        class Collector:
            def collect(self) -> Iterator[Metric]:
                requests = CounterMetricFamily(
                    "remit_requests", "Requests answered.", labels=("service", "operation", "status")
                )
                for (service, operation, status), count in sorted(observer._requests.items()):
                    requests.add_metric((service, operation, str(status)), count)
                yield requests
                total, buckets = 0, list[tuple[str, float]]()
                for bound, count in zip((*map(str, _BUCKETS), "+Inf"), observer._seconds, strict=True):
                    total += count
                    buckets.append((bound, total))
                seconds = HistogramMetricFamily("remit_request_seconds", "From the complete request to the answer.")
                seconds.add_metric((), buckets, observer._seconds_sum)
                yield seconds
                for name, text, value in (
                    ("store_commits", "Commits of changes.", database.commits),
                    ("store_commit_failures", "Commits that failed.", database.commit_failures),
                    ("store_reruns", "Times that work ran again on what another process changed.", database.reruns),
                    ("trail_records_lost", "Trail records given up: the disk takes none.", database.records_lost),
                ):
                    yield CounterMetricFamily(f"remit_{name}", text, value=value)

        registry = CollectorRegistry(auto_describe=False)
        registry.register(Collector())
        return generate_latest(registry)


_FIELDS = ("request_id", "caller", "action", "decision", "status", "ms", "peer")


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write *record*."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{record.msecs:03.0f}",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in _FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class LineFormatter(logging.Formatter):
    """One line for people: time, decision, action, caller, milliseconds, request id."""

    def format(self, record: logging.LogRecord) -> str:
        """Write *record*."""
        at = self.formatTime(record, "%H:%M:%S")
        if hasattr(record, "request_id"):
            values = record.__dict__
            return (
                f"{at} {values['status']} {values['decision']:<12} {values['action']} {values['caller']} "
                f"{values['ms']:.1f} ms {values['request_id']}"
            )
        text = f"{at} {record.levelname.lower()} {record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def log_to_stderr(*, as_json: bool, level: int) -> None:
    """Send Remit's logs to standard error; requests at INFO, from *level* on everything."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else LineFormatter())
    logger = logging.getLogger("remit")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
    for name in ("uvicorn", "uvicorn.error"):
        other = logging.getLogger(name)
        other.handlers = [handler]
        other.setLevel(logging.WARNING)
        other.propagate = False
