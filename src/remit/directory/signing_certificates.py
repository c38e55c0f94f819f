"""Signing certificates of users and of the root user: X.509 certificates, kept as they were uploaded.

Source: IAM API reference, UploadSigningCertificate; `iam-sts` reference, section 11.
"""

from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccountId, new_certificate_id
from remit.store import Kind, Transaction


class SigningCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A signing certificate.

    Attributes:
        owner: id of the user; the account id for the root user.
        body: in PEM, as uploaded.
        digest: of its content; an account has each certificate once.
        changed_at: when it was uploaded, activated or deactivated last.
    """

    id: str
    account: AccountId
    owner: str
    body: str
    digest: str
    created_at: datetime
    changed_at: datetime
    active: bool = True


SIGNING_CERTIFICATES = Kind(
    "signing_certificate",
    SigningCertificate,
    unique={"digest": lambda certificate: (certificate.account, certificate.digest)},
    groups={"owner": lambda certificate: (certificate.owner,), "account": lambda certificate: (certificate.account,)},
)


def signing_certificates(tx: Transaction, owner: str) -> list[SigningCertificate]:
    """Return the certificates of a user id (for root: the account id), oldest first."""
    return sorted(tx.select(SIGNING_CERTIFICATES, "owner", owner), key=lambda found: (found.created_at, found.id))


def signing_certificate(tx: Transaction, owner: str, id_: str) -> SigningCertificate:
    """Find a certificate of *owner* by its id.

    Raises:
        NotFound: the owner has no such certificate.
    """
    found = tx.get(SIGNING_CERTIFICATES, id_)
    if found is None or found.owner != owner:
        raise NotFound(Noun.SIGNING_CERTIFICATE, id_)
    return found


def create_signing_certificate(
    tx: Transaction, account: AccountId, owner: str, body: str, digest: str, *, at: datetime
) -> SigningCertificate:
    """Keep a certificate for *owner*.

    Raises:
        AlreadyExists: somebody of the account has it.
        QuotaExceeded: the owner has two, active or not.
    """
    if tx.find(SIGNING_CERTIFICATES, "digest", (account, digest)) is not None:
        raise AlreadyExists(Noun.SIGNING_CERTIFICATE, digest)
    limit(Quota.SIGNING_CERTIFICATES, tx.count(SIGNING_CERTIFICATES, "owner", owner) + 1)
    created = SigningCertificate(
        id=new_certificate_id(),
        account=account,
        owner=owner,
        body=body,
        digest=digest,
        created_at=at,
        changed_at=at,
    )
    tx.put(SIGNING_CERTIFICATES, created)
    return created
