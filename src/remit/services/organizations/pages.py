"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: `organizations` reference, part 7."""

from collections.abc import Sequence
from typing import Any, TypeVar

from remit.request import Call
from remit.services.organizations.errors import invalid_input
from remit.services.pages import CapitalPage, capital_pages
from remit.store import Transaction

T = TypeVar("T")
page = capital_pages(20, lambda: invalid_input("INVALID_NEXT_TOKEN", "You provided an invalid pagination token."))


def numbered(call: Call[Any], tx: Transaction, items: Sequence[T]) -> tuple[Sequence[T], CapitalPage]:
    """Cut the page that *call* asks for out of *items*, whose order is all they have: the token counts them."""
    places = range(len(items))
    found, following = page(call, tx, places, lambda place: f"{place:09d}")
    return [items[place] for place in found], following
