"""Access keys: two for each owner, a secret that is shown once and sealed for its id."""

from datetime import timedelta

import msgspec
import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_user

from remit.directory import ACCESS_KEYS, KINDS
from remit.directory.access_keys import AccessKey, access_key, access_keys, create_access_key, secret_of
from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, QuotaExceeded
from remit.ids import AccessKeyId, Secret, account_of_access_key
from remit.store import Keyring, SealBroken, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View


def test_a_key_says_whose_account_it_is_and_keeps_its_secret_sealed(tx: Transaction) -> None:
    ana = a_user(tx)

    key, secret = create_access_key(tx, OWN, ana.id, at=AT)

    assert key == AccessKey(
        id=key.id, account=OWN, owner=ana.id, sealed_secret=key.sealed_secret, created_at=AT, active=True
    )
    assert account_of_access_key(key.id) == OWN
    assert len(secret.reveal()) == 40
    assert secret_of(tx.keyring, key) == secret
    assert secret.reveal().encode() not in msgspec.json.encode(key)
    assert secret.reveal() not in f"{key!r} {secret!r}"
    assert not key.is_root


def test_the_root_users_key_is_owned_by_the_account(tx: Transaction) -> None:
    key, _ = create_access_key(tx, OWN, OWN, at=AT)

    assert key.is_root
    assert access_keys(tx, OWN) == [key]


def test_an_owner_has_two_keys_and_no_more_active_or_not(tx: Transaction) -> None:
    ana = a_user(tx)
    first, _ = create_access_key(tx, OWN, ana.id, at=AT)
    create_access_key(tx, OWN, ana.id, at=AT)
    tx.put(ACCESS_KEYS, msgspec.structs.replace(first, active=False))

    with pytest.raises(QuotaExceeded) as fact:
        create_access_key(tx, OWN, ana.id, at=AT)

    assert (fact.value.quota, fact.value.limit) == (Quota.ACCESS_KEYS, 2)
    create_access_key(tx, OWN, OWN, at=AT)
    tx.delete(ACCESS_KEYS, first)
    create_access_key(tx, OWN, ana.id, at=AT)
    assert len(access_keys(tx, ana.id)) == 2


def test_keys_are_listed_oldest_first_in_whatever_order_they_were_loaded(tx: Transaction) -> None:
    ana = a_user(tx)
    newer, _ = create_access_key(tx, OWN, ana.id, at=AT + timedelta(seconds=1))
    older, _ = create_access_key(tx, OWN, ana.id, at=AT)

    assert access_keys(tx, ana.id) == [older, newer]


def test_a_key_is_found_for_its_owner_only(tx: Transaction) -> None:
    ana, bob = a_user(tx, "ana"), a_user(tx, "bob")
    key, _ = create_access_key(tx, OWN, ana.id, at=AT)

    assert access_key(tx, ana.id, key.id) == key
    for owner, id_ in ((bob.id, key.id), (OWN, key.id), (ana.id, key.id.lower()), (ana.id, "AKIA")):
        with pytest.raises(NotFound) as fact:
            access_key(tx, owner, id_)
        assert (fact.value.noun, fact.value.name) == (Noun.ACCESS_KEY, id_)


def test_a_secret_opens_for_its_own_key_only(tx: Transaction) -> None:
    key, _ = create_access_key(tx, OWN, a_user(tx).id, at=AT)
    other, _ = create_access_key(tx, OWN, OWN, at=AT)

    with pytest.raises(SealBroken):
        secret_of(tx.keyring, msgspec.structs.replace(other, sealed_secret=key.sealed_secret))
    with pytest.raises(SealBroken):
        secret_of(Keyring(b"m" * 32, [new_data_key(b"m" * 32)]), key)


def test_a_key_may_be_given_once(tx: Transaction) -> None:
    given = (AccessKeyId("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
    key, secret = create_access_key(tx, OWN, OWN, at=AT, given=given)

    assert (key.id, secret) == given
    assert secret_of(tx.keyring, key) == given[1]
    with pytest.raises(AlreadyExists) as fact:
        create_access_key(tx, OTHER, OTHER, at=AT, given=given)
    assert (fact.value.noun, fact.value.name) == (Noun.ACCESS_KEY, "AKIAIOSFODNN7EXAMPLE")
    assert access_keys(tx, OWN) == [key]


def test_an_id_that_is_taken_is_not_given_again(tx: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter(["AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"])
    monkeypatch.setattr("remit.directory.access_keys.new_access_key_id", lambda _: next(ids))
    first, _ = create_access_key(tx, OWN, OWN, at=AT)

    second, _ = create_access_key(tx, OWN, a_user(tx).id, at=AT)

    assert (first.id, second.id) == ("AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE")
    assert tx.get(ACCESS_KEYS, first.id) == first


def test_what_is_stored_of_a_key_opens_again(tx: Transaction) -> None:
    key, secret = create_access_key(tx, OWN, OWN, at=AT)

    view = View(KINDS)
    view.take_in(view.read(document) for document in tx.documents())
    stored = Transaction(view, tx.keyring, lambda _: []).get(ACCESS_KEYS, key.id)

    assert stored == key
    assert stored is not None
    assert secret_of(tx.keyring, stored) == secret
