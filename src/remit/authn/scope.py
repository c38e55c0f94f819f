"""What a client signs with: algorithm, credential scope and the list of signed headers.

A client sends the same three for a day, so they are taken apart once and kept (`Terms`); what depends on the request,
its date and the service it was routed to, is checked each time.
Source: `iam-sts` reference, sections 1.7 and 2.3, steps 5 to 8.
"""

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import msgspec

from remit.errors import IncompleteSignature, SignatureDoesNotMatch

HMAC = "AWS4-HMAC-SHA256"
ECDSA = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"
REGION_SET_HEADER = "x-amz-region-set"

_ELEMENTS = 5
# The key id goes into the trail before anything was verified, so it has a form and an end.
_KEY_ID = re.compile(r"\w{1,128}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,16}(-[a-z0-9]{1,32}){1,4}-[0-9]{1,3}", re.ASCII)
# `*`, `us-*`, `us-west-*`
_REGION_PATTERN = re.compile(r"([a-z]{2,16}-([a-z0-9]{1,32}-){0,4})?\*", re.ASCII)
_TOKEN_HEADER = "x-amz-security-token"  # noqa: S105  # a header's name
# What clients and proxies add after signing, or what says nothing of the request: looked at no further.
_HARMLESS = frozenset((
    "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "connection",
    "content-length", "date", "user-agent", _TOKEN_HEADER,
))  # fmt: skip


class Terms(msgspec.Struct, frozen=True, gc=False):
    """Algorithm, credential and signed headers, taken apart.

    Attributes:
        credential: as sent.
        key_id: what stands before the first slash; empty when that has not the form of an access key id.
        region: empty for SigV4a, which names its regions in a header.
        scope: the credential without the key id, as the string to sign has it.
        is_asymmetric: whether this is SigV4a.
        is_sound: whether algorithm, elements, region and terminator are right, whatever the request.
        names: of the signed headers, in order, each once.
        listing: the names as the canonical request has them.
        in_order: whether the client listed them so.
        template, values: the signed headers' lines, and what takes the values for it out of all headers.
        unquestioned: names of headers that need no look: the signed ones, and those that nobody signs.
    """

    algorithm: str
    credential: str
    key_id: str
    date: str
    region: str
    service: str
    terminator: str
    elements: int
    scope: str
    is_asymmetric: bool
    is_sound: bool
    names: tuple[str, ...]
    listing: str
    in_order: bool
    template: str
    values: Callable[[Mapping[str, str]], Any]
    unquestioned: frozenset[str]


def terms_of(algorithm: str, credential: str, signed_headers: str) -> Terms:
    """Take apart what a client signs with; nothing is refused yet, and everything may be empty."""
    key_id, _, scope = credential.partition("/")
    elements = credential.split("/")
    is_asymmetric = algorithm == ECDSA
    if is_asymmetric:
        elements.insert(2, "")
    date, region, service, terminator = elements[1:] if len(elements) == _ELEMENTS else ("", "", "", "")
    names = tuple(sorted(set(signed_headers.split(";"))))
    listing = ";".join(names)
    return Terms(
        algorithm=algorithm,
        credential=credential,
        key_id=key_id if _KEY_ID.fullmatch(key_id) else "",
        date=date,
        region=region,
        service=service,
        terminator=terminator,
        elements=len(elements),
        scope=scope,
        is_asymmetric=is_asymmetric,
        is_sound=algorithm == HMAC and terminator == TERMINATOR and _REGION.fullmatch(region) is not None,
        names=names,
        listing=listing,
        in_order=listing == signed_headers,
        template="".join([f"{name.replace('%', '%%')}:%s\n" for name in names]),
        values=itemgetter(*names),  # pyright: ignore[reportUnknownArgumentType]  # typeshed leaves open what it gets
        unquestioned=_HARMLESS.union(names),
    )


def check_signed_headers(terms: Terms, headers: Mapping[str, str], *, presigned: bool) -> None:
    """Refuse a signature that leaves out a header which changes what the request means.

    `host`, `content-type` and all of `x-amz-*` must be signed, but for the session token, which some clients add later,
    and for the `content-type` that whoever uses a pre-signed URL may add.

    Raises:
        SignatureDoesNotMatch: one of them is there and not signed. AWS's own text is known for `Host` only.
    """
    if "host" not in terms.names:
        raise _unsigned("Host")
    if terms.unquestioned.issuperset(headers):
        return
    for name in headers.keys() - terms.unquestioned:
        if name.startswith("x-amz-") or (name == "content-type" and not presigned):
            raise _unsigned(name.title())


def _unsigned(name: str) -> SignatureDoesNotMatch:
    return SignatureDoesNotMatch(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")


def check_scope(terms: Terms, service: str, date: str, regions: str) -> None:
    """Refuse what is neither SigV4 nor SigV4a, and a credential that was scoped to something else than this request.

    Any region will do: one server stands for all of them.

    Args:
        service: the signing name of the service that was asked.
        date: of the request, `YYYYMMDDTHHMMSSZ`.
        regions: of SigV4a, as sent: names or patterns of regions between commas.

    Raises:
        IncompleteSignature: it is another algorithm, or the credential has not the right number of elements.
        SignatureDoesNotMatch: the date, region, service or terminator is wrong; the text names all that are.
    """
    if terms.is_sound and terms.service == service and terms.date == date[:8]:
        return
    if terms.algorithm not in (HMAC, ECDSA):  # (6)
        raise IncompleteSignature(f"Unsupported AWS 'algorithm': '{terms.algorithm}' (only {HMAC} for now). ")
    if terms.elements != _ELEMENTS:  # (7)
        form = "keyid/date/service/term" if terms.is_asymmetric else "keyid/date/region/service/term"
        raise IncompleteSignature(
            f"Credential must have exactly {form.count('/') + 1} slash-delimited elements, e.g. {form}, "
            f"got '{terms.credential}'"
        )
    wrong = _wrong_in_scope(terms, service, date, regions)  # (8)
    if wrong:
        raise SignatureDoesNotMatch(" ".join(wrong))


def _wrong_in_scope(terms: Terms, service: str, date: str, regions: str) -> list[str]:
    wrong: list[str] = []
    if terms.is_asymmetric:
        if not _are_regions(regions):
            wrong.append(f"Credential should be scoped to a valid region, not '{regions}'.")
    elif _REGION.fullmatch(terms.region) is None:
        wrong.append(f"Credential should be scoped to a valid region, not '{terms.region}'.")
    if terms.service != service:
        wrong.append(f"Credential should be scoped to correct service: '{service}'.")
    if terms.terminator != TERMINATOR:
        wrong.append(f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{terms.terminator}'.")
    if terms.date != date[:8]:
        wrong.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{terms.date}' != '{date[:8]}', from '{date}'."
        )
    return wrong


def region_of_set(regions: str) -> str:
    """Choose the region that a SigV4a request counts for: the first that is no pattern, else `us-east-1`."""
    return next((region for region in _listed(regions) if _REGION.fullmatch(region)), "us-east-1")


def _are_regions(regions: str) -> bool:
    return all(_REGION.fullmatch(region) or _REGION_PATTERN.fullmatch(region) for region in _listed(regions))


def _listed(regions: str) -> list[str]:
    return [region.strip() for region in regions.split(",")]
