"""Reading XML that strangers write.

No document type, so there are no entities: none that repeat themselves, none that read files or ask other servers. What
an element says is all of its text, whatever comments stand in between, for that is what its signature covers.
Source: OWASP, "XML External Entity Prevention"; Duo Labs, "Duo Finds SAML Vulnerabilities Affecting Multiple
Implementations" (comments).
"""

from lxml import etree

Element = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # lxml's elements have no other name

NAMESPACES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xenc11": "http://www.w3.org/2009/xmlenc11#",
}


class XmlInvalid(Exception):
    """It is no XML that is read here."""


def read_xml(text: str) -> Element:
    """Return the root element of a document, which has no document type.

    Raises:
        XmlInvalid: it is no XML in UTF-8, or has a document type.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise XmlInvalid("a document type is not allowed")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlInvalid(str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise XmlInvalid("a document type is not allowed")
    return root


def tag(name: str) -> str:
    """Return the tag of an element in lxml's form: `saml:Issuer`."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def children(element: Element, name: str) -> list[Element]:
    """Return the children of *element* that are called `saml:Issuer`; no deeper ones."""
    return [child for child in element if child.tag == tag(name)]


def text_of(element: Element | None) -> str:
    """Return all the text of an element, without blanks around it; empty when there is none."""
    return "" if element is None else "".join(element.itertext(with_tail=False, tag=None)).strip()
