"""Whatever organizations and accounts do to each other: no account is in two organizations, and an end is an end."""

from datetime import timedelta
from typing import Any

from directory.conftest import AT
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from remit.directory import ACCOUNTS, HANDSHAKES, KINDS, ORGANIZATIONS
from remit.directory.accounts import Account, create_account, known_account
from remit.directory.facts import DirectoryFact, Quota
from remit.directory.organizations import FeatureSet, Organization, create_organization, member_accounts
from remit.directory.organizations.all_features import (
    abandon_all_features,
    advance,
    approve_all_features,
    attempt_of,
    enable_all_features,
)
from remit.directory.organizations.handshakes import (
    UNANSWERED,
    Action,
    Handshake,
    HandshakeState,
    Party,
    PartyType,
    children_of,
    end_handshake,
    unanswered,
)
from remit.directory.organizations.invitations import accept_invitation, invite_account, inviting
from remit.directory.organizations.members import check_may_leave, leave_organization, organization_of
from remit.ids import AccountId
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

_MASTER = b"m" * 32
_MANAGERS = [AccountId(f"{number}" * 12) for number in (1, 2)]
_OTHERS = [AccountId(f"{number}" * 12) for number in (3, 4, 5)]
_NAMES = st.sampled_from([*_MANAGERS, *_OTHERS, *(f"a{id_}@example.com" for id_ in _OTHERS), "nobody@example.com"])
_INDEX = st.integers(min_value=0, max_value=1_000)


class Handshakes(RuleBasedStateMachine):
    """Two organizations with consolidated billing, three accounts, and a clock."""

    @initialize()
    def begin(self) -> None:
        self.tx = Transaction(View(KINDS), Keyring(_MASTER, [new_data_key(_MASTER)]), lambda _: [])
        self.now = AT
        self.ends: dict[str, HandshakeState] = {}
        for id_ in (*_MANAGERS, *_OTHERS):
            create_account(self.tx, id_, email=f"a{id_}@example.com", name="one", at=AT)
        quotas = {Quota.ACCOUNTS: 3, Quota.INVITATIONS: 5}
        self.ids = [
            create_organization(
                self.tx, self.account(id_), at=AT, feature_set=FeatureSet.CONSOLIDATED_BILLING, quotas=quotas
            ).id
            for id_ in _MANAGERS
        ]

    def account(self, id_: AccountId) -> Account:
        return known_account(self.tx, id_)

    def organization(self, number: int) -> Organization:
        found = self.tx.get(ORGANIZATIONS, self.ids[number % len(self.ids)])
        assert found is not None
        advance(self.tx, found, at=self.now)
        return found

    def attempt(self, work: Any) -> None:
        """Do it, or be refused before anything is changed."""
        before = dict(self.tx.changes)
        try:
            work()
        except DirectoryFact:
            assert self.tx.changes == before

    def handshake(self, index: int) -> Handshake:
        every = sorted(self.tx.all(HANDSHAKES), key=lambda one: (one.requested_at, one.id))
        return every[index % len(every)]

    @rule(number=_INDEX, name=_NAMES)
    def invite(self, number: int, name: str) -> None:
        party = Party(PartyType.EMAIL if "@" in name else PartyType.ACCOUNT, name)
        organization = self.organization(number)
        self.attempt(lambda: invite_account(self.tx, organization, party, at=self.now))

    @rule(number=_INDEX)
    def enable(self, number: int) -> None:
        organization = self.organization(number)
        self.attempt(lambda: enable_all_features(self.tx, organization, at=self.now))

    @precondition(lambda self: bool(self.tx.all(HANDSHAKES)))
    @rule(index=_INDEX, id_=st.sampled_from([*_MANAGERS, *_OTHERS]))
    def accept(self, index: int, id_: AccountId) -> None:
        handshake, account = self.handshake(index), self.account(id_)
        if handshake.is_for(account):
            self.attempt(lambda: self.answer_yes(handshake, account))

    def answer_yes(self, handshake: Handshake, account: Account) -> None:
        match handshake.action:
            case Action.INVITE:
                accept_invitation(self.tx, handshake, account, partition="aws", at=self.now)
            case Action.APPROVE_ALL_FEATURES:
                approve_all_features(self.tx, inviting(self.tx, handshake), handshake, at=self.now)
            case Action.ENABLE_ALL_FEATURES if not handshake.parent:
                approve_all_features(self.tx, inviting(self.tx, handshake), handshake, at=self.now)
            case _:
                end_handshake(self.tx, handshake, HandshakeState.ACCEPTED, at=self.now, by=account.id)

    @precondition(lambda self: bool(self.tx.all(HANDSHAKES)))
    @rule(index=_INDEX, state=st.sampled_from([HandshakeState.DECLINED, HandshakeState.CANCELED]))
    def refuse(self, index: int, state: HandshakeState) -> None:
        handshake = self.handshake(index)
        is_whole = handshake.action is Action.ENABLE_ALL_FEATURES and not handshake.parent
        ends = abandon_all_features if is_whole or handshake.action is Action.APPROVE_ALL_FEATURES else end_handshake
        self.attempt(lambda: ends(self.tx, handshake, state, at=self.now))

    @rule(id_=st.sampled_from(_OTHERS))
    def leave(self, id_: AccountId) -> None:
        left = organization_of(self.tx, id_)
        if left is not None:
            check_may_leave(left, self.account(id_), at=self.now)
            leave_organization(self.tx, self.account(id_), at=self.now)

    @rule(days=st.sampled_from([1, 14, 15, 31, 90]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def an_account_is_in_one_organization(self) -> None:
        members = [
            one.id for number in range(len(self.ids)) for one in member_accounts(self.tx, self.organization(number))
        ]
        assert len(members) == len(set(members))
        for number, manager in enumerate(_MANAGERS):
            assert self.account(manager).organization == self.ids[number]
        joined = {one.id for one in self.tx.all(ACCOUNTS) if one.membership is not None}
        assert joined == set(members)

    @invariant()
    def an_end_is_final(self) -> None:
        for one in self.tx.all(HANDSHAKES):
            state = one.state_at(self.now)
            assert self.ends.setdefault(one.id, state) is state or self.ends[one.id] in UNANSWERED
            self.ends[one.id] = state

    @invariant()
    def one_attempt_runs_and_nobody_is_invited_meanwhile(self) -> None:
        for number in range(len(self.ids)):
            organization = self.organization(number)
            attempts = unanswered(self.tx, organization, Action.ENABLE_ALL_FEATURES, at=self.now)
            assert len([one for one in attempts if not one.parent]) <= 1
            if attempt_of(self.tx, organization, at=self.now) is not None:
                assert unanswered(self.tx, organization, Action.INVITE, at=self.now) == []

    @invariant()
    def all_features_come_of_an_attempt_that_every_invited_member_accepted(self) -> None:
        for one in self.tx.all(HANDSHAKES):
            is_done = one.state is HandshakeState.ACCEPTED and one.action is Action.ENABLE_ALL_FEATURES
            if is_done and not one.parent:
                assert inviting(self.tx, one).feature_set is FeatureSet.ALL
                asked = [part for part in children_of(self.tx, one) if part.action is Action.ENABLE_ALL_FEATURES]
                assert all(part.state not in UNANSWERED for part in asked)

    @invariant()
    def only_members_are_asked_what_members_are_asked(self) -> None:
        for one in self.tx.all(HANDSHAKES):
            if one.parent and one.is_unanswered(self.now):
                assert self.account(AccountId(one.recipient)).organization == one.organization

    @invariant()
    def there_are_no_more_accounts_than_the_quota(self) -> None:
        for number in range(len(self.ids)):
            assert len(member_accounts(self.tx, self.organization(number))) <= 3


TestHandshakes = Handshakes.TestCase
