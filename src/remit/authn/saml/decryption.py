"""Private keys for encrypted assertions. Source: IAM API reference, CreateSAMLProvider, AddPrivateKey."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from remit.ids import Secret


class PrivateKeyInvalid(Exception):
    """It is no RSA private key in PEM, without a password."""


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
