"""Which download a copy came from, whatever became of it since.

Marks are looked for in the order of their certainty: the attached JSON, the metadata, keys of pages; if pages are left
that have none, their texts; if still pages are left, the codes that are drawn on them (on eight pages of a longer
document). Each step reads the document in a confined process of its own, so that a document that breaks one reader
still meets the next; one that takes a reader's two seconds was made to, and meets none.
"""

from typing import Final

import msgspec

from remit.pdf.checking import refuse_longer
from remit.pdf.confinement import confined
from remit.pdf.errors import PdfRefused, PdfTookTooLong, require_extra

# A copy has terms beside the document, and other programs store what they write less tightly.
_BYTES_MAX: Final = 64 * 1024 * 1024
_STEPS = ("structural_marks", "text_marks", "drawn_marks")


class _Found(msgspec.Struct, frozen=True):
    serials: list[str]
    all_pages: bool


def trace(document: bytes) -> tuple[str, ...]:
    """Find the serials of the downloads that a document's pages came from, most certain first; none in a foreign one.

    Blocks for a tenth of a second to one second, two to four on one made to be hard to read: call it from a thread.

    Raises:
        PdfRefused: it is longer than 64 MiB, no step could read it, or one took too long before a serial was found.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    refuse_longer(document, _BYTES_MAX)
    serials: dict[str, None] = {}
    refusals: list[PdfRefused] = []
    for step in _STEPS:
        try:
            answer = confined(f"remit.pdf.readers.marks:{step}", document)
        except PdfTookTooLong:
            if not serials:
                raise
            break
        except PdfRefused as refused:
            refusals.append(refused)
            continue
        found = msgspec.json.decode(answer, type=_Found)
        serials.update(dict.fromkeys(found.serials))
        if found.all_pages and found.serials:
            break
    if len(refusals) == len(_STEPS):
        raise refusals[0]
    return tuple(serials)
