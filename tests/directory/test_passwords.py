"""Passwords: hashes that only their password matches, and the rules that a new one must keep."""

from datetime import timedelta

import msgspec
import pytest
from directory.conftest import AT, OWN

from remit.directory.accounts import Account
from remit.directory.facts import AlreadyExists, NotFound, Noun, PasswordRefused, PasswordRule
from remit.directory.login_profiles import (
    LoginProfile,
    create_login_profile,
    login_profile,
    newest_hashes,
    password_hash,
    set_password,
)
from remit.directory.password_policy import PasswordPolicy, check_password, expires_at
from remit.directory.passwords import hash_password, matches
from remit.ids import Secret
from remit.store import Transaction

ACCOUNT = Account(id=OWN, email="Root-1@example.com", name="Company1", created_at=AT)


def test_a_hash_is_matched_by_its_password_alone() -> None:
    hashed = hash_password(Secret("correct Horse 1"))

    assert matches(hashed, Secret("correct Horse 1"))
    assert not matches(hashed, Secret("correct horse 1"))
    assert hashed.startswith("$argon2id$")
    assert hash_password(Secret("correct Horse 1")) != hashed


def test_nobody_has_the_password_that_is_not_there(tx: Transaction) -> None:
    profile = create_login_profile(tx, OWN, OWN, "root", "", at=AT)

    assert profile.sealed_hashes == ()
    assert password_hash(tx.keyring, profile) == ""
    for password in ("", "correct Horse 1"):
        assert not matches(password_hash(tx.keyring, profile), Secret(password))
    assert password_hash(tx.keyring, set_password(tx, profile, "hash", at=AT, reset_required=False)) == "hash"


def test_hashes_are_sealed_and_the_newest_comes_first(tx: Transaction) -> None:
    profile = create_login_profile(tx, OWN, "AIDA1", "ana", "hash 0", at=AT)
    for number in range(1, 30):
        profile = set_password(tx, profile, f"hash {number}", at=AT, reset_required=False)

    assert password_hash(tx.keyring, profile) == "hash 29"
    assert newest_hashes(tx.keyring, profile, 24) == tuple(f"hash {number}" for number in range(29, 5, -1))
    assert len(profile.sealed_hashes) == 24
    assert all(b"hash" not in sealed for sealed in profile.sealed_hashes)
    assert login_profile(tx, "AIDA1", "ana") == profile


def test_an_owner_has_one_profile_at_most(tx: Transaction) -> None:
    with pytest.raises(NotFound) as missing:
        login_profile(tx, "AIDA1", "ana")
    create_login_profile(tx, OWN, "AIDA1", "ana", "hash", at=AT)
    with pytest.raises(AlreadyExists) as taken:
        create_login_profile(tx, OWN, "AIDA1", "ana", "hash", at=AT)

    assert (missing.value.noun, missing.value.name) == (Noun.LOGIN_PROFILE, "ana")
    assert (taken.value.noun, taken.value.name) == (Noun.LOGIN_PROFILE, "ana")


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Abcdef1", PasswordRule.LENGTH),
        ("abcdefgh", PasswordRule.CLASSES),
        ("Abcdefgh", PasswordRule.CLASSES),
        ("abcdefg.", PasswordRule.CLASSES),  # a full stop is no symbol
        ("company1", PasswordRule.CLASSES),
        ("COMPANy1", PasswordRule.NAME),
        ("ROOT-1@example.com", PasswordRule.NAME),
    ],
)
def test_without_a_policy_the_default_rules_hold(password: str, rule: PasswordRule) -> None:
    with pytest.raises(PasswordRefused) as fact:
        check_password(None, Secret(password), ACCOUNT)

    assert fact.value.rule is rule


@pytest.mark.parametrize("password", ["Abcdefg1", "abcdef1!", "ABCDEF1|", "Abcdefg'", "x" * 125 + "A1!"])
def test_three_classes_of_characters_are_enough(password: str) -> None:
    check_password(None, Secret(password), ACCOUNT)


def test_a_policy_stands_in_the_place_of_the_default_rules() -> None:
    policy = PasswordPolicy(id=OWN, account=OWN)

    check_password(policy, Secret("aaaaaa"), ACCOUNT)
    with pytest.raises(PasswordRefused) as fact:
        check_password(policy, Secret("aaaaa"), ACCOUNT)
    assert (fact.value.rule, fact.value.value) == (PasswordRule.LENGTH, 6)


def test_the_first_broken_rule_is_told() -> None:
    policy = PasswordPolicy(
        id=OWN,
        account=OWN,
        length_min=8,
        require_symbols=True,
        require_numbers=True,
        require_uppercase=True,
        require_lowercase=True,
    )

    broken: list[PasswordRule] = []
    for password in ("", "........", "!.......", "!1......", "!1A.....", "!1Aa...."):
        try:
            check_password(policy, Secret(password), ACCOUNT)
        except PasswordRefused as fact:
            broken.append(fact.rule)

    assert broken == [
        PasswordRule.LENGTH,
        PasswordRule.SYMBOL,
        PasswordRule.NUMBER,
        PasswordRule.UPPERCASE,
        PasswordRule.LOWERCASE,
    ]


def test_passwords_expire_when_the_policy_says_so_and_the_root_users_never() -> None:
    profile = LoginProfile(id="AIDA1", account=OWN, sealed_hashes=(b"",), created_at=AT, changed_at=AT)
    root = msgspec.structs.replace(profile, id=OWN)
    policy = PasswordPolicy(id=OWN, account=OWN, days_max=90)

    assert expires_at(policy, profile) == AT + timedelta(days=90)
    assert expires_at(policy, root) is None
    assert expires_at(None, profile) is None
    assert expires_at(PasswordPolicy(id=OWN, account=OWN), profile) is None
