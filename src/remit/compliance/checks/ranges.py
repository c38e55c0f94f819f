"""Sets of addresses, and what the internet is: so much of it that it is nobody's own network.

A firewall counts as open to the internet when public addresses as many as a `/8` of IPv4 has, or a `/32` of IPv6, come
through, in one piece or in many. S3 calls networks that wide public, too.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

# First and last addresses, in order, as numbers, none overlapping another.
Ranges = tuple[tuple[int, int], ...]

VERSIONS = (4, 6)
_BITS = {4: 32, 6: 128}
_WIDE = {4: 1 << 24, 6: 1 << 96}
_NOT_PUBLIC = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
)
_PUBLIC_V6 = "2000::/3"


def networks(cidrs: Iterable[str], version: int) -> Ranges:
    """Return the addresses of one version in some networks.

    Raises:
        ValueError: a text is no network.
    """
    # All are read, so that a text that is no network is found in whichever version.
    read = [_network(cidr) for cidr in cidrs]
    return _joined((first, last) for one, first, last in read if one == version)


@lru_cache(maxsize=4096)
def _network(cidr: str) -> tuple[int, int, int]:
    """Return the version of a network, its first address and its last."""
    read: IPv4Network | IPv6Network = ip_network(cidr, strict=False)
    return read.version, int(read[0]), int(read[-1])


def _joined(pieces: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(pieces):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def together(*several: Ranges) -> Ranges:
    """Return the addresses that are in one of several sets."""
    return _joined(piece for one in several for piece in one)


def both(one: Ranges, other: Ranges) -> Ranges:
    """Return the addresses that are in both sets."""
    return tuple(
        (max(low, first), min(high, last))
        for low, high in one
        for first, last in other
        if low <= last and first <= high
    )


def without(one: Ranges, other: Ranges) -> Ranges:
    """Return the addresses of *one* that are not in *other*."""
    left = list(one)
    for first, last in other:
        left = [
            piece
            for low, high in left
            for piece in ((low, min(high, first - 1)), (max(low, last + 1), high))
            if piece[0] <= piece[1]
        ]
    return tuple(left)


def everywhere(version: int) -> Ranges:
    """Return all addresses."""
    return ((0, (1 << _BITS[version]) - 1),)


_PUBLIC = {4: without(everywhere(4), networks(_NOT_PUBLIC, 4)), 6: networks((_PUBLIC_V6,), 6)}


def is_everywhere(cidrs: Iterable[str]) -> bool:
    """Whether some networks come to all addresses of a version."""
    listed = tuple(cidrs)
    return any(networks(listed, version) == everywhere(version) for version in VERSIONS)


def is_internet(addresses: Ranges, version: int) -> bool:
    """Whether so many public addresses are among these that anybody could have one."""
    return sum(high - low + 1 for low, high in both(addresses, _PUBLIC[version])) >= _WIDE[version]
