"""Authentication: from a routed request to a signed one, step by step as AWS checks.

The numbers of the steps are those of the reference. A request that fails two of them gets the answer of the first.
INVARIANT: `authenticate` returns only after the signature was compared, or for an operation that AWS leaves unsigned.
Source: `iam-sts` reference, section 2.3.
"""

from collections.abc import Callable
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from remit.authn.callers import Identified, check_token, credentials, identify
from remit.authn.canonical import (
    canonical_headers,
    canonical_object_path,
    canonical_parameters,
    canonical_path,
    canonical_query,
    normalised,
)
from remit.authn.chunked import Seed, decoded
from remit.authn.header import SCHEME, read_header
from remit.authn.kept import Kept
from remit.authn.opted import check_region
from remit.authn.payload import OBJECT_SERVICES, check_object_hash, is_chunked, payload_hash
from remit.authn.presented import Presented
from remit.authn.presigned import has_algorithm, is_presigned, read_presigned
from remit.authn.scope import check_scope, check_signed_headers, region_of_set
from remit.authn.sigv4 import MISMATCH, SigningKeys, is_signature, signing_key, string_to_sign
from remit.authn.sigv4a import is_signature_of, public_key
from remit.authn.window import check_window
from remit.errors import IncompleteSignature, MissingAuthenticationToken, SignatureDoesNotMatch
from remit.ids import AccountId
from remit.request import Caller, CallerKind, HttpRequest, Protocol, Routed, Signed
from remit.store import Transaction

# Called once, as soon as a request named its key and before anything was verified: with the key id, and the account
# whose key it is. So a refused request can be recorded where it belongs.
Claim = Callable[[str, AccountId | None], None]

_ANONYMOUS = Caller(kind=CallerKind.ANONYMOUS, account=AccountId(""))
_UNSIGNED_REGION = "us-east-1"
# These two say that a signature is wrong, and not what it should have been.
_TERSE = frozenset(("iam", "sts"))
_EXPLAINED_CHARACTERS_MAX = 8_192
_BY_PATH = frozenset((Protocol.REST_JSON, Protocol.REST_XML))

_signing_keys: SigningKeys = Kept(4_096)
_public_keys: Kept[tuple[str, bytes], EllipticCurvePublicKey] = Kept(1_024)


def authenticate(tx: Transaction, routed: Routed, claim: Claim) -> Signed:
    """Find out who signed a request, and that nobody changed it since.

    Operations that AWS leaves unsigned get an anonymous caller; a signature that is sent anyway is ignored.

    Raises:
        MissingAuthenticationToken: there is no signature.
        IncompleteSignature: a part of it is missing or cannot be read.
        SignatureDoesNotMatch: it is wrong, scoped to something else, or its time is over or to come.
        InvalidClientTokenId: the key is unknown or inactive, or the session token is not this key's.
        ExpiredToken: the session token is over.
        MalformedQueryString: the query string cannot be read.
        ServiceError: a body in chunks is not what its head or trailer says.
    """
    http = routed.http
    if routed.unsigned:
        return Signed(routed, _ANONYMOUS, _UNSIGNED_REGION, http.body)
    presented = _presented(http)  # (1), (2)
    terms, token = presented.terms, presented.token
    found = credentials(tx, terms.key_id, token)
    if terms.key_id:
        claim(terms.key_id, None if found is None else found.account)
    if presented.missing:  # (3)
        raise IncompleteSignature(presented.missing)
    service, at = routed.signing_name, routed.at
    date = check_window(presented.date, presented.expires, service, at)  # (4)
    check_signed_headers(terms, http.headers, presigned=presented.presigned)  # (5)
    check_scope(terms, service, date, presented.regions)  # (6), (7), (8)
    region = region_of_set(presented.regions) if terms.is_asymmetric else terms.region
    who = identify(tx, found, token, region)  # (9)
    check_region(tx, who.caller, service, region, at)
    _check_signature(routed, presented, who, date)  # (10)
    check_token(who.caller, token, at)  # (11)
    body = http.body if presented.content is None else _payload(routed, presented, who, date)
    return Signed(routed, who.caller, region, body)


def _presented(http: HttpRequest) -> Presented:
    """Read the signature, wherever it is.

    Raises:
        MissingAuthenticationToken: there is none.
        SignatureDoesNotMatch: there are two.
    """
    authorization = http.headers.get("authorization", "")
    parameters = canonical_parameters(http.query) if http.query else []
    if parameters and authorization and has_algorithm(parameters):
        raise SignatureDoesNotMatch(
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
        )
    if authorization.startswith(SCHEME):
        return read_header(http, authorization, canonical_query(parameters) if parameters else "")
    if parameters and not authorization and is_presigned(parameters):
        return read_presigned(http, parameters)
    raise MissingAuthenticationToken


def _check_signature(routed: Routed, presented: Presented, who: Identified, date: str) -> None:
    """Compare the signature with that of the request as it arrived.

    Raises:
        SignatureDoesNotMatch: it is another, or the signed headers are not in order, or one of them is not there.
    """
    http, terms, service = routed.http, presented.terms, routed.signing_name
    path, sound = http.path, True
    if service in OBJECT_SERVICES:
        path = canonical_object_path(path)
    elif path != "/":
        # Where the path names the operation, it must be the one path of its canonical form that routing understands.
        sound = routed.protocol not in _BY_PATH or normalised(path) == path
        path = canonical_path(path)
    headers, complete = canonical_headers(terms, http.headers)
    rest = f"{headers}\n{terms.listing}\n{payload_hash(presented, service, http.body)}"
    for query in presented.queries:
        request = f"{http.method}\n{path}\n{query}\n{rest}"
        text = string_to_sign(terms, date, request)
        if _is_signed(text, presented, who) and sound and complete:
            return
    request = f"{http.method}\n{path}\n{presented.queries[0]}\n{rest}"
    raise _mismatch(service, request, string_to_sign(terms, date, request), presented.token)


def _is_signed(text: bytes, presented: Presented, who: Identified) -> bool:
    terms = presented.terms
    if terms.is_asymmetric:
        name = (terms.key_id, who.version)
        key = _public_keys.get(name) or _public_keys.keep(name, public_key(terms.key_id, who.secret()))
        return is_signature_of(key, text, presented.signature)
    signing = signing_key(_signing_keys, terms, who.version, who.secret)
    return is_signature(signing.sign(text), presented.signature)


def _mismatch(service: str, request: str, text: bytes, token: str | None) -> SignatureDoesNotMatch:
    """Say that the signature is wrong and, for most services, what it should have been made of."""
    if service in _TERSE or len(request) > _EXPLAINED_CHARACTERS_MAX:
        return SignatureDoesNotMatch(MISMATCH)
    if token is not None:  # the message goes into the trail, where no session token may be
        request = request.replace(token, "****").replace(quote(token, safe=""), "****")
    return SignatureDoesNotMatch(
        f"{MISMATCH}\n\nThe Canonical String for this request should have been\n'{request}'\n\n"
        f"The String-to-Sign should have been\n'{text.decode('latin-1')}'"
    )


def _payload(routed: Routed, presented: Presented, who: Identified, date: str) -> bytes:
    """Return the body without any `aws-chunked` coding, which is verified on the way."""
    http, content, terms = routed.http, presented.content or "", presented.terms
    if is_chunked(content, routed.signing_name) and not presented.presigned:
        if terms.is_asymmetric:
            raise SignatureDoesNotMatch(MISMATCH)
        key = signing_key(_signing_keys, terms, who.version, who.secret)
        return decoded(content, http.headers, http.body, Seed(presented.signature, date, terms.scope, key.sign))
    if routed.signing_name in OBJECT_SERVICES:
        check_object_hash(content, http.body)
    return http.body
