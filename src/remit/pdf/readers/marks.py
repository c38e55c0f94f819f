"""Find the marks that `remit.pdf.stamping` left, in whatever another program made of a stamped copy."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pikepdf
import pypdfium2
import zxingcpp

from remit.pdf.checking import PAGES_MAX
from remit.pdf.readers.active_content import attachments
from remit.pdf.readers.damage import DAMAGED, malformed
from remit.pdf.readers.documents import opened, page_texts
from remit.pdf.serials import is_serial, serials_in
from remit.pdf.stamping import ATTACHMENT, PAGE_KEY, PIECE

_DRAWN_PAGES_MAX = 8
# A module of the code is 2.8 dots wide; where the page is a picture of few dots, the finer drawing helps.
_DOTS_AN_INCH = (200, 300)
# The first suits uneven light, the second shapes that a program fattened.
_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold)
_FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_DOTS_MAX = 10_000_000


class Found(msgspec.Struct, frozen=True):
    """What a reader found.

    Attributes:
        serials: each once, most certain first.
        all_pages: whether each page that was looked at has a mark of its own.
    """

    serials: list[str]
    all_pages: bool


def structural_marks(payload: bytes) -> bytes:
    """Look into attachments, metadata and pages' keys; answer with `Found`.

    Raises:
        Refusal: qpdf cannot open the document, not even repaired.
    """
    with opened(payload, strict=False) as document:
        by_page = [_of_page(page.obj) for page in _pages(document)]
        found = [*_of_attachments(document), *_of_metadata(document), *(serial for page in by_page for serial in page)]
    return _answer(found, all_pages=all(by_page))


def text_marks(payload: bytes) -> bytes:
    """Look into the texts of the pages; answer with `Found`.

    Raises:
        Refusal: PDFium cannot open the document.
    """
    by_page = [serials_in(text) for text in page_texts(payload)]
    return _answer([serial for page in by_page for serial in page], all_pages=all(by_page))


def drawn_marks(payload: bytes) -> bytes:
    """Draw up to eight pages, spread over the document, and read the codes in them; answer with `Found`.

    Raises:
        Refusal: PDFium cannot open the document.
    """
    try:
        document = pypdfium2.PdfDocument(payload)
    except DAMAGED as error:
        raise malformed(error) from None
    count = min(len(document), PAGES_MAX)
    step = max(1, count // _DRAWN_PAGES_MAX)
    by_page = [_drawn_on(document[index]) for index in list(range(0, count, step))[:_DRAWN_PAGES_MAX]]
    return _answer([serial for page in by_page for serial in page], all_pages=all(by_page))


def _answer(serials: Iterable[str], *, all_pages: bool) -> bytes:
    return msgspec.json.encode(Found(list(dict.fromkeys(serials)), all_pages))


def _pages(document: pikepdf.Pdf) -> Iterator[pikepdf.Page]:
    try:
        for index, page in enumerate(document.pages):
            if index == PAGES_MAX:
                return
            yield page
    except DAMAGED:
        return


def _of_attachments(document: pikepdf.Pdf) -> list[str]:
    try:
        contents = [content for name, content in attachments(document) if name == ATTACHMENT]
    except DAMAGED:
        return []
    found: list[str] = []
    for content in contents:
        try:
            told = msgspec.json.decode(content, type=dict[str, str])
        except msgspec.MsgspecError:
            continue
        if is_serial(told.get("serial", "")):
            found.append(told["serial"])
    return found


def _of_metadata(document: pikepdf.Pdf) -> list[str]:
    """Look for serials in the metadata's text: programs that copy it may write its XML anew."""
    try:
        metadata = document.Root.get("/Metadata")
        text = metadata.read_bytes() if isinstance(metadata, pikepdf.Stream) else b""
    except DAMAGED:
        return []
    return serials_in(text.decode(errors="replace"))


def _of_page(page: Any) -> list[str]:
    found: list[str] = []
    for path in ((PAGE_KEY,), ("/PieceInfo", PIECE, "/Private", "/Serial")):
        thing = page
        try:
            for name in path:
                thing = thing[name]
            text = str(thing)
        except DAMAGED:
            continue
        if is_serial(text):
            found.append(text)
    return found


def _drawn_on(page: Any) -> list[str]:
    width, height = page.get_size()
    for dots in _DOTS_AN_INCH:
        scale = min(dots / 72, (_DOTS_MAX / max(1.0, width * height)) ** 0.5)
        image = page.render(scale=scale, grayscale=True).to_pil()
        for binarizer in _BINARIZERS:
            codes = zxingcpp.read_barcodes(image, formats=_FORMATS, binarizer=binarizer)
            found = [code.text for code in codes if is_serial(code.text)]
            if found:
                return found
    return []
