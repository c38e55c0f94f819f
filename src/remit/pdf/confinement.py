"""How confined processes end, as errors of `remit.pdf`."""

from remit.confined import MEMORY_BYTES, SECONDS, Crashed, Refused, TookTooLong, TookTooMuch, run
from remit.pdf.errors import PdfRefused, PdfTookTooLong


def confined(reader: str, payload: bytes, *, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> bytes:
    """Run one of `remit.pdf.readers` in a confined process.

    Raises:
        PdfTookTooLong: the reader had not ended in time.
        PdfRefused: the reader refused the document, or did not survive it.
    """
    try:
        return run(reader, payload, seconds=seconds, memory_bytes=memory_bytes)
    except Refused as refused:
        raise PdfRefused(refused.message) from None
    except TookTooLong:
        raise PdfTookTooLong("takes too long to read") from None
    except TookTooMuch:
        raise PdfRefused("takes too much memory to read") from None
    except Crashed:
        raise PdfRefused("malformed: its reader did not survive it") from None
