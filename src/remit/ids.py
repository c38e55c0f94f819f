"""Identifiers: what AWS calls the things it knows, and the secrets that go with them.

An id never returns: delete `bob` and make him again, and the new one has another id.
INVARIANT: every id and every secret that Remit invents comes from this module, and from the operating system's random
source.
Source: IAM User Guide, "IAM identifiers", table of unique id prefixes; `iam-sts` reference, section 4.
"""

import base64
import hmac
import os
import re
import secrets
import string
from enum import StrEnum
from typing import NewType, final

AccountId = NewType("AccountId", str)
AccessKeyId = NewType("AccessKeyId", str)
EntityId = NewType("EntityId", str)
RequestId = NewType("RequestId", str)

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_ACCESS_KEY = re.compile(r"(AKIA|ASIA)[A-Z2-7]{16}", re.ASCII)
_LOWER = string.ascii_lowercase + string.digits
_LETTERS = string.ascii_letters + string.digits
# Makes a byte one of the 32 letters and digits of base32, each as likely as the others.
_BASE32 = (string.ascii_uppercase + "234567").encode() * 8
# The account number sits in the 40 bits after the prefix, shifted by this many bits.
_ACCOUNT_SHIFT = 7
_ACCOUNT_BYTES = 5


class IdPrefix(StrEnum):
    """The letters that tell what a unique id names: four, but for what belongs to SAML providers."""

    USER = "AIDA"
    ROLE = "AROA"
    GROUP = "AGPA"
    POLICY = "ANPA"
    INSTANCE_PROFILE = "AIPA"
    ACCESS_KEY = "AKIA"
    TEMPORARY_ACCESS_KEY = "ASIA"
    SAML_PROVIDER = "SAMLSP"
    SAML_PRIVATE_KEY = "SAMLPK"
    SERVER_CERTIFICATE = "ASCA"
    SSH_PUBLIC_KEY = "APKA"
    SERVICE_CREDENTIAL = "ACCA"


@final
class Secret:
    """A text that is never shown by accident: `repr`, `str` and formatting give four stars.

    INVARIANT: `reveal` is the only way out; search for it to see every place that handles a secret.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(****)"

    def __str__(self) -> str:
        return "****"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)


def account_id(text: str) -> AccountId:
    """Check that *text* is an account id: twelve ASCII digits.

    Raises:
        ValueError: it is not.
    """
    if _ACCOUNT.fullmatch(text) is None:
        message = f"not an account id (twelve digits): `{text}`"
        raise ValueError(message)
    return AccountId(text)


def new_account_id() -> AccountId:
    """Invent an account id that does not begin with a zero, so that no spreadsheet shortens it."""
    return AccountId(str(10**11 + secrets.randbelow(9 * 10**11)))


def new_organization_id() -> str:
    """Invent an organization's id: `o-` and ten characters of lower-case letters and digits."""
    return f"o-{_lower(10)}"


def new_root_id() -> str:
    """Invent the id of an organization's root: `r-` and four characters."""
    return f"r-{_lower(4)}"


def new_unit_id(root: str) -> str:
    """Invent the id of an organizational unit below the root with the id *root*, whose characters it repeats."""
    return f"ou-{root.removeprefix('r-')}-{_lower(8)}"


def new_organization_policy_id() -> str:
    """Invent the id of a policy of an organization: `p-` and eight characters."""
    return f"p-{_lower(8)}"


def new_resource_policy_id() -> str:
    """Invent the id of an organization's resource policy: `rp-` and eight characters."""
    return f"rp-{_lower(8)}"


def new_create_account_request_id() -> str:
    """Invent the id of a request to make an account: `car-` and 32 characters."""
    return f"car-{_lower(32)}"


def new_handshake_id() -> str:
    """Invent the id of a handshake: `h-` and 32 characters."""
    return f"h-{_lower(32)}"


def new_responsibility_transfer_id() -> str:
    """Invent the id of a transfer of responsibility: `rt-` and eight characters."""
    return f"rt-{_lower(8)}"


def new_invoice_unit_id() -> str:
    """Invent the id of an invoice unit: eight characters, which end the numbers of its invoices."""
    return _lower(8)


def new_artifact_id(kind: str) -> str:
    """Invent an id of Artifact, *kind* and 16 letters and digits: `report-kV2n...`."""
    return f"{kind}-{''.join(secrets.choice(_LETTERS) for _ in range(16))}"


def _lower(count: int) -> str:
    return "".join(secrets.choice(_LOWER) for _ in range(count))


def new_entity_id(prefix: IdPrefix) -> EntityId:
    """Invent a unique id: *prefix* and 17 characters of base32, 21 in all."""
    return EntityId(prefix + secrets.token_bytes(17).translate(_BASE32).decode())


def new_access_key_id(account: AccountId, *, temporary: bool = False) -> AccessKeyId:
    """Invent an access key id of 20 characters that carries *account*, as AWS's do.

    Source: `iam-sts` reference, section 4: the account is encoded in the five bytes after the prefix.
    """
    number = (int(account) << _ACCOUNT_SHIFT) | secrets.randbits(_ACCOUNT_SHIFT)
    data = (number | 1 << 47).to_bytes(_ACCOUNT_BYTES + 1) + secrets.token_bytes(4)
    prefix = IdPrefix.TEMPORARY_ACCESS_KEY if temporary else IdPrefix.ACCESS_KEY
    return AccessKeyId(prefix + base64.b32encode(data).decode())


def account_of_access_key(key: str) -> AccountId | None:
    """Read the account out of an access key id; None if the id is not in AWS's form."""
    if _ACCESS_KEY.fullmatch(key) is None:
        return None
    number = int.from_bytes(base64.b32decode(key[4:])[: _ACCOUNT_BYTES + 1])
    account = str((number & ((1 << 47) - 1)) >> _ACCOUNT_SHIFT).zfill(12)
    return AccountId(account) if len(account) == 12 else None  # noqa: PLR2004  # an account has twelve digits


def new_secret_access_key() -> Secret:
    """Invent a secret access key: 40 characters of letters, digits, `/` and `+`."""
    return Secret(base64.b64encode(secrets.token_bytes(30)).decode())


def new_certificate_id() -> str:
    """Invent the id of a signing certificate: 32 characters of base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def new_service_password() -> Secret:
    """Invent the password of a service-specific credential: 44 characters of base64."""
    return Secret(base64.b64encode(secrets.token_bytes(32)).decode())


def new_alias_suffix() -> str:
    """Invent the end of an API key's public part: eight characters of lower-case letters and digits."""
    return _lower(8)


def new_one_time_code() -> Secret:
    """Invent a code to be sent and typed once: six characters of base32, one of a billion."""
    return Secret(secrets.token_bytes(6).translate(_BASE32).decode())


def new_mfa_seed() -> Secret:
    """Invent the seed of a virtual MFA device: 64 characters of base32, as AWS's have."""
    return Secret(base64.b32encode(secrets.token_bytes(40)).decode())


def _uuids(count: int) -> list[str]:
    digits = os.urandom(16 * count).hex()
    return [
        f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}-"
        f"{_VARIANTS[digits[at + 16]]}{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_UUIDS_AT_ONCE = 256
# Made in advance, because each request takes two. A forked process must not hand out its parent's.
_ready: list[str] = []
os.register_at_fork(after_in_child=_ready.clear)


def new_uuid() -> str:
    """Invent a random UUID in lower case, AWS's form for request and event ids; they are public, and guard nothing."""
    if not _ready:
        _ready.extend(_uuids(_UUIDS_AT_ONCE))
    return _ready.pop()
