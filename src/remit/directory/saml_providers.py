"""SAML providers: whose assertions an account believes, and the keys that open the encrypted ones.

What counts of a provider's metadata document, who it is and which certificates it signs with, is kept beside it.
INVARIANT: a private key leaves this module only to open an assertion.
Source: IAM User Guide, "Create a SAML identity provider in IAM"; `iam-sts` reference, sections 4, 13.5, 15 and 17.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.context_providers import ContextProvider
from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccountId, IdPrefix, Secret, new_entity_id
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "saml-private-key"
_HUNDRED_YEARS = timedelta(days=36_525)
_ARN = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:saml-provider/(.+)", re.ASCII)


class EncryptionMode(StrEnum):
    """Whether assertions must be encrypted."""

    ALLOWED = "Allowed"
    REQUIRED = "Required"


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A metadata document, and what it says.

    Attributes:
        document: the XML, as it was given.
        issuer: the entity id.
        certificates: that assertions may be signed with, DER.
        valid_until: None when the document does not say.
    """

    document: str
    issuer: str
    certificates: tuple[bytes, ...]
    valid_until: datetime | None = None


class PrivateKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that opens encrypted assertions; *sealed* is its PEM, sealed for this id."""

    id: str
    added_at: datetime
    sealed: bytes


class SamlProvider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider.

    Attributes:
        id: `SAMLSP...`, what IAM calls its UUID.
        encryption: None when nobody said anything, and there are no keys.
        keys: two at most, so that one can take the place of the other.
        context: what trusted identity propagation takes out of its assertions; None for nothing.
    """

    id: str
    account: AccountId
    name: str
    created_at: datetime
    metadata: Metadata
    partition: str = "aws"
    encryption: EncryptionMode | None = None
    keys: tuple[PrivateKey, ...] = ()
    tags: dict[str, str] = {}
    context: ContextProvider | None = None

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"arn:{self.partition}:iam::{self.account}:saml-provider/{self.name}"

    @property
    def valid_until(self) -> datetime:
        """When the metadata ends: in a hundred years when it does not say."""
        return self.metadata.valid_until or self.created_at + _HUNDRED_YEARS


SAML_PROVIDERS = Kind(
    "saml_provider",
    SamlProvider,
    unique={"name": lambda provider: (provider.account, provider.name.lower())},
    groups={"account": lambda provider: (provider.account,)},
)


def saml_provider(tx: Transaction, account: AccountId, arn: str) -> SamlProvider:
    """Find a provider by its ARN.

    Raises:
        NotFound: the account has none of that ARN.
    """
    named = _ARN.fullmatch(arn)
    found = None if named is None else tx.find(SAML_PROVIDERS, "name", (account, named[1].lower()))
    if found is None or found.arn != arn:
        raise NotFound(Noun.SAML_PROVIDER, arn)
    return found


def saml_providers(tx: Transaction, account: AccountId) -> list[SamlProvider]:
    """Return the account's providers, by name without regard to case."""
    return sorted(tx.select(SAML_PROVIDERS, "account", account), key=lambda provider: provider.name.lower())


def create_saml_provider(
    tx: Transaction,
    account: AccountId,
    name: str,
    metadata: Metadata,
    *,
    tags: Mapping[str, str],
    at: datetime,
    encryption: EncryptionMode | None = None,
    partition: str = "aws",
) -> SamlProvider:
    """Make a provider.

    Raises:
        AlreadyExists: the account has a provider of that name.
        QuotaExceeded: the account has as many providers as it may have.
    """
    if tx.find(SAML_PROVIDERS, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.SAML_PROVIDER, name)
    limit(Quota.SAML_PROVIDERS, tx.count(SAML_PROVIDERS, "account", account) + 1)
    created = SamlProvider(
        id=new_entity_id(IdPrefix.SAML_PROVIDER),
        account=account,
        name=name,
        created_at=at,
        metadata=metadata,
        partition=partition,
        encryption=encryption,
        tags=dict(tags),
    )
    tx.put(SAML_PROVIDERS, created)
    return created


def add_private_key(tx: Transaction, provider: SamlProvider, pem: Secret, *, at: datetime) -> SamlProvider:
    """Give *provider* one more private key; assertions may then be encrypted.

    Raises:
        QuotaExceeded: it has two.
    """
    limit(Quota.SAML_PRIVATE_KEYS, len(provider.keys) + 1)
    id_ = new_entity_id(IdPrefix.SAML_PRIVATE_KEY)
    sealed = tx.keyring.seal(_PURPOSE, pem.reveal().encode(), id_.encode())
    keys = (*provider.keys, PrivateKey(id=id_, added_at=at, sealed=sealed))
    changed = msgspec.structs.replace(provider, keys=keys, encryption=provider.encryption or EncryptionMode.ALLOWED)
    tx.put(SAML_PROVIDERS, changed)
    return changed


def remove_private_key(tx: Transaction, provider: SamlProvider, id_: str) -> SamlProvider:
    """Take a private key from *provider*.

    Raises:
        NotFound: it has no such key.
    """
    if not any(key.id == id_ for key in provider.keys):
        raise NotFound(Noun.SAML_PRIVATE_KEY, id_)
    changed = msgspec.structs.replace(provider, keys=tuple(key for key in provider.keys if key.id != id_))
    tx.put(SAML_PROVIDERS, changed)
    return changed


def private_keys_of(keyring: Keyring, provider: SamlProvider) -> tuple[Secret, ...]:
    """Return the private keys of *provider*, PEM, the newest first."""
    return tuple(
        Secret(keyring.open(_PURPOSE, key.sealed, key.id.encode()).decode()) for key in reversed(provider.keys)
    )
