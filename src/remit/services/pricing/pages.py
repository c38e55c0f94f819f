"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: Price List API reference."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.errors import ServiceError
from remit.request import Call
from remit.services.pages import TokenInvalid, cut
from remit.store import Transaction

T = TypeVar("T")
_MEMBERS = ("NextToken", "MaxResults")
_MAX_RESULTS = 100


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    NextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: InvalidNextTokenException, the token is not of this question.
    """
    try:
        found, token = cut(call, tx, items, key, _MEMBERS, _MAX_RESULTS)
    except TokenInvalid:
        raise ServiceError("InvalidNextTokenException", "The NextToken is invalid.") from None
    return found, {} if token is None else {"NextToken": token}
