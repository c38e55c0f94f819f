"""The signature in the `Authorization` header.

    Authorization: AWS4-HMAC-SHA256 Credential=AKIA.../20261123/us-east-1/iam/aws4_request,
                   SignedHeaders=content-type;host;x-amz-date, Signature=...

All but the signature stays the same for a client's whole day, so that part is taken apart once and kept.
Source: `iam-sts` reference, sections 2.1 and 2.3, step 3.
"""

from remit.authn.kept import Kept
from remit.authn.presented import Presented
from remit.authn.scope import Terms, terms_of
from remit.request import HttpRequest

SCHEME = "AWS4-"
_PARTS = ("Credential", "Signature", "SignedHeaders")
_SIGNATURE_CHARACTERS = 64
_KEPT_CHARACTERS_MAX = 1_024
# A client may send a header of 60 kB; it need not get it back, nor does the trail.
_SHOWN_MAX = 1_024

# What stands before a signature at the end of the header -> what it says. Nothing incomplete is in it.
_known: Kept[str, Terms] = Kept(4_096)


def read_header(http: HttpRequest, authorization: str, query: str) -> Presented:
    """Read what the `Authorization` header of *http* presents; *query* is the canonical query string."""
    headers = http.headers
    date = headers.get("x-amz-date") or headers.get("date", "")
    signature = authorization[-_SIGNATURE_CHARACTERS:]
    terms = _known.get(authorization[:-_SIGNATURE_CHARACTERS])
    missing = ""
    if terms is None or not date or not signature.isalnum():
        terms, signature, missing = _taken_apart(authorization, date)
    return Presented(
        terms,
        signature,
        date,
        headers.get("x-amz-security-token") or None,
        missing,
        (query,),
        headers.get("x-amz-content-sha256"),
        None,
        headers.get("x-amz-region-set", "") if terms.is_asymmetric else "",
    )


def _taken_apart(authorization: str, date: str) -> tuple[Terms, str, str]:
    """Return what a header says: the terms, the signature, and a sentence for each part that is missing."""
    algorithm, parts = _parts(authorization)
    credential, signature, signed_headers = (parts.get(part, "") for part in _PARTS)
    terms = terms_of(algorithm, credential, signed_headers)
    missing = [f"Authorization header requires '{part}' parameter. " for part in _PARTS if not parts.get(part)]
    before = authorization.removesuffix(signature)
    if (
        not missing
        and len(signature) == _SIGNATURE_CHARACTERS
        and len(before) <= _KEPT_CHARACTERS_MAX
        and before.endswith((" Signature=", ",Signature="))
    ):
        _known.keep(before, terms)
    if not date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
    if missing:
        missing.append(f"Authorization={authorization[:_SHOWN_MAX]}")
    return terms, signature, "".join(missing)


def _parts(authorization: str) -> tuple[str, dict[str, str]]:
    """Split a header into the algorithm and its parts, whatever separates them; one that is there twice is empty."""
    algorithm, _, rest = authorization.partition(" ")
    parts: dict[str, str] = {}
    for piece in rest.replace(",", " ").split():
        name, _, value = piece.partition("=")
        parts[name] = "" if name in parts else value
    return algorithm, parts
