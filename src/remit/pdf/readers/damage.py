"""What qpdf and PDFium say of a damaged document, in our words."""

import pikepdf

from remit.confined import Refusal

# What the readers raise (PDFium's is a RuntimeError) on a document that is not what it says, beside `Refusal` and
# `MemoryError`.
DAMAGED = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError)
_WORDS_MAX = 200


def malformed(error: Exception) -> Refusal:
    """Return the refusal of a document whose reading ended in *error*.

    Raises:
        MemoryError: the library ran out of memory and said so as an error of its own.
    """
    text = str(error)
    if "bad_alloc" in text:
        raise MemoryError from None
    # qpdf puts the name of the file first, which here is the address of an object in memory.
    _, _, rest = text.partition(" object at 0x")
    words = rest.partition(">")[2].lstrip(": ") if rest else text
    return Refusal(f"malformed: {words[:_WORDS_MAX] or type(error).__name__}")
