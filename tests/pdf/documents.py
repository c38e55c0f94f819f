"""Documents that the tests of `remit.pdf` read: some ordinary, some hostile, each made by the test that asks."""

import io
from collections.abc import Callable

import pikepdf


def plain(pages: int = 1, text: str = "Page {number} of the report.", size: tuple[float, float] = (595, 842)) -> bytes:
    """Make a document whose pages say *text*."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=size)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            line = f"BT /F1 12 Tf 60 {size[1] / 2} Td ({text.format(number=number)}) Tj ET"
            page.Contents = pdf.make_stream(line.encode())
        return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def changed(document: bytes, change: Callable[[pikepdf.Pdf], object], **options: object) -> bytes:
    """Return what another program's *change* makes of a document."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        change(pdf)
        return saved(pdf, **options)


def opened(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))


def page_alone(document: bytes, index: int) -> bytes:
    """Return one page as a document of its own."""
    with opened(document) as pdf, pikepdf.new() as alone:
        alone.pages.append(pdf.pages[index])
        return saved(alone)
