"""The text of documents that are only read: whatever else they hold is passed over, and hostile ones are refused."""

import pikepdf
import pytest
from pdf.documents import changed, plain, saved
from pdf.test_checking import deflated_bomb, of_content

from remit.pdf import PdfRefused, page_texts
from remit.pdf import texts as module


def test_each_page_has_its_text():
    assert [text.strip() for text in page_texts(plain(3))] == [f"Page {number} of the report." for number in (1, 2, 3)]


def test_a_page_without_text_has_none():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        document = saved(pdf)

    assert page_texts(document) == ("",)


def test_active_content_and_attachments_are_passed_over():
    def armed(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.attachments["evidence.exe"] = b"MZ"

    assert "Page 1" in page_texts(changed(plain(), armed))[0]


@pytest.mark.parametrize("document", [b"", b"no document", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", plain()[:300]])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(PdfRefused):
        page_texts(document)


def test_what_needs_a_password_is_refused():
    locked = changed(plain(), lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user="u"))

    with pytest.raises(PdfRefused):
        page_texts(locked)


def test_a_document_that_unpacks_to_gigabytes_is_refused_within_its_limits():
    bomb = of_content(deflated_bomb(b"(A) Tj ", 2000), b"/Filter/FlateDecode")

    with pytest.raises(PdfRefused, match=r"memory|long|malformed|survive"):
        page_texts(bomb)


@pytest.mark.parametrize(("most", "is_read"), [(0, True), (-1, False)])
def test_a_document_is_as_long_as_is_taken_and_no_longer(monkeypatch, most, is_read):
    document = plain()
    monkeypatch.setattr(module, "BYTES_MAX", len(document) + most)

    if is_read:
        assert page_texts(document)
    else:
        with pytest.raises(PdfRefused, match="are taken"):
            page_texts(document)
