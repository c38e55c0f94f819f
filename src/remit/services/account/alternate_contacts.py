"""Alternate contacts: whom AWS asks about billing, operations and security.

Source: AWS Account Management API reference; what is trimmed as AWS was recorded in September 2026.
"""

from remit.directory import contacts as directory
from remit.directory.contacts import AlternateContact, ContactType
from remit.request import Call, Parsed
from remit.services.account import shapes
from remit.services.account.registry import operation
from remit.services.account.targets import denied, target_of
from remit.store import Transaction

_TYPES = frozenset(ContactType)


def _check_type(parsed: Parsed) -> None:
    """Refuse another type: AWS looks at it where it asks who may, before the input is checked.

    Raises:
        AccessDenied: it is none of the three.
    """
    if parsed.input["AlternateContactType"] not in _TYPES:
        raise denied(parsed, "You specified an invalid Alternate Contact type.")


@operation("GetAlternateContact", also=_check_type)
def get_alternate_contact(
    call: Call[shapes.GetAlternateContactRequest], tx: Transaction
) -> shapes.GetAlternateContactResponse:
    """Show a contact.

    Raises:
        NotFound: there is none of the type.
    """
    kind = ContactType(call.input["AlternateContactType"])
    found = directory.alternate_contact(tx, target_of(call), kind)
    return {
        "AlternateContact": {
            "Name": found.name,
            "Title": found.title,
            "EmailAddress": found.email,
            "PhoneNumber": found.phone,
            "AlternateContactType": kind,
        }
    }


@operation("PutAlternateContact", also=_check_type)
def put_alternate_contact(call: Call[shapes.PutAlternateContactRequest], tx: Transaction) -> None:
    """Give a contact, in the place of the one of its type; only the e-mail address is trimmed."""
    asked = call.input
    contact = AlternateContact(
        name=asked["Name"],
        title=asked["Title"],
        email=asked["EmailAddress"].strip(),
        phone=asked["PhoneNumber"],
    )
    directory.put_alternate_contact(tx, target_of(call), ContactType(asked["AlternateContactType"]), contact)


@operation("DeleteAlternateContact", also=_check_type)
def delete_alternate_contact(call: Call[shapes.DeleteAlternateContactRequest], tx: Transaction) -> None:
    """Remove a contact.

    Raises:
        NotFound: there is none of the type.
    """
    directory.delete_alternate_contact(tx, target_of(call), ContactType(call.input["AlternateContactType"]))
