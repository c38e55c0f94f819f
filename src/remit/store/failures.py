"""What can go wrong with a store.

StoreError
├── StoreUnusable          it cannot be opened as asked: folder, permissions, key, address
├── StoreTooNew            a later Remit wrote it
├── StoreDamaged           what it holds cannot be read
└── CommitFailed           the database refused or does not answer; nothing was changed
    └── CommitUnknown      it was lost while it committed: the change is there whole or not at all
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
    """The database refused: disk full, I/O error, connection lost. Nothing was changed."""


class CommitUnknown(CommitFailed):
    """The database was lost before it said what became of a commit. The change is there whole or not at all."""
