"""What SAML providers assert: by them, for us, of now, and in one way only."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from idp import certificate, pem
from saml import (
    ISSUER,
    RECIPIENT,
    assertion,
    encoded,
    encrypted,
    response,
    signed,
    signing_certificate,
)

from remit.authn.saml.assertion import Trusted, verify
from remit.errors import ServiceError
from remit.ids import Secret

ROLE, PROVIDER = "arn:aws:iam::123456789012:role/Deploy", "arn:aws:iam::123456789012:saml-provider/Okta"
DER = signing_certificate().public_bytes(Encoding.DER)
TRUSTED = Trusted("SAMLSPEXAMPLE", ISSUER, (DER,))
PRIVATE = rsa.generate_private_key(65537, 2048)
OPENING = Trusted("SAMLSPEXAMPLE", ISSUER, (DER,), (Secret(pem(PRIVATE).decode()),))
PLAIN = assertion(ROLE, PROVIDER)


def check(xml: str, trusted: Trusted = TRUSTED):
    return verify(encoded(xml), trusted, datetime.now(UTC))


def refusal(xml: str, trusted: Trusted = TRUSTED) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        check(xml, trusted)
    return caught.value


@pytest.mark.parametrize(
    "xml",
    [
        response(signed(PLAIN)),
        signed(response(PLAIN)),
        signed(response(signed(PLAIN))),
    ],
    ids=["assertion", "response", "both"],
)
def test_what_is_signed_is_read(xml):
    found = check(xml)

    assert (found.issuer, found.subject, found.subject_type, found.recipient) == (
        ISSUER,
        "ana",
        "persistent",
        RECIPIENT,
    )
    assert found.attributes["https://aws.amazon.com/SAML/Attributes/Role"] == (f"{ROLE},{PROVIDER}",)
    assert found.session_ends_at is None


def test_each_certificate_of_the_metadata_counts():
    key = rsa.generate_private_key(65537, 2048)
    other = certificate(key, "idp.example.com")

    check(response(signed(PLAIN, key=key, shown=other)), Trusted("x", ISSUER, (DER, other.public_bytes(Encoding.DER))))


@pytest.mark.parametrize("algorithm", ["aes128-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"])
def test_what_is_encrypted_is_opened(algorithm):
    for xml in (
        response(encrypted(signed(PLAIN), PRIVATE.public_key(), algorithm)),
        signed(response(encrypted(PLAIN, PRIVATE.public_key(), algorithm))),
    ):
        assert check(xml, OPENING).subject == "ana"


def test_a_provider_may_insist_on_encryption():
    insisting = Trusted(OPENING.id, OPENING.issuer, OPENING.certificates, OPENING.keys, must_be_encrypted=True)

    assert "encrypted" in (refusal(response(signed(PLAIN)), insisting).message or "")
    check(response(encrypted(signed(PLAIN), PRIVATE.public_key())), insisting)


def _no_signature() -> str:
    return response(PLAIN)


def _strangers_signature() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return response(signed(PLAIN, key=key, shown=certificate(key, "idp.example.com")))


def _shown_certificate_is_not_the_signers() -> str:
    return response(signed(PLAIN, key=rsa.generate_private_key(65537, 2048), shown=signing_certificate()))


def _changed_after_signing() -> str:
    return response(signed(PLAIN)).replace(">ana<", ">root<")


def _changed_around_the_signature_of_another_element() -> str:
    return response(PLAIN, signed('<x xmlns="urn:x" ID="_x">y</x>'))


def _moved_signature() -> str:
    """The signature of the true assertion, moved into a false one, with the true one inside of it (XSW)."""
    true = signed(PLAIN)
    signature = true[true.index("<ds:Signature") : true.index("</ds:Signature>") + len("</ds:Signature>")]
    false = assertion(ROLE, PROVIDER, id_="_evil", subject="root")
    bare = true.replace(signature, "")
    inside = signature.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    return response(false.replace("</saml:Issuer>", f"</saml:Issuer>{inside}", 1))


def _false_one_before() -> str:
    return response(assertion(ROLE, PROVIDER, id_="_evil", subject="root"), signed(PLAIN))


def _false_one_after() -> str:
    return response(signed(PLAIN), assertion(ROLE, PROVIDER, id_="_evil", subject="root"))


def _false_one_with_the_same_id() -> str:
    return response(assertion(ROLE, PROVIDER, subject="root"), signed(PLAIN))


def _true_one_in_extensions() -> str:
    false = assertion(ROLE, PROVIDER, id_="_evil", subject="root")
    return response(f"<samlp:Extensions>{signed(PLAIN)}</samlp:Extensions>", false)


def _false_one_around_the_true_one() -> str:
    false = assertion(ROLE, PROVIDER, id_="_evil", subject="root")
    return response(false.replace("</saml:Assertion>", f"<saml:Advice>{signed(PLAIN)}</saml:Advice></saml:Assertion>"))


def _signed_response_in_a_false_response() -> str:
    true = signed(response(PLAIN))
    return response(assertion(ROLE, PROVIDER, id_="_evil", subject="root"), true, id_="_evil_response")


def _signed_assertion_beside_an_encrypted_false_one() -> str:
    false = assertion(ROLE, PROVIDER, id_="_evil", subject="root")
    return response(signed(PLAIN), encrypted(false, PRIVATE.public_key()))


def _encrypted_and_not_signed() -> str:
    return response(encrypted(PLAIN, PRIVATE.public_key()))


def _for_another_key() -> str:
    return response(encrypted(signed(PLAIN), rsa.generate_private_key(65537, 2048).public_key()))


def _old_key_transport() -> str:
    return response(encrypted(signed(PLAIN), PRIVATE.public_key(), transport="rsa-1_5"))


def _two_in_what_was_encrypted() -> str:
    inner = signed(assertion(ROLE, PROVIDER)).replace(
        "</saml:Assertion>", f"{assertion(ROLE, PROVIDER, id_='_evil')}</saml:Assertion>"
    )
    return signed(response(encrypted(inner, PRIVATE.public_key())))


def _sha1() -> str:
    return response(
        signed(PLAIN)
        .replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha1")
        .replace("xmlenc#sha256", "xmldsig#sha1")
    )


def _hmac_with_the_certificate() -> str:
    return response(signed(PLAIN).replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"))


ATTACKS: list[Callable[[], str]] = [
    _no_signature,
    _strangers_signature,
    _shown_certificate_is_not_the_signers,
    _changed_after_signing,
    _changed_around_the_signature_of_another_element,
    _moved_signature,
    _false_one_before,
    _false_one_after,
    _false_one_with_the_same_id,
    _true_one_in_extensions,
    _false_one_around_the_true_one,
    _signed_response_in_a_false_response,
    _signed_assertion_beside_an_encrypted_false_one,
    _encrypted_and_not_signed,
    _for_another_key,
    _old_key_transport,
    _two_in_what_was_encrypted,
    _sha1,
    _hmac_with_the_certificate,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_what_is_not_signed_is_not_believed(attack):
    for trusted in (TRUSTED, OPENING):
        error = refusal(attack(), trusted)
        assert error.code == "InvalidIdentityToken"
        assert error.message in ("Response signature invalid", "Invalid SAML response: there must be one assertion")


def test_what_cannot_be_opened_looks_like_what_nobody_signed():
    """Else the answers tell, byte by byte, what was encrypted."""
    messages = {
        refusal(xml, OPENING).message
        for xml in (
            _for_another_key(),
            _encrypted_and_not_signed(),
            response(encrypted("no xml", PRIVATE.public_key(), "aes128-cbc")),
            response(encrypted("<x/>", PRIVATE.public_key(), "aes128-cbc")),
        )
    }

    assert messages == {"Response signature invalid"}


def test_a_comment_does_not_cut_a_name_short():
    """The signature holds without the comment, and what is read is what was signed."""
    xml = response(signed(assertion(ROLE, PROVIDER, subject="root@example.com.evil.com")))

    for cut in ("root@example.com<!-- -->.evil.com", "root@example.com<!---->.evil.com"):
        assert check(xml.replace("root@example.com.evil.com", cut)).subject == "root@example.com.evil.com"


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    "prolog",
    [
        f"<!DOCTYPE r [{BOMB}]>",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "http://169.254.169.254/latest/meta-data/">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1/evil.dtd">',
        '<!DOCTYPE r PUBLIC "x" "http://127.0.0.1/evil.dtd">',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/evil.dtd"> %p;]>',
        "<!DOCTYPE r>",
    ],
    ids=["bomb", "file", "metadata", "system", "public", "parameter", "empty"],
)
def test_a_document_type_is_refused(prolog):
    body = response(
        signed(assertion(ROLE, PROVIDER, subject="&x;" if "ENTITY x" in prolog else "ana").replace("&x;", ""))
    )

    assert refusal(prolog + body).message == "Invalid SAML response: it cannot be parsed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a>",
        "<!DOCTYPE r []><r/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4<r/>',
        b"\xff\xfe\x00",
        b"<a>" * 5000,
    ],
    ids=["empty", "text", "open", "utf-16", "utf-7", "bytes", "deep"],
)
def test_what_is_no_xml_is_refused(data):
    with pytest.raises(ServiceError) as caught:
        verify(base64.b64encode(data).decode(), TRUSTED, datetime.now(UTC))
    assert caught.value.code == "InvalidIdentityToken"


def test_base64_is_asked_for():
    with pytest.raises(ServiceError):
        verify("no base64!", TRUSTED, datetime.now(UTC))


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ({"issued": -301}, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"),
        ({"issued": 400}, "InvalidIdentityToken", "Invalid SAML response: it was issued in the future"),
        ({"ends": -1}, "ExpiredTokenException", "The SAML response has expired"),
        ({"issuer": "https://evil.example.com"}, "InvalidIdentityToken", "Issuer not present in specified provider"),
        ({"audience": None}, "InvalidIdentityToken", "Response does not contain the required audience."),
        (
            {"audience": "https://sp.example.com"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        (
            {"recipient": "https://evil.example.com"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        ({"recipient": ""}, "InvalidIdentityToken", "Response does not contain the required audience."),
        (
            {"recipient": f"{RECIPIENT}/acs/SAMLSPOTHER"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        (
            {"recipient": "https://signin.aws.amazon.com.evil.com/saml"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        ({"subject": ""}, "InvalidIdentityToken", "Invalid SAML response: there must be one Subject"),
    ],
)
def test_it_must_be_for_us_and_of_now(how, code, message):
    error = refusal(response(signed(assertion(ROLE, PROVIDER, **how))))

    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "recipient",
    [
        RECIPIENT,
        "https://eu-west-1.signin.aws.amazon.com/saml",
        f"{RECIPIENT}/acs/SAMLSPEXAMPLE",
        "https://signin.amazonaws-us-gov.com/saml",
        "https://signin.amazonaws.cn/saml",
    ],
)
def test_awss_addresses_are_ours(recipient):
    xml = response(signed(assertion(ROLE, PROVIDER, recipient=recipient, audience=recipient)))

    assert check(xml).recipient == recipient


def test_a_status_other_than_success_is_refused():
    assert "status" in (refusal(response(signed(PLAIN), status="Requester")).message or "")


def test_the_session_of_the_provider_ends_when_it_says():
    found = check(response(signed(assertion(ROLE, PROVIDER, session_ends=1800))))

    assert found.session_ends_at is not None
    assert 1790 < (found.session_ends_at - datetime.now(UTC)).total_seconds() <= 1800
