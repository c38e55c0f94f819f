"""Pages of lists: `Marker` and `MaxItems` in, `IsTruncated` and `Marker` out.

A marker is sealed, so that it is opaque, belongs to one operation and one account, and cannot be made up. It holds the
key of the last item of the page before: a list that changes between two pages loses nothing and repeats nothing.
Source: `iam-sts` reference, section 1.5.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NotRequired, TypedDict, TypeVar

from remit.errors import ValidationError
from remit.request import Call
from remit.services.iam.errors import invalid_input
from remit.store import SealBroken, Transaction, printed, unprinted

T = TypeVar("T")
_PURPOSE = "marker"
_MAX_ITEMS = 100


class Page(TypedDict):
    """What every answer with a page of a list has."""

    IsTruncated: bool
    Marker: NotRequired[str]


def page(
    call: Call[Any],
    tx: Transaction,
    items: Sequence[T],
    key: Callable[[T], str],
    *,
    size: Callable[[T], int] | None = None,
    size_max: int = 0,
) -> tuple[Sequence[T], Page]:
    """Cut the page that *call* asks for out of *items*, which are sorted by *key*.

    Args:
        size: if given, the page ends before its items' sizes come to more than *size_max*; it has one item at least.

    Returns:
        The items of the page, and the members `IsTruncated` and, if there is more, `Marker`.

    Raises:
        ValidationError: the marker is none that this operation gave out to this account.
    """
    context = f"{call.account}:{call.operation}".encode()
    start = 0
    marker: str | None = call.input.get("Marker")
    if marker is not None:
        try:
            start = bisect_right(items, _opened(tx, marker, context), key=key)
        except _MarkerInvalid:
            raise ValidationError("Invalid Marker.") from None
    end = start + int(call.input.get("MaxItems", _MAX_ITEMS))
    if size is not None:
        sizes = list(accumulate(map(size, items[start:end])))
        end = start + max(1, bisect_right(sizes, size_max))
    if end >= len(items):
        return items[start:], {"IsTruncated": False}
    return items[start:end], {"IsTruncated": True, "Marker": _sealed(tx, key(items[end - 1]), context)}


def numbered_page(call: Call[Any], tx: Transaction, items: Sequence[T]) -> tuple[Sequence[T], Page]:
    """Cut the page that *call* asks for out of *items*, which each call brings along: the marker counts them.

    Raises:
        ServiceError: InvalidInput, the marker is none that this operation gave out to this account.
    """
    context = f"{call.account}:{call.operation}".encode()
    start = 0
    marker: str | None = call.input.get("Marker")
    if marker is not None:
        try:
            start = int(_opened(tx, marker, context))
        except _MarkerInvalid:
            raise invalid_input("Invalid marker for pagination.") from None
    end = start + int(call.input.get("MaxItems", _MAX_ITEMS))
    if end >= len(items):
        return items[start:], {"IsTruncated": False}
    return items[start:end], {"IsTruncated": True, "Marker": _sealed(tx, str(end), context)}


class _MarkerInvalid(Exception):
    """A marker that was made up, altered, or given out by another operation or to another account."""


def _sealed(tx: Transaction, text: str, context: bytes) -> str:
    return printed(tx.keyring.seal(_PURPOSE, text.encode(), context))


def _opened(tx: Transaction, marker: str, context: bytes) -> str:
    try:
        return tx.keyring.open(_PURPOSE, unprinted(marker), context).decode()
    except SealBroken:
        raise _MarkerInvalid from None


def with_prefix(call: Call[Any], items: Sequence[T], path: Callable[[T], str]) -> Sequence[T]:
    """Keep the items whose path begins with the call's `PathPrefix`, a plain prefix that need not end with a slash."""
    prefix: str = call.input.get("PathPrefix", "/")
    return items if prefix == "/" else [item for item in items if path(item).startswith(prefix)]
