"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out. Source: Free Tier API reference."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.request import Call
from remit.services.freetier.errors import invalid
from remit.services.pages import TokenInvalid, cut
from remit.store import Transaction

T = TypeVar("T")
_MEMBERS = ("nextToken", "maxResults")
_MAX_RESULTS = 1_000


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    nextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: ValidationException, the token is not of this question.
    """
    try:
        found, token = cut(call, tx, items, key, _MEMBERS, _MAX_RESULTS)
    except TokenInvalid:
        raise invalid("The nextToken is invalid.") from None
    return found, {} if token is None else {"nextToken": token}
