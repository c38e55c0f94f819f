"""SAML providers: names as of other entities, private keys sealed and two at most."""

from datetime import timedelta

import pytest
from directory.conftest import AT, LATER, OTHER, OWN

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.saml_providers import (
    EncryptionMode,
    Metadata,
    SamlProvider,
    add_private_key,
    create_saml_provider,
    private_keys_of,
    remove_private_key,
    saml_provider,
    saml_providers,
)
from remit.ids import AccountId, Secret
from remit.store import Transaction

METADATA = Metadata(document="<x/>", issuer="https://idp", certificates=(b"c",))


def a_provider(tx: Transaction, name: str = "Okta", account: AccountId = OWN) -> SamlProvider:
    return create_saml_provider(tx, account, name, METADATA, tags={}, at=AT)


def test_a_provider_is_found_by_its_arn_in_its_account(tx: Transaction) -> None:
    made = a_provider(tx)

    assert made.arn == f"arn:aws:iam::{OWN}:saml-provider/Okta"
    assert saml_provider(tx, OWN, made.arn) == made
    for account, arn in [(OTHER, made.arn), (OWN, made.arn.lower()), (OWN, made.arn + "/"), (OWN, "x" * 20)]:
        with pytest.raises(NotFound) as fact:
            saml_provider(tx, account, arn)
        assert (fact.value.noun, fact.value.name) == (Noun.SAML_PROVIDER, arn)


def test_a_name_is_taken_once_in_an_account_whatever_its_case(tx: Transaction) -> None:
    a_provider(tx)
    a_provider(tx, account=OTHER)
    a_provider(tx, "ADFS")

    with pytest.raises(AlreadyExists):
        a_provider(tx, "okta")

    assert [provider.name for provider in saml_providers(tx, OWN)] == ["ADFS", "Okta"]


def test_metadata_ends_when_it_says_or_in_a_hundred_years(tx: Transaction) -> None:
    provider = a_provider(tx)

    assert provider.valid_until - AT == timedelta(days=36_525)


def test_there_are_as_many_as_the_quota_allows(tx: Transaction) -> None:
    for number in range(100):
        a_provider(tx, f"idp-{number}")

    with pytest.raises(QuotaExceeded) as fact:
        a_provider(tx, "one-more")
    assert fact.value.quota is Quota.SAML_PROVIDERS


def test_private_keys_are_sealed_and_two_at_most(tx: Transaction) -> None:
    first = add_private_key(tx, a_provider(tx), Secret("first"), at=AT)
    both = add_private_key(tx, first, Secret("second"), at=LATER)

    assert first.encryption is EncryptionMode.ALLOWED
    assert [key.reveal() for key in private_keys_of(tx.keyring, both)] == ["second", "first"]
    assert all(b"first" not in key.sealed for key in both.keys)
    with pytest.raises(QuotaExceeded) as fact:
        add_private_key(tx, both, Secret("third"), at=LATER)
    assert fact.value.quota is Quota.SAML_PRIVATE_KEYS

    left = remove_private_key(tx, both, both.keys[0].id)
    assert [key.reveal() for key in private_keys_of(tx.keyring, left)] == ["second"]
    with pytest.raises(NotFound) as missing:
        remove_private_key(tx, left, both.keys[0].id)
    assert missing.value.noun is Noun.SAML_PRIVATE_KEY
