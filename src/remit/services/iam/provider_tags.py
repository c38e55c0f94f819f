"""Tags of OpenID Connect and SAML providers. Source: `iam-sts` reference, sections 15 and 17."""

from typing import Any

import msgspec

from remit.directory.oidc_providers import OIDC_PROVIDERS, OidcProvider
from remit.directory.saml_providers import SAML_PROVIDERS, SamlProvider
from remit.directory.tags import tagged, untagged
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.oidc_providers import named_oidc_provider
from remit.services.iam.registry import operation
from remit.services.iam.saml_providers import named_saml_provider
from remit.services.iam.tag_lists import new_tags
from remit.services.iam.tags import page_of_tags
from remit.store import Transaction


def _put(tx: Transaction, provider: OidcProvider | SamlProvider, tags: dict[str, str]) -> None:
    if isinstance(provider, OidcProvider):
        tx.put(OIDC_PROVIDERS, msgspec.structs.replace(provider, tags=tags))
    else:
        tx.put(SAML_PROVIDERS, msgspec.structs.replace(provider, tags=tags))


def _tag(call: Call[Any], tx: Transaction, provider: OidcProvider | SamlProvider) -> None:
    _put(tx, provider, tagged(provider.tags, new_tags(call.input["Tags"], fold=True), fold=True))


def _untag(call: Call[Any], tx: Transaction, provider: OidcProvider | SamlProvider) -> None:
    _put(tx, provider, untagged(provider.tags, call.input["TagKeys"], fold=True))


@operation("TagOpenIDConnectProvider")
def tag_open_id_connect_provider(call: Call[shapes.TagOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Put tags on an OpenID Connect provider."""
    _tag(call, tx, named_oidc_provider(call, tx))


@operation("UntagOpenIDConnectProvider")
def untag_open_id_connect_provider(call: Call[shapes.UntagOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Take tags off an OpenID Connect provider."""
    _untag(call, tx, named_oidc_provider(call, tx))


@operation("ListOpenIDConnectProviderTags")
def list_open_id_connect_provider_tags(
    call: Call[shapes.ListOpenIDConnectProviderTagsRequest], tx: Transaction
) -> dict[str, object]:
    """List the tags of an OpenID Connect provider."""
    return page_of_tags(call, tx, named_oidc_provider(call, tx).tags)


@operation("TagSAMLProvider")
def tag_saml_provider(call: Call[shapes.TagSAMLProviderRequest], tx: Transaction) -> None:
    """Put tags on a SAML provider."""
    _tag(call, tx, named_saml_provider(call, tx))


@operation("UntagSAMLProvider")
def untag_saml_provider(call: Call[shapes.UntagSAMLProviderRequest], tx: Transaction) -> None:
    """Take tags off a SAML provider."""
    _untag(call, tx, named_saml_provider(call, tx))


@operation("ListSAMLProviderTags")
def list_saml_provider_tags(call: Call[shapes.ListSAMLProviderTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of a SAML provider."""
    return page_of_tags(call, tx, named_saml_provider(call, tx).tags)
