"""C10."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.language.addresses import address, network


@pytest.mark.parametrize(
    ("written", "asked", "holds"),
    [
        ("203.0.113.0/24", "203.0.113.255", True),
        ("203.0.113.0/24", "203.0.114.0", False),
        ("203.0.113.99/24", "203.0.113.1", True),
        ("0.0.0.0/0", "255.255.255.255", True),
        ("0.0.0.0/0", "::1", False),
        ("::/0", "::1", True),
        ("::/0", "127.0.0.1", False),
        ("2001:db8::1", "2001:db8:0:0::1", True),
        ("2001:db8::/127", "2001:db8::2", False),
        ("::ffff:1.2.3.4", "1.2.3.4", False),
    ],
)
def test_a_range_holds_addresses_of_its_version(written: str, asked: str, *, holds: bool) -> None:
    found, value = network(written), address(asked)

    assert found is not None
    assert value is not None
    assert found.holds(value) is holds


@pytest.mark.parametrize(
    "text",
    ["", "/", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/-1", "1.2.3.4/+1", "1.2.3.4/ 8", "1.2.3.4/0.0.0.0", "1.2.3",
     "1.2.3.04", "fe80::1%eth0", "1.2.3.4/٨", "1.2.3.4/8/8", "office", "1.2.3.4/0008"],
)  # fmt: skip  # a table of texts
def test_other_texts_are_no_ranges(text: str) -> None:
    assert network(text) is None


@given(st.ip_addresses(), st.ip_addresses(), st.integers(0, 128))
def test_a_range_agrees_with_the_standard_library(
    base: ipaddress.IPv4Address | ipaddress.IPv6Address,
    asked: ipaddress.IPv4Address | ipaddress.IPv6Address,
    prefix: int,
) -> None:
    prefix = min(prefix, base.max_prefixlen)
    found, value = network(f"{base}/{prefix}"), address(str(asked))

    assert found is not None
    assert value is not None
    assert found.holds(value) is (asked in ipaddress.ip_network(f"{base}/{prefix}", strict=False))
