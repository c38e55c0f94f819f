"""Server certificates of an account, with their private keys.

INVARIANT: a private key never leaves; whoever loads it into a load balancer opens it with `private_key`.
Source: IAM User Guide, "Manage server certificates in IAM"; `iam-sts` reference, section 11.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccountId, IdPrefix, Secret, new_entity_id
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "server-certificate"


class ServerCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A server certificate.

    Attributes:
        body, chain: in PEM, as uploaded; the chain is empty when there is none.
        sealed_key: the private key in PEM, sealed for this id.
        expires_at: the end of the certificate's validity.
    """

    id: str
    account: AccountId
    name: str
    path: str
    body: str
    sealed_key: bytes
    created_at: datetime
    expires_at: datetime
    chain: str = ""
    partition: str = "aws"
    tags: dict[str, str] = {}

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:server-certificate{self.path}{self.name}"


SERVER_CERTIFICATES = Kind(
    "server_certificate",
    ServerCertificate,
    unique={"name": lambda certificate: (certificate.account, certificate.name)},
    groups={"account": lambda certificate: (certificate.account,)},
)


def server_certificate(tx: Transaction, account: AccountId, name: str) -> ServerCertificate:
    """Find a certificate by its name.

    Raises:
        NotFound: the account has none of that name.
    """
    found = tx.find(SERVER_CERTIFICATES, "name", (account, name))
    if found is None:
        raise NotFound(Noun.SERVER_CERTIFICATE, name)
    return found


def server_certificates(tx: Transaction, account: AccountId) -> list[ServerCertificate]:
    """Return the account's certificates, by name."""
    return sorted(tx.select(SERVER_CERTIFICATES, "account", account), key=lambda found: found.name)


def refuse_taken_name(tx: Transaction, account: AccountId, name: str, *, except_id: str = "") -> None:
    """Refuse a name that another certificate of the account has, in whatever path.

    Raises:
        AlreadyExists: one has.
    """
    taken = tx.find(SERVER_CERTIFICATES, "name", (account, name))
    if taken is not None and taken.id != except_id:
        raise AlreadyExists(Noun.SERVER_CERTIFICATE, name)


def create_server_certificate(
    tx: Transaction,
    account: AccountId,
    name: str,
    *,
    path: str,
    body: str,
    chain: str,
    key: Secret,
    expires_at: datetime,
    at: datetime,
    tags: Mapping[str, str],
    partition: str = "aws",
) -> ServerCertificate:
    """Keep a certificate whose parts fit together.

    Raises:
        AlreadyExists: the account has one of that name, in whatever path.
        QuotaExceeded: the account has as many as it may have.
    """
    refuse_taken_name(tx, account, name)
    limit(Quota.SERVER_CERTIFICATES, tx.count(SERVER_CERTIFICATES, "account", account) + 1)
    id_ = new_entity_id(IdPrefix.SERVER_CERTIFICATE)
    created = ServerCertificate(
        id=id_,
        account=account,
        name=name,
        path=path,
        body=body,
        chain=chain,
        sealed_key=tx.keyring.seal(_PURPOSE, key.reveal().encode(), id_.encode()),
        created_at=at,
        expires_at=expires_at,
        tags=dict(tags),
        partition=partition,
    )
    tx.put(SERVER_CERTIFICATES, created)
    return created


def rename_server_certificate(tx: Transaction, certificate: ServerCertificate, *, name: str, path: str) -> None:
    """Give *certificate* another name or path; its ARN changes with it.

    Raises:
        AlreadyExists: the account has another one of that name.
    """
    refuse_taken_name(tx, certificate.account, name, except_id=certificate.id)
    tx.put(SERVER_CERTIFICATES, msgspec.structs.replace(certificate, name=name, path=path))


def private_key(keyring: Keyring, certificate: ServerCertificate) -> Secret:
    """Open the private key, for a server that speaks for the certificate."""
    return Secret(keyring.open(_PURPOSE, certificate.sealed_key, certificate.id.encode()).decode())
