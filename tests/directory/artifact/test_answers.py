"""Answers: found where they stand, never made up, the same each time."""

import random
import re

import pytest
from directory.artifact.library import DOCUMENTS, LIBRARY, document
from directory.artifact.questions import ANSWERED, UNANSWERED
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.artifact.answers import RESPONSE_MAX, Answer, Library, Unsupported
from remit.directory.artifact.passages import Told, responsibilities, told_by

_LABEL = re.compile(r"[a-zA-Z0-9_\-\s]{1,256}")
_TEXT = re.compile(r"[^<>]{1,2048}")
TOLD = [*(told for one in DOCUMENTS for told in told_by(one)), *responsibilities()]
SENTENCES = {(sentence, told.source) for told in TOLD for sentence in told.sentences}


def check(answer: Answer) -> None:
    """Hold an answer against the library and against the model."""
    assert answer.citations
    assert all((one.sentence, one.source) in SENTENCES for one in answer.citations)
    assert answer.response == " ".join(f"{one.sentence} [{place}]" for place, one in enumerate(answer.citations, 1))
    assert _TEXT.fullmatch(answer.response)
    for one in answer.citations:
        assert _LABEL.fullmatch(one.source.label)
        assert _TEXT.fullmatch(one.sentence)
        assert _TEXT.fullmatch(one.source.link)


@pytest.mark.parametrize(("question", "place"), ANSWERED, ids=[question for question, _ in ANSWERED])
def test_the_library_answers_from_the_right_place(question: str, place: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is not None
    assert answer.citations[0].source.label == place
    check(answer)


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_the_library_does_not_say_is_not_answered(question: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is None, answer.response


def test_the_table_is_large_enough() -> None:
    assert (len(ANSWERED), len(UNANSWERED)) >= (20, 20)


def test_an_answer_quotes_and_cites() -> None:
    answer = LIBRARY.answer("Who patches the hypervisor?")

    assert answer is not None
    assert answer.response == (
        "AWS patches and updates the hypervisor and the hosts beneath the instances of customers. [1]"
    )
    assert answer.citations[0].source.link == "remit:shared-responsibility-model#SR-A5"


def test_a_citation_leads_to_the_page() -> None:
    answer = LIBRARY.answer("Are penetration tests carried out by an independent firm?")

    assert answer is not None
    assert answer.citations[0].source.link == "arn:aws:artifact:us-east-1::report/report-SOC2Type2Report0:3#page=3"


def test_documents_that_say_as_much_are_quoted_together() -> None:
    said = "Laptops are encrypted with a key of their own."
    library = Library(
        told for number in range(5) for told in told_by(document(f"Report {number}", "SOC", f"Laptops\n{said}"))
    )

    answer = library.answer("Are laptops encrypted?")

    assert answer is not None
    assert [one.source.label for one in answer.citations] == [
        f"Report {number} version 1 page 1" for number in range(3)
    ]


@pytest.mark.parametrize("question", ["", " \n\t", "\x00\x07", "???", "\u200b", "\U0001f600", "___"])
def test_what_is_no_text_is_unsupported(question: str) -> None:
    with pytest.raises(Unsupported):
        LIBRARY.answer(question)


@pytest.mark.parametrize("question", ["What is it?", "yes", "7", "Wie werden Gäste begleitet?", "漢字"])
def test_what_says_little_is_for_a_person(question: str) -> None:
    assert LIBRARY.answer(question) is None


def test_a_question_has_at_most_32_words_that_ask() -> None:
    known = [f"word{number}" for number in range(33)]
    library = Library([Told("a#1", "", "", (f"Laptops {' '.join(known)}.",), TOLD[0].source)])

    assert library.answer(" ".join(known[:32])) is not None
    assert library.answer(" ".join(known)) is None
    assert library.answer(" ".join(known[:3] * 50)) is not None


def test_the_same_library_gives_the_same_answers() -> None:
    turned = list(TOLD)
    random.Random(7).shuffle(turned)
    other = Library(turned)

    for question in [*(question for question, _ in ANSWERED), *UNANSWERED]:
        assert other.answer(question) == LIBRARY.answer(question)


def test_an_empty_library_answers_nothing() -> None:
    assert Library([]).answer("Who patches the hypervisor?") is None


def test_spelling_and_letters_make_no_difference() -> None:
    assert LIBRARY.answer("Who secures data centers physically?") == LIBRARY.answer(
        "Who secures data centres physically?"
    )
    with_letters = LIBRARY.answer("Is MFA used by engineers to sign in to production hosts?")
    assert with_letters is not None
    assert "second factor" in with_letters.response


def test_a_response_is_as_long_as_the_model_allows() -> None:
    source = TOLD[0].source
    sentences = tuple(f"Laptops {word} are encrypted {'x ' * 600}." for word in ("alpha", "beta"))
    library = Library([Told("a#1", "", "", sentences, source)])

    answer = library.answer("Are laptops alpha beta encrypted?")

    assert answer is not None
    assert len(answer.citations) == 1
    assert len(answer.response) <= RESPONSE_MAX
    too_long = Library([Told("a#1", "", "", (f"Laptops are encrypted {'x ' * 1_100}.",), source)])
    assert too_long.answer("Are laptops encrypted?") is None


@given(st.text(max_size=200) | st.lists(st.sampled_from(" ".join(s for s, _ in SENTENCES).split())).map(" ".join))
def test_nothing_is_made_up(question: str) -> None:
    try:
        answer = LIBRARY.answer(question)
    except Unsupported:
        return
    if answer is not None:
        check(answer)
