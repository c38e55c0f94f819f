"""One-time codes: sent to an address to prove that somebody reads there.

A code is good for a while, and for a few guesses; it is kept sealed, and so is the message that brings it.
AWS sends an e-mail or a text message; here whoever runs the store takes the messages from the outbox and passes them
on.
INVARIANT: a code leaves this module in a message only, and is compared in constant time.
Source: AWS Account Management reference guide, "Update the root user email address" and "Update the primary contact".
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.facts import OneTimeCodeRefused, Quota, QuotaExceeded
from remit.ids import AccountId, Secret, new_one_time_code, new_uuid
from remit.store import Keyring, Kind, Transaction

_PURPOSE, _MESSAGE = "one-time-code", "message"
_GUESSES = 5
_WINDOW, _IN_WINDOW = timedelta(seconds=30), 3


class About(StrEnum):
    """What a code proves the address of."""

    EMAIL = "primary e-mail address"
    PHONE = "phone number of the primary contact"
    PORTAL = "preference of a procurement portal"


_LIFE = {About.EMAIL: timedelta(hours=24), About.PHONE: timedelta(minutes=10), About.PORTAL: timedelta(hours=24)}


def _whose(about: About, account: AccountId) -> bytes:
    return f"{about}:{account}".encode()


class OneTimeCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A code that was sent.

    Attributes:
        sealed: the code, sealed for what it proves, and whose.
        sent_at: when the last ones were sent, this one last.
        wrong: how many wrong codes were given since.
    """

    about: About
    account: AccountId
    sealed: bytes
    sent_at: tuple[datetime, ...]
    wrong: int = 0

    @property
    def expires_at(self) -> datetime:
        """When it ends, if nobody guesses."""
        return self.sent_at[-1] + _LIFE[self.about]

    def is_good_at(self, at: datetime) -> bool:
        """Whether it can still be given."""
        return at < self.expires_at and self.wrong < _GUESSES

    def verify(self, keyring: Keyring, given: str, at: datetime) -> None:
        """Refuse *given* unless it is the code, and still good.

        Raises:
            OneTimeCodeRefused: it is not; the caller's change is taken back, so the guess is counted in another one.
        """
        code = Secret(keyring.open(_PURPOSE, self.sealed, _whose(self.about, self.account)).decode())
        if code != Secret(given) or not self.is_good_at(at):
            raise OneTimeCodeRefused(self.account)

    def after_wrong_guess(self) -> "OneTimeCode":
        """Return the code with one guess less."""
        return msgspec.structs.replace(self, wrong=self.wrong + 1)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message that brings a code; whoever runs the store takes it from there, while the code is good for anything.

    Attributes:
        to: where to, `mailto:ana@example.com` or `sms:+4930123456`.
        sealed_code: sealed for this message.
    """

    id: str
    account: AccountId
    about: About
    to: str
    sealed_code: bytes
    at: datetime

    def code(self, keyring: Keyring) -> Secret:
        """Open the code."""
        return Secret(keyring.open(_MESSAGE, self.sealed_code, self.id.encode()).decode())


MESSAGES = Kind("message", Message, unique={"about": lambda message: (message.account, message.about)})


def send_code(
    tx: Transaction, account: AccountId, about: About, to: str, *, at: datetime, last: OneTimeCode | None
) -> OneTimeCode:
    """Make a code, and put the message that brings it into the outbox, in the place of the last one.

    Args:
        last: the code that was sent before, which is none any more.

    Raises:
        QuotaExceeded: three were sent within half a minute.
    """
    sent_at = () if last is None else tuple(earlier for earlier in last.sent_at if at - earlier < _WINDOW)
    if len(sent_at) >= _IN_WINDOW:
        raise QuotaExceeded(Quota.ONE_TIME_CODES)
    forget_message(tx, account, about)
    code = new_one_time_code().reveal().encode()
    id_ = new_uuid()
    sealed_code = tx.keyring.seal(_MESSAGE, code, id_.encode())
    tx.put(MESSAGES, Message(id=id_, account=account, about=about, to=to, sealed_code=sealed_code, at=at))
    sealed = tx.keyring.seal(_PURPOSE, code, _whose(about, account))
    return OneTimeCode(about=about, account=account, sealed=sealed, sent_at=(*sent_at, at))


def forget_message(tx: Transaction, account: AccountId, about: About) -> None:
    """Take the message out of the outbox whose code was used, or is replaced; nothing, where somebody took it."""
    found = tx.find(MESSAGES, "about", (account, about))
    if found is not None:
        tx.delete(MESSAGES, found)
