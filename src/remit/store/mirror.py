"""The store as this process knows it: every entity, the version they are of, the keys; and how it learns what changed.

Learning has two halves. `learn` reads the database, in whatever thread may wait for it; what it returns changes the
view, and is called in the event loop's thread, to which the view belongs.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec

from remit.store.backend import Backend, Change
from remit.store.failures import StoreDamaged
from remit.store.kinds import Kind
from remit.store.sealing import DataKey, Keyring, new_data_key
from remit.store.view import Row, View

_keys_decoder = msgspec.json.Decoder(list[DataKey])
# The version of a view that cannot be trusted: everything is loaded anew before it answers again.
_UNKNOWN = -1
_DATA_KEYS = "data_keys"

TakeIn = Callable[[], None]


class _Picture(msgspec.Struct):
    """A whole state of the store."""

    version: int
    view: View
    keys: str
    keyring: Keyring


class Mirror:
    """What this process knows of the store.

    Attributes:
        version: of the store, without changes that are not durable yet.
        keyring: seals and opens secrets.

    INVARIANT: the view equals version `version` of the store plus the changes that wait for a commit, in their order.
    """

    def __init__(self, backend: Backend, kinds: Iterable[Kind[Any]]) -> None:
        self.version = _UNKNOWN
        self.view = View(())
        self.keyring: Keyring
        self._backend = backend
        self._kinds = tuple(kinds)
        self._master = b""
        self._keys: str | None = None

    def open(self, master: bytes) -> None:
        """Take everything into memory; make the store's data key if it has none.

        Raises:
            StoreError: with a line for a person.
        """
        self._master = master
        if self._backend.metadata(_DATA_KEYS) is None:
            self._backend.put_metadata(_DATA_KEYS, msgspec.json.encode([new_data_key(master)]).decode())
        self._put(self._load(locked=False))

    def learn(self, head: int, *, locked: bool) -> TakeIn:
        """Read what changed until version *head*; return what takes it in.

        Args:
            locked: read from within the writing transaction.

        Raises:
            StoreError: it cannot be read.
        """
        version = self.version
        changes = self._backend.changes_since(version, locked=locked)
        if _leads(version, changes, head):
            read = self.view.read
            return partial(self._follow, [(change.version, [*map(read, change.documents)]) for change in changes])
        return partial(self._put, self._load(locked=locked))

    def _follow(self, changes: list[tuple[int, list[Row]]]) -> None:
        version = self.version
        self.version = _UNKNOWN  # if it ends in the middle, which is a bug, everything is loaded anew
        for number, rows in changes:
            if number > version:  # our own commit may have been faster
                self.view.take_in(rows)
                version = number
        self.version = version

    def _load(self, *, locked: bool) -> _Picture:
        view = View(self._kinds)
        rows: list[Row] = []
        version, metadata = self._backend.load(lambda document: rows.append(view.read(document)), locked=locked)
        view.take_in(rows)
        keys = metadata.get(_DATA_KEYS, "[]")
        keyring = self.keyring if keys == self._keys else _keyring(self._master, keys)
        return _Picture(version, view, keys, keyring)

    def _put(self, picture: _Picture) -> None:
        if picture.version > self.version:
            self.version, self.view = picture.version, picture.view
            self._keys, self.keyring = picture.keys, picture.keyring


def _leads(version: int, changes: list[Change], head: int) -> bool:
    """Say whether the log goes without a gap from *version* to *head*, or beyond."""
    return (
        bool(changes)
        and changes[0].version == version + 1
        and len(changes) == changes[-1].version - version >= head - version
    )


def _keyring(master: bytes, keys: str) -> Keyring:
    try:
        return Keyring(master, _keys_decoder.decode(keys))
    except msgspec.DecodeError:
        raise StoreDamaged("the store's data keys cannot be read; restore a backup with `remit restore`") from None
