"""Pages of lists, as newer services have them: a token in, a token out, and how many at most.

A token is sealed: it belongs to one operation, one account and one question, and cannot be made up. It holds the key of
the last item of the page before, so a list that changes between two pages loses nothing and repeats nothing.
Each service has the names of its members and its own words in its module `pages`.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from remit.request import Call
from remit.store import SealBroken, Transaction, printed, unprinted

T = TypeVar("T")
_PURPOSE = "next-token"


class TokenInvalid(Exception):
    """A token that was made up, altered, or given out for another question or to another account."""


def cut(
    call: Call[Any],
    tx: Transaction,
    items: Sequence[T],
    key: Callable[[T], str],
    members: tuple[str, str],
    size_default: int,
) -> tuple[Sequence[T], str | None]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Args:
        members: those of the input that have the token, and how many items come at most.
        size_default: how many come when nobody says.

    Returns:
        The items of the page, and the token of the next one; None on the last page.

    Raises:
        TokenInvalid: the token is not of this question.
    """
    token, size = members
    asked = {name: value for name, value in call.input.items() if name not in members}
    context = f"{call.account}:{call.operation}:".encode() + msgspec.json.encode(asked, order="sorted")
    start = 0
    given: str | None = call.input.get(token)
    if given is not None:
        try:
            last = tx.keyring.open(_PURPOSE, unprinted(given), context).decode()
        except SealBroken:
            raise TokenInvalid from None
        start = bisect_right(items, last, key=key)
    end = start + int(call.input.get(size, size_default))
    if end >= len(items):
        return items[start:], None
    return items[start:end], printed(tx.keyring.seal(_PURPOSE, key(items[end - 1]).encode(), context))
