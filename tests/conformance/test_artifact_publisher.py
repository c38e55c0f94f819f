"""Artifact's provider: uploads, publishes and takes back, with operations that SDKs load from our folder."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from conformance.artifact import member_client, opened
from pikepdf import Encryption, Pdf
from serving import Served

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]


def pdf(pages: int = 1, **options: Any) -> bytes:
    made = Pdf.new()
    for _ in range(pages):
        made.add_blank_page()
    held = io.BytesIO()
    made.save(held, **options)
    return held.getvalue()


@pytest.fixture
def artifact(server: Served) -> Any:
    return server.client("artifact")


@pytest.fixture
def term(artifact: Any) -> str:
    arn: str = artifact.create_term(name="Terms", document=pdf())["term"]["arn"]
    return arn


@pytest.fixture
def report(artifact: Any, term: str) -> dict[str, Any]:
    made: dict[str, Any] = artifact.create_report(**new(term))["reportDetails"]
    return made


def new(term: str, **others: Any) -> dict[str, Any]:
    return {
        "name": "SOC 2 of ours",
        "series": "OURS",
        "category": "Certifications and Attestations",
        "companyName": "Ours",
        "termArn": term,
        "document": pdf(3),
        **others,
    }


def key(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "reportId": report["id"],
        "reportVersion": report["version"],
        "sequenceNumber": report["sequenceNumber"],
    }


def listed(artifact: Any) -> list[tuple[str, int]]:
    reports = artifact.list_reports(maxResults=300)["reports"]
    return [(report["name"], report["version"]) for report in reports if report["series"] == "OURS"]


def test_a_report_is_seen_from_its_publishing_to_its_unpublishing(artifact: Any, report: dict[str, Any]) -> None:
    assert (report["version"], report["state"], report["uploadState"]) == (1, "UNPUBLISHED", "COMPLETE")
    assert listed(artifact) == []

    published = artifact.publish_report(**key(report))["reportDetails"]
    assert (published["state"], published["sequenceNumber"]) == ("PUBLISHED", 2)
    assert listed(artifact) == [("SOC 2 of ours", 1)]
    token = artifact.get_term_for_report(reportId=report["id"])["termToken"]
    link = artifact.get_report(reportId=report["id"], termToken=token)["documentPresignedUrl"]
    assert opened(link)[0] == 200

    unpublished = artifact.unpublish_report(**key(published))["reportDetails"]
    assert listed(artifact) == []
    assert opened(link)[0] == 410
    deleted = artifact.delete_report(**key(unpublished))["reportDetails"]
    assert deleted["deletedAt"]
    assert report["id"] not in {one["id"] for one in artifact.list_publisher_reports(maxResults=300)["reports"]}


def test_a_further_version_says_what_the_one_before_said(artifact: Any, report: dict[str, Any]) -> None:
    artifact.publish_report(**key(report))
    end = datetime(2026, 9, 30, tzinfo=UTC)

    second = artifact.create_report(reportId=report["id"], document=pdf(2), periodEnd=end)["reportDetails"]

    assert second["version"] == 2
    assert second["name"] == report["name"]
    assert second["periodEnd"] == end
    assert listed(artifact) == [("SOC 2 of ours", 1)]
    artifact.publish_report(**key(second))
    assert listed(artifact) == [("SOC 2 of ours", 2)]
    assert artifact.get_report_metadata(reportId=report["id"], reportVersion=1)["reportDetails"]["version"] == 1


def test_a_change_adds_one_to_the_sequence_number(artifact: Any, report: dict[str, Any]) -> None:
    changed = artifact.update_report(**key(report), description="Another text", acceptanceType="PASSTHROUGH")

    assert changed["reportDetails"]["description"] == "Another text"
    assert changed["reportDetails"]["acceptanceType"] == "PASSTHROUGH"
    assert changed["reportDetails"]["sequenceNumber"] == report["sequenceNumber"] + 1


@pytest.mark.parametrize("operation", ["update_report", "publish_report", "unpublish_report", "delete_report"])
def test_a_change_of_an_older_state_is_a_conflict(
    artifact: Any, report: dict[str, Any], refused: Refused, operation: str
) -> None:
    artifact.update_report(**key(report), description="Meanwhile")

    error = refused(lambda: getattr(artifact, operation)(**key(report)), "ConflictException", 409)

    assert "its sequence number is 2" in error["Message"]


def test_of_changes_at_once_one_wins(artifact: Any, report: dict[str, Any]) -> None:
    def publish(_: int) -> str:
        try:
            artifact.publish_report(**key(report))
        except artifact.exceptions.ConflictException as error:
            resource: str = error.response["resourceId"]
            return resource
        return "published"

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(publish, range(8)))

    assert sorted(came) == ["published"] + [f"{report['id']}:1"] * 7
    assert listed(artifact) == [("SOC 2 of ours", 1)]


def test_versions_uploaded_at_once_all_stay(artifact: Any, report: dict[str, Any]) -> None:
    documents = [pdf(pages) for pages in range(1, 7)]
    with ThreadPoolExecutor(6) as pool:
        made = pool.map(lambda document: artifact.create_report(reportId=report["id"], document=document), documents)
        numbers = [one["reportDetails"]["version"] for one in made]

    assert sorted(numbers) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("document", "message"),
    [(b"no document", "not a PDF"), (pdf(encryption=Encryption(owner="o", user="u")), "encrypted"), (pdf()[:-200], "")],
    ids=["text", "encrypted", "cut"],
)
def test_a_file_that_is_not_taken_says_why(
    artifact: Any, term: str, refused: Refused, document: bytes, message: str
) -> None:
    report = artifact.create_report(**new(term, document=document))["reportDetails"]

    assert report["uploadState"] == "FAILED"
    assert message in report["statusMessage"]
    error = refused(lambda: artifact.publish_report(**key(report)), "ConflictException", 409)
    assert "has the upload state FAILED" in error["Message"]
    better = artifact.update_report(**key(report), document=pdf())["reportDetails"]
    assert better["uploadState"] == "COMPLETE"
    artifact.publish_report(**key(better))


def test_steps_that_do_not_follow_are_conflicts(artifact: Any, report: dict[str, Any], refused: Refused) -> None:
    refused(lambda: artifact.unpublish_report(**key(report)), "ConflictException", 409)
    published = artifact.publish_report(**key(report))["reportDetails"]
    for call in (
        lambda: artifact.publish_report(**key(published)),
        lambda: artifact.delete_report(**key(published)),
        lambda: artifact.update_report(**key(published), document=pdf()),
    ):
        refused(call, "ConflictException", 409)
    artifact.update_report(**key(published), description="What it says may change.")


def test_what_is_not_there_cannot_be_changed(
    artifact: Any, report: dict[str, Any], term: str, refused: Refused
) -> None:
    missing = {**key(report), "reportVersion": 9}
    for operation in ("update_report", "publish_report", "unpublish_report", "delete_report"):
        refused(lambda name=operation: getattr(artifact, name)(**missing), "ResourceNotFoundException", 404)
    for others in ({"reportId": "report-0000000000000000"}, {"termArn": term.replace(":1", ":2")}):
        refused(lambda others=others: artifact.create_report(**new(term, **others)), "ResourceNotFoundException")
    refused(
        lambda: artifact.create_term(name="x", document=pdf(), termId="term-0000000000000000"),
        "ResourceNotFoundException",
    )


def test_a_new_report_says_what_it_is(artifact: Any, term: str, refused: Refused) -> None:
    whole = new(term)
    for member in ("name", "series", "category", "companyName", "termArn"):
        given = {name: value for name, value in whole.items() if name != member}
        error = refused(lambda given=given: artifact.create_report(**given), "ValidationException", 400)
        assert f"{member} missing" in error["Message"]
    backwards = {"periodStart": datetime(2026, 2, 1, tzinfo=UTC), "periodEnd": datetime(2026, 1, 1, tzinfo=UTC)}
    refused(lambda: artifact.create_report(**new(term, **backwards)), "ValidationException")
    refused(lambda: artifact.create_report(**new("arn:aws:s3:::bucket")), "ValidationException")


def test_terms_that_are_no_document_are_refused(artifact: Any, refused: Refused) -> None:
    error = refused(lambda: artifact.create_term(name="Terms", document=b"text"), "ValidationException", 400)

    assert "not a PDF" in error["Message"]


def test_terms_have_versions(artifact: Any, term: str) -> None:
    id_ = term.split("/")[1].partition(":")[0]

    second = artifact.create_term(name="Terms", document=pdf(2), termId=id_)["term"]

    assert second["arn"] == term.replace(":1", ":2")


def test_only_the_provider_publishes(server: Served, report: dict[str, Any], refused: Refused) -> None:
    organizations = server.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(Email="m@example.com", AccountName="m")["CreateAccountStatus"]["AccountId"]
    within = member_client(server, member)

    for call in (
        within.list_publisher_reports,
        lambda: within.publish_report(**key(report)),
        lambda: within.create_report(**new(report["termArn"])),
        lambda: within.create_term(name="x", document=pdf()),
    ):
        error = refused(call, "AccessDeniedException", 403)
        assert error["Message"] == "Only the account that runs this server can publish reports and agreements."
    assert within.list_reports()["reports"]


def test_policies_limit_what_a_publisher_may_do(
    server: Served, artifact: Any, report: dict[str, Any], refused: Refused
) -> None:
    ana = server.user(
        "ana",
        {
            "Effect": "Allow",
            "Action": ["artifact:PublishReport", "artifact:UpdateReport"],
            "Resource": "*",
            "Condition": {"StringEquals": {"artifact:ReportSeries": "THEIRS"}},
        },
    ).client("artifact")

    refused(lambda: ana.publish_report(**key(report)), "AccessDeniedException", 403)
    theirs = artifact.update_report(**key(report), series="THEIRS")["reportDetails"]
    refused(lambda: ana.update_report(**key(theirs), series="OURS"), "AccessDeniedException", 403)
    theirs = ana.update_report(**key(theirs), series="THEIRS", description="Theirs")["reportDetails"]
    ana.publish_report(**key(theirs))
    refused(lambda: ana.delete_report(**key(theirs)), "AccessDeniedException", 403)


def test_a_new_report_is_of_the_series_that_it_is_to_have_and_a_version_of_that_of_the_newest(
    server: Served, report: dict[str, Any], refused: Refused
) -> None:
    ours = {"StringEquals": {"artifact:ReportSeries": report["series"]}}
    create = {"Action": "artifact:CreateReport", "Resource": "*", "Condition": ours}
    allowed = server.user("allowed", {"Effect": "Allow", **create}).client("artifact")
    everything = {"Effect": "Allow", "Action": "artifact:*", "Resource": "*"}
    denied = server.user("denied", everything, {"Effect": "Deny", **create}).client("artifact")
    whole, other = new(report["termArn"]), new(report["termArn"], series="OTHERS")
    further = {"reportId": report["id"], "document": pdf()}

    for given in (whole, further):
        assert allowed.create_report(**given)["reportDetails"]["series"] == report["series"]
        refused(lambda given=given: denied.create_report(**given), "AccessDeniedException", 403)
    for given in (other, {**further, "series": "OTHERS"}):
        refused(lambda given=given: allowed.create_report(**given), "AccessDeniedException", 403)
    assert denied.create_report(**other)["reportDetails"]["series"] == "OTHERS"


def test_a_large_document_is_taken_and_a_larger_one_refused(artifact: Any, term: str) -> None:
    made = Pdf.open(io.BytesIO(pdf()))
    noise = bytes(byte * 7 % 251 for byte in range(65_536)) * 80  # 5 MB: more than other requests may bring
    made.attachments["evidence.bin"] = noise
    held = io.BytesIO()
    made.save(held, compress_streams=False)

    report = artifact.create_report(**new(term, document=held.getvalue()))["reportDetails"]
    assert report["uploadState"] == "COMPLETE"

    with pytest.raises(artifact.exceptions.ClientError) as caught:
        artifact.create_report(**new(term, document=b"%PDF-1.7" + bytes(24_000_000)))
    assert caught.value.response["Error"]["Code"] == "RequestEntityTooLarge"
