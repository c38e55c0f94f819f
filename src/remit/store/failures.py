"""What can go wrong with a store.

StoreError
├── StoreUnusable     it cannot be opened as asked: folder, permissions, key, address
├── StoreTooNew       a later Remit wrote it
├── StoreDamaged      what it holds cannot be read
└── CommitFailed      a change could not be made durable; nothing was changed
"""


class StoreError(Exception):
    """Something is wrong with the store. The message is one line, for a person."""


class StoreUnusable(StoreError):
    """The store cannot be opened as asked."""


class StoreTooNew(StoreError):
    """A later version of Remit wrote the store."""


class StoreDamaged(StoreError):
    """The store holds something that cannot be read."""


class CommitFailed(StoreError):
    """The database refused a change: disk full, I/O error, connection lost."""
