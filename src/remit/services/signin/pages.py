"""Pages of lists: `nextToken` and `maxResults`. A token is sealed, for one operation of one account."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.request import Call
from remit.services.signin.errors import invalid
from remit.store import SealBroken, Transaction

T = TypeVar("T")
_PURPOSE = "next-token"
_MAX_RESULTS = 100


class Page(TypedDict):
    """What the answer has when there is more."""

    nextToken: NotRequired[str]


def page(call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], Page]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Raises:
        ServiceError: the token is none that this operation gave out to this account.
    """
    context = f"{call.account}:{call.operation}".encode()
    start = 0
    token: str | None = call.input.get("nextToken")
    if token:
        try:
            last = tx.keyring.open(_PURPOSE, base64.urlsafe_b64decode(token), context).decode()
        except (SealBroken, binascii.Error, ValueError):
            raise invalid("nextToken is not valid") from None
        start = bisect_right(items, last, key=key)
    end = start + int(call.input.get("maxResults", _MAX_RESULTS))
    if end >= len(items):
        return items[start:], {}
    sealed = tx.keyring.seal(_PURPOSE, key(items[end - 1]).encode(), context)
    return items[start:end], {"nextToken": base64.urlsafe_b64encode(sealed).decode()}
