"""Agreements in force: accepted once at a time, and covering an organization as it is at that moment."""

import pytest
from directory.artifact.test_agreement_notifications import OFFER, THIRD, account_of, for_all, organization
from directory.conftest import AT, LATER, OTHER, OWN

from remit.directory.artifact.applicable_agreements import agreements_of_organization, known_customer_agreement
from remit.directory.artifact.customer_agreements import (
    CustomerAgreement,
    CustomerAgreementState,
    end,
    end_all_of_agreement,
    enter_into,
    is_signed_on_paper,
    own_agreements,
)
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.facts import NotFound
from remit.directory.organizations import Organization, join_organization
from remit.directory.organizations.deletion import delete_organization
from remit.directory.organizations.members import known_member, leave_organization
from remit.ids import AccountId
from remit.store import Transaction

__all__ = ["organization"]
ENDED = CustomerAgreementState.CUSTOMER_TERMINATED


def for_own(tx: Transaction) -> CustomerAgreement:
    return enter_into(tx, OFFER, OWN, partition="aws", starts_at=AT)


def covers(tx: Transaction, account: AccountId) -> list[str]:
    return [one.id for one in agreements_of_organization(tx, account)]


def test_an_agreement_is_in_force_once(tx: Transaction, organization: Organization) -> None:
    first = for_own(tx)
    with pytest.raises(OutOfOrder, match=f"as {first.id}"):
        for_own(tx)
    for_all(tx, organization)  # for the organization it is another one

    end(tx, first, ENDED, LATER)
    again = for_own(tx)

    assert again.id != first.id
    assert known_customer_agreement(tx, OWN, first.id).ends_at == LATER


@pytest.mark.usefixtures("organization")
def test_what_has_ended_does_not_end_again(tx: Transaction) -> None:
    ended = end(tx, for_own(tx), ENDED, AT)

    with pytest.raises(OutOfOrder, match="CUSTOMER_TERMINATED"):
        end(tx, ended, CustomerAgreementState.AWS_TERMINATED, LATER)


def test_an_organization_is_covered_as_it_is_now(tx: Transaction, organization: Organization) -> None:
    made = for_all(tx, organization)
    assert covers(tx, OTHER) == [made.id]
    assert covers(tx, OWN) == []  # its own, not its organization's
    assert [one.id for one in own_agreements(tx, OWN)] == [made.id]
    assert covers(tx, THIRD) == []

    join_organization(tx, organization, account_of(tx, THIRD), at=LATER)
    assert covers(tx, THIRD) == [made.id]

    leave_organization(tx, known_member(tx, organization, OTHER), at=LATER)
    assert covers(tx, OTHER) == []
    with pytest.raises(NotFound):
        known_customer_agreement(tx, OTHER, made.id)
    assert known_customer_agreement(tx, THIRD, made.id) == made


def test_with_the_organization_its_agreements_end(tx: Transaction, organization: Organization) -> None:
    made, own = for_all(tx, organization), for_own(tx)
    leave_organization(tx, known_member(tx, organization, OTHER), at=LATER)

    delete_organization(tx, organization, at=LATER)

    assert known_customer_agreement(tx, OWN, made.id).state is ENDED
    assert known_customer_agreement(tx, OWN, own.id).is_active


@pytest.mark.usefixtures("organization")
def test_the_provider_ends_what_is_in_force(tx: Transaction) -> None:
    before = end(tx, for_own(tx), ENDED, AT)
    now = for_own(tx)

    (ended,) = end_all_of_agreement(tx, OFFER.id, LATER)

    assert (ended.id, ended.state, ended.ends_at) == (now.id, CustomerAgreementState.AWS_TERMINATED, LATER)
    assert known_customer_agreement(tx, OWN, before.id) == before


@pytest.mark.usefixtures("organization")
def test_another_accounts_agreement_is_not_found(tx: Transaction) -> None:
    own = for_own(tx)

    for stranger in (OTHER, THIRD):
        with pytest.raises(NotFound):
            known_customer_agreement(tx, stranger, own.id)


@pytest.mark.usefixtures("organization")
def test_what_nobody_accepted_here_was_signed_on_paper(tx: Transaction) -> None:
    assert not is_signed_on_paper(tx, OFFER.id)
    for_own(tx)  # without an act of acceptance
    assert is_signed_on_paper(tx, OFFER.id)
