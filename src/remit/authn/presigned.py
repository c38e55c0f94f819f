"""The signature in the query string: a URL that anybody may use until it ends.

Source: `iam-sts` reference, sections 1.1, 2.1 and 2.3, step 3.
"""

from urllib.parse import unquote

from remit.authn.canonical import canonical_query
from remit.authn.presented import Presented
from remit.authn.scope import terms_of
from remit.request import HttpRequest

ALGORITHM = "X-Amz-Algorithm"
_CREDENTIAL = "X-Amz-Credential"
_SIGNATURE = "X-Amz-Signature"
_SIGNED_HEADERS = "X-Amz-SignedHeaders"
_DATE = "X-Amz-Date"
_EXPIRES = "X-Amz-Expires"
_TOKEN = "X-Amz-Security-Token"  # noqa: S105  # a parameter's name
_REGION_SET = "X-Amz-Region-Set"
_CONTENT = "X-Amz-Content-Sha256"
_REQUIRED = (ALGORITHM, _CREDENTIAL, _SIGNATURE, _SIGNED_HEADERS, _DATE)


def is_presigned(parameters: list[tuple[str, str]]) -> bool:
    """Say whether a query string carries a signature, or a part of one."""
    return any(name in _REQUIRED for name, _ in parameters)


def has_algorithm(parameters: list[tuple[str, str]]) -> bool:
    """Say whether a query string names the algorithm of a signature."""
    return any(name == ALGORITHM for name, _ in parameters)


def read_presigned(http: HttpRequest, parameters: list[tuple[str, str]]) -> Presented:
    """Read what the query string of *http*, taken apart into *parameters*, presents."""
    found: dict[str, str] = {}
    for name, value in parameters:
        if name.startswith("X-Amz-"):
            # One that is there twice could be read in two ways, so it is not read at all.
            found[name] = "" if name in found else unquote(value, "latin-1")
    missing = [f"AWS query-string parameters must include '{name}'. " for name in _REQUIRED if not found.get(name)]
    if missing:
        missing.append("Re-examine the query-string parameters.")
    signed = canonical_query(parameters, without=(_SIGNATURE,))
    # Some clients add the session token when everything is signed.
    queries = (signed, canonical_query(parameters, without=(_SIGNATURE, _TOKEN))) if _TOKEN in found else (signed,)
    return Presented(
        terms_of(found.get(ALGORITHM, ""), found.get(_CREDENTIAL, ""), found.get(_SIGNED_HEADERS, "")),
        found.get(_SIGNATURE, ""),
        found.get(_DATE, ""),
        found.get(_TOKEN) or http.headers.get("x-amz-security-token") or None,
        "".join(missing),
        queries,
        found.get(_CONTENT) or http.headers.get("x-amz-content-sha256"),
        found.get(_EXPIRES),
        found.get(_REGION_SET, ""),
        presigned=True,
    )
