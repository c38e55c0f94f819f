"""A copy of a document that names the download it came from, on every page and in several ways.

The copy opens with the pages of the terms; then the document follows, with its attachments, outline and links. Each
page, those of the terms too, is marked for the download's serial, and so is the document as a whole:

- JSON: the attachment `remit-download.json`, with the facts. Stays when qpdf, pikepdf, pypdf, `mutool clean` or
  `pdfseparate` write the copy anew; lost when a program prints it, and on pages that are taken out by themselves.
- XMP: the document's metadata, with the facts. As the JSON.
- key: `/RemitSerial` and `/PieceInfo` of each page. As the JSON, but stays on pages that are taken out.
- text: at the foot of each page, for people. Stays also when Ghostscript, mutool or poppler print the copy anew; lost,
  but for people, where letters become drawings or pages become pictures.
- code: a QR code at the foot of each page, of vectors. Stays in all of these cases, and on paper.

Whoever sets out to remove the marks can: they name the careless, and those who pass a copy on as it is.
A document's digital signatures do not survive: the copy is another document. Neither does its open action, since the
copy opens with the terms.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from remit.pdf.errors import PdfRefused, require_extra
from remit.pdf.marks import Mark, draw_mark, printable
from remit.pdf.serials import is_serial

if TYPE_CHECKING:
    import pikepdf

ATTACHMENT: Final = "remit-download.json"
XMP_NAMESPACE: Final = "urn:remit:download:1"
PAGE_KEY: Final = "/RemitSerial"
PIECE: Final = "/Remit"
_TERMS_LABEL = "Terms-"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a copy says of its download.

    Attributes:
        serial: of `new_serial`.
        lines: for people, at the foot of each page: who, when.
        facts: for programs, in the attached JSON and the XMP metadata; names are letters and digits.
    """

    serial: str
    lines: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


def stamp(document: bytes, terms: bytes | None, stamp: Stamp) -> bytes:
    """Return a copy of *document* behind its *terms*, marked as *stamp* says. Both have passed `check`.

    Works for a tenth of a second and more, without a confined process: call it from a thread.

    Raises:
        PdfRefused: a document cannot be read, so it has not passed `check`.
        ValueError: the serial is none, or a fact's name has other characters than letters and digits.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    if not is_serial(stamp.serial):
        raise ValueError(f"not a serial: `{stamp.serial}`")
    if not all(name.isascii() and name.isalnum() and name[0].isalpha() for name in stamp.facts):
        raise ValueError("a fact's name has other characters than letters and digits, or begins with a digit")
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(document)) as pdf:
            _drop_odd_entries(pdf.Root)
            if terms is not None:
                _put_before(pdf, terms)
            _mark_pages(pdf, stamp)
            _attach(pdf, stamp)
            _describe(pdf, stamp)
            return _saved(pdf)
    except pikepdf.PdfError as error:
        raise PdfRefused(f"malformed: {error}") from None


def _drop_odd_entries(root: Any) -> None:
    """Remove what is not of the kind that it should be: readers pass over it, qpdf's helpers do not."""
    import pikepdf

    kinds = {"/PageLabels": pikepdf.Dictionary, "/Names": pikepdf.Dictionary, "/Metadata": pikepdf.Stream}
    for name, kind in kinds.items():
        if name in root and not isinstance(root[name], kind):
            del root[name]
    files = root.Names.get("/EmbeddedFiles") if "/Names" in root else None
    if files is not None and not isinstance(files, pikepdf.Dictionary):
        del root.Names["/EmbeddedFiles"]


def _put_before(pdf: "pikepdf.Pdf", terms: bytes) -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(terms)) as first:
        count = len(first.pages)
        for index, page in enumerate(first.pages):
            pdf.pages.insert(index, page)
    if "/PageLabels" in pdf.Root:
        _shift_labels(pdf, count)
    if "/OpenAction" in pdf.Root:
        del pdf.Root.OpenAction


def _shift_labels(pdf: "pikepdf.Pdf", count: int) -> None:
    """Let the document's pages keep their labels behind *count* pages of terms, which get some of their own."""
    import pikepdf

    made = pikepdf.NumberTree.new(pdf)
    made[0] = pikepdf.Dictionary(P=pikepdf.String(_TERMS_LABEL), S=pikepdf.Name.D)
    for number, label in pikepdf.NumberTree(pdf.Root.PageLabels).items():
        made[number + count] = label
    pdf.Root.PageLabels = made.obj


def _mark_pages(pdf: "pikepdf.Pdf", stamp: Stamp) -> None:
    import pikepdf

    mark = draw_mark(stamp.serial, stamp.lines)
    form = _form(pdf, mark)
    # A copy that was stored as a document and is stamped again keeps its older marks.
    name = f"/Remit{stamp.serial}"
    before = pdf.make_stream(b"q\n")
    after: dict[bytes, pikepdf.Object] = {}
    # One object for all pages: it is small, and a page that is extracted takes it along.
    piece = pdf.make_indirect(
        pikepdf.Dictionary({PIECE: pikepdf.Dictionary(Private=pikepdf.Dictionary(Serial=stamp.serial))})
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
        thing[PAGE_KEY] = pikepdf.String(stamp.serial)
        if isinstance(thing.get("/PieceInfo"), pikepdf.Dictionary):
            thing.PieceInfo[PIECE] = piece[PIECE]
        else:
            thing.PieceInfo = piece


def _form(pdf: "pikepdf.Pdf", mark: Mark) -> "pikepdf.Object":
    import pikepdf

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
    import pikepdf

    if isinstance(contents, pikepdf.Array):
        return list(contents.as_list())
    return [contents] if isinstance(contents, pikepdf.Stream) else []


def _own_resources(page: Any) -> Any:
    """Return the page's own dictionary of XObjects, inherited and shared ones copied first.

    A page that is extracted takes what is its own along.
    """
    import pikepdf

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


def _attach(pdf: "pikepdf.Pdf", stamp: Stamp) -> None:
    import pikepdf

    told = json.dumps({**stamp.facts, "serial": stamp.serial}, indent=1, sort_keys=True).encode()
    pdf.attachments[ATTACHMENT] = pikepdf.AttachedFileSpec(
        pdf,
        told,
        filename=ATTACHMENT,
        mime_type="application/json",
        description=f"Download {stamp.serial}",
        creation_date="",
        mod_date="",
    )


def _describe(pdf: "pikepdf.Pdf", stamp: Stamp) -> None:
    from pikepdf.models import PdfMetadata

    PdfMetadata.register_xml_namespace(XMP_NAMESPACE, "remit")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name, value in _described(stamp):
            metadata[f"{{{XMP_NAMESPACE}}}{name}"] = value


def _described(stamp: Stamp) -> Iterable[tuple[str, str]]:
    for name, value in stamp.facts.items():
        yield name, printable(value)
    yield "serial", stamp.serial


def _saved(pdf: "pikepdf.Pdf") -> bytes:
    import pikepdf

    saved = io.BytesIO()
    pdf.save(
        saved,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=True,
    )
    return saved.getvalue()
