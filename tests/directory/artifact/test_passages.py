"""What pages tell: paragraphs under their headings, without what stands on every page."""

import re

import pytest
from directory.artifact.library import SOC2

from remit.directory.artifact.passages import Document, label, responsibilities, sentences_of, told_by


def _paragraphs(page: str) -> list[tuple[str, tuple[str, ...]]]:
    told = told_by(Document("arn", "Report", 1, "SOC", (page,)))
    return [(one.heading, one.sentences) for one in told]


def test_a_page_is_paragraphs_under_headings() -> None:
    page = """
Logical access
Access is reviewed every
ninety days. It ends with the contract of employment.

Backups are kept for one year.
Physical access
Doors of the building are locked.
"""
    assert _paragraphs(page) == [
        ("Logical access", ("Access is reviewed every ninety days.", "It ends with the contract of employment.")),
        ("Logical access", ("Backups are kept for one year.",)),
        ("Physical access", ("Doors of the building are locked.",)),
    ]


def test_bullets_are_paragraphs() -> None:
    lines = ["\u2022 Doors of the building are locked.", "- Guards walk around at night."]
    page = "\n".join(["Rules", *lines, "1. Cameras see each door.", "(b) Visitors wear a badge.", "Page 3 of 7"])

    assert [sentences for _, sentences in _paragraphs(page)] == [
        ("Doors of the building are locked.",),
        ("Guards walk around at night.",),
        ("Cameras see each door.",),
        ("Visitors wear a badge.",),
    ]


def test_a_long_paragraph_is_several_passages() -> None:
    page = "Rules\n" + " ".join(f"Rule number {number} is kept." for number in range(10))

    assert [len(sentences) for _, sentences in _paragraphs(page)] == [4, 4, 2]


def test_what_stands_on_every_page_tells_nothing() -> None:
    told = told_by(SOC2)

    assert told
    assert not [
        one for one in told if any("SAMPLE" in text or "Page 1" in text for text in (one.heading, *one.sentences))
    ]


def test_each_passage_knows_its_page() -> None:
    told = told_by(SOC2)

    assert len({one.id for one in told}) == len(told)
    assert [one.source.label for one in told][:: len(told) - 1] == [
        "SOC 2 Type 2 Report version 3 page 1",
        "SOC 2 Type 2 Report version 3 page 4",
    ]
    assert told[0].source.link == f"{SOC2.arn}#page=1"


@pytest.mark.parametrize("page", ["", "\n\n", "A", "-", "1.", "Scope\n", "a b c.\n", "\ufeff\x0c"])
def test_a_page_may_tell_nothing(page: str) -> None:
    assert _paragraphs(page) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is so today. It was so then.", ("It is so today.", "It was so then.")),
        ("We use ciphers, e.g. AES of 256 bits, for it.", ("We use ciphers, e.g. AES of 256 bits, for it.",)),
        ("See section 4.2 of the plan. Then go.", ("See section 4.2 of the plan.",)),
        ("Is it so today? It was \u201cso\u201d then!", ("Is it so today?", "It was \u201cso\u201d then!")),
        ("less <than> is told here.", ("less \u2039than\u203a is told here.",)),
        ("no sentence at all, it seems", ()),
        (f"{'x ' * 250}.", ()),
        ("spread  over\n several   lines.", ("spread over several lines.",)),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: tuple[str, ...]) -> None:
    assert sentences_of(text) == expected


def test_labels_have_no_other_characters() -> None:
    assert label("ISO/IEC 27001:2022 \u2013 Z\u00fcrich", 3) == "ISO IEC 27001 2022 Z rich 3"
    assert len(label("x" * 300)) == 256


def test_every_row_of_the_responsibility_model_is_told() -> None:
    rows = responsibilities()

    assert len(rows) == 33
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"responsibility#SR-[A-Z]\d", row.id)
        assert re.fullmatch(r".+ (AWS|customer|shared)", row.heading)
        assert row.document == "Shared responsibility model"
        assert row.sentences == tuple(sentence for text in row.sentences for sentence in sentences_of(text))
