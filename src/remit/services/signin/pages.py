"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.request import Call
from remit.services.pages import TokenInvalid, cut
from remit.services.signin.errors import invalid
from remit.store import Transaction

T = TypeVar("T")
_MEMBERS = ("nextToken", "maxResults")
_MAX_RESULTS = 100


class Page(TypedDict):
    """What the answer has when there is more."""

    nextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], Page]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: the token is not of this question.
    """
    try:
        found, token = cut(call, tx, items, key, _MEMBERS, _MAX_RESULTS)
    except TokenInvalid:
        raise invalid("nextToken is not valid") from None
    return found, {} if token is None else {"nextToken": token}
