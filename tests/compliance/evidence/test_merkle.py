"""The tree against the vectors of Certificate Transparency's reference implementation, and RFC 6962's definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.evidence.merkle import inclusion_proof
from remit.compliance.evidence.standalone.tree import Tree, leaf_hash, node_hash, root_of_path

# google/certificate-transparency, merkle_tree_test.cc: inputs, the root after each, paths (leaf from 1, size, path).
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (2, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
LEAVES = [leaf_hash(one) for one in INPUTS]


def root_of(leaves: list[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def defined(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 defines it."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(defined(leaves[:left]), defined(leaves[left:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_no_leaves_have_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("leaf", "size", "path"), PATHS)
def test_paths_are_those_of_certificate_transparency(leaf: int, size: int, path: list[str]) -> None:
    found = inclusion_proof(LEAVES[:size], LEAVES[leaf - 1])

    assert found.leaf_index == leaf - 1
    assert [one.hex() for one in found.path] == path
    assert root_of_path(LEAVES[leaf - 1], leaf - 1, size, found.path).hex() == ROOTS[size - 1]


@given(st.integers(1, 200), st.data())
def test_every_leaf_has_a_path_to_the_defined_root_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root, path = defined(leaves), inclusion_proof(leaves, leaves[index]).path

    assert root_of(leaves) == root
    assert root_of_path(leaves[index], index, size, path) == root
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert _refused(leaves[index], other, size, path, root)
    assert _refused(leaves[index], index, size, [*path, root], root)
    assert not path or _refused(leaves[index], index, size, path[:-1], root)
    assert _refused(leaf_hash(b"none"), index, size, path, root)


def _refused(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_of_path(leaf, index, size, path) != root
    except ValueError:
        return True


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_beyond_the_tree_has_no_root(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        root_of_path(LEAVES[0], index, size, [])


def test_a_leaf_that_is_not_there_has_no_proof() -> None:
    with pytest.raises(LookupError):
        inclusion_proof(LEAVES[:3], LEAVES[4])
