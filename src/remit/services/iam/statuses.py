"""Statuses of credentials: `Active` and `Inactive` can be set, `Expired` is what time does.

Source: `iam-sts` reference, section 11.
"""

from remit.services.iam.errors import invalid_input


def status(*, active: bool, expired: bool = False) -> str:
    """Return the status that answers show."""
    if expired:
        return "Expired"
    return "Active" if active else "Inactive"


def is_active(asked: str) -> bool:
    """Read a status that a call sets.

    Raises:
        ServiceError: InvalidInput, it is `Expired`.
    """
    if asked == "Expired":
        raise invalid_input("The status of a credential cannot be set to Expired.")
    return asked == "Active"
