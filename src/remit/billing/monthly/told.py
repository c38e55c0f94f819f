"""What happened to ledgers and price lists, in the trail: each change once, as what a service did on its own account.

Files and trail cannot be changed at one moment. So each change is known by what the files say of it, and a file beside
them names the changes that the trail has. Whoever changes a ledger calls `tell` before and after: what somebody did not
come to tell, because they were killed, is told by the next one, with the time when it was done.

    told.json           of a ledger: its parts of usage, bills, terms
    prices/told         of the price lists, which are in the trail of the first account

The id of a record comes from its change, and the trail keeps one record of an id: to tell twice is to tell once.
What was refused changes no file, so `refusals_told` writes it when it happens.
"""

import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from remit.billing.ledger import Ledger, LedgerError, Month, MonthState
from remit.billing.ledger.files import one_writer, replaced, sha256_of
from remit.billing.ledger.price_shelf import price_folder
from remit.billing.ledger.usage_parts import Part, UsageShelf, version_of
from remit.billing.monthly.terms import TERMS
from remit.clock import SystemClock
from remit.directory.accounts import first_account
from remit.ids import AccountId
from remit.store import Answer, Database, Record, StoreError, Transaction
from remit.trail import service_event

SERVICE = "billing.amazonaws.com"
TOLD = "told.json"
_PRICES_TOLD = "told"
_NAMESPACE = uuid.UUID("6d2d4ba5-9f0b-4d0c-a1c8-0d3a4a5f7d2e")


class _Change(NamedTuple):
    """A change, as the files show it.

    Attributes:
        key: what tells it from all others of the folder.
    """

    key: str
    name: str
    at: datetime
    details: Callable[[], dict[str, Any]]


def tell(database: Database, data: Path, ledger: Ledger, payer: AccountId) -> None:
    """Put into the trail what happened to a ledger and to the price lists, and is not in it yet.

    Raises:
        LedgerDamaged: a manifest cannot be read.
        StoreError: the store cannot be written.
    """
    if ledger.folder.is_dir():
        with one_writer(ledger.folder):
            changes = [*_usage(ledger), *_months(ledger), *_terms(ledger.folder / TERMS)]
            _tell(database, ledger.folder / TOLD, changes, payer)
    tell_prices(database, data)


def tell_prices(database: Database, data: Path) -> None:
    """Put into the trail which price lists were imported, and are not in it yet.

    Raises:
        StoreError: the store cannot be written.
    """
    folder = price_folder(data)
    if folder.is_dir():
        with one_writer(folder):
            _tell(database, folder / _PRICES_TOLD, list(_prices(folder)), None)


@contextmanager
def refusals_told(database: Database, payer: AccountId, period: str) -> Generator[None]:
    """Put into the trail that the block, which bills a month, was refused: a `MonthBilled` with an error.

    The code is the name of the error: `MonthTaken` when another process bills the month, `MonthClosed` when it is.
    """
    try:
        yield
    except LedgerError as refused:
        error, at = (type(refused).__name__, str(refused)), SystemClock().now()
        record = service_event(
            payer, service=SERVICE, name="MonthBilled", details={"month": period}, at=at, error=error
        )
        with suppress(StoreError):  # what is told is why it was refused
            database.run(lambda _: Answer(None, (record,)))
        raise


def _tell(database: Database, told: Path, changes: list[_Change], account: AccountId | None) -> None:
    known = _known(told)
    new = [change for change in changes if change.key not in known]
    if not new:
        return

    def work(tx: Transaction) -> Answer[None]:
        owner = account or first_account(tx).id
        return Answer(None, tuple(_record(owner, change) for change in new))

    database.run(work)
    replaced(told, msgspec.json.encode(sorted(change.key for change in changes)))


def _known(told: Path) -> set[str]:
    """Return the keys of changes that the trail has; none where nobody knows, because then they are told again."""
    try:
        return set(msgspec.json.decode(told.read_bytes(), type=list[str]))
    except (FileNotFoundError, msgspec.DecodeError):
        return set()


def _record(account: AccountId, change: _Change) -> Record:
    id_ = uuid.uuid5(_NAMESPACE, f"{account} {change.name} {change.key} {change.at.isoformat()}")
    return service_event(
        account, service=SERVICE, name=change.name, details=change.details(), at=change.at, event_id=str(id_)
    )


def _usage(ledger: Ledger) -> Iterator[_Change]:
    shelf = UsageShelf(ledger.folder / "usage")
    for first, found in groupby(shelf.parts(), lambda part: part.first or part.file):
        parts, path = tuple(found), shelf.folder / first
        if path.exists():  # else it is damaged, and told when it is there again
            yield _Change(f"usage/{first}", "UsageImported", _changed_at(path), partial(_of_parts, parts))


def _of_parts(parts: Sequence[Part]) -> dict[str, Any]:
    one = parts[0]
    kept = {"month": one.period, "corrects": one.corrects}
    found: dict[str, Any] = {name: value for name, value in kept.items() if value}
    found |= {"source": Path(one.source).name, "records": sum(part.records for part in parts)}
    found["sha256"] = version_of(tuple(parts))
    return {**found, "isKeptApart": True} if one.is_quarantined else found


def _months(ledger: Ledger) -> Iterator[_Change]:
    for month in ledger.months():
        billed, details = f"bill/{month.period}/{month.sha256}/{month.billed_at.isoformat()}", partial(_of_month, month)
        yield _Change(billed, "MonthBilled", month.billed_at, details)
        if month.state is MonthState.CLOSED and month.closed_at is not None:
            yield _Change(f"{billed}/closed", "MonthClosed", month.closed_at, details)


def _of_month(month: Month) -> dict[str, Any]:
    return {"month": month.period, "lines": month.lines, "sha256": month.sha256}


def _terms(file: Path) -> Iterator[_Change]:
    if file.exists():
        digest, at = sha256_of(file), _changed_at(file)
        yield _Change(f"terms/{digest}/{at.isoformat()}", "TermsKept", at, lambda: {"sha256": digest})


def _prices(folder: Path) -> Iterator[_Change]:
    for path in sorted(folder.glob("*.json")):
        yield _Change(path.name, "PricesImported", _changed_at(path), partial(_of_prices, path))


def _of_prices(path: Path) -> dict[str, Any]:
    service, _, version = path.stem.partition(".")
    return {"service": service, "version": version, "sha256": sha256_of(path)}


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
