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
from remit.services.ledgers import of_ledgers
from remit.services.pricing.errors import unknown_service, wrong

T = TypeVar("T")
FORMAT_VERSION = "aws_v1"
_BROKEN = 500


def shelf_of(call: Call[Any]) -> PriceShelf:
    """Return the price lists; they are for every account."""
    return PriceShelf(price_folder(call.bills.data))


def of_shelf(call: Call[Any], work: Callable[[], T | ServiceError]) -> T:
    """Return what *work* returns, without holding up anybody else.

    Raises:
        ServiceError: the one that it returns, or a failure: a price list cannot be read.
    """

    def told() -> T | ServiceError:
        try:
            return work()
        except (LedgerError, PriceMistake) as error:
            return ServiceError("InternalErrorException", str(error), _BROKEN)

    return of_ledgers(call, "prices", told)


def sold(call: Call[Any], code: str) -> Sequence[Listed] | ServiceError:
    """Return what a service sells now; it takes long. NotFoundException where there is no such price list."""
    return shelf_of(call).listed(code, call.at) or unknown_service(code)


def check_format(call: Call[Any]) -> None:
    """Refuse another form of answers than the one that there is.

    Raises:
        ServiceError: InvalidParameterException.
    """
    if call.input.get("FormatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        raise wrong(f"FormatVersion must be {FORMAT_VERSION}.")
