"""Pages of answers that are worked out anew for each page: a token says where the next one begins, and of what.

A token is sealed: it belongs to one operation, one account and one question, and to the bills that the first page was
made of. Another question, or bills that changed meanwhile, give RequestChangedException where the model has it.
Source: Cost Explorer API reference, `NextPageToken`.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from remit.errors import ServiceError
from remit.request import Call
from remit.store import SealBroken, Transaction, printed, unprinted

T = TypeVar("T")
_PURPOSE = "cost-explorer-page"
_SIZE = 1_000
# Operations whose model has the error; the others say that the token is invalid.
_MAY_CHANGE = frozenset(
    {"GetCostAndUsage", "GetCostAndUsageWithResources", "GetDimensionValues", "GetTags", "GetCostCategories"}
)
_NO_TOKEN_ERROR = frozenset({"ListCostCategoryDefinitions", "ListCostCategoryResourceAssociations"})


class _Place(msgspec.Struct, frozen=True):
    """Where a page begins, and of which question and which bills."""

    start: int
    question: str
    version: str


def page(
    call: Call[Any],
    tx: Transaction,
    items: Sequence[T],
    *,
    version: str = "",
    member: str = "NextPageToken",
    size: str = "MaxResults",
    most: int = _SIZE,
) -> tuple[Sequence[T], dict[str, str]]:
    """Cut the page that *call* asks for out of *items*.

    Args:
        version: of what the items were made of.
        member, size: what in the input has the token, and how many items come.
        most: how many come when nobody says.

    Returns:
        The items, and the member with the token of the next page, if there is one.

    Raises:
        ServiceError: the token is none, or of another question.
    """
    asked = {name: value for name, value in call.input.items() if name not in (member, size)}
    question = sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()
    context = f"{call.account}:{call.operation}".encode()
    start = 0
    given: str | None = call.input.get(member)
    if given:
        try:
            place = msgspec.json.decode(tx.keyring.open(_PURPOSE, unprinted(given), context), type=_Place)
        except SealBroken:
            raise _invalid(call.operation) from None
        if (place.question, place.version) != (question, version):
            raise _changed(call.operation)
        start = place.start
    end = start + (call.input.get(size) or most)
    if end >= len(items):
        return items[start:], {}
    following = msgspec.json.encode(_Place(end, question, version))
    return items[start:end], {member: printed(tx.keyring.seal(_PURPOSE, following, context))}


def _invalid(operation: str) -> ServiceError:
    code = "ValidationException" if operation in _NO_TOKEN_ERROR else "InvalidNextTokenException"
    return ServiceError(code, "Invalid NextPageToken")


def _changed(operation: str) -> ServiceError:
    if operation not in _MAY_CHANGE:
        return _invalid(operation)
    text = (
        "Your request parameters changed between pages. Try again with the old parameters or without a pagination "
        "token."
    )
    return ServiceError("RequestChangedException", text)
