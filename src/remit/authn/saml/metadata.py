"""The metadata document of an identity provider: who it is, what it signs with, and until when that holds.

Source: SAML 2.0 Metadata, sections 2.3.2 and 2.4; `iam-sts` reference, section 15.
"""

import base64
import binascii
from datetime import UTC, datetime

from cryptography import x509

from remit.authn.saml.xml import Element, XmlInvalid, children, read_xml, tag, text_of
from remit.directory.saml_providers import Metadata


class MetadataInvalid(Exception):
    """It is no metadata document of an identity provider."""


def read_metadata(document: str) -> Metadata:
    """Read a metadata document.

    Raises:
        MetadataInvalid: it is none of one identity provider that signs.
    """
    try:
        root = read_xml(document)
    except XmlInvalid as error:
        raise MetadataInvalid(str(error)) from None
    entity = _entity(root)
    issuer = entity.get("entityID", "")
    if not issuer:
        raise MetadataInvalid("the entity has no id")
    certificates = tuple(
        dict.fromkeys(
            _certificate(text_of(certificate))
            for role in children(entity, "md:IDPSSODescriptor")
            for key in children(role, "md:KeyDescriptor")
            if key.get("use", "signing") == "signing"
            for certificate in key.iter(tag("ds:X509Certificate"))
        )
    )
    if not certificates:
        raise MetadataInvalid("the identity provider has no certificate to sign with")
    return Metadata(
        document=document, issuer=issuer, certificates=certificates, valid_until=_time(entity.get("validUntil"))
    )


def _entity(root: Element) -> Element:
    entities = [root] if root.tag == tag("md:EntityDescriptor") else children(root, "md:EntityDescriptor")
    providers = [entity for entity in entities if children(entity, "md:IDPSSODescriptor")]
    if len(providers) != 1:
        raise MetadataInvalid(f"there are {len(providers)} identity providers in it")
    return providers[0]


def _certificate(text: str) -> bytes:
    try:
        certificate = base64.b64decode("".join(text.split()), validate=True)
        x509.load_der_x509_certificate(certificate)
    except (binascii.Error, ValueError):
        raise MetadataInvalid("a certificate cannot be read") from None
    return certificate


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise MetadataInvalid(f"not a time: `{text}`") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
