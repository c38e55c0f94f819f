"""Full-text search over passages that are at hand, in memory: SQLite's FTS5.

The same passages and the same question give the same hits, on every machine and in every process.
Any text may be asked: it is taken apart into words here, so nothing of it is read as a search expression.

Source: SQLite documentation, "FTS5 Extension": the porter tokenizer, bm25(), fts5vocab.
"""

import re
import sqlite3
import threading
import weakref
from collections.abc import Iterable
from functools import lru_cache

import msgspec

# A question of thousands of words costs as much as one of these.
_QUESTION_CHARACTERS = 8_192
QUESTION_WORDS = 32
_WORD_CHARACTERS = 64
# A word in the heading of a passage weighs as much as so many in its text.
_HEADING_WEIGHT = 2.0
_TOKENIZER = "porter unicode61 remove_diacritics 2"
_WORD = re.compile(r"[^\W_]+")
# Words that say how something is asked and not what.
STOP_WORDS = frozenset(
    """
    a about all also am an and any are as at be been being but by can carried carry could currently describe did do
    does each etc ever exist exists explain fast for from give happen happens has have having how i if in indicate
    into is it its kindly list long many may me might much must my no nor not of often on or our ours perform
    performed performs please provide quickly say says shall she should so some soon such take taken takes tell than
    that the their them then there these they this those to us was we were what when where whether which while who
    whom whose why will with within would yes you your yours
    """.split()  # noqa: SIM905  a list of a hundred strings is not read
)


class Passage(msgspec.Struct, frozen=True):
    """A piece of text that can be found, and the heading under which it stands."""

    id: str
    heading: str
    text: str


class Hit(msgspec.Struct, frozen=True):
    """A passage that has words of the question; a lower *rank* is a better one (bm25)."""

    passage: Passage
    rank: float


class FullText:
    """Passages in an index of their own; any thread may ask.

    INVARIANT: the connection is used under the lock, and closed with the last reference to the index.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._connection.close)
        # `scratch` holds no row but while its words are looked at: what the tokenizer makes of a text.
        for table, columns in (("passages", "id UNINDEXED, heading, text"), ("scratch", "text")):
            self._connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='{_TOKENIZER}')")
            self._connection.execute(f"CREATE VIRTUAL TABLE {table}_words USING fts5vocab({table}, 'row')")
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO passages (id, heading, text) VALUES (?, ?, ?)",
            ((one.id, _readable(one.heading), _readable(one.text)) for one in self._passages.values()),
        )
        self._connection.execute("COMMIT")
        self._stems = lru_cache(20_000)(self._stems_of)
        self._frequency = lru_cache(20_000)(self._frequency_of)

    def __len__(self) -> int:
        return len(self._passages)

    def search(self, question: str, limit: int) -> list[Hit]:
        """Find the passages with words of *question*, at most *limit*: the best first, of equal ones the lower id."""
        asked = words(question)
        if not asked:
            return []
        expression = " OR ".join(f'"{word}"' for word in asked)
        with self._lock:
            rows: list[tuple[str, float]] = self._connection.execute(
                "SELECT id, bm25(passages, 0, ?, 1) AS rank FROM passages WHERE passages MATCH ?"
                " ORDER BY rank, id LIMIT ?",
                (_HEADING_WEIGHT, expression, limit),
            ).fetchall()
        return [Hit(self._passages[id_], rank) for id_, rank in rows]

    def stems(self, text: str) -> frozenset[str]:
        """Return what the index makes of the words of *text*: `encrypted` and `encrypts` are one stem."""
        return self._stems(text)

    def frequency(self, stem: str) -> int:
        """Return in how many passages a stem stands."""
        return self._frequency(stem)

    def _stems_of(self, text: str) -> frozenset[str]:
        kept = " ".join(word for word in _WORD.findall(_readable(text).lower()) if word not in STOP_WORDS)
        with self._lock:
            self._connection.execute("INSERT INTO scratch (text) VALUES (?)", (kept,))
            rows: list[tuple[str]] = self._connection.execute("SELECT term FROM scratch_words").fetchall()
            self._connection.execute("DELETE FROM scratch")
        return frozenset(term for (term,) in rows)

    def _frequency_of(self, stem: str) -> int:
        with self._lock:
            row: tuple[int] | None = self._connection.execute(
                "SELECT doc FROM passages_words WHERE term = ?", (stem,)
            ).fetchone()
        return row[0] if row else 0


def words(question: str, most: int = QUESTION_WORDS) -> list[str]:
    """Return the words of *question* that say what is asked, each once, in their order; the first *most* of them."""
    found = (word.lower()[:_WORD_CHARACTERS] for word in _WORD.findall(_readable(question[:_QUESTION_CHARACTERS])))
    return list(dict.fromkeys(word for word in found if word not in STOP_WORDS))[:most]


def _readable(text: str) -> str:
    """Leave out what SQLite cannot take: NUL, and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
