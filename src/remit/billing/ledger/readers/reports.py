"""What files of CUR and FOCUS have in common: ids for rows that have none, and one currency."""

from collections.abc import Mapping

from remit.billing.ledger.columnar import name, quoted
from remit.billing.ledger.readers.tables import Table
from remit.billing.ledger.usage_checks import USAGE_COLUMNS


def hashed_id(table: Table, prefix: str) -> str:
    """Write an expression for the id of a row that has none: a hash of all that it says, and how often it said so.

    The same file gives the same ids in whatever order its rows are.
    """
    said = ", ".join(f"coalesce(CAST({name(column)} AS VARCHAR), '')" for column in table.columns)
    digest = f"md5(concat_ws(chr(31), {said}))"
    return f"'{prefix}-' || {digest} || '-' || row_number() OVER (PARTITION BY {digest} ORDER BY row)"


def staged(table: Table, facts: Mapping[str, str], is_usage: str, currency: str, tags: str) -> str:
    """Write the SELECT of a report.

    Args:
        facts: column of usage -> expression.
        is_usage: the condition of rows that are usage.
        currency: the column of the currency.
        tags: the column of tags.
    """
    columns = ", ".join(f"{facts[column]} AS {name(column)}" for column in USAGE_COLUMNS)
    money = f"coalesce({table.text(currency)}, 'USD')"
    is_foreign = f"{money} != 'USD'"
    problem = (
        f"CASE WHEN {is_foreign} THEN {quoted(f'{currency} `')} || {money} || {quoted(_CURRENCY)}"
        f" WHEN {table.is_bad_map(tags)} THEN {quoted(f'{tags} is no JSON object of texts')} END"
    )
    return f"SELECT row, {columns}, {problem} AS problem FROM {table.rows()} WHERE {is_usage} OR {is_foreign}"


_CURRENCY = "` is not USD: bills are in USD, import a report that is"
