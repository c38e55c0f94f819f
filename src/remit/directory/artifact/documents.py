"""Documents by the SHA-256 of their bytes: those of the sample library come with Remit, all others are in the store.

Source: `artifact` reference, section 5.
"""

import gzip
from collections.abc import Callable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

from remit.directory.artifact.reports import Upload
from remit.directory.artifact.samples import catalog, sample_agreements

Blob = Callable[[str], bytes | None]


def _data() -> Traversable:
    return resources.files("remit.directory.artifact").joinpath("data")


@cache
def _packaged() -> dict[str, str]:
    """Return SHA-256 -> file of the sample library."""
    files = {term.sha256: term.file for term in catalog().terms}
    files.update({version.sha256: version.file for report in catalog().reports for version in report.versions})
    files.update({agreement.sha256: agreement.file for agreement in sample_agreements()})
    return files


def read_document(blob: Blob, id_: str) -> bytes:
    """Return the bytes of a document. Takes long: only for slow work.

    Args:
        blob: reads the store's, `Transaction.blob`.
        id_: SHA-256 in hex.

    Raises:
        LookupError: the store has lost it.
    """
    file = _packaged().get(id_)
    return _data().joinpath(file).read_bytes() if file is not None else _kept(blob, id_)


def read_page_texts(blob: Blob, upload: Upload) -> list[str]:
    """Return the text of each page of a file that was taken. Takes long: only for slow work.

    Args:
        blob: reads the store's, `Transaction.blob`.

    Raises:
        LookupError: the store has lost them.
    """
    if upload.document in _packaged():
        texts = gzip.decompress(_data().joinpath("page_texts.json.gz").read_bytes())
        return msgspec.json.decode(texts, type=dict[str, list[str]])[upload.document]
    return msgspec.json.decode(_kept(blob, upload.texts), type=list[str])


def _kept(blob: Blob, id_: str) -> bytes:
    found = blob(id_)
    if found is None:
        raise LookupError(f"the store has lost the document {id_}")
    return found
