"""Hostile documents: each is refused, with words that say why, within two seconds of computing and 300 MB."""

import ast
import contextlib
import functools
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf.documents import changed, plain, saved

from remit.confined import Refusal
from remit.pdf import PDF_BYTES_MAX, PdfExtraMissing, PdfRefused, check, new_serial, stamp, trace
from remit.pdf.readers.documents import page_count
from remit.pdf.stamping import Stamp

# By the clock, on a busy machine; two seconds of computing are the limit itself.
_SECONDS = 4.5


def raw(objects: list[bytes], root: int = 1) -> bytes:
    """Write a PDF by hand, from the bodies of its objects."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def of_content(content: bytes, entries: bytes = b"", resources: bytes = b"<<>>") -> bytes:
    """Write a document of one page that draws *content*."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources%s>>" % resources
    return raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page,
                stream(content, entries)])  # fmt: skip


def deflated_bomb(inner: bytes, megabytes: int) -> bytes:
    """Pack *inner* again and again, quickly: after a full flush each block is packed into the same bytes."""
    packer = zlib.compressobj(9)
    block = inner * ((1 << 20) // len(inner))
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    second = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + second * (megabytes - 1) + packer.flush()


def assert_refused(document: bytes, words: str) -> None:
    begun = time.monotonic()

    with pytest.raises(PdfRefused, match=words):
        check(document)

    assert time.monotonic() - begun < _SECONDS


def test_a_document_is_told_by_its_pages() -> None:
    checked = check(plain(3))

    assert checked.page_count == 3
    assert checked.page_texts == tuple(f"Page {number} of the report." for number in (1, 2, 3))


@pytest.mark.parametrize("document", [b"", b"PK\x03\x04 a spreadsheet", b"<html>%PDF", bytes(2000) + plain()])
def test_what_is_no_pdf_is_refused(document: bytes) -> None:
    assert_refused(document, "^not a PDF$")


def test_a_truncated_document_is_refused() -> None:
    whole = plain(5)

    for part in (0.1, 0.5, 0.9, 0.99):
        assert_refused(whole[: int(len(whole) * part)], "malformed")


def test_a_damaged_document_is_refused_and_not_repaired() -> None:
    whole = saved_plainly(plain())

    assert_refused(whole.replace(b"startxref\n", b"startxref\n9"), "malformed")
    assert_refused(whole.replace(b"/Type /Pages", b"/Type /Pagan").replace(b"/Pages", b"/Pager"), "malformed|no pages")


def saved_plainly(document: bytes) -> bytes:
    return changed(document, lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.disable)


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_document_is_refused_even_if_its_password_is_empty(user: str) -> None:
    document = changed(plain(), lambda pdf: None, encryption=pikepdf.Encryption(owner="owner", user=user))

    assert_refused(document, "encrypted")


def test_twenty_mebibytes_are_taken_and_a_byte_more_is_not() -> None:
    def fill(pdf: pikepdf.Pdf, bytes_more: int) -> None:
        pdf.Root.Filling = pdf.make_stream(bytes(bytes_more))

    empty = len(changed(plain(), lambda pdf: fill(pdf, 0), compress_streams=False))
    most = PDF_BYTES_MAX - empty - 7  # the length is written with seven digits more
    documents = [
        changed(plain(), functools.partial(fill, bytes_more=most + more), compress_streams=False) for more in (-20, 40)
    ]

    assert PDF_BYTES_MAX - 40 < len(documents[0]) <= PDF_BYTES_MAX < len(documents[1])
    assert check(documents[0]).page_count == 1
    assert_refused(documents[1], "at most 20,971,520 are taken")


def test_five_thousand_pages_are_taken_and_one_more_is_not() -> None:
    with pikepdf.new() as pdf:
        blank = pdf.add_blank_page()
        pdf.pages.extend([blank] * 4999)

        assert page_count(pdf) == 5000
        pdf.pages.append(blank)
        with pytest.raises(Refusal, match="has 5,001 pages, at most 5,000 are taken"):
            page_count(pdf)


@pytest.mark.slow
def test_a_document_of_five_thousand_pages_is_read_in_time() -> None:
    """It takes as long as a document may take."""
    with pikepdf.new() as pdf:
        blank = pdf.add_blank_page()
        pdf.pages.extend([blank] * 4999)
        document = saved(pdf)

    assert check(document).page_count == 5000


def test_a_document_without_pages_is_refused() -> None:
    assert_refused(saved_empty(), "has no pages")


def saved_empty() -> bytes:
    with pikepdf.new() as pdf:
        return saved(pdf)


def test_a_page_tree_that_turns_back_on_itself_is_refused() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    cyclic = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>", page]
    mutual = [*cyclic[:1], b"<</Type/Pages/Kids[4 0 R]/Count 1>>", page, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]

    assert_refused(raw(cyclic), "malformed|pages|long")
    assert_refused(raw(mutual), "malformed|pages|long")


def test_a_tree_or_an_array_a_hundred_thousand_deep_is_refused() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 3, n + 1) for n in range(100_000)]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (len(nodes) + 1)

    assert_refused(raw([b"<</Type/Catalog/Pages 2 0 R/Deep 3 0 R>>", b"<</Type/Pages/Kids[4 0 R]/Count 1>>", deep,
                        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"]), "malformed|long|memory")  # fmt: skip
    assert_refused(raw([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, page]), "malformed|long|memory|pages")


@pytest.mark.parametrize("inner", [b"q ", b"[", b"(", b"0 0 m ", b"<<", b" "])
def test_contents_that_unpack_to_gigabytes_are_refused(inner: bytes) -> None:
    bomb = deflated_bomb(inner, 2000)

    assert len(bomb) < PDF_BYTES_MAX
    assert_refused(of_content(bomb, b"/Filter/FlateDecode"), "memory|long|malformed|survive")


def test_contents_packed_many_times_over_are_refused() -> None:
    bomb = zlib.compress(deflated_bomb(b"(A) Tj ", 2000), 9)

    assert_refused(of_content(bomb, b"/Filter[/FlateDecode/FlateDecode]"), "memory|long|malformed|survive")


def test_an_attachment_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = deflated_bomb(b"evidence", 1500)
    names = b"<</EmbeddedFiles<</Names[(a.csv) 4 0 R]>>>>"
    document = raw([b"<</Type/Catalog/Pages 2 0 R/Names%s>>" % names, b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", b"<</Type/Filespec/F(a.csv)/EF<</F 5 0 R>>>>",
                    stream(bomb, b"/Filter/FlateDecode")])  # fmt: skip

    assert_refused(document, "memory|long")


def test_forms_that_draw_themselves_and_each_other_are_refused_or_end() -> None:
    calls = b" ".join(b"/F Do" for _ in range(1000))
    form = stream(calls, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    document = raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(calls),
                    form])  # fmt: skip

    begun = time.monotonic()
    with contextlib.suppress(PdfRefused):
        assert check(document).page_count == 1
    assert time.monotonic() - begun < _SECONDS


ACTIVE: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "a script when it is opened": lambda pdf: setattr(
        pdf.Root, "OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    ),
    "a program when it is opened": lambda pdf: setattr(
        pdf.Root, "OpenAction", pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    ),
    "a page on the web when it is opened": lambda pdf: setattr(
        pdf.Root, "OpenAction", pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com/")
    ),
    "an action of a page": lambda pdf: setattr(
        pdf.pages[0].obj, "AA", pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Named, N=pikepdf.Name.Print))
    ),
    "named scripts": lambda pdf: setattr(
        pdf.Root, "Names", pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([])))
    ),
    "a script far inside": lambda pdf: setattr(
        pdf.Root, "Far", pikepdf.Array([pikepdf.Array([pikepdf.Dictionary(Next=pikepdf.Dictionary(JS="x"))])])
    ),
    "a link that starts a program": lambda pdf: setattr(
        pdf.pages[0].obj,
        "Annots",
        pikepdf.Array(
            [pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x"))]
        ),
    ),
    "a form of XFA": lambda pdf: setattr(pdf.Root, "AcroForm", pikepdf.Dictionary(XFA=pikepdf.Array([]))),
    "a film": lambda pdf: setattr(
        pdf.pages[0].obj, "Annots", pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia)])
    ),
    "an attached program": lambda pdf: pdf.attachments.__setitem__("evidence.csv", b"MZ\x90\x00"),
    "a program attached to a place on a page": lambda pdf: setattr(
        pdf.pages[0].obj,
        "Annots",
        pikepdf.Array(
            [pikepdf.Dictionary(FS=pikepdf.Dictionary(EF=pikepdf.Dictionary(F=pdf.make_stream(b"#!/bin/sh"))))]
        ),
    ),
    "an attached script": lambda pdf: pdf.attachments.__setitem__("Evidence.PS1", b"Get-Item"),
}


@pytest.mark.parametrize("content", ACTIVE)
def test_a_document_that_holds_something_active_is_refused(content: str) -> None:
    assert_refused(changed(plain(), ACTIVE[content]), "active content|attached program")


def test_metadata_with_entities_are_refused() -> None:
    metadata = stream(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"/Type/Metadata/Subtype/XML")
    document = raw([b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", metadata])  # fmt: skip

    assert_refused(document, "active content: metadata with a document type")


def test_a_name_written_with_escapes_is_the_same_name() -> None:
    document = of_content(b"").replace(b"/Type/Catalog", b"/#4aS(app.alert\\(1\\))/Type/Catalog")

    assert_refused(fixed(document), "active content: a script")


def fixed(document: bytes) -> bytes:
    """Return a document whose table of places is right again."""
    number_of_objects = document.count(b" 0 obj\n")
    bodies = [
        document.split(b"%d 0 obj\n" % number, 1)[1].split(b"\nendobj", 1)[0]
        for number in range(1, number_of_objects + 1)
    ]
    return raw(bodies)


def test_words_of_active_content_and_links_and_data_are_no_active_content() -> None:
    def furnish(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Title"] = "On /JavaScript, /JS, /AA and /Launch in PDF"
        pdf.attachments["evidence.csv"] = b"a,b\n"
        pdf.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.GoTo, D=pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
        )
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com/")
        pdf.pages[0].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=link)])

    assert check(changed(plain(), furnish)).page_count == 1


WHOLE = stamp(plain(2), None, Stamp(new_serial()))


@given(st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=30))
@settings(max_examples=25)
@pytest.mark.slow
def test_a_document_with_bytes_changed_is_taken_or_refused_and_nothing_else(changes: list[tuple[float, int]]) -> None:
    """Each document starts two processes and more."""
    document = bytearray(WHOLE)
    for place, byte in changes:
        document[int(place * len(document))] = byte

    for read in (check, trace):
        try:
            read(bytes(document))
        except PdfRefused as refused:
            assert refused.message  # noqa: PT017 - it may be taken as well


def test_the_memory_of_a_reader_is_held_to_its_limit() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    with pytest.raises(PdfRefused):
        check(of_content(deflated_bomb(b"q ", 2000), b"/Filter/FlateDecode"))

    most = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    assert before > 300_000 or most <= 300_000  # KiB; a child of another test may have had more


@pytest.mark.parametrize("library", ["pikepdf", "pypdfium2", "reportlab", "zxingcpp"])
def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setattr("remit.pdf.errors.find_spec", lambda name: None if name == library else object())

    for ask in (lambda: check(plain()), lambda: trace(plain()), lambda: stamp(plain(), None, Stamp(new_serial()))):
        with pytest.raises(PdfExtraMissing, match=r"pip install 'remit\[pdf\]'"):
            ask()


def test_the_libraries_are_not_loaded_before_the_first_document() -> None:
    code = "import sys, remit.pdf; print(sorted({name.partition('.')[0] for name in sys.modules}))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(ast.literal_eval(done.stdout))
    assert "remit" in loaded
    assert {"pikepdf", "pypdfium2", "reportlab", "zxingcpp", "PIL", "segno"}.isdisjoint(loaded)
