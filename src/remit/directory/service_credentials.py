"""Service-specific credentials: a user name and a password, or an API key, that one service knows.

INVARIANT: a password leaves this module once, to whoever created or reset the credential, and to be checked.
Source: IAM API reference, CreateServiceSpecificCredential; IAM User Guide, "API keys for AWS services"; `iam-sts`
reference, section 11.
"""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from remit.directory.facts import NotFound, NotSupported, Noun, Quota, limit
from remit.ids import AccountId, IdPrefix, Secret, new_alias_suffix, new_entity_id, new_service_password
from remit.store import Keyring, Kind, Transaction

_PURPOSE = "service-credential"
_WITH_PASSWORD = frozenset({"cassandra.amazonaws.com", "codecommit.amazonaws.com"})
# Service -> what its API keys begin with.
_WITH_API_KEY = {
    "aws-external-anthropic.amazonaws.com": "AEAK",
    "bedrock.amazonaws.com": "ABSK",
    "cloudwatch.amazonaws.com": "ACWK",
    "logs.amazonaws.com": "ACWL",
}


class ServiceCredential(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service-specific credential.

    Attributes:
        service: the service's principal, `codecommit.amazonaws.com`.
        public_name: the user name, or the public part of an API key; it stays when the user is renamed.
        sealed_secret: the password or the API key, sealed for this id.
        expires_at: of API keys; None for never.
    """

    id: str
    account: AccountId
    owner: str
    service: str
    public_name: str
    sealed_secret: bytes
    created_at: datetime
    active: bool = True
    expires_at: datetime | None = None

    @property
    def is_api_key(self) -> bool:
        """Whether it is an API key, which has no user name."""
        return self.service in _WITH_API_KEY

    def has_expired(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and at >= self.expires_at


SERVICE_CREDENTIALS = Kind(
    "service_credential",
    ServiceCredential,
    groups={
        "owner": lambda credential: (credential.owner,),
        "service": lambda credential: ((credential.owner, credential.service),),
        "account": lambda credential: (credential.account,),
    },
    order=lambda credential: credential.id,
)


def check_service(service: str) -> None:
    """Refuse a service that has no such credentials.

    Raises:
        NotSupported: it has none.
    """
    if service not in _WITH_PASSWORD and service not in _WITH_API_KEY:
        raise NotSupported(service)


def service_credentials(tx: Transaction, index: str, key: str) -> Sequence[ServiceCredential]:
    """Return the credentials of an `owner` or an `account`, as *index* says, by id."""
    return tx.in_order(SERVICE_CREDENTIALS, index, key)


def service_credential(tx: Transaction, owner: str, id_: str) -> ServiceCredential:
    """Find a credential of *owner* by its id.

    Raises:
        NotFound: the owner has no such credential.
    """
    found = tx.get(SERVICE_CREDENTIALS, id_)
    if found is None or found.owner != owner:
        raise NotFound(Noun.SERVICE_CREDENTIAL, id_)
    return found


def create_service_credential(
    tx: Transaction,
    account: AccountId,
    owner: str,
    name: str,
    service: str,
    *,
    at: datetime,
    days_max: int | None = None,
) -> tuple[ServiceCredential, Secret]:
    """Make a credential, and return it with its secret: the only time anyone sees that until it is reset.

    Args:
        name: of the user, which becomes part of the credential's.
        days_max: how long an API key is good; None for ever. Passwords never expire.

    Raises:
        NotSupported: the service has no such credentials.
        QuotaExceeded: the user has two for this service.
    """
    check_service(service)
    held = tx.select(SERVICE_CREDENTIALS, "service", (owner, service))
    limit(Quota.SERVICE_CREDENTIALS, len(held) + 1)
    if service in _WITH_API_KEY:
        public_name = f"{name}-at-{account}-{new_alias_suffix()}"
    else:
        first = f"{name}-at-{account}"
        taken = any(one.public_name == first for one in held)
        public_name = f"{name}+1-at-{account}" if taken else first
    id_ = new_entity_id(IdPrefix.SERVICE_CREDENTIAL)
    secret = _new_secret(service, public_name)
    created = ServiceCredential(
        id=id_,
        account=account,
        owner=owner,
        service=service,
        public_name=public_name,
        sealed_secret=_sealed(tx.keyring, id_, secret),
        created_at=at,
        expires_at=at + timedelta(days=days_max) if days_max is not None and service in _WITH_API_KEY else None,
    )
    tx.put(SERVICE_CREDENTIALS, created)
    return created, secret


def reset_secret(tx: Transaction, credential: ServiceCredential) -> Secret:
    """Give *credential* another secret, and return it; an inactive one stays inactive."""
    secret = _new_secret(credential.service, credential.public_name)
    sealed = _sealed(tx.keyring, credential.id, secret)
    tx.put(SERVICE_CREDENTIALS, msgspec.structs.replace(credential, sealed_secret=sealed))
    return secret


def secret_of(keyring: Keyring, credential: ServiceCredential) -> Secret:
    """Open the secret, to compare with what somebody shows."""
    return Secret(keyring.open(_PURPOSE, credential.sealed_secret, credential.id.encode()).decode())


def _new_secret(service: str, public_name: str) -> Secret:
    password = new_service_password()
    prefix = _WITH_API_KEY.get(service)
    if prefix is None:
        return password
    # An API key holds its public part, so that the service finds the credential by it (seen in Bedrock's keys).
    return Secret(prefix + base64.b64encode(f"{public_name}:{password.reveal()}".encode()).decode())


def _sealed(keyring: Keyring, id_: str, secret: Secret) -> bytes:
    return keyring.seal(_PURPOSE, secret.reveal().encode(), id_.encode())
