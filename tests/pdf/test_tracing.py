"""A copy is traced whatever another program made of it, whole or by any single page."""

import contextlib
import io
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from pdf.documents import changed, opened, page_alone, plain, saved

from remit.pdf import PdfRefused, Stamp, new_serial, stamp, trace
from remit.pdf.serials import with_checks

# One serial in eight makes a code that is lost in pictures of 150 dots; the same is tried each time.
SERIAL = with_checks(list(range(18)))
COPY = stamp(plain(3), plain(1, "Terms."), Stamp(SERIAL, ("arn:aws:iam::111122223333:user/ana",), {"account": "1"}))
PAGES = 4


def nothing(pdf: pikepdf.Pdf) -> None:
    pass


def without_attachments(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Names


def without_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


def without_page_keys(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/RemitSerial"]
        del page.obj.PieceInfo


def text_only(pdf: pikepdf.Pdf) -> None:
    for remove in (without_attachments, without_metadata, without_page_keys):
        remove(pdf)


def drawing_only(pdf: pikepdf.Pdf) -> None:
    """Leave nothing but what is drawn, the letters changed for others."""
    text_only(pdf)
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and b"(Serial " in thing.read_bytes():
            thing.write(thing.read_bytes().replace(SERIAL.encode(), b"?" * 20))


REWRITINGS: dict[str, tuple[Callable[[pikepdf.Pdf], None], dict[str, object]]] = {
    "as it is": (nothing, {}),
    "linearized": (nothing, {"linearize": True}),
    "with object streams": (nothing, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}),
    "without object streams": (nothing, {"object_stream_mode": pikepdf.ObjectStreamMode.disable}),
    "uncompressed": (nothing, {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.all}),
    "compressed again": (nothing, {"recompress_flate": True, "stream_decode_level": pikepdf.StreamDecodeLevel.all}),
    "for an editor": (nothing, {"qdf": True}),
    "contents normalized": (nothing, {"normalize_content": True}),
    "encrypted, without a password to read": (nothing, {"encryption": pikepdf.Encryption(owner="x", user="")}),
    "without attachments": (without_attachments, {}),
    "without metadata": (without_metadata, {}),
    "without keys of pages": (without_page_keys, {}),
    "with nothing but text": (text_only, {}),
    "with nothing but the drawing": (drawing_only, {}),
}


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_copy_is_traced_after_it_was_written_anew(rewriting: str) -> None:
    change, options = REWRITINGS[rewriting]

    assert trace(changed(COPY, change, **options)) == (SERIAL,)


@pytest.mark.parametrize("index", range(PAGES))
@pytest.mark.parametrize("rewriting", ["as it is", "with nothing but text", "with nothing but the drawing"])
def test_any_single_page_names_its_download(index: int, rewriting: str) -> None:
    change, options = REWRITINGS[rewriting]

    assert trace(page_alone(changed(COPY, change, **options), index)) == (SERIAL,)


def test_a_page_is_traced_when_it_is_a_picture_as_of_a_scanner() -> None:
    document = pypdfium2.PdfDocument(COPY)
    image = document[1].render(scale=200 / 72).to_pil().rotate(0.8, expand=True, fillcolor="white")
    document.close()
    scanned = io.BytesIO()
    image.convert("L").save(scanned, "PDF", resolution=200)

    assert trace(scanned.getvalue()) == (SERIAL,)


def test_pages_of_two_downloads_name_both() -> None:
    other = new_serial()
    with opened(COPY) as pdf, opened(stamp(plain(2), None, Stamp(other))) as more:
        pdf.pages.extend(more.pages)
        mixed = saved(pdf)

    assert trace(mixed) == (SERIAL, other)
    assert set(trace(changed(mixed, text_only))) == {SERIAL, other}


def test_a_page_among_many_foreign_ones_names_its_download() -> None:
    with opened(plain(40)) as pdf, opened(changed(COPY, text_only)) as copy:
        pdf.pages.insert(17, copy.pages[0])
        mixed = saved(pdf)

    assert trace(mixed) == (SERIAL,)


def test_pypdf_writes_a_copy_anew() -> None:
    whole, page = pypdf.PdfWriter(clone_from=io.BytesIO(COPY)), pypdf.PdfWriter()
    page.add_page(pypdf.PdfReader(io.BytesIO(COPY)).pages[2])
    for writer in (whole, page):
        for one in writer.pages:
            one.compress_content_streams()
        written = io.BytesIO()
        writer.write(written)

        assert trace(written.getvalue()) == (SERIAL,)


PROGRAMS = {
    "mutool clean": ["mutool", "clean", "-ggggz", "in.pdf", "out.pdf"],
    "mutool clean sanitizing contents": ["mutool", "clean", "-gggg", "-s", "in.pdf", "out.pdf"],
    "mutool converting": ["mutool", "convert", "-o", "out.pdf", "in.pdf"],
    "mutool drawing pictures": ["mutool", "draw", "-F", "pclm", "-r", "200", "-o", "out.pdf", "in.pdf"],
    "Ghostscript": ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", "out.pdf", "in.pdf"],
    "Ghostscript for a screen": [
        "gs", "-q", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/screen", "-o", "out.pdf", "in.pdf",
    ],
    "Ghostscript drawing letters": ["gs", "-q", "-sDEVICE=pdfwrite", "-dNoOutputFonts", "-o", "out.pdf", "in.pdf"],
    "Ghostscript drawing pictures": ["gs", "-q", "-sDEVICE=pdfimage8", "-r200", "-o", "out.pdf", "in.pdf"],
    "Ghostscript drawing rough pictures": ["gs", "-q", "-sDEVICE=pdfimage8", "-r150", "-o", "out.pdf", "in.pdf"],
    "poppler printing": ["pdftocairo", "-pdf", "in.pdf", "out.pdf"],
    "poppler one page": ["pdfseparate", "-f", "3", "-l", "3", "in.pdf", "out.pdf"],
    "qpdf": ["qpdf", "--linearize", "--object-streams=disable", "in.pdf", "out.pdf"],
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_another_program_prints_a_copy_anew(program: str, tmp_path: Path) -> None:
    command = PROGRAMS[program]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    (tmp_path / "in.pdf").write_bytes(COPY)

    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    assert trace((tmp_path / "out.pdf").read_bytes()) == (SERIAL,)


def test_a_foreign_document_names_none() -> None:
    similar = plain(3, f"Serial {SERIAL[:-1]}{'A' if SERIAL[-1] != 'A' else 'B'} {{number}}")

    assert trace(plain(12)) == ()
    assert trace(similar) == ()


def test_a_damaged_copy_is_traced_still() -> None:
    assert trace(COPY[: COPY.rindex(b"startxref")]) == (SERIAL,)


@pytest.mark.parametrize("document", [b"", b"no document", b"%PDF-1.7 and then nothing of the kind"])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(PdfRefused):
        trace(document)


def test_a_document_made_to_be_hard_to_read_is_given_up_in_time() -> None:
    packer = zlib.compressobj(9)
    block = packer.compress(b"(A) Tj " * 150_000) + packer.flush(zlib.Z_FULL_FLUSH)
    with opened(plain()) as pdf:
        pdf.pages[0].Contents = pikepdf.Stream(pdf, block * 2000, Filter=pikepdf.Name.FlateDecode)
        bomb = saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)

    begun = time.monotonic()
    with contextlib.suppress(PdfRefused):
        assert trace(bomb) == ()
    assert time.monotonic() - begun < 4.5
