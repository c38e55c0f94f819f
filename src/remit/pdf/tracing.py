"""Which download a copy came from, whatever became of it since.

Marks are looked for in the order of their certainty: the attached JSON, the metadata, keys of pages; if pages are left
that have none, their texts; if still pages are left, the codes that are drawn on them (on eight pages of a longer
document). Each step reads the document in a confined process of its own, so that a document that breaks one reader
still meets the next.
"""

import msgspec

from remit.pdf.checking import read_confined
from remit.pdf.errors import PdfRefused, require_extra

_STEPS = ("structural_marks", "text_marks", "drawn_marks")


class _Found(msgspec.Struct, frozen=True):
    serials: list[str]
    all_pages: bool


def trace(document: bytes) -> tuple[str, ...]:
    """Find the serials of the downloads that a document's pages came from, most certain first; none in a foreign one.

    Blocks for up to six seconds on a document made to be hard to read, a tenth to half a second on others: call it
    from a thread.

    Raises:
        PdfRefused: no step could read it.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    serials: dict[str, None] = {}
    refused: PdfRefused | None = None
    unread = 0
    for step in _STEPS:
        try:
            answer = read_confined(f"remit.pdf.readers.marks:{step}", document)
        except PdfRefused as error:
            refused = refused or error
            unread += 1
            continue
        found = msgspec.json.decode(answer, type=_Found)
        serials.update(dict.fromkeys(found.serials))
        if found.all_pages and found.serials:
            break
    if refused is not None and unread == len(_STEPS):
        raise refused
    return tuple(serials)
