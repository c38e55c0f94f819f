"""The text of a document that is read and never handed on.

Whatever it holds beside its text is passed over: scripts, forms and attachments are neither run nor looked at. It is
read in a confined process of its own.
"""

from typing import Final

import msgspec

from remit.pdf.checking import refuse_longer
from remit.pdf.confinement import confined
from remit.pdf.errors import require_extra

# A report has some hundred pages, and its terms and evidence with it.
BYTES_MAX: Final = 64 * 1024 * 1024
_SECONDS: Final = 10.0


def page_texts(document: bytes) -> tuple[str, ...]:
    """Return the text of each page. Blocks for up to ten seconds, twenty on a busy machine: call it from a thread.

    Raises:
        PdfRefused: it is no PDF, cannot be read, or takes too much time or memory; the message says which.
        PdfExtraMissing: the extra is not installed.
    """
    require_extra()
    refuse_longer(document, BYTES_MAX)
    answer = confined("remit.pdf.readers.documents:told", document, seconds=_SECONDS)
    return tuple(msgspec.json.decode(answer, type=list[str]))
