"""Who stands behind a key or a session token. Source: `iam-sts` reference, sections 2.3 (9, 11), 11, 13.3 and 13.11."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from authn.conftest import ACCOUNT, NOW, World
from authn.signer import presigned, routed, signed

from remit.authn import authenticate
from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.accounts import ACCOUNTS
from remit.directory.roles import ROLES, Role, create_role
from remit.directory.sessions import seal_session
from remit.directory.users import USERS, delete_user, rename_user
from remit.errors import CommonError, ExpiredToken, InvalidClientTokenId, SignatureDoesNotMatch
from remit.ids import AccountId, new_access_key_id, new_secret_access_key
from remit.request import Caller, CallerKind, HttpRequest, Session, SessionKind
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key

Claimed = list[tuple[str, AccountId | None]]


def session(kind: SessionKind, issuer: str, **carried: Any) -> Session:
    return Session(
        kind=kind,
        access_key_id=new_access_key_id(ACCOUNT, temporary=True),
        secret=new_secret_access_key(),
        account=ACCOUNT,
        issuer_id=issuer,
        issued_at=NOW,
        expires_at=NOW.replace(microsecond=0) + timedelta(hours=1),
        **carried,
    )


def request(held: Session, token: str, **changes: Any) -> HttpRequest:
    return signed(held.access_key_id, held.secret.reveal(), token=token, **changes)


def called(tx: Transaction, http: HttpRequest, claims: Claimed | None = None, service: str = "iam") -> Caller:
    def claim(key: str, account: AccountId | None) -> None:
        if claims is not None:
            claims.append((key, account))

    return authenticate(tx, routed(http, service), claim).caller


def refusal(tx: Transaction, http: HttpRequest, claims: Claimed | None = None) -> type[CommonError]:
    with pytest.raises(CommonError) as refused:
        called(tx, http, claims)
    return refused.type


@pytest.fixture
def role(tx: Transaction, world: World) -> Role:
    assert world.user
    return create_role(tx, ACCOUNT, "Deploy", path="/ops/", trust="{}", at=NOW, tags={"team": "red", "Env": "prod"})


# -- long-term keys


def test_an_inactive_key_is_like_an_unknown_one(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal())
    claims: Claimed = []
    assert called(tx, http).arn == world.user.arn

    tx.put(ACCESS_KEYS, msgspec.structs.replace(world.key, active=False))

    assert refusal(tx, http, claims) is InvalidClientTokenId
    assert claims == [(world.key.id, ACCOUNT)]


def test_a_deleted_key_is_unknown(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal())
    assert called(tx, http).arn == world.user.arn

    tx.delete(ACCESS_KEYS, world.key)

    assert refusal(tx, http) is InvalidClientTokenId


def test_a_key_whose_secret_is_another_signs_with_that(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal())
    assert called(tx, http).arn == world.user.arn

    sealed = tx.keyring.seal("access-key", b"another", world.key.id.encode())
    tx.put(ACCESS_KEYS, msgspec.structs.replace(world.key, sealed_secret=sealed))

    assert refusal(tx, http) is SignatureDoesNotMatch
    assert called(tx, signed(world.key.id, "another")).arn == world.user.arn


def test_a_change_of_the_user_shows_at_once(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal())
    assert called(tx, http).name == "ana"

    renamed = rename_user(tx, world.user, name="eva", path="/")
    assert called(tx, http).arn == renamed.arn

    tx.put(USERS, msgspec.structs.replace(renamed, tags={"team": "green"}))
    assert called(tx, http).tags == {"team": "green"}


def test_a_key_of_a_user_who_is_gone_is_unknown(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal())
    assert called(tx, http).name == "ana"

    tx.delete(USERS, world.user)

    assert refusal(tx, http) is InvalidClientTokenId


def test_the_roots_arn_is_in_the_partition_of_each_request(tx: Transaction, world: World) -> None:
    arns = [
        called(tx, signed(world.root_key.id, world.root_secret.reveal(), region=region)).arn
        for region in ("us-east-1", "cn-north-1", "us-east-1")
    ]

    assert arns == [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws-cn:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:root"]


# -- sessions


def test_a_role_session_has_the_name_of_both(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci", tags={"ENV": "test"})
    claims: Claimed = []

    caller = called(tx, request(held, seal_session(tx.keyring, held)), claims)

    assert caller.kind is CallerKind.ROLE_SESSION
    assert caller.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/ci"
    assert caller.issuer_arn == role.arn
    assert caller.principal_id == f"{role.id}:ci"
    assert caller.tags == {"team": "red", "ENV": "test"}
    assert claims == [(held.access_key_id, ACCOUNT)]


def test_a_change_of_the_role_shows_in_its_sessions_at_once(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    http = request(held, seal_session(tx.keyring, held))
    assert called(tx, http).tags == role.tags

    tx.put(ROLES, msgspec.structs.replace(role, tags={"team": "green"}))

    assert called(tx, http).tags == {"team": "green"}


def test_a_session_of_a_user_is_the_user(tx: Transaction, world: World) -> None:
    held = session(SessionKind.SESSION_TOKEN, world.user.id, parent_access_key_id=world.key.id)

    caller = called(tx, request(held, seal_session(tx.keyring, held)))

    assert (caller.kind, caller.arn, caller.access_key_id) == (CallerKind.USER, world.user.arn, held.access_key_id)
    assert caller.session == held


def test_a_session_of_root_is_root(tx: Transaction, world: World) -> None:
    held = session(SessionKind.SESSION_TOKEN, ACCOUNT, parent_access_key_id=world.root_key.id)

    caller = called(tx, request(held, seal_session(tx.keyring, held)))

    assert (caller.kind, caller.arn) == (CallerKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root")


@pytest.mark.parametrize("of_root", [False, True])
def test_a_federated_user_is_neither_the_user_nor_root(tx: Transaction, world: World, of_root: bool) -> None:  # noqa: FBT001  # a table's column
    issuer, key = (ACCOUNT, world.root_key.id) if of_root else (world.user.id, world.key.id)
    held = session(SessionKind.FEDERATION, issuer, name="guest", parent_access_key_id=key, tags={"Team": "guests"})

    caller = called(tx, request(held, seal_session(tx.keyring, held)))

    assert caller.kind is CallerKind.FEDERATED_USER
    assert caller.arn == f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    assert caller.principal_id == f"{ACCOUNT}:guest"
    assert caller.tags == {"Team": "guests"}
    assert caller.entity_id == issuer


@pytest.mark.parametrize("in_query", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_the_token_may_be_signed_or_added_later(
    tx: Transaction,
    role: Role,
    in_query: bool,  # noqa: FBT001  # a table's column
    is_signed: bool,  # noqa: FBT001  # a table's column
) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    token = seal_session(tx.keyring, held)
    if in_query:
        http = presigned(
            held.access_key_id, held.secret.reveal(), service="iam", token=token, token_later=not is_signed
        )
    else:
        names = ["content-type", "host", "x-amz-date", *(["x-amz-security-token"] if is_signed else [])]
        http = request(held, token, names=names)

    assert called(tx, http).name == "Deploy"


def test_a_presigned_request_may_have_its_token_in_the_header(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    http = presigned(held.access_key_id, held.secret.reveal(), service="iam")
    headers = {**http.headers, "x-amz-security-token": seal_session(tx.keyring, held)}

    assert called(tx, msgspec.structs.replace(http, headers=headers)).name == "Deploy"


def test_a_session_ends(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    token = seal_session(tx.keyring, held)
    last, end = held.expires_at - timedelta(microseconds=1), held.expires_at

    def ask(at: Any) -> None:
        authenticate(tx, routed(request(held, token, at=at), at=at), lambda *_: None)

    ask(last)
    with pytest.raises(ExpiredToken):
        ask(end)


def test_a_wrong_signature_is_told_before_the_end_of_the_session(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    over = msgspec.structs.replace(held, expires_at=NOW - timedelta(seconds=1))
    http = request(over, seal_session(tx.keyring, over))

    assert refusal(tx, http) is ExpiredToken
    assert refusal(tx, msgspec.structs.replace(http, method="GET")) is SignatureDoesNotMatch


def test_a_token_is_good_for_its_own_key_only(tx: Transaction, world: World, role: Role) -> None:
    held, other = (session(SessionKind.ROLE, role.id, name=name) for name in ("ci", "cd"))
    token = seal_session(tx.keyring, held)
    claims: Claimed = []

    assert refusal(tx, request(other, token), claims) is InvalidClientTokenId
    assert refusal(tx, signed(world.key.id, world.secret.reveal(), token=token), claims) is InvalidClientTokenId
    assert refusal(tx, signed(held.access_key_id, held.secret.reveal()), claims) is InvalidClientTokenId

    assert claims == [(other.access_key_id, None), (world.key.id, ACCOUNT), (held.access_key_id, None)]


@pytest.mark.parametrize("token", ["x", "é", "=", "A" * 40_000, "AAAA", "\x00"])
def test_what_is_no_token_is_refused(tx: Transaction, role: Role, token: str) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    http = request(held, "placeholder", names=["content-type", "host", "x-amz-date"])

    replaced = msgspec.structs.replace(http, headers={**http.headers, "x-amz-security-token": token})

    assert refusal(tx, replaced) is InvalidClientTokenId


def test_an_altered_token_is_refused(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    token = seal_session(tx.keyring, held)

    # The last four characters carry bits that base64 does not count.
    for at in range(0, len(token) - 4, 7):
        altered = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert refusal(tx, request(held, altered)) is InvalidClientTokenId, at


def test_a_token_of_another_store_is_refused(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    elsewhere = Keyring(b"o" * 32, [new_data_key(b"o" * 32)])

    assert refusal(tx, request(held, seal_session(elsewhere, held))) is InvalidClientTokenId


def test_an_empty_token_is_none(tx: Transaction, world: World) -> None:
    http = signed(world.key.id, world.secret.reveal(), headers={"x-amz-security-token": ""})

    assert called(tx, http).arn == world.user.arn


def test_a_session_ends_with_the_role(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    http = request(held, seal_session(tx.keyring, held))
    claims: Claimed = []
    assert called(tx, http).name == "Deploy"

    tx.delete(ROLES, role)
    create_role(tx, ACCOUNT, "Deploy", path="/ops/", trust="{}", at=NOW, tags={})

    assert refusal(tx, http, claims) is InvalidClientTokenId
    assert claims == [(held.access_key_id, ACCOUNT)]


@pytest.mark.parametrize("kind", [SessionKind.SESSION_TOKEN, SessionKind.FEDERATION])
def test_a_session_ends_with_the_user_and_with_the_key_that_asked_for_it(
    tx: Transaction, world: World, kind: SessionKind
) -> None:
    held = session(kind, world.user.id, name="guest", parent_access_key_id=world.key.id)
    http = request(held, seal_session(tx.keyring, held))

    tx.put(ACCESS_KEYS, msgspec.structs.replace(world.key, active=False))
    assert refusal(tx, http) is InvalidClientTokenId

    tx.put(ACCESS_KEYS, world.key)
    assert called(tx, http).account == ACCOUNT

    tx.delete(ACCESS_KEYS, world.key)
    assert refusal(tx, http) is InvalidClientTokenId

    tx.put(ACCESS_KEYS, msgspec.structs.replace(world.key, owner="AIDAOTHER"))
    delete_user(tx, world.user)
    assert refusal(tx, http) is InvalidClientTokenId


def test_a_session_ends_with_the_account(tx: Transaction, role: Role) -> None:
    held = session(SessionKind.ROLE, role.id, name="ci")
    account = tx.get(ACCOUNTS, ACCOUNT)
    assert account is not None

    tx.delete(ACCOUNTS, account)

    assert refusal(tx, request(held, seal_session(tx.keyring, held))) is InvalidClientTokenId


def test_two_sessions_of_one_key_id_do_not_share_a_signing_key(tx: Transaction, role: Role) -> None:
    one = session(SessionKind.ROLE, role.id, name="ci")
    two = msgspec.structs.replace(one, secret=new_secret_access_key())
    tokens = [seal_session(tx.keyring, held) for held in (one, two)]

    assert called(tx, request(one, tokens[0])).name == "Deploy"
    assert refusal(tx, request(one, tokens[1])) is SignatureDoesNotMatch
    assert called(tx, request(two, tokens[1])).name == "Deploy"
