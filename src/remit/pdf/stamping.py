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

The copy is made in a confined process: qpdf holds the interpreter's lock while it writes, and a server has other calls
to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from remit.pdf.confinement import confined
from remit.pdf.errors import require_extra
from remit.pdf.serials import is_serial

ATTACHMENT: Final = "remit-download.json"
XMP_NAMESPACE: Final = "urn:remit:download:1"
PAGE_KEY: Final = "/RemitSerial"
PIECE: Final = "/Remit"
# A copy of 5,000 pages takes less; documents that were taken are small enough for this memory.
_SECONDS: Final = 10.0
_MEMORY_BYTES: Final = 600 * 1000 * 1000


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


class Order(msgspec.Struct, frozen=True):
    """What the confined process is told: the documents, and what a `Stamp` has."""

    document: bytes
    terms: bytes | None
    serial: str
    lines: tuple[str, ...]
    facts: dict[str, str]


def stamp(document: bytes, terms: bytes | None, stamp: Stamp) -> bytes:
    """Return a copy of *document* behind its *terms*, marked as *stamp* says. Both have passed `check`.

    Blocks for a quarter of a second and more: call it from a thread.

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
    order = Order(document, terms, stamp.serial, stamp.lines, dict(stamp.facts))
    return confined(
        "remit.pdf.readers.copies:copied",
        msgspec.msgpack.encode(order),
        seconds=_SECONDS,
        memory_bytes=_MEMORY_BYTES,
    )
