"""Contacts of an account: the primary one, and one each for billing, operations and security.

The phone number of the primary contact can be verified with a one-time code; another number has to be verified again.
Source: AWS Account Management reference guide, "Update the primary contact" and "Update the alternate contacts".
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS
from remit.directory.facts import NotFound, Noun, OneTimeCodeRefused, StateRefused
from remit.directory.one_time_codes import About, OneTimeCode, forget_message, send_code
from remit.ids import AccountId
from remit.store import Kind, Transaction


class ContactType(StrEnum):
    """What an alternate contact is for."""

    BILLING = "BILLING"
    OPERATIONS = "OPERATIONS"
    SECURITY = "SECURITY"


class PhoneStatus(StrEnum):
    """Whether somebody proved to read what is sent to the phone number."""

    PENDING = "PENDING"
    VERIFIED = "VERIFIED"
    UNVERIFIED = "UNVERIFIED"


class AlternateContact(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask about one matter."""

    name: str
    title: str
    email: str
    phone: str


class Contacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The contacts of an account; there is one of these at most, with the account's id.

    Attributes:
        primary: members of AWS's `ContactInformation`, by name; empty for an account that never gave any.
        alternates: by type.
        verified_phone: the number that was verified; empty for none.
        code: the code that was sent last; None for none.
        code_phone: where it was sent.
    """

    id: str
    account: AccountId
    primary: dict[str, str] = {}
    alternates: dict[ContactType, AlternateContact] = {}
    verified_phone: str = ""
    code: OneTimeCode | None = None
    code_phone: str = ""

    @property
    def phone(self) -> str:
        """The phone number of the primary contact."""
        return self.primary["PhoneNumber"]

    def phone_status(self, at: datetime) -> PhoneStatus:
        """Return how far the phone number is verified."""
        if self.verified_phone == self.phone:
            return PhoneStatus.VERIFIED
        is_pending = self.code is not None and self.code_phone == self.phone and self.code.is_good_at(at)
        return PhoneStatus.PENDING if is_pending else PhoneStatus.UNVERIFIED


CONTACTS = Kind("contacts", Contacts)


def _contacts(tx: Transaction, account: AccountId) -> Contacts:
    return tx.get(CONTACTS, account) or Contacts(id=account, account=account)


# -- the primary contact


def primary_contact(tx: Transaction, account: AccountId) -> Contacts:
    """Return the contacts of *account*, the primary one among them.

    Raises:
        NotFound: nobody gave it any yet.
    """
    found = tx.get(CONTACTS, account)
    if found is None or not found.primary:
        raise NotFound(Noun.CONTACT, account)
    return found


def put_primary_contact(tx: Transaction, account: AccountId, primary: dict[str, str]) -> None:
    """Put *primary* in the place of the primary contact."""
    tx.put(CONTACTS, msgspec.structs.replace(_contacts(tx, account), primary=primary))


def inherit_primary_contact(tx: Transaction, heir: AccountId, of: AccountId, full_name: str) -> None:
    """Give *heir*, an account that an organization creates, the primary contact of the management account.

    All but the name is the same, as AWS was recorded; where there is none there is nothing to inherit.
    """
    found = tx.get(CONTACTS, of)
    if found is not None and found.primary:
        put_primary_contact(tx, heir, {**found.primary, "FullName": full_name})


# -- alternate contacts


def alternate_contact(tx: Transaction, account: AccountId, kind: ContactType) -> AlternateContact:
    """Find a contact by its type.

    Raises:
        NotFound: there is none.
    """
    found = _contacts(tx, account).alternates.get(kind)
    if found is None:
        raise NotFound(Noun.ALTERNATE_CONTACT, kind)
    return found


def put_alternate_contact(tx: Transaction, account: AccountId, kind: ContactType, contact: AlternateContact) -> None:
    """Put *contact* in the place of the one of its type."""
    contacts = _contacts(tx, account)
    tx.put(CONTACTS, msgspec.structs.replace(contacts, alternates={**contacts.alternates, kind: contact}))


def delete_alternate_contact(tx: Transaction, account: AccountId, kind: ContactType) -> None:
    """Remove the contact of a type.

    Raises:
        NotFound: there is none.
    """
    alternate_contact(tx, account, kind)
    contacts = _contacts(tx, account)
    left = {other: contact for other, contact in contacts.alternates.items() if other is not kind}
    tx.put(CONTACTS, msgspec.structs.replace(contacts, alternates=left))


def addresses_of(tx: Transaction, account: AccountId, *kinds: ContactType) -> tuple[str, ...]:
    """Return the e-mail address of an account's root user and those of its contacts of these types, none twice."""
    found = tx.get(ACCOUNTS, account)
    alternates = _contacts(tx, account).alternates
    addresses = [] if found is None else [found.email]
    addresses += [alternates[kind].email for kind in kinds if kind in alternates]
    return tuple({address.lower(): address for address in reversed(addresses)}.values())[::-1]


# -- the phone number


def send_phone_code(tx: Transaction, account: AccountId, at: datetime) -> Contacts:
    """Send a code to the phone number, unless it is verified, and return the contacts as they are now.

    Raises:
        NotFound: there is no primary contact.
        QuotaExceeded: three codes were sent within half a minute.
    """
    contacts = primary_contact(tx, account)
    if contacts.verified_phone == contacts.phone:
        return contacts
    code = send_code(tx, account, About.PHONE, f"sms:{contacts.phone}", at=at, last=contacts.code)
    sent = msgspec.structs.replace(contacts, code=code, code_phone=contacts.phone)
    tx.put(CONTACTS, sent)
    return sent


def verify_phone(tx: Transaction, account: AccountId, given: str, at: datetime) -> Contacts:
    """Believe that somebody reads what is sent to the phone number, and return the contacts as they are now.

    Raises:
        NotFound: there is no primary contact.
        StateRefused: the number is another one since the code was sent.
        OneTimeCodeRefused: *given* is not the code, or that is over.
    """
    contacts = primary_contact(tx, account)
    if contacts.code is None:
        raise OneTimeCodeRefused(account)
    if contacts.code_phone != contacts.phone:
        raise StateRefused(account, "another phone number")
    contacts.code.verify(tx.keyring, given, at)
    forget_message(tx, account, About.PHONE)
    verified = msgspec.structs.replace(contacts, verified_phone=contacts.phone, code=None, code_phone="")
    tx.put(CONTACTS, verified)
    return verified


def note_wrong_phone_code(tx: Transaction, account: AccountId) -> None:
    """Count a wrong code."""
    contacts = tx.get(CONTACTS, account)
    if contacts is not None and contacts.code is not None:
        tx.put(CONTACTS, msgspec.structs.replace(contacts, code=contacts.code.after_wrong_guess()))
