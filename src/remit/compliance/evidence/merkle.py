"""Inclusion proofs: which hashes lead from one leaf to the root.

The tree itself, and how a path is checked, are in `standalone/tree.py`, which the verifier has too.
Source: RFC 6962, 2.1.1.
"""

from collections.abc import Iterable
from typing import NamedTuple

from remit.compliance.evidence.standalone.tree import node_hash


class _Node(NamedTuple):
    hash: bytes
    leaves: int
    has_leaf: bool


class InclusionProof(NamedTuple):
    """Where a leaf stands, from 0, and the hashes that lead from it to the root, the lowest first."""

    leaf_index: int
    path: list[bytes]


def inclusion_proof(leaves: Iterable[bytes], leaf: bytes) -> InclusionProof:
    """Find a leaf and its path in one pass; one hash for each level is held.

    Args:
        leaves: the hashes of all leaves, in order.
        leaf: the hash of the one in question; the first is taken if there are several.

    Raises:
        LookupError: it is not among them.
    """
    found: int | None = None
    path: list[bytes] = []
    waiting: list[_Node] = []
    for index, one in enumerate(leaves):
        node = _Node(one, 1, found is None and one == leaf)
        if node.has_leaf:
            found = index
        while waiting and waiting[-1].leaves == node.leaves:
            node = _joined(waiting.pop(), node, path)
        waiting.append(node)
    if found is None:
        raise LookupError(f"there is no leaf {leaf.hex()} in the tree")
    right = waiting.pop()
    while waiting:
        right = _joined(waiting.pop(), right, path)
    return InclusionProof(found, path)


def _joined(left: _Node, right: _Node, path: list[bytes]) -> _Node:
    if left.has_leaf:
        path.append(right.hash)
    elif right.has_leaf:
        path.append(left.hash)
    return _Node(node_hash(left.hash, right.hash), left.leaves + right.leaves, left.has_leaf or right.has_leaf)
