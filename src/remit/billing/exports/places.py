"""Where deliveries go: a folder in which each bucket is a folder, and names by which nothing else can be reached.

INVARIANT: whatever a bucket, prefix or name says, a file lies below the folder of its bucket.
Source: Amazon S3 user guide, "General purpose bucket naming rules"; Cost and Usage Report API reference, `S3Prefix`.
"""

import re
from pathlib import Path

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}", re.ASCII)
_PREFIX = re.compile(r"[0-9A-Za-z!\-_.*'()/]*", re.ASCII)
# Of one part of a key: file systems have 255, and endings are added.
_PART_MAX = 200
_PREFIX_MAX = 256
_PARTS_MAX = 20


class PlaceWrong(Exception):
    """A bucket, prefix or name that nothing can be delivered to; a sentence for the caller."""


def check_bucket(bucket: str) -> None:
    """Refuse what is no name of a bucket.

    Raises:
        PlaceWrong: it is none.
    """
    if not _BUCKET.fullmatch(bucket) or ".." in bucket or _ADDRESS.fullmatch(bucket):
        raise PlaceWrong(f"{bucket[:_PART_MAX]} is no name of an S3 bucket.")


def check_prefix(prefix: str) -> None:
    """Refuse a prefix that leads elsewhere than below its bucket, or that file systems cannot have.

    Raises:
        PlaceWrong: it is such a one.
    """
    if not _PREFIX.fullmatch(prefix) or len(prefix) > _PREFIX_MAX:
        raise PlaceWrong("The S3 prefix has at most 256 letters, digits and characters of !-_.*'()/.")
    if prefix:
        _check_parts(prefix, "The S3 prefix")


def check_name(name: str) -> None:
    """Refuse a name of an export or report that can be no part of a key.

    Raises:
        PlaceWrong: it is such a one.
    """
    if "/" in name:
        raise PlaceWrong("The name has a slash.")
    _check_parts(name, "The name")


def key(*parts: str) -> str:
    """Return the key of parts; those that are empty are left out."""
    return "/".join(part for part in parts if part)


def path_of(folder: Path, bucket: str, key_: str) -> Path:
    """Return where the object of a bucket lies.

    Raises:
        PlaceWrong: it would lie elsewhere than below the bucket's folder.
    """
    check_bucket(bucket)
    _check_parts(key_, "The key")
    return folder.joinpath(bucket, *key_.split("/"))


def _check_parts(text: str, what: str) -> None:
    parts = text.split("/")
    if len(parts) > _PARTS_MAX:
        raise PlaceWrong(f"{what} has more than {_PARTS_MAX} parts.")
    for part in parts:
        if part in ("", ".", "..") or len(part) > _PART_MAX or "\\" in part or not part.isprintable():
            raise PlaceWrong(f"{what} has a part that cannot be: `{part[:_PART_MAX]}`.")
