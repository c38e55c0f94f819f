"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: `organizations` reference, part 7."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.request import Call
from remit.services.organizations.errors import invalid_input
from remit.services.pages import TokenInvalid, cut
from remit.store import Transaction

T = TypeVar("T")
_MEMBERS = ("NextToken", "MaxResults")
_MAX_RESULTS = 20


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    NextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: InvalidInputException, the token is not of this question.
    """
    try:
        found, token = cut(call, tx, items, key, _MEMBERS, _MAX_RESULTS)
    except TokenInvalid:
        raise invalid_input("INVALID_NEXT_TOKEN", "You provided an invalid pagination token.") from None
    return found, {} if token is None else {"NextToken": token}


def numbered(call: Call[Any], tx: Transaction, items: Sequence[T]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, whose order is all they have: the token counts them."""
    places = range(len(items))
    found, following = page(call, tx, places, lambda place: f"{place:09d}")
    return [items[place] for place in found], following
