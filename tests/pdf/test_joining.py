import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf.documents import changed, opened, plain

from remit.pdf import Attachment, PdfRefused, attached, check, join, with_last_line, without_last_line

NOTE = Attachment("note.json", b'{"a":1}', "application/json", "A note")


def test_the_first_pages_come_first_and_files_hang_on() -> None:
    whole = join(plain(2, "Front {number}."), plain(3), (NOTE,), label="Front-")

    texts = check(whole).page_texts
    assert [text.split(".")[0] for text in texts] == [
        "Front 1", "Front 2", "Page 1 of the report", "Page 2 of the report", "Page 3 of the report",
    ]  # fmt: skip
    assert attached(whole, "note.json") == NOTE.content
    assert attached(whole, "other.json") is None


def test_the_same_input_gives_the_same_bytes() -> None:
    front, document = plain(1, "Front."), plain(2)

    assert join(front, document, (NOTE,), label="F-") == join(front, document, (NOTE,), label="F-")


def test_what_the_document_has_stays_and_a_file_of_the_same_name_is_replaced() -> None:
    def furnish(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["evidence.csv"] = b"control,result\n"
        pdf.attachments["note.json"] = b"theirs"
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.r)]))
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Chapter", 1))

    whole = join(plain(2, "Front."), changed(plain(2), furnish), (NOTE,), label="Front-")

    assert attached(whole, "evidence.csv") == b"control,result\n"
    assert attached(whole, "note.json") == NOTE.content
    with opened(whole) as pdf:
        assert [page.label for page in pdf.pages] == ["Front-1", "Front-2", "i", "ii"]
        with pdf.open_outline() as outline:
            assert outline.root[0].title == "Chapter"


@pytest.mark.parametrize("document", [b"", b"text", b"%PDF-1.7\nno more"])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(PdfRefused):
        join(plain(), document, label="F-")
    with pytest.raises(PdfRefused):
        attached(document, "note.json")


def test_a_document_with_a_last_line_is_read_as_before() -> None:
    document = plain(2)

    assert check(with_last_line(document, "Seal", "x" * 900)) == check(document)


@given(st.binary(), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=50))
def test_a_last_line_is_found_again(document: bytes, text: str) -> None:
    ended = document + b"\n"

    assert without_last_line(with_last_line(ended, "Seal", text), "Seal") == (ended, text)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\n",
        b"%%EOF\n",
        b"%%EOF\n%Other: x\n",
        b"%%EOF\n%Seal: x",
        b"%%EOF\n%Seal: x\n\n",
        b"%%EOF\n%Seal: \xe4\n",
    ],
)
def test_whatever_else_is_last_is_no_such_line(document: bytes) -> None:
    assert without_last_line(document, "Seal") is None
