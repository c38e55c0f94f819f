"""What a request presents to be believed, in whichever form it was signed."""

import msgspec

from remit.authn.scope import Terms


class Presented(msgspec.Struct, frozen=True, gc=False):
    """What a signed request says of its signature. Nothing is verified, and everything may be empty.

    Attributes:
        terms: what it was signed with.
        signature: in hexadecimal.
        date: as sent.
        token: the session token; None when there is none.
        missing: what to answer when parts are missing, a sentence each; empty when none is.
        queries: the canonical query strings that may have been signed: with or without the session token.
        expires: for how many seconds a pre-signed request is good, as sent; None for other requests.
        regions: of SigV4a, as sent.
        content: what `x-amz-content-sha256` says; None when it says nothing.
        presigned: whether the query string carries the signature.
    """

    terms: Terms
    signature: str
    date: str
    token: str | None
    missing: str
    queries: tuple[str, ...]
    content: str | None
    expires: str | None = None
    regions: str = ""
    presigned: bool = False
