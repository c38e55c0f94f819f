"""How ledgers are asked: beside the event loop. One that cannot be read is a failure of the service, and says why."""

from collections.abc import Callable
from typing import Any, TypeVar

from remit.billing.ledger import LedgerError
from remit.errors import ServiceFailure
from remit.request import Call

T = TypeVar("T")


def of_ledgers(call: Call[Any], name: str, work: Callable[[], T]) -> T:
    """Return what *work* returns, without holding up anybody else.

    Raises:
        ServiceFailure: a ledger cannot be read, or DuckDB is not installed.
    """
    try:
        return call.slowly(name, work)
    except LedgerError as error:
        raise ServiceFailure(str(error)) from error
