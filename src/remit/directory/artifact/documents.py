"""Documents by the SHA-256 of their bytes: those of the sample library come with Remit, all others are in the store.

Source: `artifact` reference, section 5.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_SUFFIX = ".pdf"


def _folder() -> Traversable:
    return resources.files("remit.directory.artifact").joinpath("data")


@cache
def _packaged() -> frozenset[str]:
    folder = _folder()
    if not folder.is_dir():
        return frozenset()
    return frozenset(file.name.removesuffix(_SUFFIX) for file in folder.iterdir() if file.name.endswith(_SUFFIX))


def read_document(blob: Callable[[str], bytes | None], id_: str) -> bytes:
    """Return the bytes of a document. Takes long: only for slow work.

    Args:
        blob: reads the store's, `Transaction.blob`.
        id_: SHA-256 in hex.

    Raises:
        LookupError: the store has lost it.
    """
    if id_ in _packaged():
        return _folder().joinpath(f"{id_}{_SUFFIX}").read_bytes()
    found = blob(id_)
    if found is None:
        raise LookupError(f"the store has lost the document {id_}")
    return found
