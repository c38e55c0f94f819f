"""Records as JSON Lines, plain or gzip.

Every line is read twice: here against the form, so that a slip is told with its line, and by the engine.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from remit.billing.ledger.columnar import first_line, name, quoted
from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.packed import blocks_of
from remit.billing.ledger.readers.record import UsageRecord
from remit.billing.ledger.usage_checks import USAGE_COLUMNS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class JsonLinesSource:
    """A file of records."""

    row = "line"

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Read every line against the form; return the SELECT of the file."""
        del connection, work
        decoder = msgspec.json.Decoder(UsageRecord)
        number = 1
        for block in whole_lines(self._path):
            lines = block.count(b"\n") + (not block.endswith(b"\n"))
            try:
                is_whole = len(decoder.decode_lines(block)) == lines
            except (msgspec.DecodeError, UnicodeDecodeError):
                is_whole = False
            if not is_whole:
                self._refuse(decoder, block, number)
            number += lines
        form = {**dict.fromkeys(USAGE_COLUMNS, "VARCHAR"), "tags": USAGE_COLUMNS["tags"]}
        columns = ", ".join(f"{name(column)}: {quoted(kind)}" for column, kind in form.items())
        pack = "gzip" if self._path.suffix.lower() == ".gz" else "uncompressed"
        return (
            "SELECT row_number() OVER () AS row, *, NULL::VARCHAR AS problem"
            f" FROM read_json({quoted(self._path)}, format = 'newline_delimited', compression = '{pack}',"
            f" columns = {{{columns}}})"
        )

    def explained(self, error: Exception) -> str:
        """Say what the engine found."""
        return f"{self.name}: {first_line(error)}"

    def _refuse(self, decoder: "msgspec.json.Decoder[UsageRecord]", block: bytes, number: int) -> NoReturn:
        """Say which line of a block is bad."""
        for line, text in enumerate(block.splitlines(), number):
            if not text.strip():
                raise UsageRefused(f"{self.name}, line {line} is empty: remove it")
            try:
                decoder.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UsageRefused(
                    f"{self.name}, line {line}: {_said(str(error))}; `remit schema usage` shows the form"
                ) from None
        raise UsageRefused(f"{self.name}: lines {number} and following are no JSON Lines")


def whole_lines(path: Path) -> Iterator[bytes]:
    """Yield a file in blocks that end where a line does; the last one as it is."""
    rest = b""
    for block in blocks_of(path):
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
    if rest:
        yield rest


def _said(error: str) -> str:
    """Put what the decoder says into our words where it matters."""
    if "Expected `str`, got `float`" in error or "Expected `str`, got `int`" in error:
        return f"{error[0].lower()}{error[1:]}: write numbers in quotes"
    if "truncated" in error:
        return "the line ends in the middle: the file may have been cut"
    return f"{error[0].lower()}{error[1:]}"
