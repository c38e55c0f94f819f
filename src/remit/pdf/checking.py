"""Take a document of a stranger, or say what is wrong with it.

What is taken: a PDF of at most 20 MiB and 5,000 pages that qpdf reads without repairing it, that is not encrypted, that
PDFium reads alike, and that holds no active content (`readers/active_content.py` lists what that is). It is read in a
confined process: whatever it is, it is taken or refused within two seconds of computing and 300 MB.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from remit.confined import Crashed, Refused, TookTooLong, TookTooMuch, run
from remit.pdf.errors import PdfRefused, PdfTookTooLong, require_extra

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
    answer = read_confined("remit.pdf.readers.documents:checked", document)
    reading = msgspec.json.decode(answer, type=_Reading)
    return Checked(reading.page_count, tuple(reading.page_texts))


def read_confined(reader: str, document: bytes) -> bytes:
    """Give a document to a reader in a confined process.

    Raises:
        PdfTookTooLong: the reader had not ended in time.
        PdfRefused: the reader refused it, or did not survive it.
    """
    if len(document) > PDF_BYTES_MAX:
        raise PdfRefused(f"has {len(document):,} bytes, at most {PDF_BYTES_MAX:,} are taken")
    try:
        return run(reader, document)
    except Refused as refused:
        raise PdfRefused(refused.message) from None
    except TookTooLong:
        raise PdfTookTooLong("takes too long to read") from None
    except TookTooMuch:
        raise PdfRefused("takes too much memory to read") from None
    except Crashed:
        raise PdfRefused("malformed: its reader did not survive it") from None
