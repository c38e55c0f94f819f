"""Bytes of files, plain or gzip, to the end: a file that was cut, or whose checksum is wrong, is refused.

The engine stops at the end of what is there and does not look at the checksum, so every packed file is read here once.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from remit.billing.ledger.errors import UsageRefused

_BLOCK = 1 << 22


def blocks_of(path: Path) -> Iterator[bytes]:
    """Yield what a file holds, unpacked.

    Raises:
        UsageRefused: it cannot be read, was cut, or is damaged.
    """
    reached = 0
    try:
        with gzip.open(path) if is_packed(path) else path.open("rb") as file:
            while block := file.read(_BLOCK):
                reached += len(block)
                yield block
    except EOFError:
        raise UsageRefused(f"{path} was cut: it ends after {reached} unpacked bytes; get it anew") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UsageRefused(f"{path} is damaged after {reached} unpacked bytes ({error}); get it anew") from None
    except OSError as error:
        raise UsageRefused(f"cannot read {path}: {error.strerror or error}") from None


def is_packed(path: Path) -> bool:
    """Say whether a file is gzip, by its name."""
    return path.suffix.lower() == ".gz"
