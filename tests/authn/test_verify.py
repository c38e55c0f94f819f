"""Who signed, who did not, and in which words a request is refused.

Source: `iam-sts` reference, sections 2.1 to 2.5; the numbers are those of the steps in 2.3.
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from authn.conftest import ACCOUNT, NOW, World
from authn.signer import LIST_USERS, hashed, presigned, routed, signed

from remit.authn import authenticate
from remit.directory.access_keys import create_access_key
from remit.errors import (
    CommonError,
    IncompleteSignature,
    InvalidClientTokenId,
    MalformedQueryString,
    MissingAuthenticationToken,
    SignatureDoesNotMatch,
)
from remit.ids import AccountId, Secret
from remit.request import CallerKind, HttpRequest, Protocol, Routed
from remit.store import Transaction

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
Change = Callable[[HttpRequest], HttpRequest]


@pytest.fixture(autouse=True)
def known_key(tx: Transaction, world: World) -> None:
    """Give the user the key of AWS's documentation."""
    create_access_key(tx, ACCOUNT, world.user.id, at=NOW, given=(KEY, Secret(SECRET)))


class Claims(list[tuple[str, AccountId | None]]):
    def __call__(self, key: str, account: AccountId | None) -> None:
        self.append((key, account))


def refused(tx: Transaction, request: Routed) -> tuple[type[CommonError], str | None]:
    with pytest.raises(CommonError) as refusal:
        authenticate(tx, request, Claims())
    return refusal.type, refusal.value.message


def header(**changes: str | None) -> Change:
    """Replace headers; None removes one."""

    def change(http: HttpRequest) -> HttpRequest:
        headers = {**http.headers, **{name.replace("_", "-"): value for name, value in changes.items()}}
        return msgspec.structs.replace(
            http, headers={name: value for name, value in headers.items() if value is not None}
        )

    return change


def authorization(old: str, new: str) -> Change:
    def change(http: HttpRequest) -> HttpRequest:
        assert old in http.headers["authorization"]
        return header(authorization=http.headers["authorization"].replace(old, new))(http)

    return change


def query(old: str, new: str) -> Change:
    def change(http: HttpRequest) -> HttpRequest:
        assert old in http.query
        return msgspec.structs.replace(http, query=http.query.replace(old, new))

    return change


# -- what is let in


def test_a_header_signature_tells_who_called(tx: Transaction, world: World) -> None:
    claims = Claims()

    result = authenticate(tx, routed(signed(KEY, SECRET, region="eu-west-1")), claims)

    assert (result.caller.kind, result.caller.arn) == (CallerKind.USER, world.user.arn)
    assert (result.caller.access_key_id, result.region, result.body) == (KEY, "eu-west-1", LIST_USERS)
    assert claims == [(KEY, ACCOUNT)]


def test_a_query_signature_tells_who_called(tx: Transaction, world: World) -> None:
    claims = Claims()

    result = authenticate(tx, routed(presigned(KEY, SECRET), "sts"), claims)

    assert (result.caller.arn, result.region) == (world.user.arn, "us-east-1")
    assert claims == [(KEY, ACCOUNT)]


def test_who_uses_a_presigned_url_may_add_a_content_type(tx: Transaction, world: World) -> None:
    http = header(content_type="application/x-www-form-urlencoded")(presigned(KEY, SECRET, method="POST"))

    assert authenticate(tx, routed(http, "sts"), Claims()).caller.arn == world.user.arn


def test_a_query_signature_covers_more_headers_if_the_client_wants(tx: Transaction, world: World) -> None:
    http = presigned(KEY, SECRET, headers={"x-k8s-aws-id": "cluster"})

    assert authenticate(tx, routed(http, "sts"), Claims()).caller.arn == world.user.arn
    other = header(x_k8s_aws_id="another")(http)
    assert refused(tx, routed(other, "sts")) == (SignatureDoesNotMatch, MISMATCH)


def test_the_root_user_signs_with_a_key_of_its_own(tx: Transaction, world: World) -> None:
    http = signed(world.root_key.id, world.root_secret.reveal(), region="us-gov-west-1")

    caller = authenticate(tx, routed(http), Claims()).caller

    assert (caller.kind, caller.arn) == (CallerKind.ROOT, f"arn:aws-us-gov:iam::{ACCOUNT}:root")


@pytest.mark.parametrize("authorization", ["", "AWS4-HMAC-SHA256 Credential=nobody", "nonsense"])
def test_an_unsigned_operation_has_an_anonymous_caller_whatever_is_sent(tx: Transaction, authorization: str) -> None:
    claims = Claims()
    headers = {"host": "h", **({"authorization": authorization} if authorization else {})}
    http = HttpRequest("POST", "/", "X-Amz-Algorithm=%zz", headers, b"body", "127.0.0.1")

    result = authenticate(tx, routed(http, "sts", operation="AssumeRoleWithSAML", unsigned=True), claims)

    assert (result.caller.kind, result.caller.account) == (CallerKind.ANONYMOUS, "")
    assert (result.region, result.body, claims) == ("us-east-1", b"body", [])


@pytest.mark.parametrize("separator", [", ", ",", " ", " , "])
def test_the_parts_of_the_header_are_separated_by_commas_or_blanks(tx: Transaction, separator: str) -> None:
    http = authorization(", ", separator)(signed(KEY, SECRET))

    assert authenticate(tx, routed(http), Claims()).caller.access_key_id == KEY


def test_the_parts_of_the_header_come_in_any_order(tx: Transaction) -> None:
    http = signed(KEY, SECRET)
    scheme, _, parts = http.headers["authorization"].partition(" ")
    turned = header(authorization=f"{scheme} {', '.join(reversed(parts.split(', ')))}")(http)

    assert authenticate(tx, routed(turned), Claims()).caller.access_key_id == KEY


def test_the_date_may_be_that_of_the_date_header(tx: Transaction) -> None:
    http = signed(
        KEY, SECRET, headers={"date": "Mon, 23 Nov 2026 17:59:49 GMT"}, names=["content-type", "date", "host"]
    )
    dated = header(x_amz_date=None)(http)

    assert authenticate(tx, routed(dated), Claims()).caller.access_key_id == KEY


@pytest.mark.parametrize("value", ["a  b", "a \t b", "a\tb", "a     b"])
def test_inner_runs_of_blanks_count_as_one(tx: Transaction, value: str) -> None:
    http = signed(KEY, SECRET, headers={"x-amz-note": value})

    assert authenticate(tx, routed(http), Claims()).caller.access_key_id == KEY
    assert refused(tx, routed(header(x_amz_note="ab")(http))) == (SignatureDoesNotMatch, MISMATCH)


# -- what is refused, and how


@pytest.mark.parametrize(
    ("step", "change", "error", "message"),
    [
        ("1", header(authorization=None), MissingAuthenticationToken, "Request is missing Authentication Token"),
        (
            "1",
            header(authorization="Basic YTpi"),
            MissingAuthenticationToken,
            "Request is missing Authentication Token",
        ),
        ("1", header(authorization="Bearer x"), MissingAuthenticationToken, "Request is missing Authentication Token"),
        (
            "2",
            lambda http: msgspec.structs.replace(http, query="X-Amz-Algorithm=AWS4-HMAC-SHA256"),
            SignatureDoesNotMatch,
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        ),
        (
            "3, all",
            header(authorization="AWS4-HMAC-SHA256", x_amz_date=None),
            IncompleteSignature,
            (
                "Authorization header requires 'Credential' parameter. "
                "Authorization header requires 'Signature' parameter. "
                "Authorization header requires 'SignedHeaders' parameter. "
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                "Authorization=AWS4-HMAC-SHA256"
            ),
        ),
        (
            "3, one",
            header(authorization="AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"),
            IncompleteSignature,
            (
                "Authorization header requires 'Signature' parameter. "
                "Authorization=AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"
            ),
        ),
        (
            "3, empty",
            header(authorization="AWS4-HMAC-SHA256 Credential=, SignedHeaders=b, Signature=c"),
            IncompleteSignature,
            (
                "Authorization header requires 'Credential' parameter. "
                "Authorization=AWS4-HMAC-SHA256 Credential=, SignedHeaders=b, Signature=c"
            ),
        ),
        (
            "3, twice",
            header(authorization="AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c, Signature=d"),
            IncompleteSignature,
            (
                "Authorization header requires 'Signature' parameter. "
                "Authorization=AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c, Signature=d"
            ),
        ),
        (
            "4, format",
            header(x_amz_date="201"),
            IncompleteSignature,
            "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601",
        ),
        (
            "5",
            authorization("content-type;host;x-amz-date", "content-type;x-amz-date"),
            SignatureDoesNotMatch,
            "'Host' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "5, x-amz",
            header(x_amz_target="a.B"),
            SignatureDoesNotMatch,
            "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "5, date",
            authorization(";x-amz-date", ""),
            SignatureDoesNotMatch,
            "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "5, content-type",
            authorization("content-type;", ""),
            SignatureDoesNotMatch,
            "'Content-Type' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "6",
            authorization("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA25 "),
            IncompleteSignature,
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
        ),
        (
            "7",
            authorization(f"{KEY}/20261123/us-east-1/iam/aws4_request", "a/b/c/d"),
            IncompleteSignature,
            (
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                "got 'a/b/c/d'"
            ),
        ),
        (
            "7, six",
            authorization("/aws4_request", "/aws4_request/"),
            IncompleteSignature,
            (
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                f"got '{KEY}/20261123/us-east-1/iam/aws4_request/'"
            ),
        ),
        (
            "8, all",
            authorization("20261123/us-east-1/iam/aws4_request", "b/c/d/e"),
            SignatureDoesNotMatch,
            (
                "Credential should be scoped to a valid region, not 'c'. Credential should be scoped to correct "
                "service: 'iam'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in "
                "Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20261123', "
                "from '20261123T175949Z'."
            ),
        ),
        (
            "8, service",
            authorization("/iam/", "/sts/"),
            SignatureDoesNotMatch,
            "Credential should be scoped to correct service: 'iam'.",
        ),
        (
            "9",
            authorization(KEY, "AKIAIOSFODNN7EXAMPLF"),
            InvalidClientTokenId,
            "The security token included in the request is invalid.",
        ),
        (
            "9, no key id at all",
            authorization(KEY, "-"),
            InvalidClientTokenId,
            "The security token included in the request is invalid.",
        ),
        ("10, body", lambda http: msgspec.structs.replace(http, body=b""), SignatureDoesNotMatch, MISMATCH),
        ("10, order", authorization("content-type;host", "host;content-type"), SignatureDoesNotMatch, MISMATCH),
        (
            "10, case",
            authorization("content-type;host", "Content-Type;content-type;host"),
            SignatureDoesNotMatch,
            MISMATCH,
        ),
        ("10, absent", authorization("content-type;host", "content-type;foo;host"), SignatureDoesNotMatch, MISMATCH),
        ("10, not ASCII", authorization("Signature=", "Signature=é"), SignatureDoesNotMatch, MISMATCH),
        (
            "11",
            header(x_amz_security_token="foreign"),
            InvalidClientTokenId,
            "The security token included in the request is invalid.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 24 else None,
)
def test_each_fault_has_its_words(
    tx: Transaction, step: str, change: Change, error: type[CommonError], message: str
) -> None:
    assert refused(tx, routed(change(signed(KEY, SECRET)))) == (error, message), step


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            query("X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""),
            IncompleteSignature,
            "AWS query-string parameters must include 'X-Amz-Algorithm'. Re-examine the query-string parameters.",
        ),
        (
            lambda http: msgspec.structs.replace(http, query="X-Amz-Algorithm=AWS4-HMAC-SHA256"),
            IncompleteSignature,
            ("AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
            "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string "
            "parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."),
        ),
        (
            query("&X-Amz-Date=20261123T175949Z", "&X-Amz-Date=20261123T175949Z&X-Amz-Date=20261123T175949Z"),
            IncompleteSignature,
            "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
        ),
        (
            query("X-Amz-Date=20261123T175949Z", "X-Amz-Date=yesterday"),
            IncompleteSignature,
            "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601",
        ),
        (query("X-Amz-Expires=60", "X-Amz-Expires=61"), SignatureDoesNotMatch, MISMATCH),
        (query("X-Amz-Expires=60", "X-Amz-Expires=soon"), IncompleteSignature, "X-Amz-Expires should be a number"),
        (query("SignedHeaders=host", "SignedHeaders=date"), SignatureDoesNotMatch,
         "'Host' must be a 'SignedHeader' in the AWS Authorization."),
        (query("AWS4-HMAC-SHA256", "AWS4"), IncompleteSignature,
         "Unsupported AWS 'algorithm': 'AWS4' (only AWS4-HMAC-SHA256 for now). "),
        (query("%2Fsts%2F", "%2Fiam%2F"), SignatureDoesNotMatch,
         "Credential should be scoped to correct service: 'sts'."),
        (query("GetCallerIdentity", "GetSessionToken"), SignatureDoesNotMatch, MISMATCH),
        (query("Version", "Versiom"), SignatureDoesNotMatch, MISMATCH),
        (header(host="elsewhere"), SignatureDoesNotMatch, MISMATCH),
        (header(x_amz_target="a.B"), SignatureDoesNotMatch,
         "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."),
        (query("Action=", "Action=%4"), MalformedQueryString, "a `%` is followed by no two hexadecimal digits"),
    ],
)  # fmt: skip
def test_each_fault_of_a_query_signature_has_its_words(
    tx: Transaction, change: Change, error: type[CommonError], message: str
) -> None:
    assert refused(tx, routed(change(presigned(KEY, SECRET)), "sts")) == (error, message)


FAULTS: list[tuple[str, Change]] = [
    ("missing", header(x_amz_date=None)),
    ("date", header(x_amz_date="201")),
    ("host", authorization("content-type;host;x-amz-date", "content-type;x-amz-date")),
    ("algorithm", authorization("AWS4-HMAC-SHA256 ", "AWS4-X ")),
    ("elements", authorization("/us-east-1", "")),
    ("scope", authorization("aws4_request", "aws5_request")),
    ("key", authorization(KEY, "AKIAIOSFODNN7EXAMPLF")),
    ("signature", lambda http: msgspec.structs.replace(http, body=b"")),
    ("token", header(x_amz_security_token="foreign")),
]


@pytest.mark.parametrize("first", range(len(FAULTS) - 1))
def test_of_two_faults_the_earlier_is_told(tx: Transaction, first: int) -> None:
    earlier = FAULTS[first][1]
    alone = refused(tx, routed(earlier(signed(KEY, SECRET))))

    for later, change in FAULTS[first + 1 :]:
        error, message = refused(tx, routed(earlier(change(signed(KEY, SECRET)))))
        # The ends of the texts show the credential, which the later fault changed.
        assert (error, (message or "")[:50]) == (alone[0], (alone[1] or "")[:50]), later


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_iam_takes_a_date_within_five_minutes(tx: Transaction, seconds: int) -> None:
    http = signed(KEY, SECRET, at=NOW + timedelta(seconds=seconds))

    assert authenticate(tx, routed(http), Claims()).caller.access_key_id == KEY


def test_iam_refuses_a_date_outside_of_five_minutes(tx: Transaction) -> None:
    late = signed(KEY, SECRET, at=NOW + timedelta(seconds=301))
    early = signed(KEY, SECRET, at=NOW - timedelta(seconds=301))

    assert refused(tx, routed(late)) == (
        SignatureDoesNotMatch,
        "Signature not yet current: 20261123T180450Z is still later than 20261123T180449Z (20261123T175949Z + 5 min.)",
    )
    assert refused(tx, routed(early)) == (
        SignatureDoesNotMatch,
        "Signature expired: 20261123T175448Z is now earlier than 20261123T175449Z (20261123T175949Z - 5 min.)",
    )


# -- what is claimed before it is believed


@pytest.mark.parametrize(("name", "change"), FAULTS, ids=lambda value: value if isinstance(value, str) else None)
def test_a_refused_request_still_says_whose_key_it_named(tx: Transaction, name: str, change: Change) -> None:
    claims = Claims()

    with pytest.raises(CommonError):
        authenticate(tx, routed(change(signed(KEY, SECRET))), claims)

    assert claims == [("AKIAIOSFODNN7EXAMPLF", None) if name == "key" else (KEY, ACCOUNT)]


@pytest.mark.parametrize("credential", ["", "/20261123", "é/20261123", "a b", "x" * 129, "<script>/"])
def test_what_is_no_key_id_is_not_claimed(tx: Transaction, credential: str) -> None:
    claims = Claims()
    http = header(authorization=f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=x")(
        signed(KEY, SECRET)
    )

    with pytest.raises(CommonError):
        authenticate(tx, routed(http), claims)

    assert claims in ([], [("a", None)])


# -- what a service tells of a wrong signature


def test_other_services_say_what_should_have_been_signed(tx: Transaction) -> None:
    http = signed(KEY, SECRET, service="cloudtrail", headers={"x-amz-target": "a.B"}, body=b"{}")
    other = msgspec.structs.replace(http, body=b"")

    request = """POST
/

content-type:application/x-www-form-urlencoded; charset=utf-8
host:127.0.0.1:7364
x-amz-date:20261123T175949Z
x-amz-target:a.B

content-type;host;x-amz-date;x-amz-target
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"""
    assert refused(tx, routed(other, "cloudtrail", protocol=Protocol.JSON)) == (
        SignatureDoesNotMatch,
        f"""{MISMATCH}

The Canonical String for this request should have been
'{request}'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
20261123T175949Z
20261123/us-east-1/cloudtrail/aws4_request
{hashed(request.encode())}'""",
    )


@pytest.mark.parametrize("form", [signed, presigned])
def test_the_explanation_shows_no_session_token(tx: Transaction, form: Callable[..., HttpRequest]) -> None:
    http = form(KEY, SECRET, service="cloudtrail", token="abc/def+ghi==")

    error, message = refused(tx, routed(msgspec.structs.replace(http, method="PUT"), "cloudtrail"))

    assert error is SignatureDoesNotMatch
    assert "should have been" in (message or "")
    assert "abc" not in (message or "")
    assert "****" in (message or "")


def test_the_explanation_of_a_huge_request_is_left_out(tx: Transaction) -> None:
    http = signed(KEY, SECRET, service="cloudtrail", headers={"x-amz-note": "x" * 10_000})

    assert refused(tx, routed(msgspec.structs.replace(http, method="PUT"), "cloudtrail")) == (
        SignatureDoesNotMatch,
        MISMATCH,
    )


def test_the_shown_header_is_cut(tx: Transaction) -> None:
    http = header(authorization="AWS4-" + "x" * 60_000)(signed(KEY, SECRET))

    _, message = refused(tx, routed(http))

    assert len(message or "") < 1_400


# -- a path that names the operation


@pytest.mark.parametrize("path", ["/v1/report/x/..", "/v1//report", "/v1/./report", "/v1/report/../report"])
def test_a_path_that_names_the_operation_has_one_form(tx: Transaction, path: str) -> None:
    http = signed(KEY, SECRET, service="artifact", method="GET", path="/v1/report", body=b"")
    assert authenticate(tx, routed(http, "artifact", protocol=Protocol.REST_JSON), Claims()).caller.access_key_id == KEY

    other = msgspec.structs.replace(http, path=path)

    assert refused(tx, routed(other, "artifact", protocol=Protocol.REST_JSON))[0] is SignatureDoesNotMatch
    # Where the operation is named elsewhere, the path is only signed, and all its forms are one.
    assert authenticate(tx, routed(other, "artifact", protocol=Protocol.JSON), Claims()).caller.access_key_id == KEY
