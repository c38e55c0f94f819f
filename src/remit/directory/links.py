"""Links to files: good for five minutes, for whoever has them, and for the file they were made for.

A link is signed in its query: what it leads to is sealed under the store's key, together with the path and the time at
which it ends, so nothing of it can be changed. It is no request that AWS's protocols know: the paths below `/_remit/`
are ours, and who opens a link signs nothing.
Source: `artifact` reference, section 5, "Presigned URL".
"""

from datetime import datetime, timedelta
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, quote

import msgspec

from remit.store import Keyring, SealBroken, printed, unprinted

T = TypeVar("T")
LINK_SECONDS = 300


class LinkRefused(Exception):
    """A link that was altered, made up, or is over."""


class Links(Generic[T]):
    """The links of one service.

    Args:
        prefix: of their paths, `/_remit/artifact/`.
        purpose: under which their targets are sealed; no other links have it.
        decoder: of what they lead to.
    """

    def __init__(self, prefix: str, purpose: str, decoder: msgspec.json.Decoder[T]) -> None:
        self.prefix = prefix
        self._purpose = purpose
        self._decoder = decoder

    def to(self, keyring: Keyring, endpoint: str, file_name: str, target: T, at: datetime) -> str:
        """Return the URL of a file.

        Args:
            endpoint: the server's own URL, as the caller reached it.
            file_name: what a browser saves it as.
        """
        path = self.prefix + quote(file_name)
        ends = str(int(ends_at(at).timestamp()))
        sealed = keyring.seal(self._purpose, msgspec.json.encode(target), f"{path}?{ends}".encode())
        return f"{endpoint}{path}?Expires={ends}&Signature={printed(sealed)}"

    def follow(self, keyring: Keyring, path: str, query: str, at: datetime) -> T:
        """Return what a link leads to.

        Args:
            path: of the request, still percent-encoded.
            query: what follows the `?`.

        Raises:
            LinkRefused: it was altered, made up, or is over.
        """
        given = parse_qsl(query, keep_blank_values=True)
        if sorted(name for name, _ in given) != ["Expires", "Signature"]:
            raise LinkRefused
        values = dict(given)
        try:
            plain = keyring.open(self._purpose, unprinted(values["Signature"]), f"{path}?{values['Expires']}".encode())
        except SealBroken:
            raise LinkRefused from None
        if at.timestamp() >= int(values["Expires"]):
            raise LinkRefused
        return self._decoder.decode(plain)


def ends_at(at: datetime) -> datetime:
    """Return when a link that is made *at* a moment ends: a whole second."""
    return at.replace(microsecond=0) + timedelta(seconds=LINK_SECONDS)
