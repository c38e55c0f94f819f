"""Names of columns and keys of maps as reports have them that are Parquet or CUR 2.0: small letters and underscores.

    user:CostCenter   ->   user_cost_center
    ReservationARN    ->   reservation_a_r_n

Source: AWS billing user guide, "Running Amazon Athena queries", "Column Names": what happens to names, in this order,
and that of tags whose names become the same the first counts.
"""

import re
from collections.abc import Callable, Iterable

_LARGE = re.compile("[A-Z]")
_OTHER = re.compile("[^A-Za-z0-9]")
_SEVERAL = re.compile("_{2,}")
_USER, _AWS = "user:", "aws:"
# Of keys that reports which were imported have named already.
_NAMED = ("user_", "aws_")


def snake(text: str) -> str:
    """Return the name of a column in Parquet."""
    apart = _LARGE.sub(lambda found: f"_{found[0]}", text)
    return _SEVERAL.sub("_", _OTHER.sub("_", apart)).strip("_").lower()


def title_of_tag(key: str) -> str:
    """Return what reports call a tag: `user:team`, `aws:createdBy`."""
    return key if key.startswith((_USER, _AWS)) else f"{_USER}{key}"


def names_of_tags(keys: Iterable[str]) -> dict[str, str]:
    """Return the keys that CUR 2.0 has for tags: `user_team`; without those that would be called as an earlier one."""
    return _first(keys, lambda key: snake(key if key.startswith(_NAMED) else title_of_tag(key)))


def names_of_categories(categories: Iterable[str]) -> dict[str, str]:
    """Return the keys that CUR 2.0 has for cost categories; without those that would be called as an earlier one."""
    return _first(categories, snake)


def _first(keys: Iterable[str], name: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in sorted(keys):
        found.setdefault(name(key), key)
    return {key: called for called, key in found.items()}
