"""Whose word about the client's address counts."""

import pytest

from remit.endpoint.proxies import Proxies, trusted_networks
from remit.request import HttpRequest


def client(peer: str, trusted: str, **headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Proxies(trusted_networks(trusted)).client_of(HttpRequest("GET", "/", "", named, b"", peer, secure=False))


@pytest.mark.parametrize(
    ("peer", "trusted", "forwarded", "address"),
    [
        ("203.0.113.7", "", "198.51.100.1", "203.0.113.7"),
        ("203.0.113.7", "10.0.0.0/8", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "10.0.0.0/8", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "10.0.0.1", "198.51.100.1", "10.0.0.2"),
        # What a client wrote into the header itself stands on the left, and is not believed.
        ("10.0.0.1", "10.0.0.0/8", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.0/8", "1.1.1.1, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.0/8", "10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("10.0.0.1", "10.0.0.0/8", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.0/8", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.0/8", "", "10.0.0.1"),
        ("::1", "::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_is_the_rightmost_that_is_no_proxy_of_ours(peer, trusted, forwarded, address):
    assert client(peer, trusted, x_forwarded_for=forwarded).peer == address


@pytest.mark.parametrize(("peer", "secure"), [("10.0.0.1", True), ("10.0.0.2", False)])
def test_a_proxy_of_ours_says_whether_the_client_used_tls(peer, secure):
    seen = client(peer, "10.0.0.1", x_forwarded_for="198.51.100.1", x_forwarded_proto="https")

    assert seen.secure is secure


def test_a_network_must_be_one():
    with pytest.raises(ValueError, match="does not appear to be"):
        trusted_networks("10.0.0.1, office")
