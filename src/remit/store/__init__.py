"""The store: entities in memory, durable in SQLite or PostgreSQL, and the trail beside them.

`Database` is the way in: it runs works on a `Transaction` and answers when their changes are on disk. What the store
keeps is declared by `Kind`s; it knows nothing of users and roles.
"""

from remit.store.backend import Backend
from remit.store.backup import restore
from remit.store.database import Database
from remit.store.failures import CommitFailed, CommitUnknown, StoreDamaged, StoreError, StoreTooNew, StoreUnusable
from remit.store.kinds import Entity, Kind
from remit.store.opening import open_backend
from remit.store.record import Record, RecordQuery
from remit.store.sealing import Keyring, SealBroken, master_key, printed, unprinted
from remit.store.transaction import Transaction
from remit.store.view import NotUnique
from remit.store.waiting import Answer, Work

__all__ = [
    "Answer",
    "Backend",
    "CommitFailed",
    "CommitUnknown",
    "Database",
    "Entity",
    "Keyring",
    "Kind",
    "NotUnique",
    "Record",
    "RecordQuery",
    "SealBroken",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StoreUnusable",
    "Transaction",
    "Work",
    "master_key",
    "open_backend",
    "printed",
    "restore",
    "unprinted",
]
