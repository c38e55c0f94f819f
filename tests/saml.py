"""A SAML identity provider for tests: its metadata, and what it asserts."""

import base64
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from idp import certificate, pem

ISSUER = "https://idp.example.com/saml"


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def signing_certificate() -> Any:
    return certificate(signing_key(), "idp.example.com")


def private_key_pem() -> str:
    return pem(rsa.generate_private_key(65537, 2048)).decode()


def metadata(*, issuer: str = ISSUER, certificates: tuple[Any, ...] = (), valid_until: str = "") -> str:
    """Return a metadata document."""
    shown = "".join(
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{base64.b64encode(found.public_bytes(serialization.Encoding.DER)).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for found in certificates or (signing_certificate(),)
    )
    until = f' validUntil="{valid_until}"' if valid_until else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'entityID="{issuer}"{until}>'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{shown}<md:SingleSignOnService "
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/sso"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
