"""IP addresses and ranges, compared as numbers and not as texts.

Source: `policy-evaluation` reference, C10.
"""

import ipaddress

import msgspec


class Network(msgspec.Struct, frozen=True, gc=False):
    """A range of addresses of one version.

    Attributes:
        version: 4 or 6.
        first: the lowest address in it; host bits that a document writes are ignored.
        mask: of the bits that count.
    """

    version: int
    first: int
    mask: int

    def holds(self, address: tuple[int, int]) -> bool:
        """Say whether *address* (version, number) lies in it."""
        version, number = address
        return version == self.version and number & self.mask == self.first


def address(text: str) -> tuple[int, int] | None:
    """Return version and number of an address; None if *text* is none."""
    if "%" in text:  # a zone is no part of an address that anybody else can see
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return found.version, int(found)


def network(text: str) -> Network | None:
    """Return the range that *text* writes, `203.0.113.0/24` or one address; None if it writes none."""
    written, slash, prefix = text.partition("/")
    found = address(written)
    if found is None:
        return None
    version, number = found
    bits = 32 if version == 4 else 128  # noqa: PLR2004  # the versions of IP
    kept = int(prefix) if prefix.isascii() and prefix.isdigit() and len(prefix) <= len("128") else -1
    if not slash:
        kept = bits
    if not 0 <= kept <= bits:
        return None
    mask = ((1 << kept) - 1) << (bits - kept)
    return Network(version, number & mask, mask)
