"""The view: every entity in memory, with its indexes.

INVARIANT: `Table.replace` is the only way a row changes, so indexes and rows never disagree.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

import msgspec

from remit.store.backend import Document
from remit.store.failures import StoreDamaged
from remit.store.kinds import Entity, Kind

E = TypeVar("E", bound=Entity)
# The name of a kind, an id, and the entity that has it now; None when it is gone.
Row = tuple[str, str, Any]


class NotUnique(Exception):
    """A second entity of a kind would have the key of a unique index. A bug: whoever makes entities looks first."""


class InOrder(Sequence[E]):
    """Entities in the order of their kind, each looked up when it is asked for; good until the next change."""

    __slots__ = ("_keys", "_rows")

    def __init__(self, rows: dict[str, E], keys: Sequence[tuple[str, str]]) -> None:
        self._rows = rows
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> E: ...
    @overload
    def __getitem__(self, place: slice) -> list[E]: ...
    def __getitem__(self, place: int | slice) -> E | list[E]:
        if isinstance(place, slice):
            return [self._rows[id_] for _, id_ in self._keys[place]]
        return self._rows[self._keys[place][1]]

    def __iter__(self) -> Iterator[E]:
        rows = self._rows
        return iter([rows[id_] for _, id_ in self._keys])


class Table(Generic[E]):
    """The entities of one kind."""

    __slots__ = ("_groups", "_ordered", "_unique", "decode", "kind", "rows", "stamp")

    def __init__(self, kind: Kind[E]) -> None:
        self.kind = kind
        self.decode = msgspec.json.Decoder(kind.type).decode
        self.rows: dict[str, E] = {}
        # Another object after each change: whoever keeps what was worked out of the rows asks whether it is the same.
        self.stamp = object()
        self._unique: dict[str, dict[Hashable, str]] = {name: {} for name in kind.unique}
        self._groups: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in kind.groups}
        # Of groups that somebody asked for in order: what they are sorted by, and the id. Kept up from then on.
        self._ordered: dict[str, dict[Hashable, list[tuple[str, str]]]] = {name: {} for name in kind.groups}

    def find(self, index: str, key: Hashable) -> E | None:
        """Return the one entity that the unique *index* has under *key*."""
        found = self._unique[index].get(key)
        return None if found is None else self.rows[found]

    def select(self, index: str, key: Hashable) -> list[E]:
        """Return the entities listed under *key*, in no particular order."""
        rows = self.rows
        return [rows[id_] for id_ in self._groups[index].get(key, ())]

    def in_order(self, index: str, key: Hashable) -> Sequence[E]:
        """Return the entities listed under *key* in the order of their kind: however many there are, at no cost."""
        order = self._order()
        members = self._groups[index].get(key)
        if members is None:
            return InOrder(self.rows, ())
        found = self._ordered[index].get(key)
        if found is None:
            rows = self.rows
            found = self._ordered[index][key] = sorted((order(rows[id_]), id_) for id_ in members)
        return InOrder(self.rows, found)

    def _order(self) -> Callable[[E], str]:
        if self.kind.order is None:
            raise TypeError(f"{self.kind.name}s have no order")
        return self.kind.order

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
        self.stamp = object()
        for name, key_of in self.kind.unique.items():
            old_key = None if old is None else key_of(old)
            new_key = None if new is None else key_of(new)
            if old_key != new_key:
                index = self._unique[name]
                if old_key is not None and index.get(old_key) == id_:
                    del index[old_key]
                if new_key is not None:
                    index[new_key] = id_
        for name, keys_of in self.kind.groups.items():
            before: set[Hashable] = set() if old is None else set(keys_of(old))
            after: set[Hashable] = set() if new is None else set(keys_of(new))
            if self._ordered[name]:
                self._reorder(self._ordered[name], id_, (old, before), (new, after))
            self._regroup(self._groups[name], id_, before, after)
        if new is None:
            self.rows.pop(id_, None)
        else:
            self.rows[id_] = new
        return old

    @staticmethod
    def _regroup(
        groups: dict[Hashable, dict[str, None]], id_: str, before: set[Hashable], after: set[Hashable]
    ) -> None:
        for key in before - after:
            if (members := groups.get(key)) is not None:
                members.pop(id_, None)
                if not members:
                    del groups[key]
        for key in after:
            groups.setdefault(key, {})[id_] = None

    def _reorder(
        self,
        lists: dict[Hashable, list[tuple[str, str]]],
        id_: str,
        was: tuple[E | None, set[Hashable]],
        now: tuple[E | None, set[Hashable]],
    ) -> None:
        """Keep the lists up that somebody asked for: each of the entities comes with the groups it is in."""
        order = self._order()
        (old, before), (new, after) = was, now
        old_place = None if old is None else (order(old), id_)
        new_place = None if new is None else (order(new), id_)
        for key in before | after:
            found = lists.get(key)
            if found is None or (old_place == new_place and key in before and key in after):
                continue
            if old_place is not None and key in before:
                del found[bisect_left(found, old_place)]
            if new_place is not None and key in after:
                insort(found, new_place)
            if not found:
                del lists[key]


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
