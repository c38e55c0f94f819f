"""What a reader makes of an endpoint's answers: values, pages, errors, and where requests go."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from remit.ids import Secret
from remit.wire import reader as module
from remit.wire.reader import Reader, ReadFailed, region_names

USERS = (
    '<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult><Users>{}</Users>'
    "<IsTruncated>{}</IsTruncated>{}</ListUsersResult></ListUsersResponse>"
)
USER = (
    "<member><Path>/</Path><UserName>{0}</UserName><UserId>AIDA{0}</UserId><Arn>arn:aws:iam::1:user/{0}</Arn>"
    "<CreateDate>2026-11-29T13:41:18Z</CreateDate></member>"
)
ERROR = (
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>{}</Code>'
    "<Message>{}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
)


class Asked(NamedTuple):
    """A request, as it came."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    form: dict[str, list[str]]


class Upstream:
    """An endpoint that says what a test wants it to."""

    def __init__(self, answer: Callable[[Asked], tuple[int, str]]) -> None:
        self.asked: list[Asked] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            location = ""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                url = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(url.path, parse_qs(url.query), headers, parse_qs(body))
                upstream.asked.append(asked)
                status, said = answer(asked)
                self.send_response(302 if self.location else status)
                if self.location:
                    self.send_header("location", self.location)
                self.send_header("content-type", "application/json" if said.startswith("{") else "text/xml")
                self.send_header("content-length", str(len(said.encode())))
                self.end_headers()
                self.wfile.write(said.encode())

            do_GET = do_POST  # noqa: N815  # as the server calls it

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def reader(self, **options: float) -> Reader:
        return Reader(self.url, "us-east-1", "AKIDEXAMPLE", Secret("secret"), rate=100_000, **options)


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Upstream]]:
    made: list[Upstream] = []
    # botocore waits before it tries again.
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def make(answer: str | Callable[[Asked], tuple[int, str]], status: int = 200) -> Upstream:
        one = Upstream(answer if callable(answer) else lambda _: (status, answer))
        threading.Thread(target=one.server.serve_forever, daemon=True).start()
        made.append(one)
        return one

    yield make
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def users(*names: str, marker: str = "") -> str:
    more = f"<Marker>{marker}</Marker>" if marker else ""
    return USERS.format("".join(map(USER.format, names)), "true" if marker else "false", more)


def in_pages(asked: Asked) -> tuple[int, str]:
    return 200, users("ben") if "Marker" in asked.form else users("anna", marker="m")


def test_an_answer_is_what_the_sdk_hands_out_and_its_metadata_gives_the_request(upstream):
    one = upstream(
        '<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult>'
        "<SummaryMap><entry><key>Users</key><value>2</value></entry></SummaryMap></GetAccountSummaryResult>"
        "<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></GetAccountSummaryResponse>"
    )

    assert one.reader().read("iam", "GetAccountSummary", "", {}) == ({"SummaryMap": {"Users": 2}}, "request-1")


def test_all_pages_of_a_list_are_put_together(upstream):
    one = upstream(in_pages)

    answer, _ = one.reader().read("iam", "ListUsers", "", {})

    assert [user["UserName"] for user in answer["Users"]] == ["anna", "ben"]
    assert [asked.form.get("Marker") for asked in one.asked] == [None, ["m"]]


@pytest.mark.parametrize(("most", "is_read"), [(2, True), (1, False)])
def test_a_list_of_more_than_anybody_waits_for_is_not_read_in_part(upstream, monkeypatch, most, is_read):
    monkeypatch.setattr(module, "ITEMS_MAX", most)
    reader = upstream(in_pages).reader()

    if is_read:
        assert len(reader.read("iam", "ListUsers", "", {})[0]["Users"]) == most
    else:
        with pytest.raises(ReadFailed, match="more than 1 things") as caught:
            reader.read("iam", "ListUsers", "", {})
        assert caught.value.code == "TooMany"


@pytest.mark.parametrize(
    ("status", "body", "code", "is_refusal"),
    [
        (403, ERROR.format("AccessDenied", "No."), "AccessDenied", True),
        (400, ERROR.format("AccessDeniedException", "No."), "AccessDeniedException", True),
        (403, ERROR.format("SubscriptionRequired", "No."), "SubscriptionRequired", True),
        (404, ERROR.format("NoSuchEntity", "None."), "NoSuchEntity", False),
        (400, ERROR.format("ValidationError", "Bad."), "ValidationError", False),
    ],
)
def test_an_error_keeps_its_code_and_says_whether_it_refuses(upstream, status, body, code, is_refusal):
    reader = upstream(body, status).reader()

    with pytest.raises(ReadFailed) as caught:
        reader.read("iam", "GetAccountPasswordPolicy", "", {})

    assert (caught.value.code, caught.value.is_refusal) == (code, is_refusal)


def test_what_an_error_says_is_told_on_one_line_that_has_an_end(upstream):
    reader = upstream(ERROR.format("ValidationError", "a\n\n  b " + "c" * 400), 400).reader()

    with pytest.raises(ReadFailed) as caught:
        reader.read("iam", "GetAccountPasswordPolicy", "", {})

    assert caught.value.message == "a b " + "c" * 296


@pytest.mark.parametrize("body", ["<html><p>Not here", "<a/>", "{", "\x00"])
@pytest.mark.parametrize("operation", ["ListUsers", "GetAccountSummary"])
def test_an_answer_that_makes_no_sense_is_none(upstream, body, operation):
    reader = upstream(body).reader()

    with pytest.raises(ReadFailed, match="makes no sense") as caught:
        reader.read("iam", operation, "", {})

    assert (caught.value.code, caught.value.is_refusal) == ("Nonsense", False)


def test_an_endpoint_that_fails_is_asked_three_times(upstream):
    one = upstream(ERROR.format("ServiceFailure", "Later."), 500)

    with pytest.raises(ReadFailed) as caught:
        one.reader().read("iam", "ListUsers", "", {})

    assert (caught.value.code, caught.value.is_refusal, len(one.asked)) == ("ServiceFailure", False, 3)


def test_where_nobody_listens_nothing_is_read(upstream):
    one = upstream(users())
    one.server.server_close()

    with pytest.raises(ReadFailed) as caught:
        one.reader().read("iam", "ListUsers", "", {})

    assert (caught.value.code, caught.value.is_refusal) == ("EndpointConnectionError", False)


def test_an_operation_or_a_parameter_that_there_is_not_is_nonsense(upstream):
    reader = upstream(users()).reader()

    for operation, params in (("ListNothing", {}), ("ListUsers", {"Nothing": "x"})):
        with pytest.raises(ReadFailed, match="makes no sense"):
            reader.read("iam", operation, "", params)


def test_a_text_stands_for_a_list_of_itself(upstream):
    one = upstream('<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"/>')

    one.reader().read("ec2", "DescribeImages", "eu-west-1", {"ImageIds": "ami-1"})

    assert one.asked[0].form["ImageId.1"] == ["ami-1"]
    assert "/eu-west-1/ec2/aws4_request" in one.asked[0].headers["authorization"]


def test_a_text_stands_for_the_number_that_it_is(upstream):
    one = upstream(json.dumps({"reportDetails": {}}))

    one.reader().read("artifact", "GetReportMetadata", "", {"reportId": "report-1", "reportVersion": "2"})

    assert one.asked[0].query == {"reportId": ["report-1"], "reportVersion": ["2"]}


def test_a_prefix_before_the_host_does_not_lead_away_from_the_endpoint(upstream):
    one = upstream("<PublicAccessBlockConfiguration/>")

    one.reader().read("s3control", "GetPublicAccessBlock", "", {"AccountId": "111122223333"})

    assert one.asked[0].headers["host"] == one.url.removeprefix("http://")
    assert one.asked[0].headers["x-amz-account-id"] == "111122223333"


def test_a_role_is_assumed_and_asks_with_its_own_key(upstream):
    assumed = (
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
        "<AccessKeyId>ASIAOTHER</AccessKeyId><SecretAccessKey>other</SecretAccessKey><SessionToken>token</SessionToken>"
        "<Expiration>2026-11-29T14:41:18Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )
    one = upstream(lambda asked: (200, assumed if asked.form["Action"] == ["AssumeRole"] else users()))

    one.reader().assuming("arn:aws:iam::111122223333:role/r", "session").read("iam", "ListUsers", "", {})

    own, roles = (asked.headers for asked in one.asked)
    assert "Credential=AKIDEXAMPLE/" in own["authorization"]
    assert "Credential=ASIAOTHER/" in roles["authorization"]
    assert roles["x-amz-security-token"] == "token"


@pytest.mark.parametrize(("most", "is_read"), [(6, True), (5, False)])
def test_a_link_is_opened_as_far_as_a_document_may_be_long(upstream, most, is_read):
    one = upstream("report")

    if is_read:
        assert one.reader().document(f"{one.url}/x", most) == b"report"
    else:
        with pytest.raises(ReadFailed, match="more than 5 bytes"):
            one.reader().document(f"{one.url}/x", most)


def test_a_link_is_followed_to_no_other_place(upstream):
    other = upstream("secret")
    one = upstream("")
    one.server.RequestHandlerClass.location = other.url

    with pytest.raises(ReadFailed, match="302"):
        one.reader().document(one.url, 100)

    assert not other.asked


@pytest.mark.parametrize("link", ["file:///etc/hostname", "ftp://127.0.0.1/x", "", "data:,x", "http:///x"])
def test_what_is_no_link_of_the_web_is_not_opened(upstream, link):
    with pytest.raises(ReadFailed):
        upstream("x").reader().document(link, 100)


def test_links_of_an_endpoint_with_tls_have_tls(upstream):
    one = upstream("x")

    with pytest.raises(ReadFailed, match="not a link of https"):
        Reader("https://aws.example").document(one.url, 100)

    assert not one.asked


def test_a_link_that_does_not_open_says_why(upstream):
    one = upstream("Expired", 403)

    with pytest.raises(ReadFailed, match="403"):
        one.reader().document(one.url, 100)


def test_requests_to_a_service_go_no_faster_than_their_rate(monkeypatch):
    now, slept = [100.0], []
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module.time, "sleep", slept.append)
    turns = module._Turns(4)

    for _ in range(3):
        turns.wait()
    now[0] += 10
    turns.wait()

    assert slept == [0.25, 0.5]


def test_the_regions_of_a_partition_stand_in_order():
    names = region_names("aws-cn")

    assert names == tuple(sorted(names))
    assert {"cn-north-1", "cn-northwest-1"} <= set(names)
    assert "us-east-1" not in names
