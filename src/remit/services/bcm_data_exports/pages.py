"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: Data Exports API reference."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.request import Call
from remit.services.bcm_data_exports.errors import wrong
from remit.services.pages import TokenInvalid, cut
from remit.store import Transaction

T = TypeVar("T")
_MEMBERS = ("NextToken", "MaxResults")
_MAX_RESULTS = 300


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    NextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: ValidationException, the token is not of this question.
    """
    try:
        found, token = cut(call, tx, items, key, _MEMBERS, _MAX_RESULTS)
    except TokenInvalid:
        raise wrong("NextToken", "The next token is invalid.") from None
    return found, {} if token is None else {"NextToken": token}
