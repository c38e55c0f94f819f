"""Artifact's reports for their readers, through an unchanged boto3 and the AWS CLI."""

import hashlib
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from conformance.artifact import by_series, events, opened
from serving import Served

from remit.pdf import trace

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]
ANY = {"Effect": "Allow", "Action": "artifact:*", "Resource": "*"}
NO_SUCH = "report-0000000000000000"


def test_a_new_server_has_a_library(server: Served) -> None:
    artifact = server.client("artifact")

    reports = artifact.list_reports(maxResults=300)["reports"]

    assert len(reports) >= 12
    assert {"SOC", "ISO", "PCI", "HIPAA", "FedRAMP", "C5"} <= {report["series"] for report in reports}
    assert {"Certifications and Attestations", "Third-party reports"} == {report["category"] for report in reports}
    assert {report["acceptanceType"] for report in reports} == {"PASSTHROUGH", "EXPLICIT"}
    assert {report["state"] for report in reports} == {"PUBLISHED"}
    assert {report["uploadState"] for report in reports} == {"COMPLETE"}


def test_pages_hold_every_report_once(server: Served) -> None:
    artifact = server.client("artifact")
    whole = [report["id"] for report in artifact.list_reports()["reports"]]

    pages = list(artifact.get_paginator("list_reports").paginate(PaginationConfig={"PageSize": 5}))

    assert len(pages) == (len(whole) + 4) // 5
    assert [report["id"] for page in pages for report in page["reports"]] == whole


def test_a_list_shows_the_newest_version_and_the_others_stay_readable(server: Served) -> None:
    artifact = server.client("artifact")
    report = by_series(artifact, "C5")

    versions = artifact.list_report_versions(reportId=report["id"])["reports"]

    assert [version["version"] for version in versions] == [2, 1]
    assert report == versions[0]
    newest = artifact.get_report_metadata(reportId=report["id"])["reportDetails"]
    assert newest == artifact.get_report_metadata(reportId=report["id"], reportVersion=2)["reportDetails"]
    assert {name: newest[name] for name in report} == report
    assert newest["termArn"].startswith("arn:aws:artifact:us-east-1::term/term-")
    assert newest["arn"] == f"arn:aws:artifact:us-east-1::report/{report['id']}:2"
    assert newest["sequenceNumber"] >= 1
    older = artifact.get_report_metadata(reportId=report["id"], reportVersion=1)["reportDetails"]
    assert older["periodEnd"] < newest["periodEnd"]


def test_a_report_comes_behind_its_terms_and_names_its_download(server: Served) -> None:
    artifact = server.client("artifact")
    report = by_series(artifact, "SOC")
    term = artifact.get_term_for_report(reportId=report["id"])
    assert opened(term["documentPresignedUrl"])[1].startswith(b"%PDF-")

    link = artifact.get_report(reportId=report["id"], termToken=term["termToken"])["documentPresignedUrl"]
    with urllib.request.urlopen(link) as answer:
        first = answer.read()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/pdf"
    second = opened(link)[1]

    assert first.startswith(b"%PDF-")
    assert first != second
    assert trace(first) != trace(second)
    downloads = {event["serviceEventDetails"]["serialNumber"] for event in events(server, "ReportDownloaded", 2)}
    assert downloads == {*trace(first), *trace(second)}


def test_the_trail_has_the_hash_of_the_token_and_nothing_of_the_link(server: Served) -> None:
    artifact = server.client("artifact")
    report = by_series(artifact, "SOC")
    token = artifact.get_term_for_report(reportId=report["id"])["termToken"]

    link = artifact.get_report(reportId=report["id"], termToken=token)["documentPresignedUrl"]

    (event,) = events(server, "GetReport", 1)
    assert event["eventSource"] == "artifact.amazonaws.com"
    assert event["readOnly"]
    assert event["requestParameters"]["reportId"] == report["id"]
    assert event["requestParameters"]["termToken"] == f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"
    text = json.dumps(event)
    assert token not in text
    assert link not in text


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url[:-1] + ("A" if url[-1] != "A" else "B"),
        lambda url: url.replace("Expires=1", "Expires=2"),
        lambda url: url.replace(".pdf", ".txt"),
        lambda url: url + "&more=1",
        lambda url: url.partition("&")[0],
        lambda url: url.partition("?")[0],
    ],
    ids=["signature", "end", "name", "more", "unsigned", "bare"],
)
def test_an_altered_link_opens_nothing(server: Served, change: Callable[[str], str]) -> None:
    artifact = server.client("artifact")
    link = artifact.get_term_for_report(reportId=by_series(artifact, "SOC")["id"])["documentPresignedUrl"]

    status, body = opened(change(link))

    assert status == 403
    assert b"PDF" not in body
    assert opened(link)[0] == 200


def test_a_token_is_good_again_and_again_for_whom_it_was_given_to(server: Served, refused: Refused) -> None:
    artifact = server.client("artifact")
    ana = server.user("ana", ANY).client("artifact")
    report, other = by_series(artifact, "C5"), by_series(artifact, "HIPAA")
    token = artifact.get_term_for_report(reportId=report["id"])["termToken"]

    for _ in range(2):
        artifact.get_report(reportId=report["id"], termToken=token)
    artifact.get_report(reportId=report["id"], reportVersion=2, termToken=token)

    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    for call in (
        lambda: ana.get_report(reportId=report["id"], termToken=token),
        lambda: artifact.get_report(reportId=report["id"], reportVersion=1, termToken=token),
        lambda: artifact.get_report(reportId=other["id"], termToken=token),
        lambda: artifact.get_report(reportId=report["id"], termToken=altered),
        lambda: artifact.get_report(reportId=report["id"], termToken="term-token-made-up"),
    ):
        error = refused(call, "ValidationException", 400)
        assert error["Message"] == "The token is invalid or has expired. Request a new one."


def test_a_report_that_is_not_there_is_not_found(server: Served, refused: Refused) -> None:
    artifact = server.client("artifact")
    report = by_series(artifact, "SOC")
    for call in (
        lambda: artifact.get_report_metadata(reportId=NO_SUCH),
        lambda: artifact.get_report_metadata(reportId=report["id"], reportVersion=99),
        lambda: artifact.get_term_for_report(reportId=NO_SUCH),
        lambda: artifact.get_report(reportId=NO_SUCH, termToken="x"),
        lambda: artifact.list_report_versions(reportId=NO_SUCH),
    ):
        refused(call, "ResourceNotFoundException", 404)


def test_input_that_breaks_the_model_says_which_member(server: Served) -> None:
    artifact = server.client("artifact")
    for call, member in (
        (lambda: artifact.get_report_metadata(reportId="SOC"), "reportId"),
        (lambda: artifact.list_reports(maxResults=301), "maxResults"),
    ):
        with pytest.raises(artifact.exceptions.ValidationException) as caught:
            call()
        answer = caught.value.response
        assert answer["reason"] == "fieldValidationFailed"
        assert [field["name"] for field in answer["fieldList"]] == [member]


def test_a_page_token_of_another_question_is_refused(server: Served) -> None:
    artifact = server.client("artifact")
    token, c5 = artifact.list_reports(maxResults=1)["nextToken"], by_series(artifact, "C5")["id"]
    for given in ({"nextToken": "made-up"}, {"nextToken": token[:-1]}, {"nextToken": token, "reportId": c5}):
        call = artifact.list_report_versions if "reportId" in given else artifact.list_reports
        with pytest.raises(artifact.exceptions.ValidationException) as caught:
            call(**given)
        assert caught.value.response["reason"] == "invalidToken"
    assert artifact.list_reports(nextToken=token)["reports"]


def test_a_refusal_tells_nothing_and_is_in_the_trail(server: Served, refused: Refused) -> None:
    nobody = server.user("nobody").client("artifact")
    for id_ in (by_series(server.client("artifact"), "SOC")["id"], NO_SUCH):
        error = refused(lambda id_=id_: nobody.get_report_metadata(reportId=id_), "AccessDeniedException", 403)
        assert "is not authorized to perform: artifact:GetReportMetadata" in error["Message"]
    (event, *_) = events(server, "GetReportMetadata", 2)
    assert event["errorCode"] == "AccessDenied"


@pytest.mark.parametrize("key", ["ReportSeries", "ReportCategory"])
def test_a_condition_on_the_report_is_asked_of_the_version_that_is_meant(
    server: Served, refused: Refused, key: str
) -> None:
    artifact = server.client("artifact")
    soc = by_series(artifact, "SOC")
    other = next(
        report
        for report in artifact.list_reports()["reports"]
        if report["series"] != "SOC" and report["category"] != soc["category"]
    )
    wanted = soc["series"] if key == "ReportSeries" else soc["category"]
    ana = server.user(
        "ana",
        {"Effect": "Allow", "Action": "artifact:List*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "artifact:Get*",
            "Resource": "arn:aws:artifact:us-east-1::report/*",
            "Condition": {"StringEquals": {f"artifact:{key}": wanted}},
        },
    ).client("artifact")

    assert ana.get_report_metadata(reportId=soc["id"])["reportDetails"]["id"] == soc["id"]
    term = ana.get_term_for_report(reportId=soc["id"])
    ana.get_report(reportId=soc["id"], termToken=term["termToken"])

    for id_ in (other["id"], NO_SUCH):  # neither tells whether it is there
        refused(lambda id_=id_: ana.get_report_metadata(reportId=id_), "AccessDeniedException", 403)
        refused(lambda id_=id_: ana.get_term_for_report(reportId=id_), "AccessDeniedException", 403)
        refused(lambda id_=id_: ana.get_report(reportId=id_, termToken=term["termToken"]), "AccessDeniedException")


def test_a_policy_may_name_one_version(server: Served, refused: Refused) -> None:
    report = by_series(server.client("artifact"), "C5")["id"]
    arn = f"arn:aws:artifact:us-east-1::report/{report}:2"
    ana = server.user("ana", {"Effect": "Allow", "Action": "artifact:Get*", "Resource": arn}).client("artifact")

    assert ana.get_report_metadata(reportId=report)["reportDetails"]["version"] == 2
    refused(lambda: ana.get_report_metadata(reportId=report, reportVersion=1), "AccessDeniedException")


def test_the_managed_policy_lets_reports_be_read(server: Served, refused: Refused) -> None:
    ana = server.user("ana")
    policy = "arn:aws:iam::aws:policy/AWSArtifactReportsReadOnlyAccess"
    server.client("iam").attach_user_policy(UserName="ana", PolicyArn=policy)
    artifact = ana.client("artifact")
    report = by_series(artifact, "SOC")

    term = artifact.get_term_for_report(reportId=report["id"])
    artifact.get_report(reportId=report["id"], termToken=term["termToken"])

    refused(ana.client("iam").list_users, "AccessDenied")


def test_every_region_may_be_signed_for(server: Served) -> None:
    assert server.client("artifact", region_name="eu-west-1").list_reports()["reports"]


def test_the_command_line_reads_reports(server: Served) -> None:
    done = server.aws("artifact", "list-reports")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)["reports"][0]
    shown = server.aws("artifact", "get-report-metadata", "--report-id", report["id"])
    assert json.loads(shown.stdout)["reportDetails"]["name"] == report["name"]
