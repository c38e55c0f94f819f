"""Whom an invitation is for: the `Target` of an input.

Source: `organizations` reference, 2.4 and 3.4.
"""

import re
from typing import Any

from remit.directory.organizations.handshakes import Party, PartyType
from remit.services.organizations.errors import invalid_input

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_EMAIL_LENGTHS = range(6, 65)


def party(target: Any) -> Party:
    """Return the party that a target names.

    Raises:
        ServiceError: it names an organization, or what it names is neither an account id nor an e-mail address.
    """
    found = Party(PartyType(target["Type"]), target["Id"])
    match found.type:
        case PartyType.ORGANIZATION:
            raise invalid_input(
                "INVALID_PARTY_TYPE_TARGET",
                "You specified the wrong type of entity (account, organization, or email) as a party.",
            )
        case PartyType.EMAIL if _EMAIL.fullmatch(found.id) is None or len(found.id) not in _EMAIL_LENGTHS:
            raise invalid_input(
                "INVALID_EMAIL_ADDRESS_TARGET",
                "You specified an invalid email address for the invited account owner.",
            )
        case PartyType.ACCOUNT if _ACCOUNT.fullmatch(found.id) is None:
            raise invalid_input("INVALID_PATTERN", "You provided a value that doesn't match the required pattern.")
        case _:
            return found
