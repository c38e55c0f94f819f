"""Grants of the sign-in service: a code is good once, a refresh token as long as the grant is there."""

from datetime import timedelta

import msgspec
import pytest
from directory.conftest import AT, OWN

from remit.directory.signin_grants import (
    CODE_SECONDS,
    SIGNIN_GRANTS,
    GrantInvalid,
    SigninGrant,
    code_of,
    create_grant,
    grant_of_code,
    grant_of_refresh_token,
    refresh_token_of,
)
from remit.store import Transaction

ENDS = AT + timedelta(hours=12)


def a_grant(tx: Transaction, at: timedelta = timedelta()) -> SigninGrant:
    return create_grant(
        tx,
        OWN,
        client_id="c",
        redirect_uri="r",
        challenge="x",
        session="s",
        principal="arn:aws:iam::111122223333:user/ana",
        is_role=False,
        at=AT + at,
        ends_at=ENDS + at,
    )


def test_a_grant_is_found_by_its_code_and_its_refresh_tokens(tx: Transaction) -> None:
    grant = a_grant(tx)

    assert grant_of_code(tx, code_of(tx.keyring, grant)) == grant
    assert grant_of_refresh_token(tx, refresh_token_of(tx.keyring, grant)) == grant
    assert code_of(tx.keyring, grant) != code_of(tx.keyring, grant)


@pytest.mark.parametrize("text", ["", "A", "AAAA", "\u00e9", "a b"])
def test_what_is_made_up_is_no_grant(tx: Transaction, text: str) -> None:
    for find in (grant_of_code, grant_of_refresh_token):
        with pytest.raises(GrantInvalid):
            find(tx, text)


def test_a_code_is_no_refresh_token(tx: Transaction) -> None:
    grant = a_grant(tx)

    with pytest.raises(GrantInvalid):
        grant_of_refresh_token(tx, code_of(tx.keyring, grant))
    with pytest.raises(GrantInvalid):
        grant_of_code(tx, refresh_token_of(tx.keyring, grant))


def test_a_code_is_over_when_it_was_redeemed_or_after_ten_minutes(tx: Transaction) -> None:
    grant = a_grant(tx)

    assert not grant.code_is_over(AT + timedelta(seconds=CODE_SECONDS - 1))
    assert grant.code_is_over(AT + timedelta(seconds=CODE_SECONDS))
    assert msgspec.structs.replace(grant, key="k").code_is_over(AT)


def test_what_is_over_goes_when_the_next_one_is_made(tx: Transaction) -> None:
    unused, used = a_grant(tx), a_grant(tx)
    tx.put(SIGNIN_GRANTS, msgspec.structs.replace(used, key="k"))

    a_grant(tx, timedelta(minutes=5))
    assert len(tx.all(SIGNIN_GRANTS)) == 3
    a_grant(tx, timedelta(minutes=11))
    assert tx.get(SIGNIN_GRANTS, unused.id) is None
    assert tx.get(SIGNIN_GRANTS, used.id) is not None
    a_grant(tx, timedelta(hours=12))
    assert tx.get(SIGNIN_GRANTS, used.id) is None

    gone = code_of(tx.keyring, used)
    with pytest.raises(GrantInvalid):
        grant_of_code(tx, gone)
