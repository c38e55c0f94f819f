"""What a ledger refuses, and what can be wrong with it.

LedgerError            the message is a line for a person
├── BulkMissing        the columnar engine is not installed
├── MonthClosed        a closed month never changes
├── MonthUnbilled      a month without lines, or with usage that its lines do not know
├── NotWritten         there is no room for a file, or it may not be written
├── LedgerDamaged      a file is not the one that was written
├── UsageRefused       a record that cannot be; nothing of its file was kept
└── QueryRefused       SQL of a stranger that is no single SELECT of what it was given
"""


class LedgerError(Exception):
    """What a ledger cannot do. The message is one line: the thing, the value, the next step."""


class BulkMissing(LedgerError):
    """The columnar engine is not installed."""

    def __init__(self) -> None:
        super().__init__("bills and usage need DuckDB; install it with: pip install 'remit[bulk]'")


class MonthClosed(LedgerError):
    """A closed month never changes: what is wrong with it becomes lines of a later one."""


class MonthUnbilled(LedgerError):
    """A month has no lines, or usage came after they were made."""


class NotWritten(LedgerError):
    """A file could not be written: there is no room for it, or it may not be."""


class LedgerDamaged(LedgerError):
    """A file of the ledger is not what was written."""


class UsageRefused(LedgerError):
    """A record of usage that cannot be. Nothing of its file was kept."""


class QueryRefused(LedgerError):
    """A query is something else than one SELECT, or asks for something else than it was given."""
