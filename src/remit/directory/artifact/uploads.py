"""Files that a provider uploads: read whole before they are kept, because readers will be given copies of them.

Source: `artifact` reference, section 5: `FAILED` is a bad file, `FAULT` is our own failure.
"""

import msgspec

from remit.directory.artifact.reports import Upload, UploadState
from remit.pdf import PdfExtraMissing, PdfRefused, check
from remit.store import Transaction


class Examined(msgspec.Struct, frozen=True):
    """What was found in a file.

    Attributes:
        message: why it is not taken, for a person; empty when it is.
        page_texts: the text of each page of a file that is taken.
    """

    state: UploadState
    message: str = ""
    page_texts: tuple[str, ...] = ()


def examine(document: bytes) -> Examined:
    """Read a file. Takes up to two seconds: only for slow work."""
    try:
        checked = check(document)
    except PdfRefused as refused:
        return Examined(UploadState.FAILED, f"The document was not taken: {refused.message}.")
    except PdfExtraMissing as missing:
        return Examined(UploadState.FAULT, missing.message)
    return Examined(UploadState.COMPLETE, page_texts=checked.page_texts)


def keep(tx: Transaction, document: bytes, examined: Examined) -> Upload:
    """Keep a file that was taken, with the texts of its pages; of one that was not, keep why."""
    if examined.state is not UploadState.COMPLETE:
        return Upload(state=examined.state, message=examined.message)
    return Upload(
        state=UploadState.COMPLETE,
        document=tx.put_blob(document),
        texts=tx.put_blob(msgspec.json.encode(examined.page_texts)),
        pages=len(examined.page_texts),
    )
