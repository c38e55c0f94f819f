"""Contacts: one of each kind, and the phone number of the first."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.contacts import (
    AlternateContact,
    ContactType,
    PhoneStatus,
    alternate_contact,
    delete_alternate_contact,
    inherit_primary_contact,
    note_wrong_phone_code,
    primary_contact,
    put_alternate_contact,
    put_primary_contact,
    send_phone_code,
    verify_phone,
)
from remit.directory.facts import NotFound, OneTimeCodeRefused, StateRefused
from remit.directory.one_time_codes import MESSAGES
from remit.store import Transaction

BO = AlternateContact(name="Bo", title="Chief", email="bo@example.com", phone="1")
PRIMARY = {"PhoneNumber": "+47 22"}


def _code(tx: Transaction) -> str:
    return max(tx.all(MESSAGES), key=lambda message: message.at).code(tx.keyring).reveal()


def test_contacts_do_not_touch_one_another(tx: Transaction) -> None:
    put_primary_contact(tx, OWN, PRIMARY)
    for kind in ContactType:
        put_alternate_contact(tx, OWN, kind, BO)
    delete_alternate_contact(tx, OWN, ContactType.BILLING)

    assert primary_contact(tx, OWN).primary == PRIMARY
    assert alternate_contact(tx, OWN, ContactType.SECURITY) == BO
    with pytest.raises(NotFound):
        alternate_contact(tx, OWN, ContactType.BILLING)
    with pytest.raises(NotFound):
        alternate_contact(tx, OTHER, ContactType.SECURITY)


def test_an_alternate_contact_makes_no_primary_one(tx: Transaction) -> None:
    put_alternate_contact(tx, OWN, ContactType.BILLING, BO)

    with pytest.raises(NotFound):
        primary_contact(tx, OWN)


def test_an_heir_has_a_name_of_its_own(tx: Transaction) -> None:
    inherit_primary_contact(tx, OTHER, OWN, "Sales")
    with pytest.raises(NotFound):
        primary_contact(tx, OTHER)
    put_primary_contact(tx, OWN, {**PRIMARY, "FullName": "Ana"})
    put_alternate_contact(tx, OWN, ContactType.BILLING, BO)

    inherit_primary_contact(tx, OTHER, OWN, "Sales")

    assert primary_contact(tx, OTHER).primary == {**PRIMARY, "FullName": "Sales"}
    with pytest.raises(NotFound):
        alternate_contact(tx, OTHER, ContactType.BILLING)


def test_a_code_is_pending_for_ten_minutes(tx: Transaction) -> None:
    put_primary_contact(tx, OWN, PRIMARY)
    contacts = send_phone_code(tx, OWN, AT)
    end = AT + timedelta(minutes=10)

    assert contacts.phone_status(end - timedelta(seconds=1)) is PhoneStatus.PENDING
    assert contacts.phone_status(end) is PhoneStatus.UNVERIFIED
    with pytest.raises(OneTimeCodeRefused):
        verify_phone(tx, OWN, _code(tx), end)


def test_a_verified_number_stays_so_through_other_changes(tx: Transaction) -> None:
    put_primary_contact(tx, OWN, PRIMARY)
    send_phone_code(tx, OWN, AT)
    verify_phone(tx, OWN, _code(tx), AT)
    put_primary_contact(tx, OWN, {**PRIMARY, "City": "Oslo"})

    assert primary_contact(tx, OWN).phone_status(AT) is PhoneStatus.VERIFIED
    put_primary_contact(tx, OWN, {"PhoneNumber": "+47 33"})
    assert primary_contact(tx, OWN).phone_status(AT) is PhoneStatus.UNVERIFIED


def test_a_code_verifies_the_number_it_was_sent_to(tx: Transaction) -> None:
    put_primary_contact(tx, OWN, PRIMARY)
    send_phone_code(tx, OWN, AT)
    put_primary_contact(tx, OWN, {"PhoneNumber": "+47 33"})

    with pytest.raises(StateRefused):
        verify_phone(tx, OWN, _code(tx), AT)
    assert primary_contact(tx, OWN).phone_status(AT) is PhoneStatus.UNVERIFIED


def test_wrong_codes_are_counted_where_there_is_one(tx: Transaction) -> None:
    note_wrong_phone_code(tx, OWN)
    put_primary_contact(tx, OWN, PRIMARY)
    note_wrong_phone_code(tx, OWN)
    send_phone_code(tx, OWN, AT)
    for _ in range(5):
        note_wrong_phone_code(tx, OWN)

    assert primary_contact(tx, OWN).phone_status(AT) is PhoneStatus.UNVERIFIED
    with pytest.raises(OneTimeCodeRefused):
        verify_phone(tx, OWN, _code(tx), AT)
