"""A workload of policies and requests, timed: one core, one thread, everything built before the clock starts.

Policies are parsed and compiled once and that is reported apart; every answer is compared first, in the pass that finds
nothing compiled. Rates are medians of rounds over all requests, in processor time of the thread; single calls are timed
one by one, the clock included. Compiling is timed for every statement, at its best of a few times.
"""

import gc
import json
import multiprocessing
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from remit.cli.cases.backends import BACKENDS
from remit.cli.cases.reading import principal_of
from remit.policy import Document, Policies, Policy, Request, Resource, ResourceKind, Verdict, evaluate, folded, parse

_COMPILED = "evaluate"
_COMPILE_ROUNDS = 10

Call = Callable[[Request], Any]


class WorkloadUnreadable(Exception):
    """A file that holds no workload."""


class Workload(msgspec.Struct):
    """What is measured: policies of one principal, and requests with the answers they must have.

    Attributes:
        resource_policies: by the name that requests use.
    """

    principal: dict[str, Any]
    requests: list["Asked"]
    identity: list["Named"] = []
    boundary: dict[str, Any] | None = None
    scps: list[list[dict[str, Any]]] | None = None
    resource_policies: dict[str, dict[str, Any]] = {}


class Named(msgspec.Struct):
    """A policy with its name."""

    name: str
    document: dict[str, Any]


class Asked(msgspec.Struct):
    """One request."""

    action: str
    resource: dict[str, Any]
    context: dict[str, Any]
    expect: str
    resource_policy: str | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured; names of the members say the unit.

    Attributes:
        wrong: answers that are not the expected ones.
        first_pass_us: a decision of the pass that finds nothing compiled.
        bytes_per_statement: of the compiled form, beside the parsed document; as compiling, 0 for other backends.
    """

    decisions_per_second: float
    p50_us: float
    p99_us: float
    p999_us: float
    wrong: int
    parse_us_per_statement: float
    compile_us_per_statement: float
    first_pass_us: float
    bytes_per_statement: float


def read_workload(path: Path) -> Workload:
    """Read a workload.

    Raises:
        WorkloadUnreadable: the file is none.
    """
    try:
        workload = msgspec.json.decode(path.read_bytes(), type=Workload)
    except OSError as error:
        raise WorkloadUnreadable(f"cannot read {path}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise WorkloadUnreadable(f"{path}: no workload: {error}") from None
    if not workload.requests:
        raise WorkloadUnreadable(f"{path}: no workload: it has no requests")
    return workload


def measure(workload: Workload, backend: str, rounds: int) -> Figures:
    """Time *backend* on *workload*: the median of *rounds*."""
    texts = _texts(workload)
    sets = _sets(workload)
    requests = _requests(workload)
    answer = _answers(backend, sets)
    gc.collect()
    start = time.perf_counter()
    found = [answer[asked.resource_policy](request) for asked, request in zip(workload.requests, requests, strict=True)]
    first_pass = time.perf_counter() - start
    wrong = sum(_verdict(one) != asked.expect for one, asked in zip(found, workload.requests, strict=True))
    calls = [
        (answer[asked.resource_policy], request) for asked, request in zip(workload.requests, requests, strict=True)
    ]
    round_seconds = statistics.median(_round(calls) for _ in range(rounds))
    singles = _singles(calls)
    statements = sum(len(parse(text).statements) for text in texts)
    parsing, compiling = _parse_and_compile(texts)
    is_compiled = backend == _COMPILED
    return Figures(
        decisions_per_second=len(calls) / round_seconds,
        p50_us=_at(singles, 0.5),
        p99_us=_at(singles, 0.99),
        p999_us=_at(singles, 0.999),
        wrong=wrong,
        parse_us_per_statement=parsing / statements * 1e6,
        compile_us_per_statement=compiling / statements * 1e6 if is_compiled else 0.0,
        first_pass_us=first_pass / len(calls) * 1e6,
        bytes_per_statement=_bytes(texts) / statements if is_compiled else 0.0,
    )


# -- what is asked


def _texts(workload: Workload) -> list[str]:
    single = [workload.boundary] if workload.boundary is not None else []
    levels = workload.scps or []
    documents = [
        *(policy.document for policy in workload.identity),
        *single,
        *(document for level in levels for document in level),
        *workload.resource_policies.values(),
    ]
    return [json.dumps(document) for document in documents]


def _policy(document: Mapping[str, Any], name: str) -> Policy:
    return Policy(document=parse(json.dumps(document)), name=name)


def _sets(workload: Workload) -> dict[str | None, Policies]:
    """Return the policies that take part, by the name of the resource policy."""
    boundary, scps = workload.boundary, workload.scps
    plain = Policies(
        identity=tuple(_policy(policy.document, policy.name) for policy in workload.identity),
        boundary=None if boundary is None else _policy(boundary, "boundary"),
        scps=None if scps is None else tuple(tuple(_policy(one, "scp") for one in level) for level in scps),
    )
    sets: dict[str | None, Policies] = {None: plain}
    for name, document in workload.resource_policies.items():
        sets[name] = msgspec.structs.replace(plain, resource=_policy(document, name))
    return sets


def _requests(workload: Workload) -> list[Request]:
    principal = principal_of(workload.principal)
    return [
        Request(
            principal=principal,
            action=asked.action,
            resource=Resource(
                arn=asked.resource["arn"],
                account=asked.resource.get("account", ""),
                kind=ResourceKind(asked.resource.get("policy_kind", "ordinary")),
            ),
            context=folded(asked.context),
        )
        for asked in workload.requests
    ]


def _answers(backend: str, sets: Mapping[str | None, Policies]) -> dict[str | None, Call]:
    """Return what answers a request, the policies already known to it."""
    if backend == _COMPILED:
        return {name: evaluate.Compiled(policies).verdict for name, policies in sets.items()}
    decide = BACKENDS[backend]

    def asking(policies: Policies) -> Call:
        return lambda request: decide(policies, request)

    return {name: asking(policies) for name, policies in sets.items()}


def _verdict(found: Any) -> str:
    return found if isinstance(found, Verdict) else str(found.verdict)


# -- the clock


def _round(calls: Sequence[tuple[Call, Request]]) -> float:
    start = time.thread_time()
    for call, request in calls:
        call(request)
    return time.thread_time() - start


def _singles(calls: Sequence[tuple[Call, Request]]) -> list[int]:
    """Return how long single calls take, in order, in nanoseconds."""
    clock = time.perf_counter_ns
    times: list[int] = []
    for _ in range(max(1, 20_000 // len(calls))):
        for call, request in calls:
            start = clock()
            call(request)
            times.append(clock() - start)
    return sorted(times)


def _at(times: Sequence[int], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] / 1000


def _parse_and_compile(texts: Sequence[str]) -> tuple[float, float]:
    """Return the best seconds that parsing and compiling every statement takes."""
    parsing: list[float] = []
    compiling: list[float] = []
    for _ in range(_COMPILE_ROUNDS):
        start = time.thread_time()
        documents = [parse(text) for text in texts]
        parsing.append(time.thread_time() - start)
        start = time.thread_time()
        _compiled(documents)
        compiling.append(time.thread_time() - start)
    return min(parsing), min(compiling)


def _compiled(documents: Sequence[Document]) -> list[Any]:
    kept: list[Any] = []
    for document in documents:
        compiled = evaluate.compiled_document(document)
        kept += [compiled, *(compiled.statement(number) for number in range(len(document.statements)))]
    return kept


def _bytes(texts: Sequence[str]) -> int:
    """Return what the compiled form of documents takes, in a process that has seen none of them."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_held_bytes, list(texts)).result()


def _held_bytes(texts: list[str]) -> int:
    documents = [parse(text) for text in texts]
    gc.collect()
    tracemalloc.start()
    kept = _compiled(documents)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held
