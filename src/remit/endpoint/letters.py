"""Letters: what people read of notifications, by the words of the area that tells; each line is one."""

from remit.directory.artifact.letters import artifact_letter
from remit.directory.billing.letters import BillingEvent, billing_letter
from remit.directory.notifications import Letter, Notification

_OF_BILLING = frozenset(BillingEvent)


def letter_of(notification: Notification) -> Letter:
    """Return what people read of *notification*; whatever it quotes stays within its line."""
    write = billing_letter if notification.event in _OF_BILLING else artifact_letter
    letter = write(notification)
    return Letter(
        sender=letter.sender, subject=one_line(letter.subject), lines=tuple(one_line(line) for line in letter.lines)
    )


def one_line(text: str) -> str:
    """Return *text* without what would end a line, or cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
