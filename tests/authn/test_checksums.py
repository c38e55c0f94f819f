"""Checksums. Source: the CRC catalogue's check values of `123456789`; hashlib's own tests for the others."""

import base64

import pytest

from remit.authn.checksums import checksum


@pytest.mark.parametrize(
    ("name", "data", "value"),
    [
        ("x-amz-checksum-crc32", b"123456789", "cbf43926"),
        ("x-amz-checksum-crc32c", b"123456789", "e3069283"),
        ("x-amz-checksum-crc64nvme", b"123456789", "ae8b14860a799888"),
        ("x-amz-checksum-crc32", b"", "00000000"),
        ("x-amz-checksum-crc32c", b"", "00000000"),
        ("x-amz-checksum-crc64nvme", b"", "0000000000000000"),
        ("x-amz-checksum-sha1", b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "x-amz-checksum-sha256",
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
    ],
)
def test_a_checksum_has_its_known_value(name: str, data: bytes, value: str) -> None:
    assert checksum(name, data) == base64.b64encode(bytes.fromhex(value)).decode()
