"""Invitations: who can be asked, how often, and what joining takes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory import ACCOUNTS, HANDSHAKES, ORGANIZATIONS
from remit.directory.accounts import Account, AccountState, JoinedMethod, create_account, known_account
from remit.directory.facts import AlreadyExists, NotFound, Quota
from remit.directory.organizations import FeatureSet, Organization, create_organization, join_organization
from remit.directory.organizations.all_features import enable_all_features
from remit.directory.organizations.deletion import delete_organization
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    Flaw,
    HandshakeConstraint,
    HandshakeInState,
    HandshakeRefused,
    HandshakeTransitionRefused,
    InputFlawed,
    ManagementAccountStays,
)
from remit.directory.organizations.handshakes import (
    Action,
    Handshake,
    HandshakeState,
    Party,
    PartyType,
    end_handshake,
    handshakes_for,
    handshakes_of,
    known_handshake,
)
from remit.directory.organizations.invitations import accept_invitation, invite_account
from remit.directory.organizations.members import check_room, organization_of
from remit.ids import AccountId
from remit.store import Transaction

THIRD = AccountId("777788889999")
SECOND = timedelta(seconds=1)
LIFE = timedelta(days=15)
KEPT = timedelta(days=30)


def organization(tx: Transaction, id_: AccountId = OWN, **state: Any) -> Organization:
    made = create_organization(tx, _account(tx, id_), at=AT)
    changed = msgspec.structs.replace(made, **state)
    tx.put(ORGANIZATIONS, changed)
    return changed


def _account(tx: Transaction, id_: AccountId = OTHER) -> Account:
    return create_account(tx, id_, email=f"Root-{id_}@example.com", name="one", at=AT)


def party(id_: str = OTHER) -> Party:
    return Party(PartyType.EMAIL if "@" in id_ else PartyType.ACCOUNT, id_)


def invite(tx: Transaction, sender: Organization, id_: str = OTHER, at: datetime = AT, **more: Any) -> Handshake:
    return invite_account(tx, sender, party(id_), at=at, **more)


def accept(
    tx: Transaction, handshake: Handshake, id_: AccountId = OTHER, at: datetime = AT, partition: str = "aws"
) -> Handshake:
    return accept_invitation(tx, handshake, known_account(tx, id_), partition=partition, at=at)


def test_an_invitation_tells_who_asks(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)

    sent = invite(tx, sender, notes="come", tags={"team": "one"})

    assert sent.arn == f"arn:aws:organizations::{OWN}:handshake/{sender.id}/invite/{sent.id}"
    assert (sent.state, sent.expires_at - AT) == (HandshakeState.OPEN, LIFE)
    assert [(one.type, one.value) for one in sent.resources] == [
        ("ORGANIZATION", sender.id),
        ("ACCOUNT", OTHER),
        ("NOTES", "come"),
    ]
    assert [(one.type, one.value) for one in sent.resources[0].resources] == [
        ("MASTER_EMAIL", f"Root-{OWN}@example.com"),
        ("MASTER_NAME", "one"),
        ("ORGANIZATION_FEATURE_SET", "ALL"),
    ]
    assert handshakes_for(tx, known_account(tx, OTHER), at=AT) == handshakes_of(tx, sender, at=AT) == [sent]


def test_who_accepts_is_in_the_organization_with_the_tags_of_the_invitation(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)

    ended = accept(tx, invite(tx, sender, tags={"team": "one"}), at=AT + SECOND)

    joined = known_account(tx, OTHER)
    assert (ended.state, ended.answered_by, ended.ended_at) == (HandshakeState.ACCEPTED, OTHER, AT + SECOND)
    assert joined.membership is not None
    assert (joined.membership.organization, joined.membership.parent) == (sender.id, sender.root)
    assert (joined.membership.method, dict(joined.membership.tags)) == (JoinedMethod.INVITED, {"team": "one"})


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (LIFE - SECOND, HandshakeState.OPEN),
        (LIFE, HandshakeState.EXPIRED),
        (LIFE + KEPT - SECOND, HandshakeState.EXPIRED),
    ],
)
def test_an_invitation_expires_by_the_clock(tx: Transaction, after: timedelta, state: HandshakeState) -> None:
    sender = organization(tx)
    _account(tx)
    sent = invite(tx, sender)

    assert known_handshake(tx, sent.id, at=AT + after).state_at(AT + after) is state


def test_an_expired_invitation_cannot_be_accepted(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)
    sent = invite(tx, sender)

    with pytest.raises(HandshakeTransitionRefused):
        accept(tx, sent, at=AT + LIFE)

    accept(tx, sent, at=AT + LIFE - SECOND)


@pytest.mark.parametrize("state", [HandshakeState.CANCELED, HandshakeState.DECLINED])
def test_thirty_days_after_its_end_it_is_unknown(tx: Transaction, state: HandshakeState) -> None:
    sender = organization(tx)
    other = _account(tx)
    sent = end_handshake(tx, invite(tx, sender), state, at=AT)

    assert known_handshake(tx, sent.id, at=AT + KEPT - SECOND) == sent
    with pytest.raises(NotFound):
        known_handshake(tx, sent.id, at=AT + KEPT)
    assert handshakes_for(tx, other, at=AT + KEPT) == []
    invite(tx, sender, at=AT + KEPT)
    assert tx.get(HANDSHAKES, sent.id) is None


@pytest.mark.parametrize("state", [HandshakeState.CANCELED, HandshakeState.DECLINED, HandshakeState.ACCEPTED])
def test_an_end_is_final(tx: Transaction, state: HandshakeState) -> None:
    sender = organization(tx)
    _account(tx)
    ended = end_handshake(tx, invite(tx, sender), state, at=AT)

    for other in (HandshakeState.CANCELED, HandshakeState.DECLINED, HandshakeState.ACCEPTED):
        with pytest.raises(HandshakeInState if other is state else HandshakeTransitionRefused):
            end_handshake(tx, ended, other, at=AT)


def test_an_account_has_one_open_invitation_of_an_organization_by_whatever_name(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)
    sent = invite(tx, sender, f"root-{OTHER}@EXAMPLE.com")

    for name in (OTHER, f"Root-{OTHER}@example.com"):
        with pytest.raises(AlreadyExists):
            invite(tx, sender, name)

    end_handshake(tx, sent, HandshakeState.DECLINED, at=AT)
    invite(tx, sender)


def test_an_invitation_by_email_is_for_whoever_comes_to_have_the_address(tx: Transaction) -> None:
    sender = organization(tx)
    sent = invite(tx, sender, f"ROOT-{OTHER}@example.com")

    other = _account(tx)

    assert handshakes_for(tx, other, at=AT) == [sent]
    assert accept(tx, sent).answered_by == OTHER


def test_an_accepted_invitation_stays_with_who_accepted_it(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)
    accept(tx, invite(tx, sender, f"root-{OTHER}@example.com"))
    tx.put(ACCOUNTS, msgspec.structs.replace(known_account(tx, OTHER), email="new@example.com"))

    heir = create_account(tx, THIRD, email=f"root-{OTHER}@example.com", name="heir", at=AT)

    assert handshakes_for(tx, heir, at=AT) == []
    assert len(handshakes_for(tx, known_account(tx, OTHER), at=AT)) == 1


def test_who_is_in_the_organization_is_not_invited(tx: Transaction) -> None:
    sender = organization(tx)
    join_organization(tx, sender, _account(tx), at=AT)

    for id_ in (OWN, OTHER):
        with pytest.raises(HandshakeRefused) as fact:
            invite(tx, sender, id_)
        assert fact.value.reason is HandshakeConstraint.ALREADY_IN_AN_ORGANIZATION


def test_who_joined_otherwise_cannot_accept(tx: Transaction) -> None:
    sender = organization(tx)
    sent = invite(tx, sender, f"root-{OTHER}@example.com")
    join_organization(tx, sender, _account(tx), at=AT)

    with pytest.raises(HandshakeRefused) as fact:
        accept(tx, sent)

    assert fact.value.reason is HandshakeConstraint.ALREADY_IN_AN_ORGANIZATION


@pytest.mark.parametrize("state", [None, AccountState.CLOSED, AccountState.SUSPENDED])
def test_an_account_that_nobody_can_use_is_not_invited(tx: Transaction, state: AccountState | None) -> None:
    sender = organization(tx)
    if state is not None:
        tx.put(ACCOUNTS, msgspec.structs.replace(_account(tx), state=state))

    with pytest.raises(InputFlawed) as fact:
        invite(tx, sender)

    assert fact.value.flaw is Flaw.TARGET_NOT_SUPPORTED


def test_an_account_of_another_partition_cannot_accept(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)
    sent = invite(tx, sender)

    with pytest.raises(HandshakeRefused) as fact:
        accept(tx, sent, partition="aws-cn")

    assert fact.value.reason is HandshakeConstraint.DIFFERENT_SELLER


def test_open_invitations_count_as_accounts(tx: Transaction) -> None:
    sender = organization(tx, quotas={Quota.ACCOUNTS: 3})
    invite(tx, sender, "a@example.com")
    check_room(tx, sender, at=AT)
    sent = invite(tx, sender, "b@example.com")

    for ask in (lambda: invite(tx, sender, "c@example.com"), lambda: check_room(tx, sender, at=AT)):
        with pytest.raises(ConstraintBroken) as fact:
            ask()
        assert fact.value.reason is Constraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED

    end_handshake(tx, sent, HandshakeState.CANCELED, at=AT)
    invite(tx, sender, "c@example.com")


def test_there_must_be_room_when_an_invitation_is_accepted(tx: Transaction) -> None:
    sender = organization(tx)
    _account(tx)
    sent = invite(tx, sender)
    tx.put(ORGANIZATIONS, msgspec.structs.replace(sender, quotas={Quota.ACCOUNTS: 1}))

    with pytest.raises(HandshakeRefused) as fact:
        accept(tx, sent)

    assert fact.value.reason is HandshakeConstraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED


@pytest.mark.parametrize(("quotas", "most"), [({}, 20), ({Quota.ACCOUNTS: 30}, 30), ({Quota.INVITATIONS: 2}, 10)])
def test_a_day_has_so_many_attempts(tx: Transaction, quotas: Mapping[str, int], most: int) -> None:
    sender = organization(tx, quotas=quotas)
    for number in range(most):
        end_handshake(tx, invite(tx, sender, f"a{number}@example.com"), HandshakeState.CANCELED, at=AT)

    with pytest.raises(HandshakeRefused) as fact:
        invite(tx, sender, "more@example.com", at=AT + timedelta(days=1) - SECOND)
    assert fact.value.reason is HandshakeConstraint.HANDSHAKE_RATE_LIMIT_EXCEEDED

    invite(tx, sender, "more@example.com", at=AT + timedelta(days=1))


def test_attempts_that_were_accepted_do_not_count(tx: Transaction) -> None:
    sender = organization(tx, quotas={Quota.INVITATIONS: 2, Quota.ACCOUNTS: 2})
    _account(tx)
    accept(tx, invite(tx, sender))
    tx.put(ORGANIZATIONS, msgspec.structs.replace(sender, quotas={Quota.INVITATIONS: 1, Quota.ACCOUNTS: 5}))
    now = organization_of(tx, OWN)
    assert now is not None

    for number in range(3):
        invite(tx, now, f"a{number}@example.com")


def test_an_account_of_another_organization_leaves_it_and_joins_in_one_step(tx: Transaction) -> None:
    first, second = organization(tx), organization(tx, THIRD)
    join_organization(tx, first, _account(tx), at=AT, tags={"old": "tag"})

    accept(tx, invite(tx, second, tags={"new": "tag"}))

    moved = known_account(tx, OTHER)
    assert moved.organization == second.id
    assert moved.membership is not None
    assert dict(moved.membership.tags) == {"new": "tag"}


def test_what_keeps_an_account_from_leaving_keeps_it_from_moving(tx: Transaction) -> None:
    first, second = organization(tx), organization(tx, THIRD)
    join_organization(tx, first, _account(tx), at=AT, method=JoinedMethod.CREATED)
    sent = invite(tx, second)

    with pytest.raises(ConstraintBroken) as fact:
        accept(tx, sent, at=AT + timedelta(days=4) - SECOND)
    assert fact.value.reason is Constraint.WAIT_PERIOD_ACTIVE

    accept(tx, sent, at=AT + timedelta(days=4))


def test_an_administrator_of_a_service_does_not_move(tx: Transaction) -> None:
    first, second = organization(tx), organization(tx, THIRD)
    join_organization(tx, first, _account(tx), at=AT)
    named = {"iam.amazonaws.com": {OTHER: AT}}
    tx.put(ORGANIZATIONS, msgspec.structs.replace(first, delegated_administrators=named))
    sent = invite(tx, second)

    with pytest.raises(ConstraintBroken) as fact:
        accept(tx, sent)

    assert fact.value.reason is Constraint.CANNOT_REMOVE_DELEGATED_ADMINISTRATOR


def test_a_management_account_stays(tx: Transaction) -> None:
    organization(tx, OTHER)
    sent = invite(tx, organization(tx))

    with pytest.raises(ManagementAccountStays):
        accept(tx, sent)


def test_nobody_is_invited_while_all_features_are_being_enabled(tx: Transaction) -> None:
    sender = organization(tx, feature_set=FeatureSet.CONSOLIDATED_BILLING)
    _account(tx)
    enable_all_features(tx, sender, at=AT)

    with pytest.raises(HandshakeRefused) as fact:
        invite(tx, sender, at=AT + timedelta(days=90) - SECOND)
    assert fact.value.reason is HandshakeConstraint.INVITE_DISABLED

    invite(tx, sender, at=AT + timedelta(days=90))


def test_the_end_of_an_organization_cancels_its_invitations(tx: Transaction) -> None:
    sender = organization(tx)
    other = _account(tx)
    sent = invite(tx, sender)

    delete_organization(tx, sender, at=AT)

    (found,) = handshakes_for(tx, other, at=AT)
    assert (found.id, found.state, found.action) == (sent.id, HandshakeState.CANCELED, Action.INVITE)
    with pytest.raises(HandshakeTransitionRefused):
        accept(tx, found)
