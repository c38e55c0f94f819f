"""OpenID Connect providers: whose tokens an account believes, and for whom they must have been made.

A provider is kept, and named in its ARN, by its URL without `https://`. Nothing is left behind when it goes: trust
policies keep its ARN, and let nobody in until there is a provider of that URL again.
Source: IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM"; `iam-sts` reference, sections 4, 15
and 17.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from remit.directory.context_providers import ContextProvider
from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, limit
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

_SCHEME = "https://"
# A name in the DNS has a dot, so that no provider's condition keys can be those of a service, `aws:...` or `saml:...`.
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?", re.ASCII | re.IGNORECASE)
_LOCAL_HOST = "localhost"
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*", re.ASCII)
_ARN = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/(.+)", re.ASCII)


class UrlInvalid(ValueError):
    """No provider has such a URL."""


class OidcProvider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider.

    Attributes:
        url: without `https://`, the path kept.
        client_ids: the audiences that its tokens may have, in the order they were added.
        thumbprints: SHA-1 of certificates, in hex: trusted for its keys where the CA library trusts none.
        context: what trusted identity propagation takes out of its tokens; None for nothing.
    """

    id: str
    account: AccountId
    url: str
    created_at: datetime
    partition: str = "aws"
    client_ids: tuple[str, ...] = ()
    thumbprints: tuple[str, ...] = ()
    tags: dict[str, str] = {}
    context: ContextProvider | None = None

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"arn:{self.partition}:iam::{self.account}:oidc-provider/{self.url}"

    @property
    def issuer(self) -> str:
        """The URL with its scheme: what tokens call their issuer."""
        return _SCHEME + self.url


OIDC_PROVIDERS = Kind(
    "oidc_provider",
    OidcProvider,
    unique={"url": lambda provider: (provider.account, provider.url)},
    groups={"account": lambda provider: (provider.account,)},
)


def provider_url(text: str, *, allows_local: bool) -> str:
    """Return *text* as a provider is kept by it.

    Args:
        allows_local: a provider may be at a port, or at `localhost`.

    Raises:
        UrlInvalid: it is no https URL of a host and perhaps a path.
    """
    url = text.removeprefix(_SCHEME)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UrlInvalid(text) from None
    has_name = _HOST.fullmatch(host) is not None or (allows_local and host == _LOCAL_HOST)
    netloc = host if port is None else f"{host}:{port}"
    is_plain = (
        url != text and url.lower() == f"{netloc}{parts.path}".lower() and _PATH.fullmatch(parts.path) is not None
    )
    if not has_name or not is_plain or (port is not None and not allows_local):
        raise UrlInvalid(text)
    return url


def find_oidc_provider(tx: Transaction, account: AccountId, url: str) -> OidcProvider | None:
    """Find a provider by its URL, without `https://`."""
    return tx.find(OIDC_PROVIDERS, "url", (account, url))


def oidc_provider(tx: Transaction, account: AccountId, arn: str, noun: Noun = Noun.OIDC_PROVIDER) -> OidcProvider:
    """Find a provider by its ARN.

    Raises:
        NotFound: the account has none of that ARN.
    """
    named = _ARN.fullmatch(arn)
    found = None if named is None else find_oidc_provider(tx, account, named[1])
    if found is None or found.arn != arn:
        raise NotFound(noun, arn)
    return found


def oidc_providers(tx: Transaction, account: AccountId) -> list[OidcProvider]:
    """Return the account's providers, by URL."""
    return sorted(tx.select(OIDC_PROVIDERS, "account", account), key=lambda provider: provider.url)


def create_oidc_provider(
    tx: Transaction,
    account: AccountId,
    url: str,
    *,
    client_ids: Sequence[str],
    thumbprints: Sequence[str],
    tags: Mapping[str, str],
    at: datetime,
    partition: str = "aws",
) -> OidcProvider:
    """Make a provider; *url* is without `https://`.

    Raises:
        AlreadyExists: the account has a provider of that URL.
        QuotaExceeded: the account has as many providers as it may have, or there are too many client ids or
            thumbprints.
    """
    if find_oidc_provider(tx, account, url) is not None:
        raise AlreadyExists(Noun.OIDC_PROVIDER, _SCHEME + url)
    limit(Quota.OIDC_PROVIDERS, tx.count(OIDC_PROVIDERS, "account", account) + 1)
    created = OidcProvider(id=new_uuid(), account=account, url=url, created_at=at, partition=partition, tags=dict(tags))
    return put_thumbprints(tx, put_client_ids(tx, created, client_ids), thumbprints)


def put_client_ids(tx: Transaction, provider: OidcProvider, client_ids: Sequence[str]) -> OidcProvider:
    """Let *client_ids* be the audiences of the provider's tokens; each counts once.

    Raises:
        QuotaExceeded: there are too many.
    """
    distinct = tuple(dict.fromkeys(client_ids))
    limit(Quota.CLIENT_IDS, len(distinct))
    return _put(tx, msgspec.structs.replace(provider, client_ids=distinct))


def put_thumbprints(tx: Transaction, provider: OidcProvider, thumbprints: Sequence[str]) -> OidcProvider:
    """Let *thumbprints* vouch for the provider's server.

    Raises:
        QuotaExceeded: there are too many.
    """
    limit(Quota.THUMBPRINTS, len(thumbprints))
    return _put(tx, msgspec.structs.replace(provider, thumbprints=tuple(thumbprints)))


def put_context_provider(tx: Transaction, provider: OidcProvider, context: ContextProvider | None) -> OidcProvider:
    """Let *context* be what trusted identity propagation takes out of the provider's tokens."""
    return _put(tx, msgspec.structs.replace(provider, context=context))


def _put(tx: Transaction, provider: OidcProvider) -> OidcProvider:
    tx.put(OIDC_PROVIDERS, provider)
    return provider
