"""PDF documents: checked, stamped, traced, typeset, joined. A library of bytes: it opens no file and no connection.

The libraries that do the work come with the extra `pdf` and are imported when the first document comes; without them
each function raises `PdfExtraMissing`. What reads a stranger's document does so in a confined process.
"""

from remit.pdf.checking import PAGES_MAX, PDF_BYTES_MAX, Checked, check
from remit.pdf.errors import PdfError, PdfExtraMissing, PdfRefused
from remit.pdf.joining import Attachment, attached, join, with_last_line, without_last_line
from remit.pdf.parts import Bullets, Heading, Layout, PageBreak, Paragraph, Part, Table, Title
from remit.pdf.serials import is_serial, new_serial
from remit.pdf.stamping import Stamp, stamp
from remit.pdf.texts import page_texts
from remit.pdf.tracing import trace
from remit.pdf.typesetting import typeset

__all__ = [
    "PAGES_MAX",
    "PDF_BYTES_MAX",
    "Attachment",
    "Bullets",
    "Checked",
    "Heading",
    "Layout",
    "PageBreak",
    "Paragraph",
    "Part",
    "PdfError",
    "PdfExtraMissing",
    "PdfRefused",
    "Stamp",
    "Table",
    "Title",
    "attached",
    "check",
    "is_serial",
    "join",
    "new_serial",
    "page_texts",
    "stamp",
    "trace",
    "typeset",
    "with_last_line",
    "without_last_line",
]
