"""Certificates, public keys and service-specific credentials: whose they are, how many, and that secrets are sealed."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.accounts import ACCOUNTS, create_account, known_account, remove_alias, set_alias
from remit.directory.facts import AlreadyExists, NotFound, NotSupported, QuotaExceeded
from remit.directory.server_certificates import (
    create_server_certificate,
    private_key,
    rename_server_certificate,
    server_certificate,
    server_certificates,
)
from remit.directory.service_credentials import (
    create_service_credential,
    reset_secret,
    secret_of,
    service_credential,
    service_credentials,
)
from remit.directory.signing_certificates import (
    create_signing_certificate,
    signing_certificate,
    signing_certificates,
)
from remit.directory.ssh_public_keys import (
    KeyEncoding,
    KeyFlaw,
    ReadKey,
    create_ssh_public_key,
    read_key,
    ssh_public_key,
    ssh_public_keys,
)
from remit.directory.x509 import read_certificate
from remit.ids import AccountId, Secret
from remit.store import Transaction

GIT = "codecommit.amazonaws.com"
BEDROCK = "bedrock.amazonaws.com"


def a_server_certificate(tx: Transaction, name: str = "web", account: AccountId = OWN) -> str:
    return create_server_certificate(
        tx, account, name, path="/", body="b", chain="", key=Secret("key"), expires_at=AT, at=AT, tags={}
    ).id


def a_key(number: int = 0) -> ReadKey:
    return ReadKey({KeyEncoding.SSH: "ssh", KeyEncoding.PEM: "pem"}, str(number))


def test_a_certificate_is_somebodys_of_an_account_once(tx: Transaction) -> None:
    kept = create_signing_certificate(tx, OWN, "AIDA1", "body", "d", at=AT)

    with pytest.raises(AlreadyExists):
        create_signing_certificate(tx, OWN, "AIDA2", "body", "d", at=AT)
    create_signing_certificate(tx, OTHER, "AIDA3", "body", "d", at=AT)
    assert signing_certificate(tx, "AIDA1", kept.id) == kept
    assert signing_certificates(tx, "AIDA1") == [kept]
    with pytest.raises(NotFound):
        signing_certificate(tx, "AIDA2", kept.id)


def test_two_signing_certificates_and_no_third(tx: Transaction) -> None:
    for number in range(2):
        create_signing_certificate(tx, OWN, "AIDA1", "body", f"d{number}", at=AT + timedelta(days=number))

    with pytest.raises(QuotaExceeded):
        create_signing_certificate(tx, OWN, "AIDA1", "body", "d2", at=AT)
    assert [found.digest for found in signing_certificates(tx, "AIDA1")] == ["d0", "d1"]


def test_a_private_key_is_sealed(tx: Transaction) -> None:
    a_server_certificate(tx)
    found = server_certificate(tx, OWN, "web")

    assert b"key" not in found.sealed_key
    assert private_key(tx.keyring, found).reveal() == "key"


def test_names_of_server_certificates_are_an_accounts_own(tx: Transaction) -> None:
    id_ = a_server_certificate(tx)
    a_server_certificate(tx, "other")
    a_server_certificate(tx, account=OTHER)

    with pytest.raises(AlreadyExists):
        a_server_certificate(tx)
    with pytest.raises(AlreadyExists):
        rename_server_certificate(tx, server_certificate(tx, OWN, "web"), name="other", path="/")
    rename_server_certificate(tx, server_certificate(tx, OWN, "web"), name="web", path="/new/")
    assert server_certificate(tx, OWN, "web").id == id_
    assert server_certificate(tx, OWN, "web").arn == f"arn:aws:iam::{OWN}:server-certificate/new/web"
    assert [found.name for found in server_certificates(tx, OWN)] == ["other", "web"]


@pytest.mark.parametrize("body", ["", "text", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate(body: str) -> None:
    assert read_certificate(body) is None


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ("", KeyFlaw.ENCODING),
        ("text", KeyFlaw.ENCODING),
        ("ssh-rsa", KeyFlaw.ENCODING),
        ("ssh-rsa !!", KeyFlaw.ENCODING),
        ("ssh-unknown AAAA", KeyFlaw.KEY),
    ],
)
def test_what_is_no_key(body: str, flaw: KeyFlaw) -> None:
    assert read_key(body) is flaw


def test_a_user_has_five_keys_at_most_each_once(tx: Transaction) -> None:
    keys = [create_ssh_public_key(tx, OWN, "AIDA1", a_key(number), at=AT) for number in range(5)]

    with pytest.raises(QuotaExceeded):
        create_ssh_public_key(tx, OWN, "AIDA1", a_key(5), at=AT)
    with pytest.raises(AlreadyExists):
        create_ssh_public_key(tx, OWN, "AIDA1", a_key(4), at=AT)
    create_ssh_public_key(tx, OWN, "AIDA2", a_key(4), at=AT)
    assert len(ssh_public_keys(tx, "AIDA1")) == 5
    assert ssh_public_key(tx, "AIDA1", keys[0].id) == keys[0]
    with pytest.raises(NotFound):
        ssh_public_key(tx, "AIDA2", keys[0].id)


def test_a_service_credential_has_a_sealed_secret_that_a_reset_replaces(tx: Transaction) -> None:
    made, secret = create_service_credential(tx, OWN, "AIDA1", "ana", GIT, at=AT)

    assert secret.reveal().encode() not in made.sealed_secret
    assert secret_of(tx.keyring, made) == secret
    new = reset_secret(tx, made)
    assert new != secret
    assert secret_of(tx.keyring, service_credential(tx, "AIDA1", made.id)) == new
    with pytest.raises(NotFound):
        service_credential(tx, "AIDA2", made.id)


def test_the_second_user_name_is_another_one_and_the_first_returns(tx: Transaction) -> None:
    first, _ = create_service_credential(tx, OWN, "AIDA1", "ana", GIT, at=AT)
    second, _ = create_service_credential(tx, OWN, "AIDA1", "ana", GIT, at=AT)
    with pytest.raises(QuotaExceeded):
        create_service_credential(tx, OWN, "AIDA1", "ana", GIT, at=AT)

    assert [first.public_name, second.public_name] == [f"ana-at-{OWN}", f"ana+1-at-{OWN}"]
    assert len(service_credentials(tx, "account", OWN)) == 2
    assert list(service_credentials(tx, "owner", "AIDA2")) == []


def test_only_api_keys_expire(tx: Transaction) -> None:
    key, _ = create_service_credential(tx, OWN, "AIDA1", "ana", BEDROCK, at=AT, days_max=1)
    password, _ = create_service_credential(tx, OWN, "AIDA1", "ana", GIT, at=AT, days_max=1)

    assert key.is_api_key
    assert not password.is_api_key
    assert not key.has_expired(AT + timedelta(seconds=86_399))
    assert key.has_expired(AT + timedelta(days=1))
    assert not password.has_expired(AT + timedelta(days=36_600))
    with pytest.raises(NotSupported):
        create_service_credential(tx, OWN, "AIDA1", "ana", "s3.amazonaws.com", at=AT)


def test_an_alias_is_one_accounts_at_a_time(tx: Transaction) -> None:
    own = create_account(tx, OWN, email="a@example.com", name="a", at=AT)
    other = create_account(tx, OTHER, email="b@example.com", name="b", at=AT)
    set_alias(tx, own, "alias")

    with pytest.raises(AlreadyExists):
        set_alias(tx, other, "alias")
    set_alias(tx, known_account(tx, OWN), "another")
    set_alias(tx, other, "alias")
    found = tx.find(ACCOUNTS, "alias", "alias")
    assert found is not None
    assert found.id == OTHER
    with pytest.raises(NotFound):
        remove_alias(tx, known_account(tx, OWN), "alias")
    remove_alias(tx, known_account(tx, OWN), "another")
    assert tx.find(ACCOUNTS, "alias", "another") is None
    with pytest.raises(NotFound):
        known_account(tx, AccountId("999999999999"))
