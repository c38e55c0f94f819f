"""Condition keys of identity providers: everybody's audience and subject, and what AWS knows of some."""

import base64
import hashlib
from typing import Any

import pytest

from remit.authz.provider_keys import web_identity_keys
from remit.authz.saml_keys import name_qualifier, saml_keys

GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("provider", "claims", "expected"),
    [
        ("idp.example.com/x", {"sub": "s", "repository": "r"}, {"idp.example.com/x:sub": "s"}),
        (GITHUB, {"sub": "s", "repository": "r"}, {f"{GITHUB}:sub": "s", f"{GITHUB}:repository": "r"}),
        (f"{GITHUB}/octo", {"ref": "r"}, {f"{GITHUB}/octo:ref": "r"}),
        (f"{GITHUB}.evil.com", {"ref": "r"}, {}),
        ("token.actions.octo.ghe.com", {"ref": "r"}, {"token.actions.octo.ghe.com:ref": "r"}),
        ("token.actions.octo/x.ghe.com", {"ref": "r"}, {}),
        ("gitlab.com", {"ref_protected": True, "project_id": 7}, {
            "gitlab.com:ref_protected": "true", "gitlab.com:project_id": "7",
        }),
        ("accounts.google.com", {"google": {"organization_number": 12}}, {
            "accounts.google.com:google/organization_number": "12",
        }),
        ("idp.example.com", {"amr": ["a", "b"]}, {"idp.example.com:amr": ("a", "b")}),
        ("idp.example.com", {"amr": ["a"]}, {"idp.example.com:amr": "a"}),
        ("idp.example.com", {"amr": {}, "sub": None}, {}),
        ("IdP.Example.com", {"sub": "S"}, {"idp.example.com:sub": "S"}),
    ],
)  # fmt: skip
def test_claims_become_keys(provider: str, claims: dict[str, Any], expected: dict[str, Any]) -> None:
    found = web_identity_keys(provider, "app", (), claims)

    assert found == {f"{provider.lower()}:aud": "app", **expected}


def test_the_original_audience_has_a_key_of_its_own() -> None:
    assert web_identity_keys("idp.example.com", "app", ("a", "b"), {}) == {
        "idp.example.com:aud": "app",
        "idp.example.com:oaud": ("a", "b"),
    }


def test_an_assertion_has_its_keys() -> None:
    keys = saml_keys(
        recipient="https://signin.aws.amazon.com/saml",
        issuer="https://idp",
        subject="ana",
        subject_type="persistent",
        qualifier="q",
        document="123456789012/Okta",
        attributes={"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ("staff",), "urn:oid:2.5.4.3": (), "other": ("x",)},
    )

    assert keys == {
        "saml:aud": "https://signin.aws.amazon.com/saml",
        "saml:iss": "https://idp",
        "saml:sub": "ana",
        "saml:sub_type": "persistent",
        "saml:namequalifier": "q",
        "saml:doc": "123456789012/Okta",
        "saml:edupersonaffiliation": ("staff",),
    }


def test_the_name_qualifier_is_the_documented_hash() -> None:
    """BASE64 ( SHA1 ( "https://example.com/saml" + "123456789012" + "/MySAMLIdP" ) ), says the IAM User Guide."""
    text = b"https://example.com/saml123456789012/MySAMLIdP"

    assert name_qualifier("https://example.com/saml", "123456789012", "MySAMLIdP") == (
        base64.b64encode(hashlib.sha1(text).digest()).decode()  # noqa: S324  # AWS's
    )
