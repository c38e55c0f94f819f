"""The directory's facts in the words of Account Management.

Those about alternate contacts, regions, page tokens and updates that nobody asked for are as AWS was recorded in
September 2026; the others are ours (`docs/choices.md`).
Source: AWS Account Management API reference, the errors of each operation.
"""

from collections.abc import Callable
from datetime import datetime

from remit.directory.contacts import note_wrong_phone_code
from remit.directory.email_updates import note_wrong_email_code
from remit.directory.facts import (
    AlreadyExists,
    DirectoryFact,
    NotFound,
    Noun,
    OneTimeCodeRefused,
    QuotaExceeded,
    RegionRefused,
    StateRefused,
)
from remit.errors import ServiceError
from remit.ids import AccountId
from remit.store import Transaction

FIELD, REGION = "fieldValidationFailed", "invalidRegionOptTarget"
_MISSING = {
    Noun.ALTERNATE_CONTACT: "No contact of the inputted alternate contact type found.",
    Noun.CONTACT: "No contact information found for account {name}.",
    Noun.EMAIL_UPDATE: "No pending email update found for account {name}.",
    Noun.GOVCLOUD_ACCOUNT: "No GovCloud account is linked to account {name}.",
}


class OneTimeCodeWrong(ServiceError):
    """A code is not the one that was sent for *account*; *note* counts the guess."""

    def __init__(self, account: str, note: Callable[[Transaction, AccountId, datetime], None]) -> None:
        wrong = "The one-time passcode is incorrect or has expired."
        super().__init__("ValidationException", wrong, 400, _members(wrong, "Otp", FIELD))
        self.account = AccountId(account)
        self._note = note

    def count(self, tx: Transaction, at: datetime) -> None:
        """Count the guess, in a transaction of its own: that of the call was taken back."""
        self._note(tx, self.account, at)


class EmailCodeWrong(OneTimeCodeWrong):
    """The code is not that of the update of the e-mail address."""

    def __init__(self, account: str) -> None:
        super().__init__(account, note_wrong_email_code)


class PhoneCodeWrong(OneTimeCodeWrong):
    """The code is not that of the phone number."""

    def __init__(self, account: str) -> None:
        super().__init__(account, lambda tx, account, _: note_wrong_phone_code(tx, account))


def in_words_of_account(fact: DirectoryFact) -> ServiceError:  # noqa: PLR0911  # one for each fact
    """Say *fact* as Account Management does."""
    match fact:
        case NotFound(noun=Noun.REGION):
            return invalid(f"{fact.name} is not a valid region for opt-in or opt-out.", "RegionName")
        case NotFound():
            return ServiceError("ResourceNotFoundException", _MISSING[fact.noun].format(name=fact.name), 404)
        case RegionRefused(is_changing=True):
            return _conflict(
                f"Account {fact.account} and region {fact.region} is currently being enabled or disabled. Please wait "
                "until it finishes and then try again."
            )
        case RegionRefused():
            text = "Unable to switch region status because of its current opt-in status."
            return invalid(text, "RegionName", REGION)
        case AlreadyExists(noun=Noun.ACCOUNT):
            return _conflict("The email address is already in use by an account.")
        case StateRefused():
            return _conflict("The phone number has changed since the one-time passcode was sent. Request a new one.")
        case OneTimeCodeRefused():
            raise AssertionError("whoever checks a code says which it is")
        case QuotaExceeded():
            return ServiceError("TooManyRequestsException", "Too many requests. Please try again later.", 429)
        case _:
            raise AssertionError(f"Account Management has no words for {fact!r}")


def invalid(message: str, field: str, reason: str = FIELD) -> ServiceError:
    """Refuse the value of a member that the model allows."""
    return ServiceError("ValidationException", message, 400, _members(message, field, reason))


def _members(message: str, field: str, reason: str) -> dict[str, object]:
    return {"reason": reason, "fieldList": [{"name": field, "message": message}]}


def _conflict(message: str) -> ServiceError:
    return ServiceError("ConflictException", message, 409)
