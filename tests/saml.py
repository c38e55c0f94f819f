"""A SAML identity provider for tests: its metadata, and what it asserts."""

import base64
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from idp import certificate, pem
from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner

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


# -- what it asserts

SAML, SAMLP = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes"
RECIPIENT = "https://signin.aws.amazon.com/saml"


def instant(seconds: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(
    role: str,
    provider: str,
    *,
    id_: str = "_a1",
    issuer: str = ISSUER,
    subject: str = "ana",
    name_format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    issued: int = 0,
    ends: int = 300,
    recipient: str = RECIPIENT,
    audience: str | None = "urn:amazon:webservices",
    session_ends: int | None = None,
    attributes: dict[str, list[str]] | None = None,
) -> str:
    """Return an assertion, not signed yet."""
    given = {f"{ATTRIBUTES}/Role": [f"{role},{provider}"], f"{ATTRIBUTES}/RoleSessionName": ["ana@example.com"]}
    given |= attributes or {}
    shown = "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in given.items()
    )
    restriction = (
        f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        if audience
        else ""
    )
    session = "" if session_ends is None else f' SessionNotOnOrAfter="{instant(session_ends)}"'
    return (
        f'<saml:Assertion xmlns:saml="{SAML}" ID="{id_}" Version="2.0" IssueInstant="{instant(issued)}">'
        f"<saml:Issuer>{issuer}</saml:Issuer>"
        f'<saml:Subject><saml:NameID Format="{name_format}">{subject}</saml:NameID>'
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{instant(ends)}" Recipient="{recipient}"/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{instant(issued - 60)}" NotOnOrAfter="{instant(ends)}">{restriction}'
        f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{instant()}"{session}/>'
        f"<saml:AttributeStatement>{shown}</saml:AttributeStatement></saml:Assertion>"
    )


def response(*inner: str, id_: str = "_r1", status: str = "Success") -> str:
    return (
        f'<samlp:Response xmlns:samlp="{SAMLP}" ID="{id_}" Version="2.0" IssueInstant="{instant()}">'
        f'<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>'
        f"{''.join(inner)}</samlp:Response>"
    )


def signed(xml: str, *, key: Any = None, shown: Any = None, **how: Any) -> str:
    """Return *xml* with a signature of its root element."""
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0, **how)
    root = etree.fromstring(xml.encode())
    found = signer.sign(
        root,
        key=key or signing_key(),
        cert=[shown or signing_certificate()],
        reference_uri=f"#{root.get('ID')}",
        id_attribute="ID",
    )
    return etree.tostring(found).decode()


def encoded(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def encrypted(xml: str, key: rsa.RSAPublicKey, algorithm: str = "aes256-gcm", transport: str = "rsa-oaep-mgf1p") -> str:
    """Return an EncryptedAssertion that holds *xml*."""
    secret = os.urandom(int(algorithm[3:6]) // 8)
    if algorithm.endswith("gcm"):
        nonce = os.urandom(12)
        content = nonce + AESGCM(secret).encrypt(nonce, xml.encode(), None)
        namespace = "http://www.w3.org/2009/xmlenc11#"
    else:
        data = xml.encode()
        data += bytes([16 - len(data) % 16]) * (16 - len(data) % 16)
        vector = os.urandom(16)
        cipher = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
        content = vector + cipher.update(data) + cipher.finalize()
        namespace = "http://www.w3.org/2001/04/xmlenc#"
    pad = (
        padding.PKCS1v15() if transport == "rsa-1_5" else padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303  # what this name means
    )
    wrapped = base64.b64encode(key.encrypt(secret, pad)).decode()
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{SAML}"><xenc:EncryptedData '
        'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">'
        f'<xenc:EncryptionMethod Algorithm="{namespace}{algorithm}"/>'
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>'
        f'<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#{transport}"/>'
        f"<xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        "</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>"
        f"{base64.b64encode(content).decode()}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
        "</saml:EncryptedAssertion>"
    )
