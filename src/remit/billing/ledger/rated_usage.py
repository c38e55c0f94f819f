"""Usage with its price, as a month over columns keeps it: what differs from line to line, and once what does not.

    rated            a row for each line of usage, with the number of its kind
    kinds            what all lines of a kind say: the product, the price, what covers it
    private rates    what is taken off lines of a kind, of an account (empty: all that are named nowhere), at a time

A line has thirty-eight columns, most of them the same for millions of lines: to write them takes longer than all the
rest of a bill. Usage that a Savings Plan covers is one row here and two lines, of which one takes its price back; each
private rate makes one line more.
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

# Of a line that costs something each of its discounts, from *number* 0 on, takes its share; *off* is all of them.
SHARE_PLACES = 10
_SHARE = f"DECIMAL(11,{SHARE_PLACES})"
PRIVATE_RATE_COLUMNS: Mapping[str, str] = {
    "kind": "BIGINT",
    "account": "VARCHAR",
    "since": "TIMESTAMP",
    "until": "TIMESTAMP",
    "number": "INTEGER",
    "discount": "VARCHAR",
    "percent": "VARCHAR",
    "share": _SHARE,
    "off": _SHARE,
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


_OFF = f"CASE WHEN unblended > 0 AND d.off IS NOT NULL THEN CAST(unblended * d.off AS {_AMOUNT}) ELSE 0 END"
_LESS = {
    **_LINE,
    "net_unblended": f"unblended - {_OFF}",
    "net_amortized": f"{_AMORTIZED} - {_OFF}",
}
_TAKEN_OFF = f"-CAST(unblended * d.share AS {_AMOUNT})"
_DISCOUNT = {
    **_LINE,
    "line_id": f"{_ID} || '/' || d.discount",
    "line_type": quoted(LineType.PRIVATE_RATE_DISCOUNT),
    "quantity": _NOTHING,
    "normalized": _NOTHING,
    "rate": _NOTHING,
    "list_cost": _NOTHING,
    "unblended": _TAKEN_OFF,
    "blended": _TAKEN_OFF,
    "amortized": _TAKEN_OFF,
    "net_unblended": _NOTHING,
    "net_amortized": _NOTHING,
    "description": "d.discount || ': ' || d.percent || ' percent'",
}


def lines_of_rated(rated: Sequence[Path], kinds: Path, rates: Sequence[Path] = ()) -> list[str]:
    """Write the SELECTs of the lines that files of rated usage stand for."""
    joined = _joined(rated, kinds)
    negation = f"SELECT {_columns(_NEGATION)} FROM {negated(rated, kinds)}"
    if not rates:
        return [f"SELECT {_columns(_LINE)} FROM {joined}", negation]
    return [
        f"SELECT {_columns(_LESS)} FROM {joined} {_rates(rates, ' AND d.number = 0').format('LEFT')}",
        negation,
        f"SELECT {_columns(_DISCOUNT)} FROM {discounted(rated, kinds, rates)}",
    ]


def charged_by_kind(rated: Sequence[Path], rates: Sequence[Path]) -> str:
    """Write the SELECT of account, number of the kind, unblended cost, and what private rates take off."""
    off, join = (_OFF, _rates(rates, " AND d.number = 0").format("LEFT")) if rates else ("0", "")
    return (
        f"SELECT r.account, r.kind, sum(unblended), CAST(sum({off}) AS {_AMOUNT}) FROM {parquet(rated)} r {join} "
        "GROUP BY ALL ORDER BY ALL"
    )


def negated(rated: Sequence[Path], kinds: Path) -> str:
    """Write what stands after FROM for the rows that are two lines."""
    return f"{_joined(rated, kinds)} WHERE k.line_type = {quoted(LineType.SAVINGS_PLAN_COVERED_USAGE)}"


def discounted(rated: Sequence[Path], kinds: Path, rates: Sequence[Path]) -> str:
    """Write what stands after FROM for rows with their private rates, of which each is a line."""
    return f"{_joined(rated, kinds)} {_rates(rates).format('INNER')} WHERE r.unblended > 0"


def _joined(rated: Sequence[Path], kinds: Path) -> str:
    return f"{parquet(rated)} r JOIN {parquet([kinds])} k ON r.kind = k.kind"


def _rates(rates: Sequence[Path], condition: str = "") -> str:
    """Write the join with private rates, with a place for its kind."""
    source = parquet(rates)
    columns = "kind AS of_kind, account AS of_account, since, until, number, discount, percent, share, off"
    return (
        f"LEFT JOIN (SELECT DISTINCT account AS named FROM {source} WHERE account <> '') n ON n.named = r.account "
        f"{{}} JOIN (SELECT {columns} FROM {source}) d ON d.of_kind = r.kind AND d.of_account = coalesce(n.named, '') "
        f"AND r.start >= d.since AND r.start < d.until{condition}"
    )


def _columns(values: Mapping[str, str]) -> str:
    return ", ".join(
        f"CAST({values.get(column, name(column))} AS {kind}) AS {name(column)}" for column, kind in COLUMNS.items()
    )
