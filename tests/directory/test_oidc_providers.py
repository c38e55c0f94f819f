"""OpenID Connect providers: a URL is believed once in an account, and only a URL that is one."""

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.oidc_providers import (
    OidcProvider,
    UrlInvalid,
    create_oidc_provider,
    oidc_provider,
    oidc_providers,
    provider_url,
    put_client_ids,
    put_thumbprints,
)
from remit.ids import AccountId
from remit.store import Transaction


def a_provider(tx: Transaction, url: str = "idp.example.com/x", account: AccountId = OWN) -> OidcProvider:
    return create_oidc_provider(tx, account, url, client_ids=["a"], thumbprints=["0" * 40], tags={"k": "v"}, at=AT)


@pytest.mark.parametrize(
    ("text", "url", "local"),
    [
        ("https://idp.example.com", "idp.example.com", False),
        ("https://idp.example.com/", "idp.example.com/", False),
        ("https://Idp.Example.com/id/A1", "Idp.Example.com/id/A1", False),
        ("https://localhost:8443/dex", "localhost:8443/dex", True),
        ("https://idp.example.com:8443", "idp.example.com:8443", True),
    ],
)
def test_a_provider_is_kept_by_its_url_without_scheme(text: str, url: str, *, local: bool) -> None:
    assert provider_url(text, allows_local=local) == url


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("http://idp.example.com", True),
        ("idp.example.com", True),
        ("https://", True),
        ("https:///path", True),
        ("https://idp", True),
        ("https://idp.example.com:99999", True),
        ("https://idp.example.com:8443", False),
        ("https://localhost", False),
        ("https://a@idp.example.com", True),
        ("https://idp.example.com?q", True),
        ("https://idp.example.com#f", True),
        ("https://[::1]", True),
        ("https://idp.example.com/ä", True),
        ("https://idp.example.com/a b", True),
        ("https://idp..example.com", True),
    ],
)
def test_what_is_no_url_of_a_provider(text: str, *, local: bool) -> None:
    with pytest.raises(UrlInvalid):
        provider_url(text, allows_local=local)


def test_a_provider_is_found_by_its_arn_in_its_account(tx: Transaction) -> None:
    made = a_provider(tx)

    assert made.arn == f"arn:aws:iam::{OWN}:oidc-provider/idp.example.com/x"
    assert made.issuer == "https://idp.example.com/x"
    assert oidc_provider(tx, OWN, made.arn) == made
    for account, arn in [
        (OTHER, made.arn),
        (OWN, made.arn.upper()),
        (OWN, made.arn + "/"),
        (OWN, made.arn.replace(OWN, OTHER)),
        (OWN, "arn:aws:iam::111122223333:role/x"),
        (OWN, "x" * 20),
    ]:
        with pytest.raises(NotFound):
            oidc_provider(tx, account, arn)


def test_a_url_is_believed_once_in_an_account(tx: Transaction) -> None:
    a_provider(tx)
    a_provider(tx, account=OTHER)
    a_provider(tx, "idp.example.com/X")

    with pytest.raises(AlreadyExists) as fact:
        a_provider(tx)

    assert (fact.value.noun, fact.value.name) == (Noun.OIDC_PROVIDER, "https://idp.example.com/x")
    assert [provider.url for provider in oidc_providers(tx, OWN)] == ["idp.example.com/X", "idp.example.com/x"]


def test_there_are_as_many_as_the_quotas_allow(tx: Transaction) -> None:
    providers = [a_provider(tx, f"idp.example.com/{number}") for number in range(100)]

    with pytest.raises(QuotaExceeded) as fact:
        a_provider(tx, "idp.example.com/more")
    assert fact.value.quota is Quota.OIDC_PROVIDERS

    put_client_ids(tx, providers[0], [str(number) for number in range(100)])
    with pytest.raises(QuotaExceeded) as fact:
        put_client_ids(tx, providers[0], [str(number) for number in range(101)])
    assert fact.value.quota is Quota.CLIENT_IDS

    put_thumbprints(tx, providers[0], ["0" * 40] * 5)
    with pytest.raises(QuotaExceeded) as fact:
        put_thumbprints(tx, providers[0], ["0" * 40] * 6)
    assert fact.value.quota is Quota.THUMBPRINTS
