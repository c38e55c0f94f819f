"""Usage with its price, as a month over columns keeps it: what differs from line to line, and once what does not.

    rated     a row for each line of usage, with the number of its kind
    kinds     what all lines of a kind say: the product, the price, what covers it

A line has thirty-eight columns, most of them the same for millions of lines: to write them takes longer than all the
rest of a bill. Usage that a Savings Plan covers is one row here and two lines, of which one takes its price back.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from remit.billing.ledger.columnar import name, parquet, quoted
from remit.billing.lines import COLUMNS, LineType, Pricing

_AMOUNT = "DECIMAL(38,18)"

# The columns of each form, in order. `part` and `is_cut` say which part of its record a row is. Costs that are NULL are
# as the unblended one, which most are: what is not there takes no time to write.
RATED_COLUMNS: Mapping[str, str] = {
    "usage_id": "VARCHAR",
    "account": "VARCHAR",
    "kind": "BIGINT",
    "part": "INTEGER",
    "is_cut": "BOOLEAN",
    "start": "TIMESTAMP",
    "end": "TIMESTAMP",
    "zone": "VARCHAR",
    "resource": "VARCHAR",
    "corrects": "VARCHAR",
    "quantity": _AMOUNT,
    "normalized": _AMOUNT,
    "list_cost": _AMOUNT,
    "unblended": _AMOUNT,
    "blended": _AMOUNT,
    "amortized": _AMOUNT,
    "tags": "MAP(VARCHAR, VARCHAR)",
}
_OF_KIND = (
    "payer", "period", "line_type", "service", "usage_type", "operation", "region", "product_family", "instance_type",
    "platform", "tenancy", "sku", "unit", "pricing", "tier", "rate", "commitment", "description",
)  # fmt: skip
KIND_COLUMNS: Mapping[str, str] = {
    "kind": "BIGINT",
    **{column: kind for column, kind in COLUMNS.items() if column in _OF_KIND},
}

_LIST, _BLENDED, _AMORTIZED = (f"coalesce({cost}, unblended)" for cost in ("list_cost", "blended", "amortized"))
_ID = "usage_id || CASE WHEN is_cut THEN strftime(\"start\", '@%dT%H%M%S') ELSE '' END || '/' || part"
_EMPTY, _NOTHING = "''", "0"
_LINE = {
    "line_id": _ID,
    "list_cost": _LIST,
    "blended": _BLENDED,
    "amortized": _AMORTIZED,
    "net_unblended": "unblended",
    "net_amortized": _AMORTIZED,
    "credit": _EMPTY,
    "seller": quoted("AWS"),
}
_NEGATION = {
    **_LINE,
    "line_id": f"{_ID} || '/negation'",
    "line_type": quoted(LineType.SAVINGS_PLAN_NEGATION),
    "pricing": quoted(Pricing.SAVINGS_PLAN),
    "tier": _NOTHING,
    "quantity": _NOTHING,
    "normalized": _NOTHING,
    "list_cost": _NOTHING,
    "unblended": "-unblended",
    "blended": "-unblended",
    "amortized": _NOTHING,
    "net_unblended": "-unblended",
    "net_amortized": _NOTHING,
    "description": "'price taken back, as ' || commitment || ' covers the usage'",
}


def lines_of_rated(rated: Sequence[Path], kinds: Path) -> list[str]:
    """Write the SELECTs of the lines that files of rated usage stand for."""
    return [
        f"SELECT {_columns(_LINE)} FROM {_joined(rated, kinds)}",
        f"SELECT {_columns(_NEGATION)} FROM {negated(rated, kinds)}",
    ]


def negated(rated: Sequence[Path], kinds: Path) -> str:
    """Write what stands after FROM for the rows that are two lines."""
    return f"{_joined(rated, kinds)} AND k.line_type = {quoted(LineType.SAVINGS_PLAN_COVERED_USAGE)}"


def _joined(rated: Sequence[Path], kinds: Path) -> str:
    return f"{parquet(rated)} r JOIN {parquet([kinds])} k ON r.kind = k.kind"


def _columns(values: Mapping[str, str]) -> str:
    return ", ".join(
        f"CAST({values.get(column, name(column))} AS {kind}) AS {name(column)}" for column, kind in COLUMNS.items()
    )
