"""Filters of products: all of them must match. Source: Price List API reference, `Filter`.

Several values of ANY_OF and NONE_OF stand in one text, with commas between them; names and values are compared letter
for letter, the name of the service code in AWS's two spellings.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from remit.billing.prices.catalogue import SERVICE_CODE, Listed

_SERVICE_CODES = ("ServiceCode", "serviceCode")
_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda held, value: held == value,
    "EQUALS": lambda held, value: held == value,
    "CONTAINS": lambda held, value: value in held,
    "ANY_OF": lambda held, value: held in _values(value),
}


def _values(text: str) -> list[str]:
    return [value.strip() for value in text.split(",")]


def matches(product: Listed, filters: Sequence[Mapping[str, Any]], at: datetime) -> bool:
    """Whether every filter matches a product. One about something that it does not have matches with NONE_OF alone."""
    return all(_matches(product, one, at) for one in filters)


def _matches(product: Listed, one: Mapping[str, Any], at: datetime) -> bool:
    held = product.held(SERVICE_CODE if one["Field"] in _SERVICE_CODES else one["Field"], at)
    if one["Type"] == "NONE_OF":
        return not any(value in _values(one["Value"]) for value in held)
    compare = _COMPARE[one["Type"]]
    return any(compare(value, one["Value"]) for value in held)
