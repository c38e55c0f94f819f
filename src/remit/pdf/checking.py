"""Take a document of a stranger, or say what is wrong with it.

What is taken: a PDF of at most 20 MiB and 5,000 pages that qpdf reads without repairing it, that is not encrypted, that
PDFium reads alike, and that holds no active content (`readers/active_content.py` lists what that is). It is read in a
confined process: whatever it is, it is taken or refused within two seconds of computing and 300 MB.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from remit.pdf.confinement import confined
from remit.pdf.errors import PdfRefused, require_extra

PDF_BYTES_MAX: Final = 20 * 1024 * 1024
PAGES_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a document that was taken.

    Attributes:
        page_count: how many pages it has.
        page_texts: the text of each page.
    """

    page_count: int
    page_texts: tuple[str, ...]


class _Reading(msgspec.Struct, frozen=True):
    page_count: int
    page_texts: list[str]


def check(document: bytes) -> Checked:
    """Read a document whole. Blocks for up to two seconds, four on a busy machine: call it from a thread.

    Raises:
        PdfRefused: it is not taken; the message says why.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    refuse_longer(document, PDF_BYTES_MAX)
    answer = confined("remit.pdf.readers.documents:checked", document)
    reading = msgspec.json.decode(answer, type=_Reading)
    return Checked(reading.page_count, tuple(reading.page_texts))


def refuse_longer(document: bytes, bytes_max: int) -> None:
    """Raise PdfRefused if a document is longer than is taken."""
    if len(document) > bytes_max:
        raise PdfRefused(f"has {len(document):,} bytes, at most {bytes_max:,} are taken")
