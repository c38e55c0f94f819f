"""Responses of SAML identity providers: whether what they assert is theirs, for us, and of now.

INVARIANT: what is read of a response after `_signed` is what a certificate of the provider's metadata signed, and
nothing else: the verified bytes are parsed anew, and the document around them is forgotten. A document with two
assertions, wherever they are, or with one id twice is refused before, so that no signature can be shown for one element
and another one be read ("signature wrapping").
Source: SAML 2.0 Core, Profiles section 4.1.4.3; "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012);
`iam-sts` reference, section 13.5.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidInput, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from remit.authn.saml.decryption import NotDecrypted, decrypted
from remit.authn.saml.xml import Element, XmlInvalid, children, read_xml, tag, text_of
from remit.errors import ServiceError
from remit.ids import Secret

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_SHORT_FORMATS = re.compile(r"urn:oasis:names:tc:SAML:2\.0:nameid-format:(persistent|transient)")
_USED_WITHIN = timedelta(minutes=5)
_AHEAD = timedelta(minutes=5)
# Where assertions for AWS are sent: the one address, those of regions, and those that name the provider.
_RECIPIENT = re.compile(
    r"https://(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml(?:/acs/(\w+))?",
    re.ASCII,
)
_AUDIENCES = frozenset(
    {"urn:amazon:webservices", "urn:amazon:webservices:cn-north-1", "urn:amazon:webservices:govcloud"}
)
_CONFIGURATION = SignatureConfiguration(
    location="./",
    signature_methods=frozenset(
        method for method in SignatureMethod if re.fullmatch(r"(RSA|ECDSA)_SHA(256|384|512)", method.name)
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
)


class Trusted(msgspec.Struct, frozen=True):
    """Whose assertions are believed, and how they come.

    Attributes:
        id: of the provider, which may be in the address that they were sent to.
        certificates: DER.
        keys: open encrypted assertions.
    """

    id: str
    issuer: str
    certificates: tuple[bytes, ...]
    keys: tuple[Secret, ...] = ()
    must_be_encrypted: bool = False


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider asserts.

    Attributes:
        subject_type: `persistent`, `transient`, or the URI of another format.
        recipient: the address it was sent to.
        attributes: name -> values.
        session_ends_at: None when it does not say.
    """

    issuer: str
    subject: str
    subject_type: str
    recipient: str
    attributes: dict[str, tuple[str, ...]]
    session_ends_at: datetime | None


def verify(text: str, trusted: Trusted, at: datetime) -> Assertion:
    """Verify a response, base64, and return what it asserts. It takes long.

    Raises:
        ServiceError: ExpiredTokenException, its time is over; otherwise InvalidIdentityToken.
    """
    return _checked(_signed(_response(text), trusted), trusted, at)


def invalid(message: str) -> ServiceError:
    """Refuse a response."""
    return ServiceError("InvalidIdentityToken", message)


# -- the document


def _response(text: str) -> Element:
    try:
        root = read_xml(base64.b64decode("".join(text.split()), validate=True).decode())
    except (binascii.Error, ValueError, XmlInvalid):
        raise invalid("Invalid SAML response: it cannot be parsed") from None
    if root.tag != tag("samlp:Response"):
        raise invalid("Invalid SAML response: it is no Response")
    _refuse_ambiguity(root)
    codes = [code.get("Value") for status in children(root, "samlp:Status") for code in status]
    if codes[:1] != [_SUCCESS]:
        raise invalid("Invalid SAML response: its status is not Success")
    return root


def _refuse_ambiguity(root: Element) -> None:
    """Refuse a document in which two elements could be meant by one name."""
    ids = [element.get(name) for element in root.iter() for name in ("ID", "Id", "id") if element.get(name) is not None]
    assertions = [*root.iter(tag("saml:Assertion")), *root.iter(tag("saml:EncryptedAssertion"))]
    if len(ids) != len(set(ids)) or len(assertions) != 1 or assertions[0].getparent() is not root:
        raise invalid("Invalid SAML response: there must be one assertion")


def _signed(response: Element, trusted: Trusted) -> Element:
    """Return the one assertion of *response*, as it was signed: by itself, or with the whole of the response.

    What cannot be decrypted is answered like what nobody signed: the difference would help to decrypt it.
    """
    by_whole = bool(children(response, "ds:Signature"))
    if by_whole:
        response = _verified(response, trusted.certificates)
        _refuse_ambiguity(response)
    encrypted = children(response, "saml:EncryptedAssertion")
    if encrypted:
        try:
            assertion = decrypted(encrypted[0], trusted.keys)
        except NotDecrypted:
            raise _not_signed() from None
        if assertion.tag != tag("saml:Assertion") or len([*assertion.iter(tag("saml:Assertion"))]) != 1:
            raise _not_signed()
    elif trusted.must_be_encrypted:
        raise invalid("Invalid SAML response: the assertion must be encrypted")
    else:
        (assertion,) = children(response, "saml:Assertion")
    if children(assertion, "ds:Signature"):
        return _verified(assertion, trusted.certificates)
    if not by_whole:
        raise _not_signed()
    return assertion


def _not_signed() -> ServiceError:
    return invalid("Response signature invalid")


def _verified(element: Element, certificates: Sequence[bytes]) -> Element:
    """Return what the signature that is a child of *element* covers, which is *element* itself."""
    alone = etree.tostring(element, with_tail=False)
    for certificate in certificates:
        known = x509.load_der_x509_certificate(certificate)
        try:
            found = XMLVerifier().verify(  # pyright: ignore[reportUnknownMemberType]  # half of it has types
                alone,
                x509_cert=known,
                id_attribute="ID",
                # Metadata says which certificates count, and until when; their own dates do not.
                expect_config=_at(known.not_valid_before_utc),
            )
        except (SignXMLException, InvalidInput, etree.LxmlError, ValueError, TypeError, KeyError):
            continue  # another certificate may have signed it
        signed = None if isinstance(found, list) else found.signed_xml
        if signed is None or signed.tag != element.tag or signed.get("ID") != element.get("ID"):
            break
        return read_xml(etree.tostring(signed).decode())
    raise _not_signed()


def _at(moment: datetime) -> SignatureConfiguration:
    return replace(_CONFIGURATION, verification_time=moment)


# -- what it says


def _checked(assertion: Element, trusted: Trusted, at: datetime) -> Assertion:
    issuer = text_of(_only(assertion, "saml:Issuer"))
    if issuer != trusted.issuer:
        raise invalid("Issuer not present in specified provider")
    _check_age(assertion, at)
    _check_conditions(assertion, at)
    subject = _only(assertion, "saml:Subject")
    name = _only(subject, "saml:NameID")
    format_ = name.get("Format", _UNSPECIFIED)
    short = _SHORT_FORMATS.fullmatch(format_)
    return Assertion(
        issuer=issuer,
        subject=text_of(name),
        subject_type=format_ if short is None else short[1],
        recipient=_recipient(subject, trusted, at),
        attributes=_attributes(assertion),
        session_ends_at=min(
            (
                _time(statement.get("SessionNotOnOrAfter", ""))
                for statement in children(assertion, "saml:AuthnStatement")
                if statement.get("SessionNotOnOrAfter")
            ),
            default=None,
        ),
    )


def _only(element: Element, name: str) -> Element:
    found = children(element, name)
    if len(found) != 1 or not text_of(found[0]):
        raise invalid(f"Invalid SAML response: there must be one {name.partition(':')[2]}")
    return found[0]


def _check_age(assertion: Element, at: datetime) -> None:
    issued = _time(assertion.get("IssueInstant", ""))
    if at >= issued + _USED_WITHIN:
        raise ServiceError("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
    if issued > at + _AHEAD:
        raise invalid("Invalid SAML response: it was issued in the future")


def _check_conditions(assertion: Element, at: datetime) -> None:
    conditions = children(assertion, "saml:Conditions")
    if len(conditions) != 1:
        raise invalid("Response does not contain the required audience.")
    _check_window(conditions[0], at)
    restrictions = children(conditions[0], "saml:AudienceRestriction")
    audiences = [{text_of(one) for one in children(restriction, "saml:Audience")} for restriction in restrictions]
    # Each restriction must be met, by one of its audiences.
    if not audiences or not all(any(map(_is_us, named)) for named in audiences):
        raise invalid("Response does not contain the required audience.")


def _is_us(audience: str) -> bool:
    return audience in _AUDIENCES or _RECIPIENT.fullmatch(audience) is not None


def _check_window(element: Element, at: datetime) -> None:
    begins, ends = element.get("NotBefore"), element.get("NotOnOrAfter")
    if begins is not None and at + _AHEAD < _time(begins):
        raise invalid("Invalid SAML response: it is not valid yet")
    if ends is not None and at >= _time(ends):
        raise ServiceError("ExpiredTokenException", "The SAML response has expired")


def _recipient(subject: Element, trusted: Trusted, at: datetime) -> str:
    """Return the address that the assertion was sent to, which is one of AWS's."""
    for confirmation in children(subject, "saml:SubjectConfirmation"):
        for data in children(confirmation, "saml:SubjectConfirmationData"):
            recipient = data.get("Recipient", "")
            found = _RECIPIENT.fullmatch(recipient)
            if confirmation.get("Method") == _BEARER and found is not None and found[1] in (None, trusted.id):
                _check_window(data, at)
                return recipient
    raise invalid("Response does not contain the required audience.")


def _attributes(assertion: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for statement in children(assertion, "saml:AttributeStatement"):
        for attribute in children(statement, "saml:Attribute"):
            name = attribute.get("Name", "")
            values = tuple(text_of(value) for value in children(attribute, "saml:AttributeValue"))
            found[name] = found.get(name, ()) + values
    return found


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("Invalid SAML response: a time cannot be read") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
