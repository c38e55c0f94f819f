"""The tree over the files of a bundle, and `merkle.json`, which lists its leaves in order.

A leaf says what `sha256sum NAME` prints of a file; its hash begins with a zero byte, that of two nodes with a one.
Source: RFC 6962, 2.1; checking a path: RFC 9162, 2.1.3.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LISTING, ATTESTATION, EVIDENCE = "merkle.json", "attestation.dsse.json", "evidence/"
LISTING_HEAD = b'{"form":"urn:remit:evidence-tree:v1","leaf":"SHA-256 of 00 and the line of sha256sum","leaves":[\n'


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash a node over two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf, and holds one hash for each level."""

    def __init__(self) -> None:
        self.size = 0
        self._left: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf on the right."""
        count = self.size
        while count & 1:
            leaf = hashlib.sha256(b"\1" + self._left.pop() + leaf).digest()
            count >>= 1
        self._left.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        if not self._left:
            return hashlib.sha256().digest()
        root = self._left[-1]
        for left in reversed(self._left[:-1]):
            root = node_hash(left, root)
        return root


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that the hash of a leaf and its audit path lead to.

    Raises:
        ValueError: the path does not fit a tree of *size* leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    at, last, root = index, size - 1, leaf
    for other in path:
        if last == 0:
            raise ValueError("the path is too long")
        if at & 1 or at == last:
            root = node_hash(other, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return root


def leaf_line(sha256: str, name: str) -> bytes:
    """Return what the leaf of a file says."""
    return f"{sha256}  {name}".encode()


def listing_line(sha256: str, name: str, *, is_first: bool) -> bytes:
    """Return the line of a leaf in `merkle.json`; evidence that has its right name is listed by its hash alone."""
    text = sha256 if name == EVIDENCE + sha256 else f"{sha256}  {name}"
    return f'"{text}"'.encode() if is_first else f',\n"{text}"'.encode()


def listing_tail(tree: Tree) -> bytes:
    """Return the end of `merkle.json`."""
    return f'\n],"root":"{tree.root().hex()}","size":{tree.size}}}\n'.encode()
