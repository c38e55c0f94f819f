import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf.documents import opened

from remit.pdf import (
    Bullets,
    Heading,
    Layout,
    PageBreak,
    Paragraph,
    Part,
    Stamp,
    Table,
    Title,
    check,
    new_serial,
    stamp,
    typeset,
)

AT = datetime(2026, 9, 30, 12, tzinfo=UTC)
LAYOUT = Layout("The title", "An author", AT, header="Sample, no attestation", footer="The footer", subject="Tests")
PARTS: list[Part] = [
    Title("Report", ("of a test", "for nobody")),
    Heading("First chapter"),
    Paragraph("A paragraph with <b>no markup</b> & an ampersand.\nA line of its own."),
    Heading("A section", 2),
    Bullets(("one", "two")),
    Table(("Control", "Result"), tuple((f"CC{n}", "No exceptions noted.") for n in range(120)), (1, 4)),
    PageBreak(),
    Heading("Second chapter"),
    Paragraph("The end."),
]


def test_a_document_has_what_it_is_made_of_in_its_order() -> None:
    text = "\n".join(check(typeset(PARTS, LAYOUT)).page_texts)

    words = ["Report", "of a test", "First chapter", "<b>no markup</b> & an ampersand.", "A section", "one", "CC0",
             "CC119", "Second chapter", "The end."]  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_each_page_has_header_footer_and_its_number_and_tables_repeat_their_head() -> None:
    texts = check(typeset(PARTS, LAYOUT)).page_texts

    assert len(texts) > 3
    for number, text in enumerate(texts, 1):
        assert "Sample, no attestation" in text
        assert "The footer" in text
        assert f"Page {number} of {len(texts)}" in text
    assert all("Control" in text for text in texts[:-1])


def test_the_same_parts_give_the_same_bytes_in_another_process() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from pdf.test_typesetting import LAYOUT, PARTS\n"
        "from remit.pdf import typeset\n"
        "sys.stdout.buffer.write(typeset(PARTS, LAYOUT))"
    )

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert typeset(PARTS, LAYOUT) == typeset(PARTS, LAYOUT) == other


def test_it_says_what_it_is_and_when_it_was_made() -> None:
    with opened(typeset(PARTS, LAYOUT)) as pdf:
        told = {name: str(value) for name, value in pdf.docinfo.items()}
        with pdf.open_metadata() as metadata:
            described = (metadata["dc:title"], metadata["dc:creator"], metadata["xmp:CreateDate"])

    assert told == {
        "/Title": "The title", "/Author": "An author", "/Subject": "Tests",
        "/CreationDate": "D:20260930120000Z", "/ModDate": "D:20260930120000Z",
    }  # fmt: skip
    assert described == ("The title", ["An author"], "2026-09-30T12:00:00Z")


def test_headings_are_its_outline() -> None:
    with opened(typeset([Heading("Deep", 3), *PARTS], LAYOUT)) as pdf, pdf.open_outline() as outline:
        found = [(item.title, [child.title for child in item.children]) for item in outline.root]

    assert found == [("Deep", []), ("First chapter", ["A section"]), ("Second chapter", [])]


def test_what_the_letters_do_not_have_is_written_as_its_number() -> None:
    parts = [Heading("Caf\u00e9 \u4e2d"), Table(("\u0416",), (("\u05d0 \u2013 \u20ac",),))]

    text = check(typeset(parts, Layout("\u4e2d\x07", "\u4e2d", AT, header="\u4e2d"))).page_texts[0]

    assert "Caf\u00e9 <U+4E2D>" in text
    assert "<U+0416>" in text
    assert "<U+05D0> \u2013 \u20ac" in text


def test_words_and_cells_longer_than_a_page_are_set() -> None:
    parts = [Paragraph("x" * 3000), Table(("a", "b"), (("word " * 3000, "y" * 3000),))]

    text = "".join(check(typeset(parts, LAYOUT)).page_texts)

    assert text.count("word") == 3000
    assert text.count("y") >= 3000


def test_the_mark_of_a_copy_covers_no_footer() -> None:
    serial = new_serial()
    text = check(stamp(typeset(PARTS, LAYOUT), None, Stamp(serial, ("who", "when", "what")))).page_texts[0]

    assert "The footer" in text
    assert serial in text


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Heading("deep", 4)],
        [Heading("high", 0)],
        [Table((), ())],
        [Table(("a",), (("1", "2"),))],
        [Table(("a",), (), (1, 2))],
        [Table(("a",), (), (0,))],
    ],
)
def test_parts_that_cannot_be_set_are_refused(parts: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"^a "):
        typeset(parts, LAYOUT)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        typeset(PARTS, Layout("t", "a", datetime(2026, 9, 30)))  # noqa: DTZ001 - it is what is refused


texts = st.text(max_size=80)
rows = st.lists(st.tuples(texts, texts), max_size=4).map(tuple)
parts = st.one_of(
    st.builds(Title, texts, st.tuples(texts)),
    st.builds(Heading, texts, st.integers(1, 3)),
    st.builds(Paragraph, texts),
    st.builds(Bullets, st.lists(texts, min_size=1, max_size=3).map(tuple)),
    st.builds(Table, st.tuples(texts, texts), rows),
    st.just(PageBreak()),
)


@given(st.lists(parts, min_size=1, max_size=6), texts)
@settings(max_examples=20)
def test_any_parts_are_set_and_the_document_is_one_that_is_taken(some: list[Part], header: str) -> None:
    document = typeset([*some, Paragraph("The end.")], Layout("t", "a", AT, header=header))

    assert "The end." in check(document).page_texts[-1]
