"""Ids and secrets: their forms, what they carry, and that nothing shows a secret."""

import base64
import copy
import json
import os
import re
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.ids import (
    AccountId,
    IdPrefix,
    Secret,
    account_id,
    account_of_access_key,
    new_access_key_id,
    new_account_id,
    new_entity_id,
    new_organization_id,
    new_secret_access_key,
    new_uuid,
)

accounts = st.integers(0, 10**12 - 1).map(lambda number: AccountId(f"{number:012}"))


# -- accounts


@pytest.mark.parametrize("text", ["000000000000", "111122223333", "999999999999"])
def test_twelve_digits_are_an_account_id(text: str) -> None:
    assert account_id(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11112222333",
        "1111222233334",
        "11112222333a",
        " 111122223333",
        "111122223333\n",
        "١١١١٢٢٢٢٣٣٣٣",
        "-11122223333",
    ],
)
def test_nothing_else_is_an_account_id(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"not an account id (twelve digits): `{text}`")):
        account_id(text)


def test_new_account_ids_have_twelve_digits_and_no_zero_in_front() -> None:
    made = {new_account_id() for _ in range(1_000)}

    assert len(made) == 1_000
    assert all(re.fullmatch(r"[1-9][0-9]{11}", id_) for id_ in made)


def test_an_organization_id_is_ten_lower_case_letters_and_digits() -> None:
    made = {new_organization_id() for _ in range(500)}

    assert len(made) == 500
    assert all(re.fullmatch(r"o-[a-z0-9]{10}", id_) for id_ in made)


# -- unique ids


@pytest.mark.parametrize("prefix", list(IdPrefix))
def test_a_unique_id_has_its_prefix_and_seventeen_characters_of_base32(prefix: IdPrefix) -> None:
    made = [new_entity_id(prefix) for _ in range(500)]

    assert len(set(made)) == 500
    assert all(re.fullmatch(rf"{prefix}[A-Z2-7]{{17}}", id_) for id_ in made)
    for place in range(len(prefix), len(prefix) + 17):  # every place uses all letters
        assert len({id_[place] for id_ in made}) > 16


def test_prefixes_are_those_of_aws() -> None:
    assert {prefix.name: prefix.value for prefix in IdPrefix} == {
        "USER": "AIDA",
        "ROLE": "AROA",
        "GROUP": "AGPA",
        "POLICY": "ANPA",
        "INSTANCE_PROFILE": "AIPA",
        "ACCESS_KEY": "AKIA",
        "TEMPORARY_ACCESS_KEY": "ASIA",
        "SAML_PROVIDER": "SAMLSP",
        "SAML_PRIVATE_KEY": "SAMLPK",
        "SERVER_CERTIFICATE": "ASCA",
        "SSH_PUBLIC_KEY": "APKA",
        "SERVICE_CREDENTIAL": "ACCA",
    }


# -- access key ids


def documented_account(key: str) -> str:
    """Decode an access key id as the public write-ups of AWS's form do, with nothing of ours."""
    number = int.from_bytes(base64.b32decode(key[4:])[:6], "big")
    return f"{(number & 0x7FFFFFFFFF80) >> 7:012}"


@given(account=accounts, temporary=st.booleans())
def test_an_access_key_id_carries_its_account(account: AccountId, *, temporary: bool) -> None:
    key = new_access_key_id(account, temporary=temporary)

    assert re.fullmatch(r"(AKIA|ASIA)[A-Z2-7]{16}", key)
    assert key.startswith("ASIA" if temporary else "AKIA")
    assert account_of_access_key(key) == documented_account(key) == account


@pytest.mark.parametrize("account", ["000000000000", "000000000001", "111122223333", "999999999999"])
def test_the_smallest_and_the_largest_account_come_back(account: str) -> None:
    assert documented_account(new_access_key_id(AccountId(account))) == account


def test_the_documented_example_decodes_to_its_account() -> None:
    # The example of the write-up in which the form became public; it is no key of anyone.
    assert account_of_access_key("ASIAQNZGKIQY56JQ7WML") == documented_account("ASIAQNZGKIQY56JQ7WML") == "029608264753"


def test_access_key_ids_of_one_account_differ() -> None:
    made = Counter(new_access_key_id(AccountId("111122223333")) for _ in range(2_000))

    assert max(made.values()) == 1


@pytest.mark.parametrize(
    "key",
    [
        "",
        "AKIA",
        "AKIAIOSFODNN7EXAMPL",
        "AKIAIOSFODNN7EXAMPLEX",
        "akiaiosfodnn7example",
        "AIDAIOSFODNN7EXAMPLE",
        "AKIA0000000000000000",
        "AKIA1OSFODNN7EXAMPLE",
        "AKIAIOSFODNN7EXAMPL\n",
        "AKIA7777777777777777",  # thirteen digits
    ],
)
def test_what_is_not_in_awss_form_has_no_account(key: str) -> None:
    assert account_of_access_key(key) is None


@given(text=st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), min_size=16, max_size=16))
def test_every_id_in_awss_form_gives_what_the_documented_decoding_gives(text: str) -> None:
    expected = documented_account("AKIA" + text)

    assert account_of_access_key("AKIA" + text) == (expected if len(expected) == 12 else None)


# -- secrets


def test_a_secret_access_key_has_forty_letters_of_awss_alphabet() -> None:
    made = [new_secret_access_key().reveal() for _ in range(500)]

    assert len(set(made)) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9/+]{40}", secret) for secret in made)
    assert len(set("".join(made))) == 64


@given(text=st.text(min_size=9))
def test_nothing_but_reveal_shows_a_secret(text: str) -> None:
    secret = Secret(text)

    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r}", f"{secret!s:>10}", "%s" % secret, str([secret])]  # noqa: UP031  # one more way to print
    assert not any(text in one for one in shown)
    assert secret.reveal() == text


def test_a_secret_cannot_be_encoded_by_accident() -> None:
    for encode in (msgspec.json.encode, msgspec.msgpack.encode, json.dumps):
        with pytest.raises(TypeError):
            encode({"secret": Secret("x" * 40)})


def test_secrets_compare_by_their_text() -> None:
    assert Secret("ü") == Secret("ü")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert copy.copy(Secret("a")) == Secret("a")


def test_a_secret_has_no_dictionary_to_look_into() -> None:
    assert not hasattr(Secret("a"), "__dict__")


# -- UUIDs


def test_uuids_are_random_ones_in_lower_case() -> None:
    made = [new_uuid() for _ in range(5_000)]

    assert len(set(made)) == 5_000
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id_) for id_ in made
    )
    digits = [id_.replace("-", "") for id_ in made]
    for place in set(range(32)) - {12, 16}:
        assert len({id_[place] for id_ in digits}) == 16
    assert {id_[16] for id_ in digits} == set("89ab")


def test_a_forked_process_does_not_repeat_its_parents_uuids() -> None:
    new_uuid()  # some are made in advance
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # only system calls here: the other threads are not there
        os.write(write, "".join(new_uuid() for _ in range(20)).encode())
        os._exit(0)
    os.close(write)
    theirs = os.read(read, 36 * 20).decode()
    os.close(read)
    os.waitpid(child, 0)

    assert len(theirs) == 36 * 20
    assert not {theirs[at : at + 36] for at in range(0, len(theirs), 36)} & {new_uuid() for _ in range(300)}
