"""Exports and reports are delivered: when they are made, and whenever a month was billed.

    begin, billed   write what is to be delivered: of one that is new, and of all after a bill
    take            claims some of it that is due, with everything of the store that it needs
    held            renews what was claimed, while it is carried out
    kept            notes what came of it, once it was carried out, and when it is tried again
    deliver         all of it, for whoever has just billed; what is tried again, at once

Source: AWS Data Exports user guide, "Understanding export delivery"; API reference, ExecutionStatus.
"""

import logging
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from remit.billing.analysis.questions import Part
from remit.billing.analysis.scopes import scope_of_view
from remit.billing.exports.buckets import Buckets
from remit.billing.exports.carrying_out import About, Outcome, Task, Undelivered, carried_out
from remit.billing.exports.dictionary import BILLING_VIEW, TABLES, PropertyWrong, known_table
from remit.billing.exports.queries import QueryWrong, parsed
from remit.billing.exports.told import told
from remit.clock import Clock
from remit.directory.billing.addressing import addressing
from remit.directory.billing.executions import (
    Attempt,
    Execution,
    ExecutionState,
    StateReason,
    claim,
    due,
    hasten,
    renew,
)
from remit.directory.billing.exports import COST_REPORTS, DATA_EXPORTS, Export, Report, settle
from remit.directory.billing.payers import payer_of
from remit.directory.billing.sharing import is_shared_with
from remit.directory.billing.views import find_view, health, primary_arn
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError
from remit.ids import AccountId
from remit.store import Answer, Database, StoreError, Transaction

_log = logging.getLogger("remit.exports")

_AT_ONCE = 8
# How often claims are renewed while they are carried out; see `directory.billing.exports`, how long they last.
RENEW_SECONDS = 60.0


def owner_of_bill(tx: Transaction, account: AccountId, view: str) -> AccountId:
    """Return who pays the bill that an export of *account* is about; *view* is the ARN of a view, or empty."""
    found = find_view(tx, view) if view else None
    return payer_of(tx, account if found is None else found.account)


def view_of(said: Mapping[str, Any], table: str) -> str:
    """Return the ARN of the view that an export asks; empty for the account's own."""
    tables: Mapping[str, Mapping[str, str]] = said["DataQuery"].get("TableConfigurations") or {}
    return tables.get(table, {}).get(BILLING_VIEW, "")


def begin(tx: Transaction, one: Export | Report, periods: Iterable[str], at: datetime) -> None:
    """Write what is to be delivered of an export or report: these months, or for a table without months, today.

    Of a table that this version does not know it is months, whose executions then say so.
    """
    table = one.table if isinstance(one, Export) else ""
    view = view_of(one.said, table) if table else ""
    by_month = table not in TABLES or TABLES[table].by_month
    partitions = sorted(periods) if by_month else [f"{at:%Y-%m-%d}"]
    due(tx, one, owner_of_bill(tx, one.account, view), partitions, at)


def billed(tx: Transaction, payer: AccountId, periods: Sequence[str], at: datetime) -> None:
    """Write what is to be delivered now that months of *payer* were billed: of all who see lines of its bill."""
    for export in tx.all(DATA_EXPORTS):
        if owner_of_bill(tx, export.account, view_of(export.said, export.table)) == payer:
            begin(tx, export, periods, at)
    for report in tx.all(COST_REPORTS):
        if payer_of(tx, report.account) == payer:
            begin(tx, report, periods, at)


def take(tx: Transaction, at: datetime, most: int = _AT_ONCE, due_by: datetime | None = None) -> list[Task]:
    """Claim up to *most* executions that are due, with what is needed to carry them out; see `claim`."""
    return [_task(tx, execution) for execution in claim(tx, at, most, due_by)]


def _task(tx: Transaction, execution: Execution) -> Task:
    try:
        return Task(execution, _about(tx, execution))
    except Undelivered as error:
        return Task(execution, None, error)
    except (QueryWrong, PropertyWrong) as error:  # of a table as it was in an earlier Remit
        return Task(execution, None, Undelivered(ExecutionState.QUERY_FAILED, StateReason.DEPRECATED, str(error)))


def _about(tx: Transaction, execution: Execution) -> About | None:
    view = ""
    if not execution.is_report:
        table = known_table(parsed(execution.said["DataQuery"]["QueryStatement"]).table)
        if not table.by_month:
            return None
        view = view_of(execution.said, table.name)
    if owner_of_bill(tx, execution.account, view) != execution.payer:
        raise Undelivered(ExecutionState.QUERY_FAILED, StateReason.OTHER_PAYER, "another account pays by now")
    part = part_of(tx, execution.account, view, execution.of.split(":")[1])
    return About(part, addressing(tx, execution.payer))


def part_of(tx: Transaction, account: AccountId, view: str, partition: str) -> Part:
    """Return the lines that an export of *account* is about.

    Raises:
        Undelivered: it may not see them, or they are of several ledgers.
    """
    wrong = Undelivered(ExecutionState.QUERY_FAILED, StateReason.NO_PERMISSION, "the billing view cannot be used")
    found = find_view(tx, view or primary_arn(account, partition))
    if found is None or (found.account != account and not is_shared_with(account, found)):
        raise wrong
    if health(tx, found, is_shared_with):
        raise wrong
    try:
        parts = scope_of_view(tx, found).parts
    except (DirectoryFact, ServiceError):
        raise wrong from None
    if len(parts) != 1:
        raise Undelivered(
            ExecutionState.QUERY_FAILED, StateReason.INTERNAL, "the billing view has lines of several bills"
        )
    return parts[0]


def held(tx: Transaction, tasks: Iterable[Task], at: datetime) -> list[Task]:
    """Renew the claims on what is being carried out or is next; return what is held still."""
    return [task for task in tasks if renew(tx, task.execution, at)]


def kept(tx: Transaction, outcome: Outcome, at: datetime) -> None:
    """Note what came of an execution, and leave the trail a record of it, unless it failed as the last time."""
    attempt = Attempt(outcome.state, outcome.reason, outcome.told, outcome.is_bucket_missing, outcome.may_pass)
    before = outcome.execution
    is_new = outcome.state is ExecutionState.DELIVERED or (before.reason, before.told) != (attempt.reason, attempt.told)
    if settle(tx, before, attempt, at) and is_new:
        tx.records.append(told(outcome, at))


def announced(database: Database, payer: AccountId, periods: Sequence[str], at: datetime) -> None:
    """Write what is to be delivered now that months of *payer* were billed, for a server that carries it out."""

    def work(tx: Transaction) -> Answer[None]:
        billed(tx, payer, periods, at)
        return Answer(None)

    database.run(work)


def deliver(
    database: Database, data: Path, buckets: Buckets | None, payer: AccountId, periods: Sequence[str], clock: Clock
) -> list[Outcome]:
    """Deliver everything that is about months of *payer* that were just billed, and whatever waits besides.

    What failed and is tried again later is tried now, and once.
    Without *buckets* it waits for a server, which may know where they are. For processes without an event loop; takes
    long.

    Returns:
        What came of each execution.
    """
    began = clock.now()

    def begun(tx: Transaction) -> Answer[list[Task]]:  # at once, so that a server that runs takes nothing of it
        at = clock.now()
        billed(tx, payer, periods, at)
        hasten(tx)
        return Answer([] if buckets is None else take(tx, at))

    found: list[Outcome] = []
    tasks = database.run(begun)
    while tasks:
        with _renewing(database, tasks, clock) as lost:
            outcome = carried_out(tasks[0], data, buckets, lost.is_set)
        _noted(database, outcome, clock)
        found.append(outcome)
        tasks = database.run(partial(_next, tasks=tasks[1:], clock=clock, began=began))
    return found


def _next(tx: Transaction, *, tasks: Sequence[Task], clock: Clock, began: datetime) -> Answer[list[Task]]:
    return Answer(held(tx, tasks, clock.now()) or take(tx, clock.now(), due_by=began))


def _noted(database: Database, outcome: Outcome, clock: Clock) -> None:
    def work(tx: Transaction) -> Answer[None]:
        kept(tx, outcome, clock.now())
        return Answer(None, tuple(tx.records))

    database.run(work)


@contextmanager
def _renewing(database: Database, tasks: Sequence[Task], clock: Clock) -> Generator[threading.Event]:
    """Renew the claims on *tasks* until the block ends; the event says that the first is lost.

    The block leaves the store alone.
    """
    ended, lost = threading.Event(), threading.Event()

    def work() -> None:
        while not ended.wait(RENEW_SECONDS) and not lost.is_set():
            try:
                if tasks[0] not in database.run(lambda tx: Answer(held(tx, tasks, clock.now()))):
                    lost.set()
            except StoreError as error:
                _log.warning("claims on exports could not be renewed: %s", error)

    thread = threading.Thread(target=work, name="remit-claims", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join()
