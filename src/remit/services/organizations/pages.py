"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out.

A token is sealed: it belongs to one operation, one account and one question, and cannot be made up. It holds the key of
the last item of the page before, so a list that changes between two pages loses nothing and repeats nothing.
Source: `organizations` reference, part 7.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

import msgspec

from remit.request import Call
from remit.services.organizations.errors import invalid_input
from remit.store import SealBroken, Transaction

T = TypeVar("T")
_PURPOSE = "next-token"
_MAX_RESULTS = 20
_PLACE = frozenset({"NextToken", "MaxResults"})


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    NextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: InvalidInputException, the token is not of this question.
    """
    asked = {name: value for name, value in call.input.items() if name not in _PLACE}
    context = f"{call.account}:{call.operation}:".encode() + msgspec.json.encode(asked, order="sorted")
    start = 0
    token: str | None = call.input.get("NextToken")
    if token is not None:
        try:
            last = tx.keyring.open(_PURPOSE, base64.b64decode(token, validate=True), context).decode()
        except (SealBroken, binascii.Error, ValueError):
            raise invalid_input("INVALID_NEXT_TOKEN", "You provided an invalid pagination token.") from None
        start = bisect_right(items, last, key=key)
    end = start + int(call.input.get("MaxResults", _MAX_RESULTS))
    if end >= len(items):
        return items[start:], {}
    sealed = tx.keyring.seal(_PURPOSE, key(items[end - 1]).encode(), context)
    return items[start:end], {"NextToken": base64.b64encode(sealed).decode()}


def numbered(call: Call[Any], tx: Transaction, items: Sequence[T]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, whose order is all they have: the token counts them."""
    places = range(len(items))
    found, following = page(call, tx, places, lambda place: f"{place:09d}")
    return [items[place] for place in found], following
