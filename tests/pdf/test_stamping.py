import json
import resource
import subprocess
import sys

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf.documents import changed, opened, plain

from remit.pdf import PdfRefused, Stamp, check, new_serial, stamp, trace
from remit.pdf.marks import legible

SERIAL = new_serial()
STAMP = Stamp(
    SERIAL,
    ("arn:aws:iam::111122223333:user/ana", "2026-11-29T06:00:00Z"),
    {"account": "111122223333", "principal": "arn:aws:iam::111122223333:user/\u00e4na <\x01&>"},
)


def test_a_copy_opens_with_the_terms_and_then_has_the_document() -> None:
    copy = stamp(plain(3), plain(2, "Term {number}."), STAMP)

    texts = check(copy).page_texts
    assert [text.split(".")[0] for text in texts] == [
        "Term 1", "Term 2", "Page 1 of the report", "Page 2 of the report", "Page 3 of the report",
    ]  # fmt: skip


def test_every_page_says_its_serial_who_and_when() -> None:
    copy = stamp(plain(3), plain(1, "Terms."), STAMP)

    for text in check(copy).page_texts:
        assert f"Serial {SERIAL}" in text
        assert all(line in text for line in STAMP.lines)


def test_the_metadata_and_an_attachment_have_the_facts() -> None:
    with opened(stamp(plain(), None, STAMP)) as copy:
        told = json.loads(copy.attachments["remit-download.json"].get_file().read_bytes())
        with copy.open_metadata() as metadata:
            described = {name: metadata[f"{{urn:remit:download:1}}{name}"] for name in ("serial", "account")}
            principal = metadata["{urn:remit:download:1}principal"]

    assert told == {**STAMP.facts, "serial": SERIAL}
    assert described == {"serial": SERIAL, "account": "111122223333"}
    assert principal == "arn:aws:iam::111122223333:user/\u00e4na < &>"


def test_attachments_outline_metadata_and_labels_of_the_document_stay() -> None:
    def furnish(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["evidence.csv"] = b"control,result\nCC6.1,no exception\n"
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Chapter", 1))
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "The report"
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit])
        labels = pikepdf.NumberTree.new(pdf)
        labels[0] = pikepdf.Dictionary(S=pikepdf.Name.r)
        labels[1] = pikepdf.Dictionary(S=pikepdf.Name.D)
        pdf.Root.PageLabels = labels.obj

    copy = stamp(changed(plain(2), furnish), plain(3), STAMP)

    with opened(copy) as pdf:
        assert pdf.attachments["evidence.csv"].get_file().read_bytes().startswith(b"control,result")
        assert [page.label for page in pdf.pages] == ["Terms-1", "Terms-2", "Terms-3", "i", "1"]
        assert "/OpenAction" not in pdf.Root
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "The report"
        with pdf.open_outline() as outline:
            item = outline.root[0]
        assert item.title == "Chapter"
        assert item.destination is not None
        assert item.destination[0].objgen == pdf.pages[4].obj.objgen


def test_a_copy_that_is_stamped_again_is_traced_to_the_later_download_and_shows_both() -> None:
    again = new_serial()
    copy = stamp(stamp(plain(), None, STAMP), None, Stamp(again))

    assert trace(copy)[0] == again
    assert all(serial in check(copy).page_texts[0] for serial in (SERIAL, again))


def test_pages_that_share_their_resources_are_marked_each_and_keep_their_fonts() -> None:
    def share(pdf: pikepdf.Pdf) -> None:
        resources = pdf.pages[0].Resources
        for page in pdf.pages:
            del page.Resources
        pdf.Root.Pages.Resources = pdf.make_indirect(resources)

    copy = stamp(changed(plain(3), share), None, STAMP)

    texts = check(copy).page_texts
    assert all("of the report" in text and text.count(SERIAL) == 1 for text in texts)


def test_a_page_that_leaves_its_graphics_state_odd_is_marked_upright() -> None:
    def unbalance(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pdf.make_stream(b"0.1 0 0 -0.1 900 900 cm 1 0 0 rg")

    copy = stamp(changed(plain(), unbalance), None, STAMP)

    assert _place_of_serial(copy) == _place_of_serial(stamp(plain(), None, STAMP))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90, 450])
def test_the_mark_is_at_the_foot_of_the_page_as_it_is_seen(rotation: int) -> None:
    def rotate(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = rotation

    left, bottom = _place_of_serial(stamp(changed(plain(), rotate), None, STAMP))

    assert 5 < left < 40
    assert 5 < bottom < 30


@pytest.mark.parametrize(
    "box", [(0, 0, 60, 40), (0, 0, 10, 10), (-300, -200, 300, 500), (595, 842, 0, 0), (0, 0, 14400, 14400)]
)
def test_the_mark_is_on_pages_of_any_size(box: tuple[int, int, int, int]) -> None:
    def resize(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].MediaBox = pikepdf.Array(box)

    copy = stamp(changed(plain(), resize), None, STAMP)

    left, bottom = _place_of_serial(copy)
    document = pypdfium2.PdfDocument(copy)
    width, height = document[0].get_size()
    document.close()
    assert 0 <= left < width
    assert 0 <= bottom < height


def _place_of_serial(copy: bytes) -> tuple[float, float]:
    """Return how far from the left and from the foot of the page the serial is, as it is seen."""
    document = pypdfium2.PdfDocument(copy)
    page = document[0]
    text = page.get_textpage()
    at = text.get_text_range().index(f"Serial {SERIAL}")
    left, bottom, right, top = text.get_charbox(at)
    x0, y0, x1, y1 = page.get_bbox()
    place = {
        0: (left - x0, bottom - y0),
        90: (bottom - y0, x1 - right),
        180: (x1 - right, y1 - top),
        270: (y1 - top, left - x0),
    }[page.get_rotation()]
    document.close()
    return place


def test_two_hundred_pages_are_stamped_in_less_than_400_ms_of_computing() -> None:
    document, terms = plain(198), plain(2)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    stamp(document, terms, STAMP)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.4


def test_no_library_of_pdf_is_loaded_to_make_a_copy() -> None:
    code = (
        "import sys; from remit.pdf import Stamp, new_serial, stamp\n"
        "copy = stamp(sys.stdin.buffer.read(), None, Stamp(new_serial()))\n"
        "print(copy[:5], sorted({'pikepdf', 'pypdfium2', 'reportlab', 'segno'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], input=plain(), capture_output=True, check=True)

    assert done.stdout == b"b'%PDF-' []\n"


@given(st.text(max_size=60), st.text(max_size=200))
@settings(max_examples=10)
def test_any_line_is_shown_whole_or_shortened_and_the_serial_stays(line: str, other: str) -> None:
    copy = stamp(plain(), None, Stamp(SERIAL, (line, other), {"line": line}))

    text = check(copy).page_texts[0]
    assert SERIAL in text
    assert "\ufffd" not in text


def test_letters_that_the_font_does_not_have_are_written_as_numbers() -> None:
    assert legible("Zo\u00eb \u4e2d\u6587 \u2013 \u20ac\x07\U0001f600") == (
        "Zo\u00eb <U+4E2D><U+6587> \u2013 \u20ac<U+0007><U+1F600>"
    )


@pytest.mark.parametrize(
    "wrong", [Stamp("A" * 19), Stamp(SERIAL[::-1]), Stamp(SERIAL, (), {"1st": "x"}), Stamp(SERIAL, (), {"a b": "x"})]
)
def test_a_stamp_without_a_serial_or_with_odd_names_is_refused(wrong: Stamp) -> None:
    with pytest.raises(ValueError, match=r"not a serial|other characters"):
        stamp(plain(), None, wrong)


def test_what_is_no_pdf_is_not_stamped() -> None:
    with pytest.raises(PdfRefused, match="malformed"):
        stamp(b"no document", None, STAMP)
    with pytest.raises(PdfRefused):
        stamp(plain(), b"no terms", STAMP)
