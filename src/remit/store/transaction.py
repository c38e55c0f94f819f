"""A transaction: the changes of one request, whole or not at all.

Changes show in the view at once, so that the handler reads its own writes, and are taken back in reverse if it fails.
"""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import msgspec

from remit.store.backend import Document
from remit.store.kinds import Entity, Kind
from remit.store.record import Record, RecordQuery
from remit.store.sealing import Keyring
from remit.store.view import Table, View

E = TypeVar("E", bound=Entity)
_encode = msgspec.json.Encoder().encode


def _no_blob(id_: str) -> bytes | None:
    """Find nothing: for a view without a store."""
    del id_
    return None


class Transaction:
    """What a handler reads and changes.

    Attributes:
        changes: (name of the kind, id) -> the new entity, or None where one was deleted; in order of the first change.
        keyring: seals and opens secrets.
        records: of the trail, beside that of the request itself: what a service notes on its own account.
        forgets_trail: set to remove every record of the trail and every blob with this transaction.
        blobs: SHA-256 in hex -> the bytes that are kept under it with this transaction.
        blob: returns the bytes that are kept under a SHA-256, None where there are none. It takes long, like `look_up`.
        look_up: looks up records of the trail that are on disk, newest first. It takes long: only for `Call.slowly`.
    """

    __slots__ = ("_undo", "_view", "blob", "blobs", "changes", "forgets_trail", "keyring", "look_up", "records")

    def __init__(
        self,
        view: View,
        keyring: Keyring,
        look_up: Callable[[RecordQuery], list[Record]],
        blob: Callable[[str], bytes | None] = _no_blob,
    ) -> None:
        self._view = view
        self._undo: list[tuple[Table[Any], str, Any]] = []
        self.changes: dict[tuple[str, str], tuple[str, Any]] = {}
        self.keyring = keyring
        self.look_up = look_up
        self.blob = blob
        self.blobs: dict[str, bytes] = {}
        self.records: list[Record] = []
        self.forgets_trail = False

    def get(self, kind: Kind[E], id_: str) -> E | None:
        """Return the entity with this unique id, or None."""
        return self._view.tables[kind].rows.get(id_)

    def find(self, kind: Kind[E], index: str, key: Hashable) -> E | None:
        """Return the entity that the kind's unique *index* has under *key*, or None."""
        return self._view.tables[kind].find(index, key)

    def select(self, kind: Kind[E], index: str, key: Hashable) -> list[E]:
        """Return the entities that the kind's group *index* has under *key*, in no particular order."""
        return self._view.tables[kind].select(index, key)

    def in_order(self, kind: Kind[E], index: str, key: Hashable) -> Sequence[E]:
        """Return what `select` would, in the order of the kind, each entity looked up when it is asked for.

        Takes no longer for many than for few. Good until the next change.
        """
        return self._view.tables[kind].in_order(index, key)

    def count(self, kind: Kind[E], index: str, key: Hashable) -> int:
        """Say how many entities `select` would return."""
        return self._view.tables[kind].count(index, key)

    def all(self, kind: Kind[E]) -> list[E]:
        """Return every entity of the kind, of every account, in no particular order."""
        return list(self._view.tables[kind].rows.values())

    def stamp(self, kind: Kind[Any]) -> object:
        """Return an object that is another one after each change of an entity of the kind."""
        return self._view.tables[kind].stamp

    def put(self, kind: Kind[E], entity: E) -> None:
        """Add *entity*, or put it in the place of the one that has its id.

        Raises:
            NotUnique: another entity has its key in a unique index; nothing was changed.
        """
        table = self._view.tables[kind]
        table.check(entity.id, entity)
        self._replace(table, entity.id, entity.account, entity)

    def delete(self, kind: Kind[E], entity: E) -> None:
        """Remove *entity*."""
        self._replace(self._view.tables[kind], entity.id, entity.account, None)

    def put_blob(self, body: bytes) -> str:
        """Keep *body*, which is too large to be in an entity; return its SHA-256 in hex, which the entity has instead.

        INVARIANT: only a transaction that changes an entity, too, keeps bytes.
        """
        id_ = hashlib.sha256(body).hexdigest()
        self.blobs[id_] = body
        return id_

    def _replace(self, table: Table[Any], id_: str, account: str, new: Any) -> None:
        self._undo.append((table, id_, table.replace(id_, new)))
        self.changes[table.kind.name, id_] = (account, new)

    def documents(self) -> list[Document]:
        """Return what changed, as the store keeps it.

        Raises:
            ValueError: an entity cannot be stored. A bug, and only of the work that made it.
        """
        documents: list[Document] = []
        for (kind, id_), (account, entity) in self.changes.items():
            if "\0" in id_ or "\0" in account:
                raise ValueError(f"not an id: `{id_}` of `{account}`")
            (id_ + account).encode()
            documents.append(Document(kind, id_, account, msgspec.Raw(_encode(entity))))
        return documents

    def rollback(self) -> None:
        """Take every change back. The view is as it was before the transaction, if later ones were taken back first."""
        while self._undo:
            table, id_, old = self._undo.pop()
            table.replace(id_, old)
        self.changes = {}
        self.records = []
        self.blobs = {}
        self.forgets_trail = False
