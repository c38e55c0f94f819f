"""E-mails as files: one `.eml` each in a folder, from where a mail system of the operator's sends them.

A file is there whole or not at all, and its name follows from the notification: what is there is not written again.
Source: RFC 5322.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

from remit.directory.notifications import Notification
from remit.endpoint.letters import letter_of, one_line
from remit.endpoint.webhook import Untold
from remit.store.new_files import new_file

# An address without comments and quotes, which nobody has and which would have to be told from lists of addresses.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+")


def drop(folder: Path, notification: Notification, addresses: Sequence[str]) -> Path:
    """Write an e-mail to *addresses*, mode 0600, and return where it is; the folder is made when it is not there.

    Raises:
        Untold: none of the addresses is one, or the folder takes no file.
    """
    digest = hashlib.sha256(notification.id.encode()).hexdigest()
    path = folder / f"{notification.created_at:%Y%m%dT%H%M%SZ}-{digest[:32]}.eml"
    made = _message(notification, addresses, digest)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), new_file(path) as file:  # it was written, and nobody could note that
            file.write_bytes(made)
    except OSError as error:
        raise Untold(f"cannot write an e-mail into {folder}: {error.strerror}") from None
    return path


def _message(notification: Notification, addresses: Sequence[str], digest: str) -> bytes:
    to = [parsed for address in addresses if (parsed := _address(address)) is not None]
    if not to:
        raise Untold(_nowhere(notification))
    letter = letter_of(notification)
    message = EmailMessage(SMTP if all(one.addr_spec.isascii() for one in to) else SMTPUTF8)
    message["From"] = Address(letter.sender, "no-reply", "remit.invalid")
    message["To"] = to
    message["Date"] = notification.created_at
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{digest[:32]}@remit.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [*letter.lines, f"Notification {one_line(notification.id)}."]
    message.set_content("\n".join(lines) + "\n")
    return message.as_bytes()


def _nowhere(notification: Notification) -> str:
    if notification.addresses:
        return f"{one_line(notification.addresses[0])} is no e-mail address"
    return f"account {notification.account} has no e-mail address that is one"


def _address(text: str) -> Address | None:
    """Read an address; None for what is none. It may be whatever somebody called their account's."""
    if _ADDRESS.fullmatch(text) is None or not text.isprintable():
        return None
    return Address(username=text.partition("@")[0], domain=text.partition("@")[2])
