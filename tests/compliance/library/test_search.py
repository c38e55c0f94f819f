"""What is searched is found in the section where it stands, and can be cited."""

from datetime import date

import pytest

from remit.compliance.library import shelf
from remit.compliance.library.search import EXCERPT_CHARACTERS, LibraryIndex

INDEX = LibraryIndex(shelf(today=date(2026, 11, 29)).documents)


@pytest.mark.parametrize(
    ("question", "id_", "heading"),
    [
        ("bridge letter", "P5", "The time since"),
        ("validate-logs digest", "P9", "Integrity"),
        ("counterexample", "P12", "Reading a counterexample"),
        ("business associate addendum eligible services", "P11", "What a BAA does and does not do"),
        ("BoolIfExists MultiFactorAuthPresent", "P7", "Second factors"),
        ("iam.pw.policy", "P3", "CL-4.15"),
        ("early warning within 24 hours", "S10", "Constraint"),
        ("may we visit a data centre", "P1", "15. May we visit a data centre?"),
    ],
)
def test_a_question_finds_its_section_among_the_first_three(question: str, id_: str, heading: str) -> None:
    found = [(one.citation.id, one.citation.heading) for one in INDEX.search(question, 3)]

    assert any(one == id_ and title.startswith(heading) for one, title in found), found


def test_a_hit_is_cited_with_document_version_and_heading() -> None:
    (hit,) = INDEX.search("four kinds of opinion, qualified, adverse, disclaimer", 1)

    assert str(hit.citation) == "P5 1.0, Reading a SOC 2 report, “Section 1: the opinion”"
    assert hit.excerpt.startswith("There are four kinds of opinion.")
    assert len(hit.excerpt) <= EXCERPT_CHARACTERS + 2


@pytest.mark.parametrize("question", ["", "the of and", '"', "NEAR(a b)", "qqqqzzzz", "a* OR b"])
def test_any_question_may_be_asked(question: str) -> None:
    assert isinstance(INDEX.search(question, 3), list)


def test_no_excerpt_holds_marks_of_markdown_or_inlines() -> None:
    for question in ("evidence check", "table", "policy", "report"):
        for hit in INDEX.search(question, 100):
            assert not {"{{", "**", "| "} & {hit.excerpt[at : at + 2] for at in range(len(hit.excerpt))}


def test_the_same_question_has_the_same_answer() -> None:
    assert INDEX.search("trail", 20) == INDEX.search("trail", 20)
