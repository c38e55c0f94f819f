"""Whose credentials a call is about: those of the user it names, else of who signed, who may be the root user.

Source: `iam-sts` reference, sections 5, 11 and 18.
"""

from typing import Any

from remit.request import Call
from remit.services.iam.users import named_user
from remit.store import Transaction

# AWS's answers need a user name for the root user's own credentials; the console calls it so.
ROOT = "root"


def owner_of(call: Call[Any], tx: Transaction) -> tuple[str, str]:
    """Return id and name of the user whose credentials the call is about; for root the account id."""
    user = named_user(call, tx)
    return (call.account, ROOT) if user is None else (user.id, user.name)
