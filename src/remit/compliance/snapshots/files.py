"""Snapshots as files: JSON Lines, written from front to back.

    {"format":1,"snapshot":{"account":…,"taken_at":…}}
    {"sha256":"…","value":{…}}                                 a value, before the first read that it answers
    {"read":{"service":…},"status":"answered","sha256":"…"}    a read
    {"finished":{"reads":…}}                                   the last line of a collection that came to its end

A value that answers several reads is kept once. A line that a collection had no time to end is left out when it is
read; anything else that does not fit is refused.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from remit.compliance.snapshots.answers import Answer, Read, Status, canonical, decoded, instant
from remit.compliance.snapshots.errors import SnapshotDamaged, SnapshotForeign, SnapshotUnreadable
from remit.compliance.snapshots.snapshot import FORMAT, Header, Snapshot

_VALUE, _BETWEEN = '{"sha256":"', '","value":'
_DIGITS = 64
_STATUSES = {status.value: status for status in Status}
_VALUE_LINE = _VALUE.encode()
_TEXT_AT = len(_VALUE) + _DIGITS + len(_BETWEEN)


class Writer:
    """Writes a snapshot, line by line. A line that is written stays, whatever becomes of the process."""

    def __init__(self, file: BinaryIO, header: Header | None, kept: frozenset[str] = frozenset()) -> None:
        """Begin a snapshot, or go on with one: *header* is None then, and *kept* has the hashes of its values."""
        self._file = file
        self._kept = set(kept)
        if header is not None:
            self._line(canonical({"format": FORMAT, "snapshot": header_members(header)}))

    def add(self, read: Read, answer: Answer) -> None:
        """Write what came back for a read."""
        lines: list[str] = []
        if answer.status is Status.ANSWERED and answer.sha256 not in self._kept:
            self._kept.add(answer.sha256)
            lines.append(f"{_VALUE}{answer.sha256}{_BETWEEN}{answer.text}}}")
        lines.append(canonical(read_members(read, answer)))
        self._line("\n".join(lines))

    def finish(self, reads: int) -> None:
        """Say that the collection came to its end, with so many *reads*, and see it on the disk."""
        self._line(canonical({"finished": {"reads": reads}}))
        os.fsync(self._file.fileno())

    def _line(self, text: str) -> None:
        self._file.write(text.encode() + b"\n")
        self._file.flush()


def write(snapshot: Snapshot, path: Path) -> None:
    """Write a whole snapshot to *path*, readable by its owner alone: answers name people and what is unprotected."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        writer = Writer(file, snapshot.header)
        for read, answer in sorted(snapshot.answers.items()):
            writer.add(read, answer)
        if snapshot.is_finished:
            writer.finish(len(snapshot.answers))


def read(path: Path) -> Snapshot:
    """Read a snapshot; every value is checked against its hash.

    Raises:
        SnapshotDamaged: a line is none, or a value is not what its hash says.
        SnapshotForeign: the file is something else, or a later Remit's.
        SnapshotUnreadable: there is no such file, or it may not be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot read the snapshot {path}: {error.strerror}"
        raise SnapshotUnreadable(message) from None
    return _Reading(str(path)).snapshot(content)


class _Reading:
    """Reads one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values: dict[str, str] = {}
        self._answers: dict[Read, Answer] = {}
        self._is_finished = False

    def snapshot(self, content: bytes) -> Snapshot:
        whole, newline, _unended = content.rpartition(b"\n")
        if not newline:
            message = f"{self._name} is no snapshot: it has no line"
            raise SnapshotForeign(message)
        first, *lines = whole.split(b"\n")
        header = self._header(self._text(1, first))
        values = self._values
        for number, line in enumerate(lines, 2):
            if line.startswith(_VALUE_LINE) and not self._is_finished:
                value = line[_TEXT_AT:-1]
                digest = sha256(value).hexdigest()
                if line[:_TEXT_AT] != f"{_VALUE}{digest}{_BETWEEN}".encode() or not line.endswith(b"}"):
                    self._text(number, line)
                    raise self._damaged(number, "holds an answer that is not what its hash says")
                values[digest] = self._text(number, value)
            else:
                self._take(number, self._text(number, line))
        return Snapshot(header, self._answers, self._is_finished)

    def _text(self, number: int, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise self._damaged(number, "is no UTF-8") from None

    def _damaged(self, number: int, what: str) -> SnapshotDamaged:
        return SnapshotDamaged(f"{self._name}, line {number}, {what}: take a new snapshot, or bring back the file")

    def _header(self, line: str) -> Header:
        try:
            members = decoded(line)
            form = members["format"]
            if not isinstance(form, int) or form > FORMAT:
                message = (
                    f"{self._name} has form {form} of snapshots, which is of a later Remit: this one reads {FORMAT}"
                )
                raise SnapshotForeign(message)
            return header_of(members["snapshot"])
        except (ValueError, KeyError, TypeError):
            message = f"{self._name} is no snapshot: its first line does not say of what"
            raise SnapshotForeign(message) from None

    def _take(self, number: int, line: str) -> None:
        if self._is_finished:
            raise self._damaged(number, "comes after the end")
        try:
            members = decoded(line)
            if "finished" in members:
                self._is_finished = True
                if members["finished"]["reads"] != len(self._answers):
                    raise self._damaged(number, f"counts {members['finished']['reads']} reads of {len(self._answers)}")
                return
            asked, answer = read_of(members, self._values.__getitem__)
        except (ValueError, KeyError, TypeError):
            raise self._damaged(number, "is no line of a snapshot") from None
        if asked in self._answers:
            raise self._damaged(number, f"answers {asked} a second time")
        self._answers[asked] = answer


def read_of(members: Mapping[str, Any], text: Callable[[str], str]) -> tuple[Read, Answer]:
    """Return the read and the answer that JSON describes.

    Args:
        text: gives the text of a value by its hash; KeyError where there is none.
    """
    said = members["read"]
    params = tuple(sorted(said["params"].items())) if "params" in said else ()
    asked = Read(said["service"], said["operation"], said.get("region", ""), params)
    status = _STATUSES[members["status"]]
    digest = members.get("sha256", "")
    return asked, Answer(
        status,
        datetime.fromisoformat(members["at"]),
        text(digest) if status is Status.ANSWERED else "",
        digest,
        members.get("code", ""),
        members.get("message", ""),
        members.get("request_id", ""),
    )


def header_of(members: Mapping[str, Any]) -> Header:
    """Return the header that JSON describes."""
    return Header(
        account=members["account"],
        partition=members["partition"],
        caller=members["caller"],
        endpoint=members["endpoint"],
        taken_at=datetime.fromisoformat(members["taken_at"]),
        regions=tuple(members["regions"]),
        regions_read=tuple(members["regions_read"]),
        collector=members["collector"],
    )


def header_members(header: Header) -> dict[str, Any]:
    """Return a header as JSON has it."""
    return {
        "account": header.account,
        "partition": header.partition,
        "caller": header.caller,
        "endpoint": header.endpoint,
        "taken_at": instant(header.taken_at),
        "regions": list(header.regions),
        "regions_read": list(header.regions_read),
        "collector": header.collector,
    }


def read_members(read: Read, answer: Answer) -> dict[str, Any]:
    """Return a read and its answer, without the value, as JSON has them."""
    asked: dict[str, Any] = {"service": read.service, "operation": read.operation}
    if read.region:
        asked["region"] = read.region
    if read.params:
        asked["params"] = dict(read.params)
    said = {"sha256": answer.sha256, "code": answer.code, "message": answer.message, "request_id": answer.request_id}
    return {"read": asked, "status": answer.status.value, "at": instant(answer.at)} | {
        name: value for name, value in said.items() if value
    }
