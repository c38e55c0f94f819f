"""What a transaction hands to the database."""

import msgspec
import pytest
from store.test_view import RING
from store.things import ACCOUNT, THINGS, Thing

from remit.store import Transaction
from remit.store.view import View


@pytest.fixture
def tx() -> Transaction:
    return Transaction(View([THINGS]), RING, lambda _: [])


def stored(tx: Transaction) -> list[tuple[str, str, str, object]]:
    return [(d.kind, d.id, d.account, msgspec.json.decode(d.body)) for d in tx.documents()]


def test_a_transaction_stores_the_last_form_of_what_it_changed(tx: Transaction) -> None:
    first, second = Thing("id-1", ACCOUNT, "a"), Thing("id-2", ACCOUNT, "b", ("t",))
    tx.put(THINGS, first)
    tx.put(THINGS, second)
    tx.put(THINGS, msgspec.structs.replace(first, name="c"))

    assert stored(tx) == [
        ("thing", "id-1", ACCOUNT, {"id": "id-1", "account": ACCOUNT, "name": "c", "tags": []}),
        ("thing", "id-2", ACCOUNT, {"id": "id-2", "account": ACCOUNT, "name": "b", "tags": ["t"]}),
    ]
    assert not any(document.is_deletion for document in tx.documents())


def test_what_is_gone_is_stored_as_null(tx: Transaction) -> None:
    thing = Thing("id-1", ACCOUNT, "a")
    tx.put(THINGS, thing)
    tx.delete(THINGS, thing)

    assert stored(tx) == [("thing", "id-1", ACCOUNT, None)]
    assert tx.documents()[0].is_deletion


def test_a_transaction_that_was_taken_back_stores_nothing_and_can_go_on(tx: Transaction) -> None:
    tx.put(THINGS, Thing("id-1", ACCOUNT, "a"))
    tx.forgets_trail = True
    tx.rollback()
    assert (stored(tx), tx.forgets_trail, tx.all(THINGS)) == ([], False, [])

    tx.put(THINGS, Thing("id-2", ACCOUNT, "a"))
    assert [id_ for _, id_, _, _ in stored(tx)] == ["id-2"]


@pytest.mark.parametrize(
    "thing",
    [
        Thing("id-\0", ACCOUNT, "a"),
        Thing("id-1", "\0", "a"),
        Thing("id-\ud800", ACCOUNT, "a"),
        Thing("id-1", ACCOUNT, "\udfff"),
    ],
)
def test_what_no_database_keeps_is_refused(tx: Transaction, thing: Thing) -> None:
    tx.put(THINGS, thing)

    with pytest.raises(ValueError, match=r"not an id|surrogates not allowed"):
        tx.documents()
