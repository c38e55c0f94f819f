"""The view: every entity in memory, with its indexes.

INVARIANT: `Table.replace` is the only way a row changes, so indexes and rows never disagree.
"""

from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from remit.store.backend import Document
from remit.store.failures import StoreDamaged
from remit.store.kinds import Entity, Kind

E = TypeVar("E", bound=Entity)
# The name of a kind, an id, and the entity that has it now; None when it is gone.
Row = tuple[str, str, Any]


class NotUnique(Exception):
    """A second entity of a kind would have the key of a unique index. A bug: whoever makes entities looks first."""


class Table(Generic[E]):
    """The entities of one kind."""

    __slots__ = ("_groups", "_unique", "decode", "kind", "rows")

    def __init__(self, kind: Kind[E]) -> None:
        self.kind = kind
        self.decode = msgspec.json.Decoder(kind.type).decode
        self.rows: dict[str, E] = {}
        self._unique: dict[str, dict[Hashable, str]] = {name: {} for name in kind.unique}
        self._groups: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in kind.groups}

    def find(self, index: str, key: Hashable) -> E | None:
        """Return the one entity that the unique *index* has under *key*."""
        found = self._unique[index].get(key)
        return None if found is None else self.rows[found]

    def select(self, index: str, key: Hashable) -> list[E]:
        """Return the entities listed under *key*, in no particular order."""
        rows = self.rows
        return [rows[id_] for id_ in self._groups[index].get(key, ())]

    def count(self, index: str, key: Hashable) -> int:
        """Say how many entities are listed under *key*."""
        return len(self._groups[index].get(key, ()))

    def check(self, id_: str, new: E) -> None:
        """Look whether *new* can be put in the place of the entity *id_*.

        Raises:
            NotUnique: another entity has its key.
        """
        for name, key_of in self.kind.unique.items():
            key = key_of(new)
            if key is not None and self._unique[name].get(key, id_) != id_:
                raise NotUnique(f"two {self.kind.name}s have the {name} `{key}`")

    def replace(self, id_: str, new: E | None) -> E | None:
        """Put *new* in the place of the entity *id_*, or remove it when *new* is None; return what was there."""
        old = self.rows.get(id_)
        for name, key_of in self.kind.unique.items():
            before = None if old is None else key_of(old)
            after = None if new is None else key_of(new)
            if before != after:
                index = self._unique[name]
                if before is not None and index.get(before) == id_:
                    del index[before]
                if after is not None:
                    index[after] = id_
        for name, keys_of in self.kind.groups.items():
            self._regroup(
                self._groups[name],
                id_,
                () if old is None else keys_of(old),
                () if new is None else keys_of(new),
            )
        if new is None:
            self.rows.pop(id_, None)
        else:
            self.rows[id_] = new
        return old

    @staticmethod
    def _regroup(
        groups: dict[Hashable, dict[str, None]], id_: str, before: Iterable[Hashable], after: Iterable[Hashable]
    ) -> None:
        kept = set(after)
        for key in before:
            if key not in kept and (members := groups.get(key)) is not None:
                members.pop(id_, None)
                if not members:
                    del groups[key]
        for key in kept:
            groups.setdefault(key, {})[id_] = None


class View:
    """All tables. Belongs to one thread, the event loop's."""

    __slots__ = ("by_name", "tables")

    def __init__(self, kinds: Iterable[Kind[Any]]) -> None:
        self.tables: dict[Kind[Any], Table[Any]] = {kind: Table(kind) for kind in kinds}
        self.by_name: dict[str, Table[Any]] = {kind.name: table for kind, table in self.tables.items()}

    def read(self, document: Document) -> Row:
        """Make the entity of a document, without taking it in.

        Raises:
            StoreDamaged: it cannot be read.
        """
        try:
            decode = self.by_name[document.kind].decode
            return document.kind, document.id, None if document.is_deletion else decode(document.body)
        except (msgspec.DecodeError, KeyError) as error:
            raise StoreDamaged(
                f"the store's document {document.kind} {document.id} cannot be read ({error}); "
                "restore a backup with `remit restore`"
            ) from None

    def take_in(self, rows: Iterable[Row]) -> None:
        """Put entities where they belong."""
        for kind, id_, entity in rows:
            self.by_name[kind].replace(id_, entity)
