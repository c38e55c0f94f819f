"""SAML providers. Source: `iam-sts` reference, sections 1.2, 4 and 15; IAM API reference, UpdateSAMLProvider."""

from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory import saml_providers as directory
from remit.directory.saml_providers import SAML_PROVIDERS, EncryptionMode, Metadata, SamlProvider
from remit.ids import Secret
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.context_providers import context_provider, context_provider_shape
from remit.services.iam.entities import tag_list
from remit.services.iam.errors import invalid_input
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def named_saml_provider(call: Call[Any], tx: Transaction) -> SamlProvider:
    """Find the provider that *call* names by its ARN.

    Raises:
        NotFound: there is no such provider.
    """
    return directory.saml_provider(tx, call.account, call.input["SAMLProviderArn"])


@operation("CreateSAMLProvider")
def create_saml_provider(
    call: Call[shapes.CreateSAMLProviderRequest], tx: Transaction
) -> shapes.CreateSAMLProviderResponse:
    """Believe an identity provider that speaks SAML.

    Raises:
        AlreadyExists: the account has a provider of that name.
        QuotaExceeded: the account has as many as its quota allows.
    """
    asked = call.input
    context = context_provider(call)
    tags = new_tags(asked.get("Tags", []), fold=True)
    provider = directory.create_saml_provider(
        tx,
        call.account,
        asked["Name"],
        _metadata(call, asked["SAMLMetadataDocument"]),
        encryption=_mode(call),
        tags=tags,
        partition=call.partition,
        at=call.at,
    )
    if context is not None:
        provider = msgspec.structs.replace(provider, context=context)
        tx.put(SAML_PROVIDERS, provider)
    provider = _with_new_key(call, tx, provider)
    _check_encryption(provider)
    shape: shapes.CreateSAMLProviderResponse = {"SAMLProviderArn": provider.arn}
    if tags:
        shape["Tags"] = tag_list(provider.tags)
    return shape


def _metadata(call: Call[Any], document: str) -> Metadata:
    def read() -> Metadata | None:
        from remit.authn.saml.metadata import MetadataInvalid, read_metadata

        try:
            return read_metadata(document)
        except MetadataInvalid:
            return None

    metadata = call.slowly("metadata", read)
    if metadata is None:
        raise invalid_input("Could not parse metadata.")
    return metadata


def _mode(call: Call[Any]) -> EncryptionMode | None:
    mode = call.input.get("AssertionEncryptionMode")
    return None if mode is None else EncryptionMode(mode)


def _with_new_key(call: Call[Any], tx: Transaction, provider: SamlProvider) -> SamlProvider:
    pem: str | None = call.input.get("AddPrivateKey")
    if pem is None:
        return provider

    def is_rsa_key() -> bool:
        from remit.authn.saml.decryption import PrivateKeyInvalid, read_private_key

        try:
            read_private_key(Secret(pem))
        except PrivateKeyInvalid:
            return False
        return True

    if not call.slowly("private key", is_rsa_key):
        raise invalid_input("The private key is not valid. It must be an RSA private key in PEM format.")
    return directory.add_private_key(tx, provider, Secret(pem), at=call.at)


def _check_encryption(provider: SamlProvider) -> None:
    if provider.encryption is EncryptionMode.REQUIRED and not provider.keys:
        raise invalid_input("A private key is required when AssertionEncryptionMode is Required.")


@operation("GetSAMLProvider")
def get_saml_provider(call: Call[shapes.GetSAMLProviderRequest], tx: Transaction) -> shapes.GetSAMLProviderResponse:
    """Show a provider with its document, its tags even when there are none, and of its private keys the ids."""
    provider = named_saml_provider(call, tx)
    shape: shapes.GetSAMLProviderResponse = {
        "SAMLProviderUUID": provider.id,
        "SAMLMetadataDocument": provider.metadata.document,
        "CreateDate": whole_second(provider.created_at),
        "ValidUntil": whole_second(provider.valid_until),
        "Tags": tag_list(provider.tags),
    }
    if provider.encryption is not None:
        shape["AssertionEncryptionMode"] = provider.encryption.value
    if provider.context is not None:
        shape["ContextProvider"] = context_provider_shape(provider.context)
    if provider.keys:
        shape["PrivateKeyList"] = [{"KeyId": key.id, "Timestamp": whole_second(key.added_at)} for key in provider.keys]
    return shape


@operation("ListSAMLProviders")
def list_saml_providers(
    call: Call[shapes.ListSAMLProvidersRequest], tx: Transaction
) -> shapes.ListSAMLProvidersResponse:
    """List the providers, all at once, without their documents."""
    return {
        "SAMLProviderList": [
            {
                "Arn": provider.arn,
                "ValidUntil": whole_second(provider.valid_until),
                "CreateDate": whole_second(provider.created_at),
            }
            for provider in directory.saml_providers(tx, call.account)
        ]
    }


@operation("UpdateSAMLProvider")
def update_saml_provider(
    call: Call[shapes.UpdateSAMLProviderRequest], tx: Transaction
) -> shapes.UpdateSAMLProviderResponse:
    """Replace the metadata document or the encryption mode, add or remove a private key; what is left out stays."""
    asked = call.input
    provider = named_saml_provider(call, tx)
    document = asked.get("SAMLMetadataDocument")
    if document is not None:
        provider = msgspec.structs.replace(provider, metadata=_metadata(call, document))
    provider = msgspec.structs.replace(
        provider,
        encryption=_mode(call) or provider.encryption,
        context=context_provider(call, provider.context),
    )
    tx.put(SAML_PROVIDERS, provider)
    if "RemovePrivateKey" in asked:
        provider = directory.remove_private_key(tx, provider, asked["RemovePrivateKey"])
    provider = _with_new_key(call, tx, provider)
    _check_encryption(provider)
    return {"SAMLProviderArn": provider.arn}


@operation("DeleteSAMLProvider")
def delete_saml_provider(call: Call[shapes.DeleteSAMLProviderRequest], tx: Transaction) -> None:
    """Delete a provider; roles that trust it stay, and let nobody in by it."""
    tx.delete(SAML_PROVIDERS, named_saml_provider(call, tx))
