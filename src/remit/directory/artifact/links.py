"""Links to documents: good for five minutes, for whoever has them, and for the document they were made for.

A link is signed in its query: what it leads to is sealed under the store's key, together with the path and the time at
which it ends, so nothing of it can be changed. It is no request that AWS's protocols know: the path below `/_remit/` is
ours, and who opens it signs nothing.
Source: `artifact` reference, section 5, "Presigned URL".
"""

from datetime import datetime
from urllib.parse import parse_qsl, quote

import msgspec

from remit.directory.artifact.facts import TokenRefused
from remit.store import Keyring, SealBroken, printed, unprinted

PREFIX = "/_remit/artifact/"
LINK_SECONDS = 300
_PURPOSE = "artifact-link"


class Plain(msgspec.Struct, frozen=True, tag="plain"):
    """A document as it is kept.

    Attributes:
        document: SHA-256 of its bytes.
    """

    document: str
    media_type: str = "application/pdf"


class Stamped(msgspec.Struct, frozen=True, tag="stamped"):
    """A version of a report, to be stamped anew for each download.

    Attributes:
        acceptance: id of the acceptance of its terms, which tells who downloads what.
    """

    acceptance: str


class Certified(msgspec.Struct, frozen=True, tag="certified"):
    """The certificate of an acceptance, for those who accepted.

    Attributes:
        customer_agreement: its id.
        as_json: whether it is the certificate alone, or a PDF with the agreement behind it.
    """

    customer_agreement: str
    as_json: bool = False


Target = Plain | Stamped | Certified
_decoder: msgspec.json.Decoder[Target] = msgspec.json.Decoder(Target)


def link_to(keyring: Keyring, endpoint: str, file_name: str, target: Target, at: datetime) -> str:
    """Return the URL of a document.

    Args:
        endpoint: the server's own URL, as the caller reached it.
        file_name: what a browser saves it as.
    """
    path = PREFIX + quote(file_name)
    ends = str(int(at.timestamp()) + LINK_SECONDS)
    sealed = keyring.seal(_PURPOSE, msgspec.json.encode(target), f"{path}?{ends}".encode())
    return f"{endpoint}{path}?Expires={ends}&Signature={printed(sealed)}"


def follow(keyring: Keyring, path: str, query: str, at: datetime) -> Target:
    """Return what a link leads to.

    Args:
        path: of the request, still percent-encoded. query: what follows the `?`.

    Raises:
        TokenRefused: it was altered, made up, or is over.
    """
    given = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in given]
    if sorted(names) != ["Expires", "Signature"]:
        raise TokenRefused
    values = dict(given)
    try:
        plain = keyring.open(_PURPOSE, unprinted(values["Signature"]), f"{path}?{values['Expires']}".encode())
    except SealBroken:
        raise TokenRefused from None
    if at.timestamp() >= int(values["Expires"]):
        raise TokenRefused
    return _decoder.decode(plain)
