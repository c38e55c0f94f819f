"""Pages before a document, files attached to it, and a last line that can sign all of it.

The same input gives the same bytes. Joining and reading are done in a confined process: the document is a stranger's.
A line behind the end of a PDF that begins with `%` is a comment, which readers pass over; whoever writes the document
anew drops it. Source: ISO 32000-2, sections 7.2.4 (comments), 7.11.4 (embedded files).
"""

from collections.abc import Sequence

import msgspec

from remit.pdf.confinement import confined
from remit.pdf.errors import require_extra


class Attachment(msgspec.Struct, frozen=True):
    """A file in a document."""

    name: str
    content: bytes
    media_type: str
    description: str


class Join(msgspec.Struct, frozen=True):
    """What the confined process is told; *label* numbers the pages that come first, `Terms-`."""

    first: bytes
    document: bytes
    attachments: tuple[Attachment, ...]
    label: str


class Wanted(msgspec.Struct, frozen=True):
    """What the confined process looks for."""

    document: bytes
    name: str


def join(first: bytes, document: bytes, attachments: Sequence[Attachment] = (), *, label: str) -> bytes:
    """Return *document* behind the pages of *first*, with files attached. Blocks: call it from a thread.

    Attachments, outline and labels of *document* stay; an attachment of the same name is replaced.

    Raises:
        PdfRefused: a document cannot be read.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    order = Join(first, document, tuple(attachments), label)
    return confined("remit.pdf.readers.joining:joined", msgspec.msgpack.encode(order))


def attached(document: bytes, name: str) -> bytes | None:
    """Return the content of the attachment *name*; None when there is none. Blocks: call it from a thread.

    Raises:
        PdfRefused: the document cannot be read.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    answer = confined("remit.pdf.readers.joining:found", msgspec.msgpack.encode(Wanted(document, name)))
    return msgspec.msgpack.decode(answer, type=bytes | None)


def with_last_line(document: bytes, name: str, text: str) -> bytes:
    """Return *document* and a line behind its end, `%name: text`.

    Args:
        text: ASCII, without line breaks; at most some 900 characters, so that readers still find the document's end.
    """
    return document + f"%{name}: {text}\n".encode("ascii")


def without_last_line(document: bytes, name: str) -> tuple[bytes, str] | None:
    """Return what is before the last line, and its text; None when the last line is not one of this *name*."""
    begin = document.rfind(b"\n", 0, -1) + 1
    line, mark = document[begin:], f"%{name}: ".encode("ascii")
    if not (line.startswith(mark) and line.endswith(b"\n") and line.isascii()):
        return None
    return document[:begin], line[len(mark) : -1].decode("ascii")
