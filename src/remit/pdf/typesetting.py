"""Set a document: the same parts give the same bytes, today and on another machine.

The pages are A4, the letters those that every reader of PDF has (Helvetica); nothing is embedded. They have the letters
of western Europe (Windows-1252). Any other character is written as its number, `<U+4E2D>`: legible, never a black box.
Text is text: what looks like markup is shown as it is.
"""

import html
import io
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from remit.pdf.errors import require_extra
from remit.pdf.marks import legible, printable
from remit.pdf.parts import Bullets, Heading, Layout, PageBreak, Paragraph, Part, Table, Title

if TYPE_CHECKING:
    import pikepdf

_MARGIN: Final = 57.0  # 20 mm
_TOP: Final = 72.0
# The mark of a stamped copy takes the lowest 33 points of a page.
_BOTTOM: Final = 72.0
_FOOTER_AT: Final = 46.0
_HEADER_BELOW_TOP: Final = 42.0
_LEVELS_MAX: Final = 3
_BELOW_HEADING: Final = 100.0
_GREY: Final = 0.35


def typeset(parts: Sequence[Part], layout: Layout) -> bytes:
    """Return the document. Works for a few milliseconds a page: call it from a thread.

    Raises:
        ValueError: there are no parts, a table has a row of another length than its head, a heading's level is not 1, 2
            or 3, or the time has no zone.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    _refuse_odd(parts, layout)
    # The number of pages is said on each, so it is set twice.
    _, count = _set(parts, layout, None)
    written, _ = _set(parts, layout, count)
    return _with_metadata(written, layout)


def _refuse_odd(parts: Sequence[Part], layout: Layout) -> None:
    if not parts:
        raise ValueError("a document without parts")
    if layout.at.tzinfo is None:
        raise ValueError("a time without a zone")
    for part in parts:
        if isinstance(part, Heading) and not 1 <= part.level <= _LEVELS_MAX:
            raise ValueError(f"a heading of level {part.level}")
        if isinstance(part, Table):
            columns = len(part.head)
            if not columns or any(len(row) != columns for row in part.rows):
                raise ValueError("a table whose rows are not as long as its head")
            if part.widths and (len(part.widths) != columns or min(part.widths) <= 0):
                raise ValueError("a table whose columns and widths do not agree")


def _set(parts: Sequence[Part], layout: Layout, count: int | None) -> tuple[bytes, int]:
    """Set the parts once; return the document and how many pages it has."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    width, height = A4
    shown_title = legible(layout.title)

    def furnish(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.setFillGray(_GREY)
        canvas.setStrokeGray(_GREY)
        canvas.setLineWidth(0.4)
        if layout.header:
            canvas.drawString(_MARGIN, height - _HEADER_BELOW_TOP, legible(layout.header))
            canvas.line(_MARGIN, height - _HEADER_BELOW_TOP - 5, width - _MARGIN, height - _HEADER_BELOW_TOP - 5)
        canvas.line(_MARGIN, _FOOTER_AT + 11, width - _MARGIN, _FOOTER_AT + 11)
        canvas.drawString(_MARGIN, _FOOTER_AT, legible(layout.footer))
        canvas.drawRightString(width - _MARGIN, _FOOTER_AT, f"Page {template.page} of {count}")
        canvas.restoreState()

    outline = _Outline()
    written = io.BytesIO()
    document = BaseDocTemplate(written, pagesize=A4, invariant=1, title=shown_title, pageCompression=0)
    frame = Frame(_MARGIN, _BOTTOM, width - 2 * _MARGIN, height - _TOP - _BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=furnish))
    document.afterFlowable = lambda flowable: outline.after(document.canv, flowable)
    document.build(_flowables(parts, width - 2 * _MARGIN))
    return written.getvalue(), document.page


class _Outline:
    """The document's outline, which gains an entry for each heading that was set."""

    def __init__(self) -> None:
        self._entries = 0
        self._level = -1

    def after(self, canvas: Any, flowable: Any) -> None:
        """Enter what was set, if it is a heading; levels never skip one, which no reader could show."""
        entry = getattr(flowable, "outline_entry", None)
        if entry is None:
            return
        text, level = entry
        self._level = min(level - 1, self._level + 1)
        self._entries += 1
        key = f"heading-{self._entries}"
        canvas.bookmarkPage(key)
        canvas.addOutlineEntry(text, key, self._level, closed=self._level > 0)


def _flowables(parts: Sequence[Part], width: float) -> list[Any]:
    from reportlab import platypus

    styles = _styles()

    def paragraph(text: str, style: str) -> Any:
        # A line that the author broke is a line.
        lines = (html.escape(legible(line), quote=False) for line in text.split("\n"))
        return platypus.Paragraph("<br/>".join(lines), styles[style])

    flowables: list[Any] = []
    for part in parts:
        match part:
            case Title():
                flowables.append(paragraph(part.text, "title"))
                flowables += [paragraph(line, "subtitle") for line in part.lines]
                flowables.append(platypus.Spacer(1, 14))
            case Heading():
                heading = paragraph(part.text, f"heading{part.level}")
                heading.outline_entry = (legible(part.text), part.level)
                # No heading is the last line of a page; a table below it need not be kept whole for that.
                flowables += [platypus.CondPageBreak(_BELOW_HEADING), heading]
            case Paragraph():
                flowables.append(paragraph(part.text, "body"))
            case Bullets():
                items: list[Any] = [platypus.ListItem(paragraph(item, "item")) for item in part.items]
                flowables.append(
                    platypus.ListFlowable(items, bulletType="bullet", start="\u2022", leftIndent=14, bulletFontSize=8)
                )
                flowables.append(platypus.Spacer(1, 4))
            case Table():
                flowables += [_table(part, width, paragraph), platypus.Spacer(1, 8)]
            case PageBreak():
                flowables.append(platypus.PageBreak())
    return flowables


def _table(table: Table, width: float, paragraph: Any) -> Any:
    from reportlab import platypus

    shares = table.widths or (1.0,) * len(table.head)
    cells = [[paragraph(cell, "head") for cell in table.head]]
    cells += [[paragraph(cell, "cell") for cell in row] for row in table.rows]
    made = platypus.Table(
        cells, colWidths=[width * share / sum(shares) for share in shares], repeatRows=1, splitInRow=1
    )
    made.setStyle(
        platypus.TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("GRID", (0, 0), (-1, -1), 0.3, (0.6, 0.6, 0.6)),
                ("BACKGROUND", (0, 0), (-1, 0), (0.91, 0.93, 0.95)),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return made


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    def style(name: str, size: float, *, bold: bool = False, before: float = 0, after: float = 0) -> Any:
        return ParagraphStyle(
            name,
            fontName="Helvetica-Bold" if bold else "Helvetica",
            fontSize=size,
            leading=size * 1.3,
            spaceBefore=before,
            spaceAfter=after,
            splitLongWords=1,
        )

    return {
        made.name: made
        for made in (
            style("title", 22, bold=True, after=6),
            style("subtitle", 11, after=2),
            style("heading1", 15, bold=True, before=14, after=5),
            style("heading2", 12, bold=True, before=9, after=4),
            style("heading3", 10, bold=True, before=6, after=3),
            style("body", 9.5, after=5),
            style("item", 9.5, after=2),
            style("head", 8, bold=True),
            style("cell", 8),
        )
    }


def _with_metadata(written: bytes, layout: Layout) -> bytes:
    """Say what the document is, in both forms that readers know, and write it small."""
    import pikepdf

    with pikepdf.open(io.BytesIO(written)) as pdf:
        _describe(pdf, layout)
        made = io.BytesIO()
        pdf.save(
            made,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=True,
            recompress_flate=True,
            deterministic_id=True,
        )
    return made.getvalue()


def _describe(pdf: "pikepdf.Pdf", layout: Layout) -> None:
    import pikepdf

    at = layout.at.astimezone(UTC)
    for name in list(pdf.docinfo.keys()):
        del pdf.docinfo[name]
    title, author, subject = map(printable, (layout.title, layout.author, layout.subject))
    told = {"/Title": title, "/Author": author, "/Subject": subject}
    for name, text in told.items():
        if text:
            pdf.docinfo[name] = pikepdf.String(text)
    date = at.strftime("D:%Y%m%d%H%M%SZ")
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = pikepdf.String(date)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:creator"] = [author]
        if subject:
            metadata["dc:description"] = subject
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    pdf.Root.Lang = pikepdf.String("en")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
