"""What a record of usage must be: the same for every form of file, asked of columns of text.

Each check is an expression of SQL that is true of a bad row, and a sentence about it. Texts become times and numbers
here, and nowhere else.
"""

from remit.billing.ledger.columnar import name, quoted

# The columns of a part, in order, as they are kept.
USAGE_COLUMNS = {
    "usage_id": "VARCHAR",
    "account": "VARCHAR",
    "service": "VARCHAR",
    "usage_type": "VARCHAR",
    "operation": "VARCHAR",
    "region": "VARCHAR",
    "start": "TIMESTAMP",
    "end": "TIMESTAMP",
    "quantity": "DECIMAL(38,18)",
    "unit": "VARCHAR",
    "zone": "VARCHAR",
    "resource": "VARCHAR",
    "tags": "MAP(VARCHAR, VARCHAR)",
}
# Beside `quantity`, while records come in: the same in eight bytes, where it has at most eight places, else NULL.
# Where all quantities are short, their products with prices need no rounding, which takes thirty times as long.
SHORT_QUANTITY = "short_quantity"
_SHORT = "DECIMAL(18,8)"
# What makes two records ones of the same usage: a correction belongs to these.
SAME_USAGE = ("account", "service", "usage_type", "operation", "region", "zone", "resource", "unit", "start", "end")
_TEXTS = [column for column, kind in USAGE_COLUMNS.items() if kind == "VARCHAR"]
_EMPTY = quoted("")
_NEEDED = ("usage_id", "account", "service", "usage_type", "start", "end", "quantity")

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
_ZONELESS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?"
_NOT_FINITE = r"[+-]?(nan|inf|infinity)"
# Places that count: zeros at the end do not, an exponent moves the point.
_PLACES = (
    r"length(regexp_extract(quantity, '\.([0-9]*?)0*([eE]|$)', 1))"
    r" - coalesce(try_cast(nullif(regexp_extract(quantity, '[eE]([+-]?[0-9]+)$', 1), '') AS INTEGER), 0)"
)


_SPLIT = " runs into the next month (UTC): split it where the month ends"


def _moment(column: str) -> str:
    return f"(try_cast({name(column)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"


def _shown(column: str) -> str:
    """Write an expression for a value in a message: long ones are cut, ones that nobody can see are escaped."""
    return f"'`' || regexp_replace(left({name(column)}, 80), '[[:cntrl:]]', '?', 'g') || '`'"


_START, _END, _QUANTITY = "the_start", "the_end", "the_quantity"
_READ = (
    f"{_moment('start')} AS {_START}, {_moment('end')} AS {_END}, try_cast(quantity AS DECIMAL(38,18)) AS {_QUANTITY}"
)


def _is_plain() -> str:
    """Write a condition that is true of most good rows and of no bad one: to ask it alone takes half the time."""
    asked = [f"{name(column)} != ''" for column in _NEEDED]
    asked += [f"regexp_full_match({name(column)}, {quoted(_TIME)})" for column in ("start", "end")]
    asked += [
        "regexp_full_match(account, '[0-9]{12}')",
        r"regexp_full_match(quantity, '[0-9]{1,20}(\.[0-9]{1,18})?')",
        f"{_START} < {_END}",
        f"{_END} <= date_trunc('month', {_START}) + INTERVAL 1 MONTH",
        f"{_QUANTITY} IS NOT NULL",
        f"NOT regexp_matches(concat({', '.join(map(name, _TEXTS))}), '[[:cntrl:]]')",
    ]
    return " AND ".join(asked)


def _problems() -> list[tuple[str, str]]:
    """Return condition and message of each check, in the order in which they are asked."""
    found = [
        (f"{name(column)} IS NULL OR {name(column)} = ''", quoted(f"{column} is missing: give it a value"))
        for column in _NEEDED
    ]
    found += [
        (
            f"regexp_matches({name(column)}, '[[:cntrl:]]')",
            f"{quoted(f'{column} ')} || {_shown(column)} || ' holds a control character: remove it'",
        )
        for column in _TEXTS
    ]
    found.append(
        (
            "NOT regexp_full_match(account, '[0-9]{12}')",
            f"'account ' || {_shown('account')} || ' is not twelve digits: write the zeros in front as well'",
        )
    )
    for column, moment in (("start", _START), ("end", _END)):
        found += [
            (
                f"regexp_full_match({name(column)}, {quoted(_ZONELESS)})",
                f"'{column} ' || {_shown(column)} || ' has no time zone: write 2026-03-01T00:00:00Z'",
            ),
            (
                f"NOT regexp_full_match({name(column)}, {quoted(_TIME)}) OR {moment} IS NULL",
                f"'{column} ' || {_shown(column)} || ' is no time: write 2026-03-01T00:00:00Z'",
            ),
        ]
    found += [
        (
            f"{_END} <= {_START}",
            f"'end ' || {_shown('end')} || ' is not after start ' || {_shown('start')} || ': the end is exclusive'",
        ),
        (
            f"{_END} > date_trunc('month', {_START}) + INTERVAL 1 MONTH",
            f"'usage from ' || {_shown('start')} || ' to ' || {_shown('end')} || {quoted(_SPLIT)}",
        ),
        (
            f"regexp_full_match(lower(quantity), {quoted(_NOT_FINITE)})",
            f"'quantity ' || {_shown('quantity')} || ' is no finite number: write digits, 1.5'",
        ),
        (
            f"NOT regexp_full_match(quantity, {quoted(_NUMBER)})",
            f"'quantity ' || {_shown('quantity')} || ' is no decimal number: write digits, 1.5'",
        ),
        (
            f"{_PLACES} > 18",
            f"'quantity ' || {_shown('quantity')} || ' has more than 18 places: round it'",
        ),
        (
            f"{_QUANTITY} IS NULL",
            f"'quantity ' || {_shown('quantity')} || ' has more than 20 digits before the point: use a larger unit'",
        ),
    ]
    return found


def checked_select(staging: str) -> str:
    """Write the SELECT of rows as they are kept, from one of rows of text.

    Args:
        staging: a SELECT of `row`, the columns of usage as texts, tags, and `problem`, where its reader found one.

    Further columns: `row`; `short_quantity`; `problem`, a sentence, or NULL for a row that may be kept.
    """
    cases = " ".join(f"WHEN {condition} THEN {message}" for condition, message in _problems())
    kept = {
        "start": _START,
        "end": _END,
        "quantity": _QUANTITY,
        "tags": "CASE WHEN tags IS NULL OR cardinality(tags) = 0 THEN MAP([]::VARCHAR[], []::VARCHAR[])"
        " ELSE map_from_entries(list_sort(map_entries(tags))) END",
    }
    columns = ", ".join(
        f"{kept.get(column, f'coalesce({name(column)}, {_EMPTY})')} AS {name(column)}" for column in USAGE_COLUMNS
    )
    columns += f", {_short()} AS {SHORT_QUANTITY}"
    problem = f"coalesce(problem, CASE WHEN {_is_plain()} THEN NULL ELSE CASE {cases} END END) AS problem"
    return f"SELECT row, {columns}, {problem} FROM (SELECT *, {_READ} FROM ({staging}))"


def _short() -> str:
    places = "CASE WHEN strpos(quantity, '.') = 0 THEN 0 ELSE length(quantity) - strpos(quantity, '.') END"
    return f"CASE WHEN {places} <= 8 AND strpos(lower(quantity), 'e') = 0 THEN try_cast(quantity AS {_SHORT}) END"


# The id of a record, and all that it says, in sixteen bytes each: `row` is not among it.
KEY = "md5_number(usage_id)"
_TOLD = {"tags": "CAST(to_json(tags) AS VARCHAR)", "quantity": f"CAST(quantity AS {USAGE_COLUMNS['quantity']})"}
CONTENT = (
    "md5_number(concat_ws(chr(31), " + ", ".join(_TOLD.get(column, name(column)) for column in USAGE_COLUMNS) + "))"
)
