"""Texts of a record that no database keeps are replaced; all others stay as they are."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from store.things import a_record

from remit.store.record import RECORD_COLUMNS, storable, storable_text

_any_text = st.text(st.characters(codec=None) | st.sampled_from("\0\ud800\udfff\U0001f512"))


@given(text=_any_text)
def test_a_text_becomes_storable_and_stays_so(text: str) -> None:
    stored = storable_text(text)

    assert "\0" not in stored
    assert stored.encode().decode() == stored
    assert storable_text(stored) == stored
    assert len(stored) <= len(text)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_text_that_can_be_stored_is_not_changed(text: str) -> None:
    assert storable_text(text) == text


def test_a_record_that_can_be_stored_is_the_same_object() -> None:
    record = a_record()

    assert storable(record) is record


def test_every_text_of_a_record_is_looked_at_and_nothing_else_changes() -> None:
    good = a_record(user="böb \U0001f512")
    texts = [column for column in RECORD_COLUMNS if isinstance(getattr(good, column), str)]
    assert len(texts) == 9

    for column in texts:
        odd = msgspec.structs.replace(good, **{column: "\ud800\0x"})
        assert storable(odd) == msgspec.structs.replace(good, **{column: "\ufffd\ufffdx"})
