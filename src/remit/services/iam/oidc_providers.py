"""OpenID Connect providers. Source: `iam-sts` reference, sections 1.2, 1.3, 1.6, 4 and 15."""

from typing import Any

from remit.authn.https import Unreachable
from remit.clock import whole_second
from remit.directory import oidc_providers as directory
from remit.directory.facts import Noun
from remit.directory.oidc_providers import OIDC_PROVIDERS, OidcProvider, UrlInvalid, provider_url
from remit.errors import ServiceError, ValidationError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.context_providers import context_provider, context_provider_shape, says_nothing
from remit.services.iam.entities import tag_list
from remit.services.iam.errors import invalid_input
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def named_oidc_provider(call: Call[Any], tx: Transaction) -> OidcProvider:
    """Find the provider that *call* names by its ARN.

    Raises:
        NotFound: there is no such provider.
    """
    return directory.oidc_provider(tx, call.account, call.input["OpenIDConnectProviderArn"])


@operation("CreateOpenIDConnectProvider")
def create_open_id_connect_provider(
    call: Call[shapes.CreateOpenIDConnectProviderRequest], tx: Transaction
) -> shapes.CreateOpenIDConnectProviderResponse:
    """Believe an OpenID Connect provider. Without thumbprints, that of the last certificate its server shows counts.

    Raises:
        AlreadyExists: the account has a provider of that URL.
        QuotaExceeded: the account has as many as its quota allows, or there are too many client ids or thumbprints.
    """
    asked = call.input
    context = context_provider(call)
    try:
        url = provider_url(asked["Url"], allows_local=call.outside.allows_local)
    except UrlInvalid:
        raise ValidationError("Invalid Open ID Connect Provider URL") from None
    tags = new_tags(asked.get("Tags", []), fold=True)
    provider = directory.create_oidc_provider(
        tx,
        call.account,
        url,
        client_ids=asked.get("ClientIDList", ()),
        thumbprints=asked.get("ThumbprintList", ()),
        tags=tags,
        partition=call.partition,
        at=call.at,
    )
    if context is not None:
        provider = directory.put_context_provider(tx, provider, context)
    if not provider.thumbprints:
        provider = directory.put_thumbprints(tx, provider, (_thumbprint(call, provider.issuer),))
    shape: shapes.CreateOpenIDConnectProviderResponse = {"OpenIDConnectProviderArn": provider.arn}
    if tags:
        shape["Tags"] = tag_list(provider.tags)
    return shape


def _thumbprint(call: Call[Any], issuer: str) -> str:
    outside = call.outside

    def look() -> str | Unreachable:
        try:
            return outside.thumbprint(issuer)
        except Unreachable as error:
            return error

    found = call.slowly("thumbprint", look)
    if isinstance(found, Unreachable):
        raise ServiceError("OpenIdIdpCommunicationError", f"Could not reach the identity provider: {found}")
    return found


@operation("GetOpenIDConnectProvider")
def get_open_id_connect_provider(
    call: Call[shapes.GetOpenIDConnectProviderRequest], tx: Transaction
) -> shapes.GetOpenIDConnectProviderResponse:
    """Show a provider, with its tags even when there are none."""
    provider = named_oidc_provider(call, tx)
    shape: shapes.GetOpenIDConnectProviderResponse = {
        "Url": provider.url,
        "ClientIDList": provider.client_ids,
        "ThumbprintList": provider.thumbprints,
        "CreateDate": whole_second(provider.created_at),
        "Tags": tag_list(provider.tags),
    }
    if provider.context is not None:
        shape["ContextProvider"] = context_provider_shape(provider.context)
    return shape


@operation("ListOpenIDConnectProviders")
def list_open_id_connect_providers(
    call: Call[shapes.ListOpenIDConnectProvidersRequest], tx: Transaction
) -> shapes.ListOpenIDConnectProvidersResponse:
    """List the ARNs of the providers, all at once."""
    providers = directory.oidc_providers(tx, call.account)
    return {"OpenIDConnectProviderList": [{"Arn": provider.arn} for provider in providers]}


@operation("AddClientIDToOpenIDConnectProvider")
def add_client_id(call: Call[shapes.AddClientIDToOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Let tokens be made for one more audience; for one that is there already nothing changes."""
    provider = named_oidc_provider(call, tx)
    directory.put_client_ids(tx, provider, (*provider.client_ids, call.input["ClientID"]))


@operation("RemoveClientIDFromOpenIDConnectProvider")
def remove_client_id(call: Call[shapes.RemoveClientIDFromOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Let tokens no longer be made for an audience; for one that is not there nothing changes."""
    provider = named_oidc_provider(call, tx)
    gone = call.input["ClientID"]
    directory.put_client_ids(tx, provider, [client_id for client_id in provider.client_ids if client_id != gone])


@operation("UpdateOpenIDConnectProviderThumbprint")
def update_thumbprints(call: Call[shapes.UpdateOpenIDConnectProviderThumbprintRequest], tx: Transaction) -> None:
    """Replace the list of thumbprints."""
    directory.put_thumbprints(tx, named_oidc_provider(call, tx), call.input["ThumbprintList"])


@operation("UpdateOpenIDConnectProvider")
def update_provider(call: Call[shapes.UpdateOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Change what trusted identity propagation takes out of a provider's tokens.

    Raises:
        NotFound: there is no such provider.
        ServiceError: InvalidInput, the call asks for nothing, or for what cannot be.
    """
    provider = named_oidc_provider(call, tx)
    if says_nothing(call):
        raise invalid_input("Nothing is specified that could be updated.")
    directory.put_context_provider(tx, provider, context_provider(call, provider.context))


@operation("DeleteOpenIDConnectProvider")
def delete_open_id_connect_provider(call: Call[shapes.DeleteOpenIDConnectProviderRequest], tx: Transaction) -> None:
    """Delete a provider; one that is not there is an error (recorded), whatever the documentation says."""
    arn = call.input["OpenIDConnectProviderArn"]
    tx.delete(OIDC_PROVIDERS, directory.oidc_provider(tx, call.account, arn, Noun.OIDC_PROVIDER_TO_DELETE))
