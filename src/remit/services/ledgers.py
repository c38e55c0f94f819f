"""How ledgers are asked: beside the event loop; one that cannot be read is a failure of the service, with the reason.

An error is given back and raised by the handler, not by the work, so that the trail knows whose call it was.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from remit.billing.ledger import LedgerError
from remit.errors import ServiceError, ServiceFailure
from remit.request import Call

T = TypeVar("T")


def of_ledgers(call: Call[Any], name: str, work: Callable[[], T | ServiceError]) -> T:
    """Return what *work* returns, without holding up anybody else; raise an error that it returns.

    Raises:
        ServiceFailure: a ledger cannot be read, or DuckDB is not installed.
    """

    def told() -> T | ServiceError:
        try:
            return work()
        except LedgerError as error:
            return ServiceFailure(str(error))

    found = call.slowly(name, told)
    if isinstance(found, ServiceError):
        raise found
    return found
