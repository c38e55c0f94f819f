"""Signing as clients do, for our own command line: a form of the query protocol, signed in the header.

Source: `iam-sts` reference, section 2.1.
"""

from datetime import datetime
from hashlib import sha256

from remit.authn.canonical import canonical_headers
from remit.authn.scope import HMAC, TERMINATOR, terms_of
from remit.authn.sigv4 import SigningKey, derived, string_to_sign
from remit.ids import Secret

_SIGNED = "content-type;host;x-amz-date"


def signed_headers(
    host: str, service: str, region: str, form: bytes, *, key_id: str, secret: Secret, at: datetime
) -> dict[str, str]:
    """Return the headers of a POST of *form* to the path `/`, signed with a long-term key.

    Args:
        host: with the port, as the client writes it into the Host header.
    """
    date = at.strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", "host": host, "x-amz-date": date}
    credential = f"{key_id}/{date[:8]}/{region}/{service}/{TERMINATOR}"
    terms = terms_of(HMAC, credential, _SIGNED)
    lines, _ = canonical_headers(terms, headers)
    request = f"POST\n/\n\n{lines}\n{_SIGNED}\n{sha256(form).hexdigest()}"
    key = SigningKey(derived(secret, date[:8], region, service))
    signature = key.sign(string_to_sign(terms, date, request))
    headers["authorization"] = f"{HMAC} Credential={credential}, SignedHeaders={_SIGNED}, Signature={signature}"
    return headers
