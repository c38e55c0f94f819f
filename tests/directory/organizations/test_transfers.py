"""Transfers of responsibility: who may pay for whom, how many, and in what chains."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from directory.conftest import AT

from remit.directory import ACCOUNTS, HANDSHAKES, ORGANIZATIONS, RESPONSIBILITY_TRANSFERS
from remit.directory.accounts import create_account, known_account
from remit.directory.facts import AlreadyExists, NotFound, Quota
from remit.directory.organizations import Organization, create_organization, organization_of
from remit.directory.organizations.deletion import delete_organization
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    HandshakeConstraint,
    HandshakeInState,
    HandshakeRefused,
    HandshakeTransitionRefused,
    TransferInStatus,
    TransferTransitionRefused,
)
from remit.directory.organizations.handshakes import Handshake, HandshakeState, Party, PartyType
from remit.directory.organizations.transfer_chains import upstream
from remit.directory.organizations.transfer_invitations import (
    accept_transfer,
    invite_to_transfer,
    refuse_transfer,
    transfer_of,
)
from remit.directory.organizations.transfers import (
    ResponsibilityTransfer,
    TransferStatus,
    inbound,
    known_transfer,
    outbound,
    rename_transfer,
    terminate_transfer,
)
from remit.ids import AccountId
from remit.store import Transaction

DECEMBER, JANUARY = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FREE = {Quota.TRANSFERS_INBOUND: 10, Quota.TRANSFER_LEVELS: 2}


def organization(tx: Transaction, letter: str, **quotas: int) -> Organization:
    """Make an organization whose management account is called by *letter*."""
    id_ = AccountId(str(ord(letter)) * 6)[:12]
    account = create_account(tx, AccountId(id_), email=f"{letter}@example.com", name=letter, at=AT)
    return create_organization(tx, account, at=AT, quotas={**FREE, **{Quota[name]: n for name, n in quotas.items()}})


def ask(
    tx: Transaction, payer: Organization, source: Organization | str, starts: datetime = DECEMBER, **more: Any
) -> Handshake:
    party = Party(PartyType.EMAIL, source) if isinstance(source, str) else Party(PartyType.ACCOUNT, source.account)
    return invite_to_transfer(tx, payer, party, name="bill", starts_at=starts, at=more.pop("at", AT), **more)


def accept(
    tx: Transaction, handshake: Handshake, payer: Organization, source: Organization, at: datetime = AT
) -> ResponsibilityTransfer:
    accept_transfer(tx, handshake, payer, source, known_account(tx, source.account), at=at)
    return transfer_of(tx, handshake)


def agree(tx: Transaction, payer: Organization, source: Organization) -> ResponsibilityTransfer:
    return accept(tx, ask(tx, payer, source), payer, source)


def test_an_invitation_is_a_transfer_that_waits(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")

    sent = ask(tx, payer, source, tags={"team": "one"}, notes="let us")

    (transfer,) = inbound(tx, payer, at=AT)
    assert outbound(tx, source, "s@example.com", at=AT) == [transfer]
    assert transfer == transfer_of(tx, sent)
    assert (transfer.status, transfer.starts_at, transfer.source) == ("REQUESTED", DECEMBER, source.account)
    assert transfer.expires_at == sent.expires_at == DECEMBER - DAY
    assert (dict(transfer.names), dict(transfer.tags)) == ({payer.id: "bill"}, {payer.id: {"team": "one"}})
    assert transfer.arn(payer) == payer.arn_of("transfer", "billing", "inbound", transfer.id)
    assert transfer.arn(source) == source.arn_of("transfer", "billing", "outbound", transfer.id)
    assert [one.type for one in sent.resources] == [
        "ORGANIZATION",
        "MANAGEMENT_ACCOUNT",
        "ACCOUNT",
        "RESPONSIBILITY_TRANSFER",
        "NOTES",
    ]
    told = {one.type: one.value for resource in sent.resources for one in (resource, *resource.resources)}
    assert told["MANAGEMENT_EMAIL"] == "p@example.com"
    assert (told["TRANSFER_TYPE"], told["TRANSFER_START_TIMESTAMP"]) == ("BILLING", "2026-12-01T00:00:00Z")


def test_it_is_accepted_until_a_day_before_it_starts(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, source)

    with pytest.raises(HandshakeTransitionRefused):
        accept(tx, sent, payer, source, at=DECEMBER - DAY)
    assert transfer_of(tx, sent).status_at(DECEMBER - DAY) is TransferStatus.EXPIRED

    transfer = accept(tx, sent, payer, source, at=DECEMBER - DAY - SECOND)
    assert (transfer.status, transfer.source_organization) == (TransferStatus.ACCEPTED, source.id)
    with pytest.raises(HandshakeInState):
        accept(tx, msgspec.structs.replace(sent, state=HandshakeState.ACCEPTED), payer, source)


@pytest.mark.parametrize("state", [HandshakeState.DECLINED, HandshakeState.CANCELED])
def test_it_ends_with_its_handshake_and_is_forgotten_with_it(tx: Transaction, state: HandshakeState) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, source)

    refuse_transfer(tx, sent, state, at=AT)

    transfer = transfer_of(tx, sent)
    assert transfer.status == state
    assert inbound(tx, payer, at=AT + timedelta(days=30) - SECOND) == [transfer]
    assert inbound(tx, payer, at=AT + timedelta(days=30)) == []
    with pytest.raises(NotFound):
        known_transfer(tx, payer, "p@example.com", transfer.id, at=AT + timedelta(days=30))
    ask(tx, payer, source, JANUARY, at=AT + timedelta(days=30))
    assert tx.get(RESPONSIBILITY_TRANSFERS, transfer.id) is None
    assert tx.get(HANDSHAKES, sent.id) is None


def test_who_is_no_side_of_it_does_not_know_it(tx: Transaction) -> None:
    payer, source, third = (organization(tx, letter) for letter in "pst")
    transfer = agree(tx, payer, source)

    assert known_transfer(tx, payer, "p@example.com", transfer.id, at=AT) == transfer
    assert known_transfer(tx, source, "s@example.com", transfer.id, at=AT) == transfer
    with pytest.raises(NotFound):
        known_transfer(tx, third, "t@example.com", transfer.id, at=AT)


def test_an_organization_does_not_pay_for_itself(tx: Transaction) -> None:
    payer = organization(tx, "p")
    with pytest.raises(HandshakeRefused) as fact:
        ask(tx, payer, payer)
    assert fact.value.reason is HandshakeConstraint.SOURCE_IS_TARGET

    sent = ask(tx, payer, "new@example.com")
    tx.put(ACCOUNTS, msgspec.structs.replace(known_account(tx, payer.account), email="new@example.com"))

    with pytest.raises(HandshakeRefused) as fact:
        accept(tx, sent, payer, payer)
    assert fact.value.reason is HandshakeConstraint.SOURCE_IS_TARGET


def test_only_management_accounts_are_asked(tx: Transaction) -> None:
    payer = organization(tx, "p")
    create_account(tx, AccountId("222233334444"), email="alone@example.com", name="alone", at=AT)

    with pytest.raises(HandshakeRefused) as fact:
        ask(tx, payer, "alone@example.com")

    assert fact.value.reason is HandshakeConstraint.TARGET_VALIDATION_FAILURE


def test_the_same_account_is_asked_once_by_whatever_name(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, "S@example.com")

    for name in (source, "s@example.com"):
        with pytest.raises(AlreadyExists):
            ask(tx, payer, name)

    refuse_transfer(tx, sent, HandshakeState.CANCELED, at=AT)
    ask(tx, payer, source)


def test_one_transfer_at_a_time_between_two_organizations(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s", TRANSFERS_OUTBOUND=5)
    early = ask(tx, payer, "s@example.com")
    transfer = accept(tx, early, payer, source)

    with pytest.raises(HandshakeRefused) as fact:
        ask(tx, payer, source, JANUARY)
    assert fact.value.reason is HandshakeConstraint.TRANSFER_EXISTS

    terminate_transfer(tx, transfer, None, at=AT)
    with_december = ask(tx, payer, source)
    assert accept(tx, with_december, payer, source).status is TransferStatus.ACCEPTED


def test_a_transfer_that_came_about_meanwhile_stands_in_the_way(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s", TRANSFERS_OUTBOUND=5)
    by_old_address = ask(tx, payer, "later@example.com")
    agree(tx, payer, source)
    tx.put(ACCOUNTS, msgspec.structs.replace(known_account(tx, source.account), email="later@example.com"))

    with pytest.raises(HandshakeRefused) as fact:
        accept(tx, by_old_address, payer, source)

    assert fact.value.reason is HandshakeConstraint.TRANSFER_EXISTS


def test_what_was_sent_and_what_was_agreed_count_as_inbound(tx: Transaction) -> None:
    payer = organization(tx, "p", TRANSFERS_INBOUND=2)
    first, second, third = (organization(tx, letter) for letter in "stu")
    agree(tx, payer, first)
    sent = ask(tx, payer, second)

    with pytest.raises(ConstraintBroken) as fact:
        ask(tx, payer, third)
    assert fact.value.reason is Constraint.TRANSFERS_INBOUND

    refuse_transfer(tx, sent, HandshakeState.DECLINED, at=AT)
    ask(tx, payer, third)


def test_without_a_raised_quota_nobody_pays_for_others(tx: Transaction) -> None:
    payer = organization(tx, "p")
    tx.put(ORGANIZATIONS, msgspec.structs.replace(payer, quotas={}))
    plain = organization_of(tx, payer.account)
    assert plain is not None

    with pytest.raises(ConstraintBroken) as fact:
        ask(tx, plain, organization(tx, "s"))

    assert fact.value.reason is Constraint.TRANSFERS_INBOUND


def test_one_pays_for_an_organization(tx: Transaction) -> None:
    first, second, source = (organization(tx, letter) for letter in "pqs")
    sent = ask(tx, second, source)
    transfer = agree(tx, first, source)

    with pytest.raises(ConstraintBroken) as fact:
        accept(tx, sent, second, source)
    assert fact.value.reason is Constraint.TRANSFERS_OUTBOUND

    terminate_transfer(tx, transfer, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), at=AT)
    accept(tx, sent, second, source)


def test_a_chain_has_as_many_levels_as_its_payer_may_have(tx: Transaction) -> None:
    customer, reseller, distributor, other = (organization(tx, letter) for letter in "crdo")
    agree(tx, reseller, customer)
    agree(tx, distributor, reseller)
    assert [one.id for one in upstream(tx, customer, at=AT)] == [reseller.id, distributor.id]

    with pytest.raises(ConstraintBroken) as fact:
        ask(tx, other, distributor)
    assert fact.value.reason is Constraint.TRANSFER_LEVELS

    agree(tx, distributor, other)


def test_a_chain_that_grew_meanwhile_is_too_long_to_accept(tx: Transaction) -> None:
    customer, reseller, distributor = (organization(tx, letter, TRANSFER_LEVELS=1) for letter in "crd")
    first, second = ask(tx, reseller, customer), ask(tx, distributor, reseller)
    accept(tx, first, reseller, customer)

    with pytest.raises(ConstraintBroken) as fact:
        accept(tx, second, distributor, reseller)

    assert fact.value.reason is Constraint.TRANSFER_LEVELS


def test_a_chain_does_not_come_back(tx: Transaction) -> None:
    first, second, third = (organization(tx, letter, TRANSFER_LEVELS=9) for letter in "abc")
    agree(tx, second, first)
    agree(tx, third, second)

    with pytest.raises(ConstraintBroken) as fact:
        ask(tx, first, third)

    assert fact.value.reason is Constraint.TRANSFER_LEVELS


def test_a_chain_has_so_many_transfers(tx: Transaction) -> None:
    distributor = organization(tx, "d", TRANSFERS_IN_CHAIN=3)
    reseller, first, second, third = (organization(tx, letter) for letter in "rabc")
    agree(tx, distributor, reseller)
    agree(tx, reseller, first)
    agree(tx, reseller, second)

    with pytest.raises(ConstraintBroken) as fact:
        ask(tx, reseller, third)

    assert fact.value.reason is Constraint.TRANSFERS_IN_CHAIN
    assert organization(tx, "e").limit(Quota.TRANSFERS_IN_CHAIN) == 1_000


def test_a_withdrawn_transfer_goes_on_to_its_end(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    transfer = agree(tx, payer, source)

    ended = terminate_transfer(tx, transfer, None, at=AT)

    assert (ended.status, ended.ends_at) == (TransferStatus.WITHDRAWN, DECEMBER - timedelta(milliseconds=1))
    assert (ended.is_agreed(DECEMBER - SECOND), ended.is_agreed(DECEMBER)) == (True, False)
    assert inbound(tx, payer, at=DECEMBER + 100 * DAY) == [ended]
    with pytest.raises(TransferInStatus):
        terminate_transfer(tx, ended, None, at=AT)


def test_what_was_never_accepted_is_not_withdrawn(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, source)

    with pytest.raises(TransferTransitionRefused):
        terminate_transfer(tx, transfer_of(tx, sent), None, at=AT)


def test_each_side_has_its_own_name_for_it(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, source)

    renamed = rename_transfer(tx, source, transfer_of(tx, sent), "theirs", at=AT)
    assert dict(renamed.names) == {payer.id: "bill", source.id: "theirs"}
    refuse_transfer(tx, sent, HandshakeState.DECLINED, at=AT)

    with pytest.raises(ConstraintBroken) as fact:
        rename_transfer(tx, payer, transfer_of(tx, sent), "late", at=AT)
    assert fact.value.reason is Constraint.TRANSFER_UPDATE_NOT_ALLOWED


def test_an_organization_in_a_transfer_does_not_end(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    sent = ask(tx, payer, source)
    for one in (payer, source):
        with pytest.raises(ConstraintBroken) as fact:
            delete_organization(tx, one, at=AT)
        assert fact.value.reason is Constraint.TRANSFER_ACTIVE

    ended = terminate_transfer(tx, accept(tx, sent, payer, source), None, at=AT)
    with pytest.raises(ConstraintBroken):
        delete_organization(tx, source, at=DECEMBER - SECOND)

    delete_organization(tx, source, at=DECEMBER)
    assert inbound(tx, payer, at=DECEMBER) == [ended]
    delete_organization(tx, payer, at=DECEMBER)
    assert tx.get(RESPONSIBILITY_TRANSFERS, ended.id) is None


def test_a_transfer_of_an_organization_is_not_one_of_the_next(tx: Transaction) -> None:
    payer, source = organization(tx, "p"), organization(tx, "s")
    terminate_transfer(tx, agree(tx, payer, source), None, at=AT)
    delete_organization(tx, source, at=DECEMBER)

    following = create_organization(tx, known_account(tx, source.account), at=DECEMBER)

    assert outbound(tx, following, "s@example.com", at=DECEMBER) == []
