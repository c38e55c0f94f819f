r"""Changes of the e-mail address of a root user: asked for, proven with a one-time code, done.

    PENDING -> ACCEPTED -> COMPLETED
         \__ FAILED

A change is done when it is accepted; one whose code is over, by time or by guesses, has failed.
Source: AWS Account Management API reference, StartPrimaryEmailUpdate, AcceptPrimaryEmailUpdate and
GetPrimaryEmailUpdateStatus.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS, known_account, set_email
from remit.directory.facts import AlreadyExists, NotFound, Noun
from remit.directory.one_time_codes import About, OneTimeCode, forget_message, send_code
from remit.ids import AccountId
from remit.store import Kind, Transaction


class EmailStatus(StrEnum):
    """How far a change is."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class EmailUpdate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last change of an account's address; there is one of these at most, with the account's id.

    Attributes:
        email: the new address.
        moved_at: when it was asked for, done, or failed.
        is_done: whether the code was given.
    """

    id: str
    account: AccountId
    email: str
    code: OneTimeCode
    moved_at: datetime
    is_done: bool = False

    def status_at(self, at: datetime) -> EmailStatus:
        """Return how far it is at an instant."""
        if self.is_done:
            return EmailStatus.COMPLETED
        return EmailStatus.PENDING if self.code.is_good_at(at) else EmailStatus.FAILED

    def updated_at(self, at: datetime) -> datetime:
        """Return since when it is so."""
        return self.code.expires_at if not self.is_done and at >= self.code.expires_at else self.moved_at


EMAIL_UPDATES = Kind("email_update", EmailUpdate)


def last_email_update(tx: Transaction, account: AccountId) -> EmailUpdate:
    """Find the last change that was asked for.

    Raises:
        NotFound: none ever was.
    """
    found = tx.get(EMAIL_UPDATES, account)
    if found is None:
        raise NotFound(Noun.EMAIL_UPDATE, account)
    return found


def start_email_update(tx: Transaction, account: AccountId, email: str, at: datetime) -> EmailUpdate:
    """Ask for a change to *email*: a code is sent there, and what was asked for before is forgotten.

    Raises:
        AlreadyExists: an account has the address.
        QuotaExceeded: three codes were sent within half a minute.
    """
    _refuse_taken(tx, email)
    last = tx.get(EMAIL_UPDATES, account)
    code = send_code(tx, account, About.EMAIL, f"mailto:{email}", at=at, last=None if last is None else last.code)
    started = EmailUpdate(id=account, account=account, email=email, code=code, moved_at=at)
    tx.put(EMAIL_UPDATES, started)
    return started


def pending_email_update(tx: Transaction, account: AccountId, at: datetime) -> EmailUpdate:
    """Find the change that waits for its code.

    Raises:
        NotFound: none does.
    """
    found = last_email_update(tx, account)
    if found.status_at(at) is not EmailStatus.PENDING:
        raise NotFound(Noun.EMAIL_UPDATE, account)
    return found


def accept_email_update(tx: Transaction, update: EmailUpdate, given: str, at: datetime) -> None:
    """Give the account its new address.

    Raises:
        OneTimeCodeRefused: *given* is not the code.
        AlreadyExists: another account took the address meanwhile.
    """
    update.code.verify(tx.keyring, given, at)
    _refuse_taken(tx, update.email)
    forget_message(tx, update.account, About.EMAIL)
    set_email(tx, known_account(tx, update.account), update.email)
    tx.put(EMAIL_UPDATES, msgspec.structs.replace(update, is_done=True, moved_at=at))


def note_wrong_email_code(tx: Transaction, account: AccountId, at: datetime) -> None:
    """Count a wrong code."""
    update = tx.get(EMAIL_UPDATES, account)
    if update is not None and update.status_at(at) is EmailStatus.PENDING:
        tx.put(EMAIL_UPDATES, msgspec.structs.replace(update, code=update.code.after_wrong_guess(), moved_at=at))


def _refuse_taken(tx: Transaction, email: str) -> None:
    if tx.find(ACCOUNTS, "email", email.lower()) is not None:
        raise AlreadyExists(Noun.ACCOUNT, email)
