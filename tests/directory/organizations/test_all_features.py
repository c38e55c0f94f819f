"""From consolidated billing to all features: who is asked, who must agree, and what ends an attempt."""

from datetime import timedelta

import msgspec
import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory import ACCOUNTS
from remit.directory.accounts import AccountState, JoinedMethod, create_account, known_account
from remit.directory.facts import Quota
from remit.directory.organizations import (
    ORGANIZATIONS,
    FeatureSet,
    Organization,
    create_organization,
    join_organization,
)
from remit.directory.organizations.all_features import (
    abandon_all_features,
    advance,
    approve_all_features,
    attempt_of,
    enable_all_features,
)
from remit.directory.organizations.creations import SERVICE
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    HandshakeConstraint,
    HandshakeInState,
    HandshakeRefused,
    HandshakeTransitionRefused,
)
from remit.directory.organizations.handshakes import (
    Action,
    Handshake,
    HandshakeState,
    Party,
    PartyType,
    children_of,
    end_handshake,
    known_handshake,
    unanswered,
)
from remit.directory.organizations.invitations import invite_account
from remit.directory.organizations.members import leave_organization
from remit.directory.service_linked_roles import create_service_linked_role
from remit.ids import AccountId
from remit.store import Transaction

THIRD = AccountId("777788889999")
SECOND = timedelta(seconds=1)
LIFE = timedelta(days=90)


def organization(tx: Transaction, **members: JoinedMethod) -> Organization:
    """Make one with consolidated billing; *members* are named by their ids after an `a`."""
    management = create_account(tx, OWN, email="own@example.com", name="own", at=AT)
    made = create_organization(tx, management, at=AT, feature_set=FeatureSet.CONSOLIDATED_BILLING)
    for name, method in members.items():
        account = create_account(tx, AccountId(name[1:]), email=f"{name}@example.com", name="one", at=AT)
        join_organization(tx, made, account, at=AT, method=method)
    return made


def parts(tx: Transaction, attempt: Handshake) -> dict[tuple[Action, str], Handshake]:
    return {(part.action, part.recipient): part for part in children_of(tx, attempt)}


def now(tx: Transaction, organization: Organization) -> Organization:
    found = tx.get(ORGANIZATIONS, organization.id)
    assert found is not None
    return found


INVITED, CREATED = JoinedMethod.INVITED, JoinedMethod.CREATED
ASKED = {f"a{OTHER}": INVITED, f"a{THIRD}": CREATED}


def test_invited_members_are_asked_to_agree_and_created_ones_to_have_the_role(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)

    attempt = enable_all_features(tx, sender, at=AT)

    found = parts(tx, attempt)
    assert set(found) == {(Action.ENABLE_ALL_FEATURES, OTHER), (Action.ADD_SERVICE_LINKED_ROLE, THIRD)}
    assert attempt_of(tx, sender, at=AT) == attempt
    assert (attempt.state, attempt.expires_at - AT, attempt.party) == (HandshakeState.REQUESTED, LIFE, None)
    assert {part.expires_at for part in found.values()} == {attempt.expires_at}
    told = found[Action.ENABLE_ALL_FEATURES, OTHER].resources
    assert [(one.type, one.value) for one in told][1:] == [("ACCOUNT", OTHER), ("PARENT_HANDSHAKE", attempt.id)]


def test_created_members_that_have_the_role_are_not_asked(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    create_service_linked_role(tx, THIRD, SERVICE, at=AT)

    attempt = enable_all_features(tx, sender, at=AT)

    assert set(parts(tx, attempt)) == {(Action.ENABLE_ALL_FEATURES, OTHER)}


def test_the_management_account_is_asked_when_every_invited_member_agreed(tx: Transaction) -> None:
    sender = organization(tx, **ASKED, a888899990000=INVITED)
    attempt = enable_all_features(tx, sender, at=AT)
    first, second = (parts(tx, attempt)[Action.ENABLE_ALL_FEATURES, id_] for id_ in (OTHER, "888899990000"))

    end_handshake(tx, first, HandshakeState.ACCEPTED, at=AT, by=OTHER)
    advance(tx, sender, at=AT)
    assert (Action.APPROVE_ALL_FEATURES, OWN) not in parts(tx, attempt)

    end_handshake(tx, second, HandshakeState.ACCEPTED, at=AT, by="888899990000")
    advance(tx, sender, at=AT)
    advance(tx, sender, at=AT)

    assert parts(tx, attempt)[Action.APPROVE_ALL_FEATURES, OWN].state is HandshakeState.OPEN
    assert known_handshake(tx, attempt.id, at=AT).state is HandshakeState.OPEN
    assert len(unanswered(tx, sender, Action.APPROVE_ALL_FEATURES, at=AT)) == 1


def test_without_invited_members_it_is_asked_at_once(tx: Transaction) -> None:
    sender = organization(tx, **{f"a{THIRD}": CREATED})

    attempt = enable_all_features(tx, sender, at=AT)

    assert (Action.APPROVE_ALL_FEATURES, OWN) in parts(tx, attempt)


@pytest.mark.parametrize("accepted", ["part", "attempt"])
def test_its_approval_gives_all_features_and_no_type_of_policy(tx: Transaction, accepted: str) -> None:
    sender = organization(tx)
    attempt = enable_all_features(tx, sender, at=AT)
    last = parts(tx, attempt)[Action.APPROVE_ALL_FEATURES, OWN]

    ended = approve_all_features(
        tx, sender, last if accepted == "part" else known_handshake(tx, attempt.id, at=AT), at=AT + SECOND
    )

    assert ended.state is HandshakeState.ACCEPTED
    assert {known_handshake(tx, id_, at=AT).state for id_ in (last.id, attempt.id)} == {HandshakeState.ACCEPTED}
    assert (now(tx, sender).feature_set, now(tx, sender).policy_types) == (FeatureSet.ALL, ())
    with pytest.raises(HandshakeInState):
        approve_all_features(tx, now(tx, sender), ended, at=AT + SECOND)
    with pytest.raises(HandshakeRefused) as fact:
        enable_all_features(tx, now(tx, sender), at=AT + SECOND)
    assert fact.value.reason is HandshakeConstraint.HAS_ALL_FEATURES


def test_the_attempt_is_not_approved_before_all_agreed(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    attempt = enable_all_features(tx, sender, at=AT)

    with pytest.raises(HandshakeTransitionRefused):
        approve_all_features(tx, sender, attempt, at=AT)


def test_there_is_one_attempt_at_a_time_and_it_lasts_ninety_days(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    attempt = enable_all_features(tx, sender, at=AT)

    with pytest.raises(HandshakeRefused) as fact:
        enable_all_features(tx, sender, at=AT + LIFE - SECOND)
    assert fact.value.reason is HandshakeConstraint.PENDING_ALL_FEATURES

    again = enable_all_features(tx, sender, at=AT + LIFE)
    states = {part.state_at(AT + LIFE) for part in (attempt, *children_of(tx, attempt))}
    assert states == {HandshakeState.EXPIRED}
    assert len(parts(tx, again)) == len(ASKED)


def test_an_attempt_that_expired_is_not_approved(tx: Transaction) -> None:
    sender = organization(tx)
    attempt = enable_all_features(tx, sender, at=AT)
    last = parts(tx, attempt)[Action.APPROVE_ALL_FEATURES, OWN]

    with pytest.raises(HandshakeTransitionRefused):
        approve_all_features(tx, sender, last, at=AT + LIFE)


def test_who_declined_holds_the_attempt_up_until_it_left(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    attempt = enable_all_features(tx, sender, at=AT)
    end_handshake(tx, parts(tx, attempt)[Action.ENABLE_ALL_FEATURES, OTHER], HandshakeState.DECLINED, at=AT, by=OTHER)
    advance(tx, sender, at=AT)
    assert known_handshake(tx, attempt.id, at=AT).state is HandshakeState.REQUESTED

    leave_organization(tx, known_account(tx, OTHER), at=AT)
    advance(tx, sender, at=AT)

    assert (Action.APPROVE_ALL_FEATURES, OWN) in parts(tx, attempt)


def test_what_a_member_was_asked_is_canceled_when_it_leaves(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    attempt = enable_all_features(tx, sender, at=AT)
    for id_ in (OTHER, THIRD):
        leave_organization(tx, known_account(tx, id_), at=AT)

    advance(tx, sender, at=AT)

    found = parts(tx, attempt)
    canceled = [found[Action.ENABLE_ALL_FEATURES, OTHER], found[Action.ADD_SERVICE_LINKED_ROLE, THIRD]]
    assert {part.state for part in canceled} == {HandshakeState.CANCELED}
    assert found[Action.APPROVE_ALL_FEATURES, OWN].state is HandshakeState.OPEN


def test_nobody_waits_for_a_closed_account(tx: Transaction) -> None:
    sender = organization(tx, **ASKED)
    tx.put(ACCOUNTS, msgspec.structs.replace(known_account(tx, OTHER), state=AccountState.CLOSED))

    attempt = enable_all_features(tx, sender, at=AT)

    assert set(parts(tx, attempt)) == {(Action.ADD_SERVICE_LINKED_ROLE, THIRD), (Action.APPROVE_ALL_FEATURES, OWN)}


@pytest.mark.parametrize("state", [HandshakeState.CANCELED, HandshakeState.DECLINED])
def test_an_attempt_that_is_given_up_ends_with_all_its_parts(tx: Transaction, state: HandshakeState) -> None:
    sender = organization(tx, **ASKED)
    attempt = enable_all_features(tx, sender, at=AT)

    ended = abandon_all_features(tx, attempt, state, at=AT)

    assert ended.state is state
    assert {part.state for part in children_of(tx, attempt)} == {HandshakeState.CANCELED}
    enable_all_features(tx, sender, at=AT)


def test_the_last_part_given_up_is_the_end_of_the_attempt(tx: Transaction) -> None:
    sender = organization(tx)
    attempt = enable_all_features(tx, sender, at=AT)
    last = parts(tx, attempt)[Action.APPROVE_ALL_FEATURES, OWN]

    abandon_all_features(tx, last, HandshakeState.DECLINED, at=AT, by=OWN)

    assert known_handshake(tx, attempt.id, at=AT).state is HandshakeState.CANCELED
    assert attempt_of(tx, sender, at=AT) is None


def test_open_invitations_are_canceled(tx: Transaction) -> None:
    sender = organization(tx)
    sent = invite_account(tx, sender, Party(PartyType.EMAIL, "a@example.com"), at=AT)

    enable_all_features(tx, sender, at=AT)

    assert known_handshake(tx, sent.id, at=AT).state is HandshakeState.CANCELED


@pytest.mark.parametrize("most", [1, 2])
def test_an_organization_can_be_too_large(tx: Transaction, most: int) -> None:
    sender = organization(tx, **{f"a{THIRD}": CREATED})
    limited = msgspec.structs.replace(sender, quotas={Quota.ALL_FEATURES_ACCOUNTS: most})

    if most == 2:
        enable_all_features(tx, limited, at=AT)
    else:
        with pytest.raises(ConstraintBroken) as fact:
            enable_all_features(tx, limited, at=AT)
        assert fact.value.reason is Constraint.ALL_FEATURES_SIZE_LIMIT_EXCEEDED
    assert sender.limit(Quota.ALL_FEATURES_ACCOUNTS) == 5_000
