"""Full-text search: the same answer to the same question, and no text that cannot be asked."""

import gc
import threading
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.store.full_text import STOP_WORDS, FullText, Hit, Passage, words

LIBRARY = [
    Passage("c", "SOC 2", "Backups of the database are encrypted and restored once a quarter."),
    Passage("a", "SOC 2", "Doors of the data centre are watched by guards."),
    Passage("b", "Encryption", "Keys are rotated every year."),
    Passage("d", "Café", "The naïve façade of the building was rebuilt in Zürich."),
]
INDEX = FullText(LIBRARY)


def found(question: str, limit: int = 10) -> list[str]:
    return [hit.passage.id for hit in INDEX.search(question, limit)]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("Who guards the doors?", ["a"]),
        ("guarding a door", ["a"]),
        ("What is encrypted?", ["b", "c"]),  # a heading weighs more
        ("cafe", ["d"]),
        ("ZURICH", ["d"]),
        ("quantum", []),
        ("", []),
        ("what is the", []),
        ("?!", []),
        ("\0\n\t", []),
    ],
)
def test_words_are_found_in_whatever_form(question: str, ids: list[str]) -> None:
    assert found(question) == ids


@pytest.mark.parametrize(
    "question",
    [
        'doors"',
        'doors" OR "',
        "doors AND",
        "NEAR(doors guards)",
        "text:doors",
        "doors*",
        "-doors",
        "^doors",
        "(doors",
        "doors'; --",
    ],
)
def test_nothing_of_a_question_is_a_search_expression(question: str) -> None:
    assert found(question) == ["a"]


@given(st.text(st.characters(), max_size=300))
def test_any_text_can_be_asked(question: str) -> None:
    assert all(isinstance(hit, Hit) for hit in INDEX.search(question, 3))
    assert isinstance(INDEX.stems(question), frozenset)


def test_equal_passages_come_in_the_order_of_their_ids() -> None:
    index = FullText(Passage(id_, "", "guards watch doors") for id_ in ["z", "m", "a", "q"])

    assert [hit.passage.id for hit in index.search("doors", 3)] == ["a", "m", "q"]


def test_the_order_in_which_passages_came_changes_nothing() -> None:
    turned = FullText(reversed(LIBRARY))

    for question in ("encrypted keys", "doors of the building", "data"):
        assert turned.search(question, 10) == INDEX.search(question, 10)


def test_an_index_of_nothing_finds_nothing() -> None:
    assert FullText([]).search("doors", 10) == []
    assert len(FullText([])) == 0


def test_a_long_question_costs_no_more_than_a_short_one() -> None:
    asked = words(" ".join(f"word{number}" for number in range(100_000)))

    assert len(asked) == 32
    assert words("x" * 1_000_000) == ["x" * 64]
    assert found(" ".join(["doors"] * 100_000)) == ["a"]


def test_words_that_only_ask_are_left_out() -> None:
    assert words("Please describe how you do it: Do you PATCH your hypervisor and/or hosts?") == [
        "patch",
        "hypervisor",
        "hosts",
    ]
    assert all(word == word.lower() for word in STOP_WORDS)


def test_stems_are_those_of_the_index() -> None:
    assert INDEX.stems("Encrypted, encrypts; the encryption") == INDEX.stems("encrypt")
    assert INDEX.stems("the of and") == frozenset()
    (stem,) = INDEX.stems("encrypting")
    assert INDEX.frequency(stem) == 2
    assert INDEX.frequency("quantum") == 0


def test_many_threads_may_ask() -> None:
    expected = INDEX.search("encrypted doors", 5)
    wrong: list[object] = []

    def ask() -> None:
        wrong.extend(
            number
            for number in range(50)
            if INDEX.search("encrypted doors", 5) != expected or INDEX.stems(f"doors {number}") < INDEX.stems("door")
        )

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_an_index_is_let_go_with_its_last_reference() -> None:
    index = FullText(LIBRARY)
    index.stems("doors")
    gone = weakref.ref(index)

    del index
    gc.collect()

    assert gone() is None
