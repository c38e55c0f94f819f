"""Encrypted assertions, and the private keys that open them.

Content is encrypted with AES in CBC or GCM mode, its key with RSA-OAEP. RSA with PKCS #1 v1.5 padding is not known
here: whoever can ask often learns what such a padding hides. CBC tells nobody whether its padding was right: what
cannot be read looks like what nobody signed (`assertion.py`).
Source: XML Encryption Syntax and Processing 1.1, sections 5.2 and 5.5; IAM API reference, CreateSAMLProvider.
"""

import base64
import binascii
from collections.abc import Sequence
from itertools import islice

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from remit.authn.saml.xml import Element, XmlInvalid, children, read_xml, tag, text_of
from remit.ids import Secret

_XENC, _XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
# Content algorithm -> bytes of its key.
_CBC = {f"{_XENC}aes{bits}-cbc": bits // 8 for bits in (128, 192, 256)}
_GCM = {f"{_XENC11}aes{bits}-gcm": bits // 8 for bits in (128, 192, 256)}
_KEY_TRANSPORTS = frozenset({f"{_XENC}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"})
_DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1,
    f"{_XENC}sha256": hashes.SHA256,
    f"{_XENC}sha512": hashes.SHA512,
    f"{_XENC11}mgf1sha1": hashes.SHA1,
    f"{_XENC11}mgf1sha256": hashes.SHA256,
    f"{_XENC11}mgf1sha512": hashes.SHA512,
}
# A key may be wrapped for several readers; each attempt takes a millisecond.
_WRAPPED_MAX = 8
_BLOCK_BYTES, _NONCE_BYTES = 16, 12


class PrivateKeyInvalid(Exception):
    """It is no RSA private key in PEM, without a password."""


class NotDecrypted(Exception):
    """No key opens it, or it is encrypted in a way that is not known."""


def read_private_key(pem: Secret) -> RSAPrivateKey:
    """Read a private key.

    Raises:
        PrivateKeyInvalid: it is none.
    """
    try:
        key = load_pem_private_key(pem.reveal().encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise PrivateKeyInvalid from None
    if not isinstance(key, RSAPrivateKey):
        raise PrivateKeyInvalid
    return key


def decrypted(encrypted: Element, keys: Sequence[Secret]) -> Element:
    """Return the element that *encrypted*, an `EncryptedAssertion`, holds.

    Raises:
        NotDecrypted: none of *keys* opens it.
    """
    for data in children(encrypted, "xenc:EncryptedData"):
        for wrapped in islice(encrypted.iter(tag("xenc:EncryptedKey")), _WRAPPED_MAX):
            for key in keys:
                try:
                    content = _content(data, _unwrapped(wrapped, read_private_key(key)))
                    return read_xml(content.decode())
                except (ValueError, InvalidTag, XmlInvalid, binascii.Error):
                    continue  # another key may open it
    raise NotDecrypted


def _method(element: Element) -> Element:
    methods = children(element, "xenc:EncryptionMethod")
    if len(methods) != 1:
        raise ValueError("not one method")
    return methods[0]


def _value(element: Element) -> bytes:
    values = [value for data in children(element, "xenc:CipherData") for value in children(data, "xenc:CipherValue")]
    if len(values) != 1:
        raise ValueError("not one value")
    return base64.b64decode("".join(text_of(values[0]).split()), validate=True)


def _unwrapped(wrapped: Element, key: RSAPrivateKey) -> bytes:
    method = _method(wrapped)
    if method.get("Algorithm") not in _KEY_TRANSPORTS:
        raise ValueError("no known key transport")
    digest = _digest(method, "ds:DigestMethod")
    oaep = padding.OAEP(padding.MGF1(_digest(method, "xenc11:MGF")()), digest(), None)
    return key.decrypt(_value(wrapped), oaep)


def _digest(method: Element, name: str) -> type[hashes.HashAlgorithm]:
    for found in children(method, name):
        known = _DIGESTS.get(found.get("Algorithm", ""))
        if known is None:
            raise ValueError("no known digest")
        return known
    return hashes.SHA1


def _content(data: Element, key: bytes) -> bytes:
    algorithm = _method(data).get("Algorithm", "")
    value = _value(data)
    if algorithm in _GCM and len(key) == _GCM[algorithm]:
        return AESGCM(key).decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], None)
    if algorithm in _CBC and len(key) == _CBC[algorithm]:
        cipher = Cipher(algorithms.AES(key), modes.CBC(value[:_BLOCK_BYTES])).decryptor()
        text = cipher.update(value[_BLOCK_BYTES:]) + cipher.finalize()
        filled = text[-1] if text else 0
        if not 1 <= filled <= _BLOCK_BYTES:
            raise ValueError("no padding")
        return text[:-filled]
    raise ValueError("no known algorithm")
