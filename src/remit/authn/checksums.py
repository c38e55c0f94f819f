"""Checksums that follow a body in its trailer.

Source: Amazon S3 User Guide, "Checking object integrity"; the polynomials as the CRC catalogue has them: CRC-32/ISCSI
(crc32c) and CRC-64/NVME.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import cache

_CRC32C = 0x82F63B78
_CRC64NVME = 0x9A6C9329AC4BC9B5


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    """Return the remainder of each byte; *polynomial* is in reflected form."""
    table: list[int] = []
    for byte in range(256):
        remainder = byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (polynomial if remainder & 1 else 0)
        table.append(remainder)
    return tuple(table)


def _crc(data: bytes, polynomial: int, size: int) -> bytes:
    """Compute a reflected CRC of *size* bytes that begins and ends with all bits turned."""
    table = _table(polynomial)
    ones = (1 << 8 * size) - 1
    remainder = ones
    for byte in data:
        remainder = table[(remainder ^ byte) & 0xFF] ^ remainder >> 8
    return (remainder ^ ones).to_bytes(size)


# The trailer's name -> what AWS calls the algorithm, and what computes it.
CHECKSUMS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "x-amz-checksum-crc32": ("CRC32", lambda data: zlib.crc32(data).to_bytes(4)),
    "x-amz-checksum-crc32c": ("CRC32C", lambda data: _crc(data, _CRC32C, 4)),
    "x-amz-checksum-crc64nvme": ("CRC64NVME", lambda data: _crc(data, _CRC64NVME, 8)),
    "x-amz-checksum-sha1": ("SHA1", lambda data: hashlib.sha1(data, usedforsecurity=False).digest()),
    "x-amz-checksum-sha256": ("SHA256", lambda data: hashlib.sha256(data).digest()),
}


def checksum(name: str, data: bytes) -> str:
    """Compute the checksum that the trailer *name* carries, in base64."""
    return base64.b64encode(CHECKSUMS[name][1](data)).decode()
