"""Make a copy that names its download: `remit.pdf.stamping` says how, and what the marks survive."""

import io
import json
from collections.abc import Iterable
from typing import Any

import msgspec
import pikepdf
from pikepdf.models import PdfMetadata

from remit.pdf.joining import Attachment
from remit.pdf.marks import Mark, draw_mark, printable
from remit.pdf.readers.damage import malformed
from remit.pdf.readers.joining import attach, drop_odd_entries, put_before, saved
from remit.pdf.stamping import ATTACHMENT, PAGE_KEY, PIECE, XMP_NAMESPACE, Order

_TERMS_LABEL = "Terms-"


def copied(payload: bytes) -> bytes:
    """Read an `Order` and return the copy.

    Raises:
        Refusal: a document cannot be read.
    """
    order = msgspec.msgpack.decode(payload, type=Order)
    try:
        with pikepdf.open(io.BytesIO(order.document)) as pdf:
            drop_odd_entries(pdf.Root)
            if order.terms is not None:
                put_before(pdf, order.terms, _TERMS_LABEL)
            _mark_pages(pdf, order)
            _attach(pdf, order)
            _describe(pdf, order)
            return saved(pdf)
    except pikepdf.PdfError as error:
        raise malformed(error) from None


def _mark_pages(pdf: pikepdf.Pdf, order: Order) -> None:
    mark = draw_mark(order.serial, order.lines)
    form = _form(pdf, mark)
    # A copy that was stored as a document and is stamped again keeps its older marks.
    name = f"/Remit{order.serial}"
    before = pdf.make_stream(b"q\n")
    after: dict[bytes, pikepdf.Object] = {}
    # One object for all pages: it is small, and a page that is extracted takes it along.
    piece = pdf.make_indirect(
        pikepdf.Dictionary({PIECE: pikepdf.Dictionary(Private=pikepdf.Dictionary(Serial=order.serial))})
    )
    for page in pdf.pages:
        thing = page.obj
        placed = mark.placed_on(_box(thing), _rotation(thing))
        if placed not in after:
            after[placed] = pdf.make_stream(
                b"\nQ\n/Artifact BMC q " + placed + b" cm " + name.encode() + b" Do Q EMC\n"
            )
        thing.Contents = pikepdf.Array([before, *_streams(thing.get("/Contents")), after[placed]])
        _own_resources(thing)[name] = form
        thing[PAGE_KEY] = pikepdf.String(order.serial)
        if isinstance(thing.get("/PieceInfo"), pikepdf.Dictionary):
            thing.PieceInfo[PIECE] = piece[PIECE]
        else:
            thing.PieceInfo = piece


def _form(pdf: pikepdf.Pdf, mark: Mark) -> pikepdf.Object:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    form = pdf.make_stream(mark.content)
    form.Type = pikepdf.Name.XObject
    form.Subtype = pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, mark.width, mark.height])
    form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(RemitFont=pdf.make_indirect(font)))
    return form


def _streams(contents: Any) -> list[Any]:
    if isinstance(contents, pikepdf.Array):
        return list(contents.as_list())
    return [contents] if isinstance(contents, pikepdf.Stream) else []


def _own_resources(page: Any) -> Any:
    """Return the page's own dictionary of XObjects, inherited and shared ones copied first.

    A page that is extracted takes what is its own along.
    """
    resources = _inherited(page, "/Resources")
    own = (
        pikepdf.Dictionary(dict(resources.items()))
        if isinstance(resources, pikepdf.Dictionary)
        else pikepdf.Dictionary()
    )
    drawn = own.get("/XObject")
    own["/XObject"] = (
        pikepdf.Dictionary(dict(drawn.items())) if isinstance(drawn, pikepdf.Dictionary) else pikepdf.Dictionary()
    )
    page.Resources = own
    return page.Resources.XObject


def _inherited(page: Any, name: str) -> Any:
    """Look a page's attribute up, in the page or the nodes of the tree above it."""
    node = page
    for _ in range(64):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            break
        node = node.Parent
    return None


def _box(page: Any) -> tuple[float, float, float, float]:
    """Return what is shown of a page: left, bottom, right, top, in the page's own units; letter paper if it says none.

    A box is written from any corner to the opposite one.
    """
    for name in ("/CropBox", "/MediaBox"):
        try:
            x0, y0, x1, y1 = (float(number) for number in _inherited(page, name))
        except (TypeError, ValueError):  # no box, or not of four numbers
            continue
        if x0 != x1 and y0 != y1:
            return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return 0.0, 0.0, 612.0, 792.0


def _rotation(page: Any) -> int:
    """Return by how many degrees a page is turned when it is shown, in quarters of a turn."""
    try:
        return int(_inherited(page, "/Rotate")) % 360 // 90 * 90
    except (TypeError, ValueError):  # none, or no number
        return 0


def _attach(pdf: pikepdf.Pdf, order: Order) -> None:
    told = json.dumps({**order.facts, "serial": order.serial}, indent=1, sort_keys=True).encode()
    attach(pdf, Attachment(ATTACHMENT, told, "application/json", f"Download {order.serial}"))


def _describe(pdf: pikepdf.Pdf, order: Order) -> None:
    PdfMetadata.register_xml_namespace(XMP_NAMESPACE, "remit")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name, value in _described(order):
            metadata[f"{{{XMP_NAMESPACE}}}{name}"] = value


def _described(order: Order) -> Iterable[tuple[str, str]]:
    for name, value in order.facts.items():
        yield name, printable(value)
    yield "serial", order.serial
