"""The tables that exports ask, with their columns and what can be set about them.

AWS's names, as far as Remit has something to say; carbon emissions and the dashboard's table are not among them.
Source: AWS Data Exports user guide, "Data Exports table dictionary"; quotas: "Quotas and restrictions".
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from remit.billing.analysis.questions import Granularity
from remit.billing.exports.cur import CUR
from remit.billing.exports.focus import FOCUS
from remit.billing.exports.recommendations import RECOMMENDATIONS
from remit.billing.exports.tables import MAP, MONEY, TEXT, TIME, Column, Form

TIME_GRANULARITY = "TIME_GRANULARITY"
INCLUDE_RESOURCES = "INCLUDE_RESOURCES"
BILLING_VIEW = "BILLING_VIEW_ARN"
_DISCOUNTS = "INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY"
_SPLIT = "INCLUDE_SPLIT_COST_ALLOCATION_DATA"
_CAPACITY = "INCLUDE_CAPACITY_RESERVATION_DATA"
_PRINCIPAL = "INCLUDE_IAM_PRINCIPAL_DATA"
_TRUE, _FALSE = "TRUE", "FALSE"
_RESOURCE = "line_item_resource_id"
# What types are called in the dictionary; amounts are exact here, and doubles at AWS.
_TYPES = {MONEY: "decimal(38,18)", TEXT: "string", TIME: "timestamp", MAP: "map<string,string>"}


class PropertyWrong(Exception):
    """A table that there is not, or a property or value that a table does not have; a sentence for the caller."""


class Property(NamedTuple):
    """What can be set about a table.

    Attributes:
        values: those that it can have; empty for any text.
    """

    name: str
    values: tuple[str, ...]
    default: str
    description: str


class Table(NamedTuple):
    """A table.

    Attributes:
        most: how many exports of it an account has at most.
        by_month: whether it has a part for each month of bills; otherwise one for each day that it is asked.
        form: its columns, by its properties.
    """

    name: str
    description: str
    properties: tuple[Property, ...]
    most: int
    by_month: bool
    form: Callable[[Mapping[str, str]], Form]


def _switch(name: str, description: str) -> Property:
    return Property(name, (_TRUE, _FALSE), _FALSE, description)


_GRANULARITY = Property(
    TIME_GRANULARITY,
    tuple(Granularity),
    Granularity.HOURLY,
    "How long the time of a line is; those that differ in nothing but time within it are one line.",
)
_VIEW = Property(BILLING_VIEW, (), "", "The billing view whose lines the table has; by default the account's own.")


def _empty(kind: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind, f"CAST(NULL AS {kind})") for name in names)


# Columns that are there when a property says so; no line of a ledger fills them.
_ADDED: Mapping[str, tuple[Column, ...]] = {
    _SPLIT: (
        *_empty(TEXT, "split_line_item_parent_resource_id"),
        *_empty(
            MONEY,
            "split_line_item_actual_usage",
            "split_line_item_net_split_cost",
            "split_line_item_net_unused_cost",
            "split_line_item_public_on_demand_split_cost",
            "split_line_item_public_on_demand_unused_cost",
            "split_line_item_reserved_usage",
            "split_line_item_split_cost",
            "split_line_item_split_usage",
            "split_line_item_split_usage_ratio",
            "split_line_item_unused_cost",
        ),
    ),
    _CAPACITY: _empty(
        TEXT,
        "capacity_reservation_capacity_reservation_arn",
        "capacity_reservation_capacity_reservation_status",
        "capacity_reservation_capacity_reservation_type",
    ),
    _PRINCIPAL: _empty(TEXT, "line_item_iam_principal"),
}
_REMOVED: Mapping[str, frozenset[str]] = {_DISCOUNTS: frozenset({"discount", "discount_total_discount"})}
# What exports fill, and a ledger's lines alone do not or call otherwise.
_FILLED = {
    one.name: one
    for one in (
        Column("cost_category", MAP, "cost_category"),
        Column("resource_tags", MAP, "resource_tags"),
        Column("tags", MAP, "all_tags"),
    )
}


def _cur(properties: Mapping[str, str]) -> Form:
    is_on = {name for name, value in properties.items() if value == _TRUE}
    gone = frozenset[str]().union(*(names for name, names in _REMOVED.items() if name in is_on))
    if INCLUDE_RESOURCES not in is_on:
        gone |= {_RESOURCE}
    known = [one for one in CUR.columns if one.name not in gone and one.name not in _FILLED]
    added = [one for name, columns in _ADDED.items() if name in is_on for one in columns]
    return Form(tuple(sorted([*known, *added, *_FILLED.values()])), CUR.source)


# FOCUS 1.2 as AWS has it; `x_Pricing` and `x_UsageType` are ours.
_FOCUS_1_2 = (
    *FOCUS.columns,
    *_empty(
        MONEY, "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice"
    ),
    *_empty(MAP, "x_Discounts"),
)
_LATER_THAN_1_0 = frozenset(
    {
        "BillingAccountType",
        "CapacityReservationId",
        "CapacityReservationStatus",
        "CommitmentDiscountQuantity",
        "CommitmentDiscountUnit",
        "InvoiceId",
        "PricingCurrency",
        "PricingCurrencyContractedUnitPrice",
        "PricingCurrencyEffectiveCost",
        "PricingCurrencyListUnitPrice",
        "ServiceSubcategory",
        "SkuMeter",
        "SkuPriceDetails",
        "SubAccountType",
    }
)
_FOCUS_1_0 = (
    *(one for one in _FOCUS_1_2 if one.name not in _LATER_THAN_1_0),
    Column("x_CostCategories", MAP, "categories"),
)


def _always(form: Form) -> Callable[[Mapping[str, str]], Form]:
    return lambda _: form


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "COST_AND_USAGE_REPORT",
            "The lines of bills, with the columns of the Cost and Usage Report 2.0.",
            (
                _GRANULARITY,
                _switch(INCLUDE_RESOURCES, "Whether lines of different resources stay apart, and say which it is."),
                _switch(_SPLIT, "Adds the columns of split cost allocation, which are empty here."),
                _switch(_CAPACITY, "Adds the columns of capacity reservations, which are empty here."),
                _switch(_PRINCIPAL, "Adds the column of the IAM principal, which is empty here."),
                _switch(_DISCOUNTS, "Takes out the columns of discounts, as if they were lines of their own."),
                _VIEW,
            ),
            5,
            True,
            _cur,
        ),
        Table(
            "COST_OPTIMIZATION_RECOMMENDATIONS",
            "What would lower costs. Remit recommends nothing from bills alone: the table is empty.",
            (
                _switch("INCLUDE_ALL_RECOMMENDATIONS", "Whether recommendations that exclude one another stay."),
                Property("FILTER", (), "{}", "Which recommendations, as JSON."),
            ),
            2,
            False,
            _always(RECOMMENDATIONS),
        ),
        Table(
            "FOCUS_1_0_AWS",
            "The lines of bills, with the columns of FOCUS 1.0 and AWS's own.",
            (_GRANULARITY, _VIEW),
            2,
            True,
            _always(Form(tuple(sorted(_FOCUS_1_0)), FOCUS.source)),
        ),
        Table(
            "FOCUS_1_2_AWS",
            "The lines of bills, with the columns of FOCUS 1.2 and AWS's own.",
            (_GRANULARITY, _VIEW),
            2,
            True,
            _always(Form(tuple(sorted(_FOCUS_1_2)), FOCUS.source)),
        ),
    )
}


def known_table(name: str) -> Table:
    """Return the table called *name*.

    Raises:
        PropertyWrong: there is none.
    """
    if name not in TABLES:
        raise PropertyWrong(f"The table {name} does not exist.")
    return TABLES[name]


def properties_of(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Return all properties of a table: as *given*, or their defaults.

    Raises:
        PropertyWrong: it has no property of a name, or the property not the value.
    """
    known = {one.name: one for one in table.properties}
    for name, value in given.items():
        if name not in known:
            raise PropertyWrong(f"The table {table.name} has no property {name}.")
        if known[name].values and value not in known[name].values:
            valid = ", ".join(known[name].values)
            raise PropertyWrong(f"The property {name} of the table {table.name} is one of {valid}, not {value}.")
    return {name: given.get(name, one.default) for name, one in known.items()}


def type_of(kind: str) -> str:
    """Return what the dictionary calls a kind of SQL."""
    return _TYPES.get(kind, kind.lower())
