"""The view against a model of plain dictionaries: rows and indexes agree, and every change can be taken back."""

from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from remit.store import Keyring, Kind, NotUnique, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import Table, View


class Item(msgspec.Struct, frozen=True):
    """An entity with two unique indexes, one of which leaves some out, and groups that overlap."""

    id: str
    account: str
    name: str
    serial: int | None = None
    tags: tuple[str, ...] = ()


ITEMS = Kind(
    "item",
    Item,
    unique={"name": lambda item: (item.account, item.name.lower()), "serial": lambda item: item.serial},
    groups={"account": lambda item: (item.account,), "tag": lambda item: item.tags},
    order=lambda item: item.name.lower(),
)
RING = Keyring(b"m" * 32, [new_data_key(b"m" * 32)])

_items = st.builds(
    Item,
    id=st.sampled_from(["i1", "i2", "i3", "i4", "i5"]),
    account=st.sampled_from(["a", "b"]),
    name=st.sampled_from(["x", "X", "y", "z"]),
    serial=st.none() | st.integers(1, 3),
    tags=st.lists(st.sampled_from(["red", "green", "red"]), max_size=3).map(tuple),
)


def collides(rows: dict[str, Item], new: Item) -> bool:
    others = [row for row in rows.values() if row.id != new.id]
    same_name = any((row.account, row.name.lower()) == (new.account, new.name.lower()) for row in others)
    return same_name or (new.serial is not None and any(row.serial == new.serial for row in others))


class ViewAgainstModel(RuleBasedStateMachine):
    """Transactions lie on one another as in the database's queue: the newest is undone first, the oldest commits."""

    @initialize()
    def begin_with_nothing(self) -> None:
        self.view = View([ITEMS])
        self.rows: dict[str, Item] = {}
        # Each with the rows as they were before it.
        self.pending: list[tuple[Transaction, dict[str, Item]]] = []

    @rule()
    def begin(self) -> None:
        self.pending.append((Transaction(self.view, RING, lambda _: []), dict(self.rows)))

    @precondition(lambda self: self.pending)
    @rule(item=_items)
    def put(self, item: Item) -> None:
        transaction = self.pending[-1][0]
        if collides(self.rows, item):
            before = dict(transaction.changes)
            with pytest.raises(NotUnique):
                transaction.put(ITEMS, item)
            assert transaction.changes == before
        else:
            transaction.put(ITEMS, item)
            self.rows[item.id] = item
            assert transaction.changes["item", item.id] == (item.account, item)

    @precondition(lambda self: self.pending and self.rows)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        item = self.rows.pop(data.draw(st.sampled_from(sorted(self.rows))))
        transaction = self.pending[-1][0]
        transaction.delete(ITEMS, item)
        assert transaction.changes["item", item.id] == (item.account, None)

    @precondition(lambda self: self.pending)
    @rule()
    def take_the_newest_back(self) -> None:
        transaction, self.rows = self.pending.pop()
        transaction.rollback()
        assert transaction.changes == {}

    @precondition(lambda self: self.pending)
    @rule()
    def take_all_back(self) -> None:
        while self.pending:
            self.take_the_newest_back()

    @precondition(lambda self: self.pending)
    @rule()
    def commit_the_oldest(self) -> None:
        self.pending.pop(0)

    @precondition(lambda self: not self.pending)
    @rule(items=st.lists(_items, max_size=5))
    def take_in_what_others_did(self, items: list[Item]) -> None:
        """Changes of others come merged, so that keys may move from one entity to another in any order."""
        after = dict(self.rows)
        for item in items:
            if collides(after, item):
                after.pop(item.id, None)
            else:
                after[item.id] = item
        changed = sorted({item.id for item in items})
        self.view.take_in(("item", id_, after.get(id_)) for id_ in changed)
        self.rows = after

    @invariant()
    def rows_and_indexes_are_those_of_the_model(self) -> None:
        transaction = Transaction(self.view, RING, lambda _: [])
        rows = list(self.rows.values())
        assert sorted(transaction.all(ITEMS), key=id_of) == sorted(rows, key=id_of)
        for id_ in ("i1", "i2", "i3", "i4", "i5", "i6"):
            assert transaction.get(ITEMS, id_) == self.rows.get(id_)
        for account in ("a", "b", "c"):
            assert members(transaction, "account", account) == [row.id for row in rows_of(rows, account)]
            for name in ("x", "y", "z", "none"):
                found = [row for row in rows if (row.account, row.name.lower()) == (account, name)]
                assert transaction.find(ITEMS, "name", (account, name)) == (found[0] if found else None)
        for serial in (1, 2, 3, 4, None):
            numbered = [row for row in rows if serial is not None and row.serial == serial]
            assert transaction.find(ITEMS, "serial", serial) == (numbered[0] if numbered else None)
        for tag in ("red", "green", "blue"):
            assert members(transaction, "tag", tag) == sorted(row.id for row in rows if tag in row.tags)

    @invariant()
    def nothing_is_left_of_what_is_gone(self) -> None:
        table = self.view.tables[ITEMS]
        assert len(table._unique["name"]) == len(self.rows)
        assert len(table._unique["serial"]) == sum(row.serial is not None for row in self.rows.values())
        assert all(table._groups["tag"].values())
        assert all(table._groups["account"].values())
        for index, lists in table._ordered.items():
            assert set(lists) <= set(table._groups[index])


def id_of(item: Item) -> str:
    return item.id


def rows_of(rows: list[Item], account: str) -> list[Item]:
    return sorted((row for row in rows if row.account == account), key=id_of)


def members(transaction: Transaction, index: str, key: str) -> list[str]:
    found = transaction.select(ITEMS, index, key)
    assert transaction.count(ITEMS, index, key) == len(found)
    in_order = transaction.in_order(ITEMS, index, key)
    assert list(in_order) == sorted(found, key=lambda item: (item.name.lower(), item.id))
    assert [in_order[place] for place in range(len(in_order))] == in_order[:] == list(in_order)
    return sorted(item.id for item in found)


ViewAgainstModel.TestCase.settings = settings(stateful_step_count=40)
TestViewAgainstModel = ViewAgainstModel.TestCase


def test_a_group_lists_an_entity_once_however_often_it_has_the_key() -> None:
    table = Table(ITEMS)

    table.replace("i1", Item("i1", "a", "x", tags=("red", "red")))

    assert len(table.select("tag", "red")) == table.count("tag", "red") == 1


def test_names_can_be_exchanged_with_a_third_name() -> None:
    view = View([ITEMS])
    transaction = Transaction(view, RING, lambda _: [])
    first, second = Item("i1", "a", "x"), Item("i2", "a", "y")
    transaction.put(ITEMS, first)
    transaction.put(ITEMS, second)

    transaction.put(ITEMS, msgspec.structs.replace(first, name="z"))
    transaction.put(ITEMS, msgspec.structs.replace(second, name="x"))
    transaction.put(ITEMS, msgspec.structs.replace(first, name="y"))

    found = [transaction.find(ITEMS, "name", ("a", name)) for name in "xyz"]
    assert [item.id if item else None for item in found] == ["i2", "i1", None]
