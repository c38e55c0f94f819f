"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out.

A token is sealed: it belongs to one operation, one account and one question, and cannot be made up. It holds the key of
the last item of the page before, so a list that changes between two pages loses nothing and repeats nothing.
Source: `artifact` reference, section 2, "Shapes"; how many come when nobody says is ours.
"""

import base64
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

import msgspec

from remit.directory.artifact.tokens import unpadded
from remit.request import Call
from remit.services.artifact.errors import validation
from remit.store import SealBroken, Transaction

T = TypeVar("T")
_PURPOSE = "artifact-page"
_MAX_RESULTS = 100
_PLACE = frozenset({"nextToken", "maxResults"})


class NextPage(TypedDict):
    """What every answer with a page of a list has: nothing on the last page."""

    nextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], NextPage]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: ValidationException, the token is not of this question.
    """
    asked = {name: value for name, value in call.input.items() if name not in _PLACE}
    context = f"{call.account}:{call.operation}:".encode() + msgspec.json.encode(asked, order="sorted")
    start = 0
    token: str | None = call.input.get("nextToken")
    if token is not None:
        try:
            last = tx.keyring.open(_PURPOSE, unpadded(token), context).decode()
        except SealBroken:
            raise validation("The nextToken is invalid.", "invalidToken") from None
        start = bisect_right(items, last, key=key)
    end = start + int(call.input.get("maxResults", _MAX_RESULTS))
    if end >= len(items):
        return items[start:], {}
    sealed = tx.keyring.seal(_PURPOSE, key(items[end - 1]).encode(), context)
    return items[start:end], {"nextToken": base64.urlsafe_b64encode(sealed).decode().rstrip("=")}
