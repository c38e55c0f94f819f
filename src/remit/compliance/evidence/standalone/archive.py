"""The archive: a ZIP file that has one form, so that each byte is content of a file or follows from the files.

Files are stored as they are, dated 1 January 1980, one after the other without gaps; sizes stand in the headers that
precede them; names are short, plain and lead nowhere else. Nothing is unpacked, so nothing can grow.
Source: APPNOTE.TXT 6.3.10, 4.3.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]*(?:/[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]*)*")
NAME_MAX, BLOCK = 200, 1 << 20
FAR, MANY = 0xFFFFFFFF, 0xFFFF  # "look into the field of 64 bits"
_LOCAL, _CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
_END, _END64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_DAY, _MODE = 0x21, 0o100644 << 16  # 1 January 1980; -rw-r--r--
_PLAIN = set(range(0x20, 0x7F)) - {0x5C}  # printable ASCII but the backslash
_THE_END = "end of the archive"


class Damaged(Exception):
    """The archive's form is broken, so that what follows cannot be found."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name, self.what = name, what


def local_header(name: bytes, crc: int, size: int) -> bytes:
    """Return what precedes the bytes of a file."""
    return _LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, _DAY, crc, size, size, len(name), 0) + name


def central_record(name: bytes, crc: int, size: int, offset: int) -> bytes:
    """Return the record of a file in the archive's directory."""
    far = struct.pack("<2HQ", 1, 8, offset) if offset >= FAR else b""
    made, needed = (0x32D, 45) if far else (0x314, 20)
    fixed = (b"PK\1\2", made, needed, 0, 0, 0, _DAY, crc, size, size, len(name), len(far), 0, 0, 0, _MODE)
    return _CENTRAL.pack(*fixed, min(offset, FAR)) + name + far


def end_record(count: int, size: int, offset: int) -> bytes:
    """Return the end of an archive whose directory has *count* records in *size* bytes from *offset*."""
    far = b""
    if count >= MANY or offset >= FAR or size >= FAR:
        far = _END64.pack(b"PK\6\6", 44, 0x32D, 45, 0, 0, count, count, size, offset)
        far += _LOCATOR.pack(b"PK\6\7", 0, offset + size, 1)
    few = min(count, MANY)
    return far + _END.pack(b"PK\5\6", 0, 0, few, few, min(size, FAR), min(offset, FAR), 0)


class Entry(NamedTuple):
    """A file of the archive: where its bytes are, what they hash to, whether they have the checksum of the header."""

    name: str
    offset: int
    size: int
    sha256: str
    is_whole: bool


class Directory(NamedTuple):
    """Where the archive's directory is, and of how many files it tells."""

    files: int
    offset: int
    end: int


class Record(NamedTuple):
    """A record of the directory."""

    raw: bytes
    name: bytes
    crc: int
    size: int


def directory(file: BinaryIO) -> Directory:
    """Find the archive's directory.

    Raises:
        Damaged: the archive does not end as it must.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 98))
    tail = file.read(98)
    if len(tail) >= _END.size:
        _, _, _, _, count, length, offset, _ = _END.unpack(tail[-22:])
        if tail.startswith(b"PK\6\6") and len(tail) == _END64.size + _LOCATOR.size + _END.size:
            count, length, offset = _END64.unpack(tail[:56])[7:10]
        expected = end_record(count, length, offset)
        if tail.endswith(expected) and offset + length + len(expected) == size:
            return Directory(count, offset, offset + length)
    raise _where_it_ends(file, size)


def _where_it_ends(file: BinaryIO, size: int) -> Damaged:
    """Say what is wrong with an archive that does not end as it must, reading from its front."""
    at, last, is_in_directory = 0, "", False
    while True:
        file.seek(at)
        head = file.read(_CENTRAL.size)
        if head.startswith(b"PK\3\4") and len(head) >= _LOCAL.size and not is_in_directory:
            *_, length, _, name_length, extra = _LOCAL.unpack(head[:30])
            begin, step = at + 30, 30 + length + name_length + extra
        elif head.startswith(b"PK\1\2") and len(head) == _CENTRAL.size:
            is_in_directory = True
            name_length = _CENTRAL.unpack(head)[10]
            begin, step = at + 46, 46 + sum(_CENTRAL.unpack(head)[10:13])
        else:
            break
        file.seek(begin)
        name = file.read(min(name_length, NAME_MAX))
        if len(name) < min(name_length, NAME_MAX):
            break
        last = shown(name)
        at += step
        if at > size:
            where = "its record in the directory" if is_in_directory else "this file"
            return Damaged(last, f"cut off: the archive ends within {where}, or its header is altered")
    if not is_in_directory:
        return Damaged(last or "beginning of the archive", "cut off after it, or what follows is no file of an archive")
    whole = 22 if head.startswith(b"PK\5\6") else 98
    if size > at + whole and head.startswith((b"PK\5\6", b"PK\6\6")):
        return Damaged(_THE_END, f"{size - at - whole} bytes were added after it, or it is altered")
    return Damaged(_THE_END, f"cut off or altered, after the record of {last}")


def shown(name: bytes) -> str:
    """Return a name as it can be printed, whatever it is."""
    return "".join(chr(one) if one in _PLAIN else f"\\x{one:02x}" for one in name)


def printable(text: str) -> str:
    """Return *text* with whatever could steer a terminal written out."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def records(file: BinaryIO, where: Directory) -> Iterator[Record]:
    """Yield the records of the directory, as they are. Whoever reads *file* meanwhile finds its position as it was."""
    held, at, following = b"", 0, where.offset
    while True:
        if len(held) - at < BLOCK // 4 and following < where.end:
            here = file.tell()
            file.seek(following)
            held, at = held[at:] + file.read(min(BLOCK, where.end - following)), 0
            following = min(where.end, following + BLOCK)
            file.seek(here)
        if at == len(held):
            return
        head = held[at : at + _CENTRAL.size]
        if len(head) < _CENTRAL.size or not head.startswith(b"PK\1\2"):
            yield Record(head, b"", 0, 0)
            return
        _, _, _, _, _, _, _, crc, size, _, name_length, extra, comment, _, _, _, _ = _CENTRAL.unpack(head)
        end = at + _CENTRAL.size + name_length
        yield Record(held[at : end + extra + comment], held[at + _CENTRAL.size : end], crc, size)
        at = end + extra + comment


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Yield every file of the archive, read and hashed, in order.

    Raises:
        Damaged: a header, a record or a name is not as it must be.
    """
    where = directory(file)
    file.seek(0)
    at = count = 0
    for raw, name, crc, size in records(file, where):
        header = file.read(_LOCAL.size + len(name))
        if raw != central_record(name, crc, size, at) or header != local_header(name, crc, size):
            raise _disagreement(file, at, name)
        if len(name) > NAME_MAX or NAME.fullmatch(name.decode("latin-1")) is None:
            raise Damaged(shown(name[:NAME_MAX]), "no file of a bundle has such a name")
        left, seen, digest = size, 0, hashlib.sha256()
        while left and (block := file.read(min(left, BLOCK))):
            left, seen = left - len(block), zlib.crc32(block, seen)
            digest.update(block)
        yield Entry(name.decode(), at + len(header), size, digest.hexdigest(), seen == crc and not left)
        at += len(header) + size
        count += 1
    if (count, at) != (where.files, where.offset):
        told = f"it tells of {where.files} files in {where.offset} bytes, and there are {count} in {at}"
        raise Damaged(_THE_END, f"altered, or something was added: {told}")


def _disagreement(file: BinaryIO, at: int, listed: bytes) -> Damaged:
    file.seek(at)
    head = file.read(_LOCAL.size)
    found = file.read(min(NAME_MAX, _LOCAL.unpack(head)[9])) if len(head) == _LOCAL.size else b""
    names = sorted({shown(name[:NAME_MAX]) for name in (found, listed) if name})
    return Damaged(" or ".join(names) or _THE_END, "its header and the archive's directory are not both as they were")
