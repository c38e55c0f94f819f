"""The price lists of the store, asked beside the event loop.

Source: Price List API reference; which versions count when is in `docs/choices-billing.md`.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from remit.billing.ledger import LedgerError
from remit.billing.ledger.price_shelf import PriceShelf, price_folder
from remit.billing.prices.catalogue import Listed
from remit.billing.prices.products import PriceMistake
from remit.errors import ServiceError
from remit.request import Call
from remit.services.pricing.errors import unknown_service, wrong

T = TypeVar("T")
FORMAT_VERSION = "aws_v1"
_BROKEN = 500


def shelf_of(call: Call[Any]) -> PriceShelf:
    """Return the price lists; they are for every account."""
    return PriceShelf(price_folder(call.bills.data))


def of_shelf(call: Call[Any], work: Callable[[], T]) -> T:
    """Return what *work* returns, without holding up anybody else.

    Raises:
        ServiceError: InternalErrorException, a price list cannot be read.
    """
    try:
        return call.slowly("prices", work)
    except (LedgerError, PriceMistake) as error:
        raise ServiceError("InternalErrorException", str(error), _BROKEN) from error


def sold(call: Call[Any], code: str) -> Sequence[Listed]:
    """Return what a service sells now; it takes long.

    Raises:
        ServiceError: NotFoundException, there is no such price list.
    """
    found = shelf_of(call).listed(code, call.at)
    if not found:
        raise unknown_service(code)
    return found


def check_format(call: Call[Any]) -> None:
    """Refuse another form of answers than the one that there is.

    Raises:
        ServiceError: InvalidParameterException.
    """
    if call.input.get("FormatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        raise wrong(f"FormatVersion must be {FORMAT_VERSION}.")
