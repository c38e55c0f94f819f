"""Who is told of what becomes of agreements: those whom they bind and who asked for it."""

import msgspec
import pytest
from directory.artifact.test_notifications import subscribe, told
from directory.conftest import AT, LATER, OTHER, OWN

from remit.directory.accounts import ACCOUNTS, Account, create_account
from remit.directory.artifact.agreement_notifications import announce_revision, announce_termination
from remit.directory.artifact.agreements import AGREEMENTS, Agreement, AgreementScope, AgreementType
from remit.directory.artifact.customer_agreements import (
    CustomerAgreement,
    CustomerAgreementState,
    end,
    end_all_of_agreement,
    enter_into,
)
from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.notifications import notifications
from remit.directory.organizations import Organization, create_organization, join_organization
from remit.directory.organizations.deletion import delete_organization
from remit.directory.organizations.members import known_member, leave_organization
from remit.ids import AccountId
from remit.store import Transaction

THIRD = AccountId("777788889999")
OFFER = Agreement(
    id="agreement-0000000000000000",
    account=AccountId("999999999999"),
    name="BAA",
    description="",
    type=AgreementType.DEFAULT,
    document="d" * 64,
    scopes=(AgreementScope.ACCOUNT, AgreementScope.ORGANIZATION),
    version=2,
    created_at=AT,
    modified_at=AT,
)
REVISED, TERMINATED = ArtifactEvent.AGREEMENT_REVISED, ArtifactEvent.AGREEMENT_TERMINATED
JOINED, LEFT = ArtifactEvent.MEMBER_JOINED, ArtifactEvent.MEMBER_LEFT


@pytest.fixture
def organization(tx: Transaction) -> Organization:
    """Give an organization of OWN, with OTHER as its member; THIRD is alone. All three ask to be told."""
    for account in (OWN, OTHER, THIRD):
        create_account(tx, account, email=f"{account}@example.com", name="one", at=AT)
        subscribe(tx, account)
    made = create_organization(tx, account_of(tx, OWN), at=AT)
    join_organization(tx, made, account_of(tx, OTHER), at=AT)
    tx.put(AGREEMENTS, OFFER)
    return made


def account_of(tx: Transaction, id_: AccountId) -> Account:
    found = tx.get(ACCOUNTS, id_)
    assert found is not None
    return found


def for_all(tx: Transaction, organization: Organization) -> CustomerAgreement:
    bound = (organization.id, organization.arn)
    return enter_into(tx, OFFER, OWN, partition="aws", starts_at=AT, organization=bound)


def test_without_an_agreement_nobody_is_told_of_members(tx: Transaction, organization: Organization) -> None:
    join_organization(tx, organization, account_of(tx, THIRD), at=AT)
    leave_organization(tx, account_of(tx, THIRD), at=LATER)

    assert told(tx) == []


def test_a_revision_is_told_to_all_whom_the_agreement_binds(tx: Transaction, organization: Organization) -> None:
    announce_revision(tx, OFFER, AT)
    assert told(tx) == []

    for_all(tx, organization)
    announce_revision(tx, OFFER, AT)

    assert told(tx) == [(REVISED, OWN, OFFER.id), (REVISED, OTHER, OFFER.id)]
    assert notifications(tx)[0].details == {"agreementId": OFFER.id, "agreementName": "BAA", "version": "2"}


def test_who_is_bound_twice_is_told_once_of_a_revision(tx: Transaction, organization: Organization) -> None:
    for_all(tx, organization)
    enter_into(tx, OFFER, OTHER, partition="aws", starts_at=AT)
    enter_into(tx, OFFER, THIRD, partition="aws", starts_at=AT)

    announce_revision(tx, OFFER, AT)

    assert [account for _, account, _ in told(tx)] == [OWN, OTHER, THIRD]


@pytest.mark.usefixtures("organization")
def test_each_version_is_told_of(tx: Transaction) -> None:
    enter_into(tx, OFFER, THIRD, partition="aws", starts_at=AT)

    for version in (2, 3, 3):
        announce_revision(tx, msgspec.structs.replace(OFFER, version=version), AT)

    assert [one.details["version"] for one in notifications(tx)] == ["2", "3"]


def test_what_the_provider_ends_is_told_to_whom_it_bound(tx: Transaction, organization: Organization) -> None:
    whole, own = for_all(tx, organization), enter_into(tx, OFFER, THIRD, partition="aws", starts_at=AT)

    announce_termination(tx, end_all_of_agreement(tx, OFFER.id, LATER), LATER)

    assert sorted(told(tx)) == sorted(
        [(TERMINATED, OWN, whole.id), (TERMINATED, OTHER, whole.id), (TERMINATED, THIRD, own.id)]
    )


def test_what_the_customer_ended_before_is_not_ended_again(tx: Transaction, organization: Organization) -> None:
    end(tx, for_all(tx, organization), CustomerAgreementState.CUSTOMER_TERMINATED, AT)

    announce_termination(tx, end_all_of_agreement(tx, OFFER.id, LATER), LATER)
    announce_revision(tx, OFFER, AT)

    assert told(tx) == []


def test_while_an_agreement_is_in_force_members_come_and_go_aloud(tx: Transaction, organization: Organization) -> None:
    made = for_all(tx, organization)

    for at in (AT, LATER):  # each time is another occasion
        join_organization(tx, organization, account_of(tx, THIRD), at=at)
        leave_organization(tx, account_of(tx, THIRD), at=at)

    assert sorted(told(tx)) == sorted(2 * [(event, to, THIRD) for event in (JOINED, LEFT) for to in (OWN, THIRD)])
    assert notifications(tx)[0].details == {
        "agreementId": OFFER.id,
        "agreementName": "BAA",
        "version": "2",
        "customerAgreementId": made.id,
        "memberAccountId": THIRD,
        "organizationId": organization.id,
    }


def test_other_members_are_not_told_who_comes_and_goes(tx: Transaction, organization: Organization) -> None:
    for_all(tx, organization)

    join_organization(tx, organization, account_of(tx, THIRD), at=AT)

    assert OTHER not in {account for _, account, _ in told(tx)}


def test_an_organization_that_ends_takes_its_agreements_along_in_silence(
    tx: Transaction, organization: Organization
) -> None:
    leave_organization(tx, known_member(tx, organization, OTHER), at=AT)
    for_all(tx, organization)

    delete_organization(tx, organization, at=LATER)

    assert told(tx) == []
