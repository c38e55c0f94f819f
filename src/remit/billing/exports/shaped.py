"""The lines that a table of an export is made of: whose they are, what they carry, and how finely they are told apart.

    chosen      those of a part of a ledger, with the cost categories of its payer, and tags that are active
    shaped      hours, days or months of what differs in nothing else; resources apart or not
    named       with the names of accounts, the number of the invoice, and the maps that CUR 2.0 has of tags and
                categories: what forms are written over

INVARIANT: shaping changes no sum.
Source: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0", its table configurations.
"""

from collections.abc import Mapping
from typing import NamedTuple

from remit.billing.analysis.dimensions import Known, naive
from remit.billing.analysis.fragments import Fragment, formed, value
from remit.billing.analysis.questions import Granularity, Part
from remit.billing.exports.naming import names_of_categories, names_of_tags
from remit.billing.exports.tables import MAP, named
from remit.billing.ledger.columnar import name
from remit.billing.lines import COLUMNS, NUMBERS

_ADDED = tuple(number for number in NUMBERS if number != "rate")
_CATEGORIES = "categories"
# What tells single lines apart, and nothing that lines of a day have in common.
_SINGLE = frozenset({"line_id", "usage_id"})
_TIMES = {
    Granularity.DAILY: ("day", "INTERVAL 1 DAY"),
    Granularity.MONTHLY: ("month", "INTERVAL 1 MONTH"),
}


class Shape(NamedTuple):
    """How finely lines are told apart."""

    granularity: Granularity
    has_resources: bool

    @property
    def is_single(self) -> bool:
        """Whether lines stay as they are."""
        return self.granularity is Granularity.HOURLY and self.has_resources


def sources(part: Part, shape: Shape, invoice: str) -> Fragment:
    """Write what comes before a SELECT from `named`: `WITH chosen AS (...), ...`, over `lines` and `account_names`."""
    chosen = _chosen(part)
    shaped = "SELECT * FROM chosen" if shape.is_single else _shaped(shape)
    return formed(
        "WITH chosen AS ({}), shaped AS ({}), called AS ({}), named AS (SELECT *, {} AS resource_tags,"
        " {} AS cost_category, {} AS all_tags FROM called)",
        chosen,
        Fragment(shaped),
        formed(named("shaped", "{}"), value(invoice)),
        _renamed("tags", names_of_tags(part.known.tags)),
        _renamed(_CATEGORIES, names_of_categories(part.known.categories)),
        _all_tags(),
    )


def _renamed(column: str, names: Mapping[str, str]) -> Fragment:
    """Write a map with other keys; those without a name are left out."""
    if not names:
        return _no_map()
    keys, called = list(names), list(names.values())
    return Fragment(
        f"map_from_entries(list_transform(list_filter(map_entries({column}), lambda one: list_contains(?, one.key)),"
        " lambda one: (list_extract(?, list_position(?, one.key)), one.value)))",
        (keys, called, keys),
    )


def _all_tags() -> Fragment:
    """Write the tags and cost categories of a line as one map, each key with where it comes from."""
    found = [
        f"list_transform(map_entries({column}), lambda one: ('{source}/' || one.key, one.value))"
        for column, source in (("tags", "resourceTags"), (_CATEGORIES, "costCategory"))
    ]
    return Fragment(f"map_from_entries(list_concat({', '.join(found)}))")


def _chosen(part: Part) -> Fragment:
    kept = ", ".join(name(column) for column in COLUMNS if column != "tags")
    return formed(
        f"SELECT {kept}, {{}} AS tags, {{}} AS {_CATEGORIES} FROM lines WHERE {{}}",
        _tags(part.known),
        _categories(part.known),
        part.condition,
    )


def _tags(known: Known) -> Fragment:
    """Return the tags of a line that are cost allocation tags by then."""
    keys = sorted(known.tags)
    if not keys:
        return _no_map()
    since = [naive(known.tags[key]) for key in keys]
    return Fragment(
        "map_from_entries(list_filter(map_entries(tags), lambda one:"
        ' coalesce("start" >= list_extract(?, list_position(?, one.key)), false)))',
        (since, keys),
    )


def _categories(known: Known) -> Fragment:
    """Return the cost categories of a line, by name, without those that give it no value."""
    if not known.categories:
        return _no_map()
    pairs = [formed("({}, {})", value(category), held) for category, held in sorted(known.categories.items())]
    listed = formed(", ".join(["{}"] * len(pairs)), *pairs)
    return formed("map_from_entries(list_filter([{}], lambda one: one[2] != ''))", listed)


def _no_map() -> Fragment:
    return Fragment(f"CAST(MAP([], []) AS {MAP})")


def _shaped(shape: Shape) -> str:
    """Write the lines of a time that differ in nothing else as one; it is called like the first of them."""
    columns = [column for column in COLUMNS if column not in _SINGLE and column not in _ADDED]
    groups: list[str] = []
    for column in [*columns, _CATEGORIES]:
        if column == "resource" and not shape.has_resources:
            continue
        groups.append(f"{_bucket(column, shape.granularity)} AS {name(column)}")
    keys = ", ".join(str(number) for number in range(1, len(groups) + 1))
    sums = ", ".join(f"CAST(sum({name(column)}) AS {COLUMNS[column]}) AS {name(column)}" for column in _ADDED)
    rest = "min(line_id) AS line_id, min(usage_id) AS usage_id"
    if not shape.has_resources:
        rest += ", '' AS resource"
    return f"SELECT {', '.join(groups)}, {sums}, {rest} FROM chosen GROUP BY {keys} ORDER BY line_id"


def _bucket(column: str, granularity: Granularity) -> str:
    if granularity is Granularity.HOURLY or column not in ("start", "end"):
        return name(column)
    unit, length = _TIMES[granularity]
    begin = f"date_trunc('{unit}', {name(column)})"
    if column == "start":
        return begin
    return f"CASE WHEN {begin} = {name(column)} THEN {begin} ELSE {begin} + {length} END"
