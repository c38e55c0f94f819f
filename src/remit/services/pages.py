"""Pages of lists, as newer services have them: a token in, a token out, and how many at most.

A token is sealed: it belongs to one operation, one account and one question, and cannot be made up. It holds the key of
the last item of the page before, so a list that changes between two pages loses nothing and repeats nothing.
Each service says in its module `pages` how many items come when nobody says, and how it refuses a token.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Generic, NotRequired, TypedDict, TypeVar

import msgspec

from remit.errors import ServiceError
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


class CapitalPage(TypedDict):
    """What an answer with a page of a list has, where members begin with a capital: nothing on the last page."""

    NextToken: NotRequired[str]


class SmallPage(TypedDict):
    """What an answer with a page of a list has, where members begin with a small letter: nothing on the last page."""

    nextToken: NotRequired[str]


N = TypeVar("N")


class Pages(Generic[N]):
    """The pages of a service.

    Args:
        members: those of its inputs that have the token, and how many items come at most.
        size_default: how many come when nobody says.
        refused: makes the error of a token that is not of the question.
        following: makes what the answer has of the token of the next page; of None on the last page.
    """

    def __init__(
        self,
        members: tuple[str, str],
        size_default: int,
        refused: Callable[[], ServiceError],
        following: Callable[[str | None], N],
    ) -> None:
        self._members = members
        self._size_default = size_default
        self._refused = refused
        self._following = following

    def __call__(
        self, call: Call[Any], tx: Transaction, items: Sequence[T], key: Callable[[T], str], size: int | None = None
    ) -> tuple[Sequence[T], N]:
        """Cut the page that *call* asks for out of *items*, which are sorted by *key*; *size* when nobody says.

        Raises:
            ServiceError: the token is not of this question.
        """
        try:
            found, token = cut(call, tx, items, key, self._members, self._size_default if size is None else size)
        except TokenInvalid:
            raise self._refused() from None
        return found, self._following(token)


def capital_pages(size_default: int, refused: Callable[[], ServiceError]) -> Pages[CapitalPage]:
    """Return the pages of a service with `NextToken` and `MaxResults`."""
    return Pages(
        ("NextToken", "MaxResults"),
        size_default,
        refused,
        lambda token: CapitalPage() if token is None else CapitalPage(NextToken=token),
    )


def small_pages(size_default: int, refused: Callable[[], ServiceError]) -> Pages[SmallPage]:
    """Return the pages of a service with `nextToken` and `maxResults`."""
    return Pages(
        ("nextToken", "maxResults"),
        size_default,
        refused,
        lambda token: SmallPage() if token is None else SmallPage(nextToken=token),
    )
