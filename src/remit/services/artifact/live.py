"""What the library says of a responsibility, with how it is in the account that asks, where a snapshot shows that.

An answer that cites a row of the shared responsibility model quotes what the account's newest snapshot comes to, with
its time, as a citation of its own. Without a snapshot at hand, answers are as they were.
"""

from datetime import datetime
from pathlib import Path

from remit.directory.artifact.passages import ROWS
from remit.directory.artifact.queries import Query


def with_verdicts(queries: tuple[Query, ...], data: Path | None, account: str, at: datetime) -> tuple[Query, ...]:
    """Return queries with what the account's snapshot comes to. Takes long: only for `Call.slowly`.

    Args:
        data: the folder with snapshots and what is laid down; None for none.
    """
    if data is None or not any(cited_rows(query) for query in queries):
        return queries
    # Checks take a while to load, and most servers are never asked.
    from remit.compliance.snapshots.shelf import SNAPSHOTS, Shelf

    if account not in Shelf(data / SNAPSHOTS).accounts():
        return queries
    from remit.services.artifact.verdicts import quoted

    return quoted(queries, data, account, at)


def cited_rows(query: Query) -> list[str]:
    """Return the ids of the rows of the shared responsibility model that an answer cites, each once."""
    return list(dict.fromkeys(one.link.removeprefix(ROWS) for one in query.citations if one.link.startswith(ROWS)))
