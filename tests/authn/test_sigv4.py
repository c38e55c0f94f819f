"""Signing keys and signatures.

Source: AWS General Reference, "Examples of how to derive a signing key for Signature Version 4"; RFC 4231.
"""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.authn.kept import Kept
from remit.authn.scope import terms_of
from remit.authn.sigv4 import SigningKey, SigningKeys, derived, is_signature, signing_key
from remit.ids import Secret

SECRET = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


def test_a_signing_key_is_derived_as_the_documentation_shows() -> None:
    assert derived(SECRET, "20120215", "us-east-1", "iam").hex() == (
        "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
    )


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_a_signature_is_the_hmac(key: bytes, text: bytes) -> None:
    signing = SigningKey(key)

    assert signing.sign(text) == signing.sign(text) == hmac.digest(key, text, "sha256").hex()


def test_a_key_is_derived_once_for_a_scope_and_a_version_of_the_secret() -> None:
    opened: list[str] = []
    keys: SigningKeys = Kept(16)

    def key(credential: str, version: bytes) -> SigningKey:
        def secret() -> Secret:
            opened.append(credential)
            return SECRET

        return signing_key(keys, terms_of("AWS4-HMAC-SHA256", credential, "host"), version, secret)

    scope = "20261123/us-east-1/iam/aws4_request"
    first = key(f"A/{scope}", b"1")

    assert key(f"A/{scope}", b"1") is first
    others = [key(f"A/{scope}", b"2"), key(f"B/{scope}", b"1"), key(f"A/{scope.replace('iam', 'sts')}", b"1")]
    assert len({id(found) for found in (first, *others)}) == 4
    assert len(opened) == 4


@pytest.mark.parametrize("sent", ["", "ab", "abC", "abcd", "abé", "ab\x00"])
def test_another_text_is_no_signature(sent: str) -> None:
    assert not is_signature("abc", sent)
    assert is_signature("abc", "abc")
