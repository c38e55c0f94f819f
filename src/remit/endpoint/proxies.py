"""Proxies whose word counts: what they say of the client they forward for.

Without a trusted proxy the address of a request is that of its connection, whatever its headers say.
Source: `policy-evaluation` reference, 3.4 (`aws:SourceIp`); MDN, "X-Forwarded-For": the rightmost address that is no
proxy of ours.
"""

import ipaddress

import msgspec

from remit.request import HttpRequest

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def trusted_networks(text: str) -> tuple[_Network, ...]:
    """Read the setting: addresses or networks, comma-separated.

    Raises:
        ValueError: one of them is neither.
    """
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


class Proxies:
    """Knows which proxies to believe."""

    def __init__(self, networks: tuple[_Network, ...]) -> None:
        self._networks = networks

    def client_of(self, http: HttpRequest) -> HttpRequest:
        """Return *http* with the client's own address, and TLS if it used that, when a proxy of ours forwarded it."""
        if not self._networks or not self._trusts(http.peer):
            return http
        peer = http.peer
        for address in reversed(http.headers.get("x-forwarded-for", "").split(",")):
            address = address.strip()  # noqa: PLW2901  # the same address, without blanks
            if not _is_address(address):
                break
            peer = address
            if not self._trusts(address):
                break
        secure = http.secure or http.headers.get("x-forwarded-proto", "").lower() == "https"
        return msgspec.structs.replace(http, peer=peer, secure=secure)

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ipaddress.ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
