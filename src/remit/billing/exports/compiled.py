"""A query that was understood, as SQL over a table's columns; whatever the caller wrote is a bound value in it.

A text is compared with `=`, `!=` and IN; a number with each sign; a time with each, as a text in the form of ISO 8601.
Source: AWS Data Exports user guide, "Data query-SQL query and table configurations".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from remit.billing.analysis.fragments import TRUE, Fragment, formed, value
from remit.billing.exports.queries import Among, Compared, Condition, Joined, Named, Negated, Query, QueryWrong, Value
from remit.billing.exports.tables import MAP, MONEY, TEXT, TIME, Column, Form, shown
from remit.billing.ledger.columnar import name

_EQUAL = frozenset({"=", "<>"})
_NUMBERS = frozenset({MONEY, "INTEGER"})


class Output(NamedTuple):
    """A column that an export has."""

    name: str
    kind: str


def outputs(query: Query, form: Form) -> list[Output]:
    """Return the columns that an export has, in order.

    Raises:
        QueryWrong: the table has no column of a name, a condition compares what cannot be compared, or so.
    """
    columns = {one.name: one for one in form.columns}
    _check_columns(query, columns)
    if query.where is not None:
        _condition(query.where, columns)
    return [Output(one.name, _held(one.of, columns)[1]) for one in query.selected]


def compiled(query: Query, form: Form, *, is_csv: bool) -> Fragment:
    """Write the SELECT of a query over `form.source`.

    Raises:
        QueryWrong: as `outputs` does.
    """
    columns = {one.name: one for one in form.columns}
    _check_columns(query, columns)
    selected: list[Fragment] = []
    for one in query.selected:
        held, kind = _held(one.of, columns)
        cell = Column(one.name, kind, held.text)
        selected.append(Fragment(f"{shown(cell, is_csv=is_csv)} AS {name(one.name)}", held.values))
    condition = TRUE if query.where is None else _condition(query.where, columns)
    chosen = ", ".join(one.text for one in selected)
    limit = "" if query.limit is None else f" LIMIT {query.limit}"
    values = [*(v for one in selected for v in one.values), *condition.values]
    return Fragment(f"SELECT {chosen} FROM {form.source} WHERE {condition.text}{limit}", tuple(values))


def _check_columns(query: Query, columns: Mapping[str, Column]) -> None:
    missing = [one.of.column for one in query.selected if one.of.column not in columns]
    if missing:
        raise QueryWrong(f"Columns are not a subset of table {query.table}: {', '.join(dict.fromkeys(missing))}.")


def _held(of: Named, columns: Mapping[str, Column]) -> tuple[Fragment, str]:
    """Return what a line has in a column or attribute, and its kind."""
    column = columns.get(of.column)
    if column is None:
        raise QueryWrong(f"The table has no column {of.column}.")
    if not of.attribute:
        return Fragment(f"CAST({column.sql} AS {column.kind})"), column.kind
    if column.kind != MAP:
        raise QueryWrong(f"The column {of.column} has no attributes.")
    return Fragment(f"map_extract_value(CAST({column.sql} AS {MAP}), ?)", (of.attribute,)), TEXT


def _condition(condition: Condition, columns: Mapping[str, Column]) -> Fragment:
    match condition:
        case Compared():
            held, kind = _held(condition.of, columns)
            if kind not in _NUMBERS and kind != TIME and condition.sign not in _EQUAL:
                raise QueryWrong(f"{condition.of} is not a number, and {condition.sign} needs one.")
            return formed(f"{{}} {condition.sign} {{}}", held, _value(condition.of, kind, condition.value))
        case Among():
            held, kind = _held(condition.of, columns)
            values = [_value(condition.of, kind, one) for one in condition.values]
            return formed(f"{{}} IN ({', '.join(['{}'] * len(values))})", held, *values)
        case Negated():
            return formed("NOT ({})", _condition(condition.of, columns))
        case Joined():
            return _balanced(condition.word, [_condition(one, columns) for one in condition.parts])


def _balanced(word: str, parts: Sequence[Fragment]) -> Fragment:
    """Join conditions as a tree that is no deeper than it must be: the engine has a limit of depth."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return formed(f"({{}}) {word} ({{}})", _balanced(word, parts[:middle]), _balanced(word, parts[middle:]))


def _value(of: Named, kind: str, given: Value) -> Fragment:
    """Bind a value to compare with a column of a kind."""
    if kind in _NUMBERS and isinstance(given, Decimal):
        return Fragment(f"CAST(? AS {MONEY})", (str(given),))
    if kind == TEXT and isinstance(given, str):
        return value(given)
    if kind == TIME and isinstance(given, str):
        return value(_moment(of, given))
    raise QueryWrong(f"{of} cannot be compared with {given!r}." if isinstance(given, str) else _no_number(of, given))


def _no_number(of: Named, given: Decimal) -> str:
    return f"{of} is no number and cannot be compared with {given}."


def _moment(of: Named, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise QueryWrong(f"{of} is a time, and `{text[:40]}` is none: write it as 2026-03-05T00:00:00Z.") from None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
