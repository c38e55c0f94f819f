"""Certificates of acceptance: who accepted which words, when, from where and for whom, signed for the provider.

A certificate is a JWS in JSON (RFC 7515, section 7.2.2), signed with Ed25519. It is made when it is asked for, out of
what was kept at the acceptance: the same each time, also after the agreement has ended, until another key signs. The
store has one key that signs, made with the first certificate; the public parts of all that ever signed are told to
everybody (`endpoint/issuers.py`), so whoever keeps those verifies certificates without the server
(`certificate_proofs.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from remit.clock import whole_second
from remit.directory.accounts import first_account
from remit.directory.artifact.agreements import AgreementScope, AgreementType
from remit.directory.artifact.customer_agreements import Consent, CustomerAgreement
from remit.directory.artifact.ndas import nda_before
from remit.directory.signing_keys import NewKey, SigningKey, new_key, private_key, sealed_key, signed
from remit.ids import AccountId, Secret
from remit.store import Keyring, Kind, Transaction

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
KIND = "agreement-acceptance+json"
_PURPOSE = "artifact-certificate-key"
_NEVER = datetime.max.replace(tzinfo=UTC)


class CertificateKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a provider.

    Attributes:
        id: its thumbprint, which people can compare (RFC 7638).
        retired_at: since when it signs no more; None for the one that does. Of a retired key the private part is gone.
    """

    id: str
    account: AccountId
    key: SigningKey
    retired_at: datetime | None = None


CERTIFICATE_KEYS = Kind(
    "artifact-certificate-key",
    CertificateKey,
    unique={"account": lambda one: (one.account,) if one.retired_at is None else None},
)


class Term(msgspec.Struct, frozen=True):
    """A term that was agreed to, and its SHA-256 in hex."""

    text: str
    sha256: str


class AcceptedAgreement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was accepted; *document_sha256* is that of the agreement's PDF as it was shown."""

    id: str
    arn: str
    name: str
    version: int
    type: AgreementType
    document_sha256: str


class AcceptedNda(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The non-disclosure agreement that was accepted before."""

    document_sha256: str
    principal: str
    source_ip: str
    accepted_at: datetime


class Certificate(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a certificate says.

    Attributes:
        id: of the customer agreement. arn: its ARN.
        provider: the account that offers the agreement.
        account: who accepted.
        scope: for itself or for the organization that it manages, with all its present and future members.
        organization_arn: empty for an account alone.
        terms: each that was agreed to, in their order.
        terms_sha256: of all of them, as a JSON array of strings without blanks between them.
        principal: ARN of who agreed. source_ip: from where. request_id: in the trail.
        token_sha256: of the token that came with the agreement.
        nda: None where none came before.
    """

    id: str
    arn: str
    provider: AccountId
    agreement: AcceptedAgreement
    account: AccountId
    scope: AgreementScope
    organization_arn: str = ""
    terms: tuple[Term, ...]
    terms_sha256: str
    principal: str
    source_ip: str
    request_id: str
    accepted_at: datetime
    token_sha256: str
    nda: AcceptedNda | None = None


def certificate_of(tx: Transaction, one: CustomerAgreement, acceptance: Consent) -> Certificate:
    """Return what the certificate of *acceptance*, that of *one*, says."""
    nda = nda_before(tx, one.account, one.agreement, one.version)
    return Certificate(
        id=one.id,
        arn=one.arn,
        provider=first_account(tx).id,
        agreement=AcceptedAgreement(
            id=one.agreement,
            arn=one.agreement_arn,
            name=one.name,
            version=one.version,
            type=one.type,
            document_sha256=acceptance.document,
        ),
        account=one.account,
        scope=one.scope,
        organization_arn=one.organization_arn,
        terms=tuple(Term(text, sha256(text.encode()).hexdigest()) for text in acceptance.terms),
        terms_sha256=acceptance.terms_sha256,
        principal=acceptance.principal,
        source_ip=acceptance.source_ip,
        request_id=acceptance.request,
        accepted_at=whole_second(acceptance.at),
        token_sha256=acceptance.token,
        nda=None
        if nda is None
        else AcceptedNda(
            document_sha256=nda.document,
            principal=nda.principal,
            source_ip=nda.source_ip,
            accepted_at=whole_second(nda.at),
        ),
    )


def new_certificate_key() -> NewKey:
    """Make a key. It takes long."""
    return new_key(ALGORITHM)


def certificate_key(tx: Transaction) -> SigningKey | None:
    """Return the key that signs certificates; None before the first."""
    found = tx.find(CERTIFICATE_KEYS, "account", (first_account(tx).id,))
    return None if found is None else found.key


def keep_certificate_key(tx: Transaction, key: NewKey) -> SigningKey:
    """Keep the key that signs from now on."""
    id_ = public_key(key.public).thumbprint()
    kept = sealed_key(tx.keyring, _PURPOSE, key, id_)
    tx.put(CERTIFICATE_KEYS, CertificateKey(id=id_, account=first_account(tx).id, key=kept))
    return kept


def rotate_certificate_key(tx: Transaction, key: NewKey, at: datetime) -> SigningKey:
    """Let *key* sign from now on. What the one before it signed still verifies; its private part is gone."""
    current = tx.find(CERTIFICATE_KEYS, "account", (first_account(tx).id,))
    if current is not None:
        without_private = msgspec.structs.replace(current.key, sealed=b"")
        tx.put(CERTIFICATE_KEYS, msgspec.structs.replace(current, key=without_private, retired_at=at))
    return keep_certificate_key(tx, key)


def published_keys(tx: Transaction) -> list[dict[str, Any]]:
    """Return the JWKs of all keys that ever signed, the one that signs now first, then the last before it."""
    every = sorted(tx.all(CERTIFICATE_KEYS), key=lambda one: (one.retired_at or _NEVER, one.id), reverse=True)
    return [one.key.public for one in every]


def public_key(jwk: Mapping[str, Any]) -> "OKPKey":
    """Return the Ed25519 key that a JWK is; what it says of itself beside that does not count.

    Raises:
        KeyError, JoseError: it is none.
    """
    from joserfc.jwk import OKPKey

    return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})


class Signer(msgspec.Struct, frozen=True):
    """Signs in a thread, without the store."""

    key: SigningKey
    private: Secret

    def sign(self, payload: bytes, kind: str) -> str:
        """Return a JWS, compact. It takes long."""
        return signed(payload, self.key, self.private, kind)


def signer_of(keyring: Keyring, key: SigningKey) -> Signer:
    """Return what signs with *key*."""
    return Signer(key, private_key(keyring, _PURPOSE, key))


class Flattened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A JWS in JSON, with one signature."""

    payload: str
    protected: str
    signature: str


def signed_certificate(certificate: Certificate, signer: Signer) -> bytes:
    """Return the certificate as it is handed out, a JWS in JSON and a line break. It takes long."""
    protected, payload, signature = signer.sign(msgspec.json.encode(certificate), KIND).split(".")
    flat = Flattened(payload=payload, protected=protected, signature=signature)
    return msgspec.json.format(msgspec.json.encode(flat), indent=1) + b"\n"
