"""What an export's query says: columns and a table, and if it likes which rows and how many.

    SELECT column [AS name], column.attribute [AS name], ... FROM TABLE [WHERE condition] [LIMIT number]

Words of the language may be in any case; names of tables and columns are as they are. Nothing of the text reaches the
columnar engine: `compiled.py` writes SQL of what this module understood.
Source: AWS Data Exports user guide, "Data query-SQL query and table configurations".
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, NoReturn

# How deep conditions stand within conditions; AWS publishes no number.
DEPTH_MAX = 50
_WORDS = frozenset({"SELECT", "AS", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIMIT"})
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![A-Za-z0-9_.])"
    r"|(?P<text>'(?:[^']|'')*')|(?P<sign><=|>=|<>|!=|[=<>(),.*]))",
    re.ASCII,
)
_BLANK = re.compile(r"\s*", re.ASCII)
_SIGNS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
# What fits into a column of amounts: twenty digits before the point and eighteen after it.
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,18})?", re.ASCII)
_LIMIT_DIGITS = 15
_SHOWN = 30


class QueryWrong(Exception):
    """A query that no export can have; a sentence for the caller."""


class Named(NamedTuple):
    """A column, or an attribute of a column that is a map; *attribute* is empty for the column itself."""

    column: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"{self.column}.{self.attribute}" if self.attribute else self.column


class Selected(NamedTuple):
    """What is selected, and what it is called in the export."""

    of: Named
    name: str


Value = str | Decimal


class Compared(NamedTuple):
    """True where what a line has stands to *value* as *sign* says."""

    of: Named
    sign: str
    value: Value


class Among(NamedTuple):
    """True where what a line has is one of *values*."""

    of: Named
    values: tuple[Value, ...]


class Negated(NamedTuple):
    """True where *of* is not."""

    of: "Condition"


class Joined(NamedTuple):
    """True where all of *parts* are, for `AND`, or one is, for `OR`."""

    word: str
    parts: tuple["Condition", ...]


Condition = Compared | Among | Negated | Joined


class Query(NamedTuple):
    """A query that was understood."""

    table: str
    selected: tuple[Selected, ...]
    where: Condition | None = None
    limit: int | None = None


def parsed(text: str) -> Query:
    """Understand a query.

    Raises:
        QueryWrong: it is none.
    """
    return _Reader(text).query()


class _Token(NamedTuple):
    """A piece of a query; *kind* is `name`, `number`, `text`, `sign` or, after the last, `end`."""

    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            blank = _BLANK.match(text, place)
            start = blank.end() if blank else place
            raise QueryWrong(f"The query cannot be read at `{text[start : start + _SHOWN]}`.")
        kind = match.lastgroup or ""
        found.append(_Token(kind, match.group(kind)))
        place = match.end()
    return [*found, _Token("end", "")]


class _Reader:
    """Reads tokens from left to right, one ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._place = 0

    def query(self) -> Query:
        self._word("SELECT")
        selected = [self._selected()]
        while self._sign(","):
            selected.append(self._selected())
        self._word("FROM")
        table = self._name("the name of a table")
        where = self._either(0) if self._is_word("WHERE") else None
        limit = self._limit() if self._is_word("LIMIT") else None
        if self._next.kind != "end":
            self._wrong("the end of the query")
        _check_names(selected)
        return Query(table, tuple(selected), where, limit)

    # -- what a query has

    def _selected(self) -> Selected:
        if self._next.text == "*":
            raise QueryWrong("SELECT * is not supported. Name the columns.")
        of = self._named()
        if self._is_word("AS"):
            return Selected(of, self._name("a name of letters, digits and underscores"))
        return Selected(of, of.attribute or of.column)

    def _named(self) -> Named:
        column = self._name("the name of a column")
        return Named(column, self._name("the name of an attribute")) if self._sign(".") else Named(column)

    def _limit(self) -> int:
        token = self._taken()
        if token.kind != "number" or not token.text.isdecimal() or len(token.text) > _LIMIT_DIGITS:
            raise QueryWrong("LIMIT needs a whole number.")
        return int(token.text)

    # -- conditions, from the loosest to the tightest

    def _either(self, depth: int) -> Condition:
        return self._joined("OR", depth)

    def _joined(self, word: str, depth: int) -> Condition:
        parts = [self._part(word, depth)]
        while self._is_word(word):
            parts.append(self._part(word, depth))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _part(self, word: str, depth: int) -> Condition:
        return self._joined("AND", depth) if word == "OR" else self._not(depth)

    def _not(self, depth: int) -> Condition:
        if depth > DEPTH_MAX:
            raise QueryWrong(f"Conditions stand at most {DEPTH_MAX} deep within one another.")
        if self._is_word("NOT"):
            return Negated(self._not(depth + 1))
        if self._sign("("):
            inner = self._either(depth + 1)
            self._closed()
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        of = self._named()
        if self._is_word("NOT"):
            self._word("IN")
            return Negated(self._among(of))
        if self._is_word("IN"):
            return self._among(of)
        token = self._taken()
        if token.kind != "sign" or token.text not in _SIGNS:
            raise QueryWrong(f"After {of} in WHERE comes one of =, !=, <>, <, <=, >, >= and IN, not `{token.text}`.")
        return Compared(of, "<>" if token.text == "!=" else token.text, self._value())

    def _among(self, of: Named) -> Among:
        if not self._sign("("):
            self._wrong("`(`")
        values = [self._value()]
        while self._sign(","):
            values.append(self._value())
        self._closed()
        return Among(of, tuple(values))

    def _value(self) -> Value:
        token = self._taken()
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            if not _NUMBER.fullmatch(token.text):
                raise QueryWrong(f"The number {token.text[:_SHOWN]} has too many digits.")
            return Decimal(token.text)
        raise QueryWrong(f"A value is a number or stands in single quotes, not `{token.text}`.")

    # -- tokens

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _taken(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._place += 1
        return token

    def _is_word(self, word: str) -> bool:
        """Say whether a word of the language comes next, and go past it."""
        is_there = self._next.kind == "name" and self._next.text.upper() == word
        self._place += is_there
        return is_there

    def _word(self, word: str) -> None:
        if not self._is_word(word):
            self._wrong(word)

    def _sign(self, sign: str) -> bool:
        is_there = self._next == ("sign", sign)
        self._place += is_there
        return is_there

    def _closed(self) -> None:
        if not self._sign(")"):
            self._wrong("`)`")

    def _name(self, what: str) -> str:
        """Go past a name. INVARIANT: no word of the language is one, so the first FROM says the table."""
        token = self._next
        if token.kind != "name" or token.text.upper() in _WORDS:
            self._wrong(what)
        self._place += 1
        return token.text

    def _wrong(self, expected: str) -> NoReturn:
        raise QueryWrong(f"The query needs {expected} where it says `{self._next.text[:_SHOWN] or 'nothing more'}`.")


def _check_names(selected: Sequence[Selected]) -> None:
    names: set[str] = set()
    for one in selected:
        if one.name.lower() in names:
            raise QueryWrong(f"Two columns of the export would be called {one.name}. Rename one with AS.")
        names.add(one.name.lower())
