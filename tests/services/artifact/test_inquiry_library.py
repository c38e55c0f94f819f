"""What inquiries are answered from: what readers see of the reports now, and never anything else."""

from pathlib import Path
from typing import Any

import msgspec
from composed import Composed, composed
from services.artifact.test_inquiries import artifact, create, detail, queries

from remit.clock import SystemClock
from remit.directory.artifact.reports import (
    REPORTS,
    AcceptanceType,
    Description,
    ReportVersion,
    Upload,
    UploadState,
    add_version,
    create_report,
    publish_version,
    unpublish_version,
)
from remit.ids import AccountId
from remit.store import Transaction

__all__ = ["artifact"]
ASKED = "How often are laptops of engineers encrypted anew?"
ID = "report-AAAAAAAAAAAAAAAA"


def _told(often: str) -> tuple[str, ...]:
    page = f"Laptops\nLaptops of engineers are encrypted anew every {often}."
    return ("Scope\nThis page says nothing of interest at all.", page)


def add(tx: Transaction, often: str) -> ReportVersion:
    """Add a report, or its next version; its second page tells how often laptops are encrypted."""
    says = Description(
        name="SOC 2 Type 2 Report",
        description="x",
        series="SOC",
        category="Certifications and Attestations",
        company_name="x",
        product_name="x",
        acceptance=AcceptanceType.PASSTHROUGH,
        term="term-AAAAAAAAAAAAAAAA:1",
    )
    pages = _told(often)
    texts = tx.put_blob(msgspec.json.encode(pages))
    upload = Upload(state=UploadState.COMPLETE, document=texts, texts=texts, pages=len(pages))
    at, account = SystemClock().now(), AccountId("123456789012")
    report = tx.get(REPORTS, ID)
    if report is None:
        return create_report(tx, account, says, upload, at, ID)
    return add_version(tx, report, says, upload, at)


def publish(remit: Composed, often: str) -> ReportVersion:
    made: ReportVersion = remit.change(lambda tx: publish_version(tx, add(tx, often), SystemClock().now()))
    return made


def answered(client: Any) -> dict[str, Any]:
    (query,) = queries(client, create(client, ASKED))
    return query


def test_a_published_report_answers_until_it_is_taken_away(remit: Composed, artifact: Any) -> None:
    assert "response" not in answered(artifact)

    version = publish(remit, "year")
    query = answered(artifact)
    assert query["response"] == "Laptops of engineers are encrypted anew every year. [1]"
    assert query["citations"] == [
        {
            "sourceLabel": "SOC 2 Type 2 Report version 1 page 2",
            "sourceContent": "Laptops of engineers are encrypted anew every year.",
            "sourceLink": f"arn:aws:artifact:us-east-1::report/{ID}:1#page=2",
        }
    ]

    remit.change(lambda tx: unpublish_version(tx, version, SystemClock().now()))
    assert "response" not in answered(artifact)


def test_the_newest_version_answers(remit: Composed, artifact: Any) -> None:
    publish(remit, "year")
    old = create(artifact, ASKED)

    publish(remit, "month")
    remit.change(lambda tx: add(tx, "week"))  # nobody sees it yet

    query = answered(artifact)
    assert query["response"] == "Laptops of engineers are encrypted anew every month. [1]"
    assert query["citations"][0]["sourceLink"].endswith(":2#page=2")
    assert queries(artifact, old)[0]["response"].endswith("every year. [1]")  # what was said stays


def test_a_citation_names_the_report_in_the_callers_partition(remit: Composed) -> None:
    publish(remit, "year")
    client = remit.client("artifact", region_name="us-gov-west-1")

    id_ = create(client, ASKED)

    assert detail(client, id_)["arn"].startswith("arn:aws-us-gov:artifact:")
    link = queries(client, id_)[0]["citations"][0]["sourceLink"]
    assert link.startswith("arn:aws-us-gov:artifact:")


def test_inquiries_and_answers_survive_a_restart(tmp_path: Path) -> None:
    with composed(tmp_path) as remit:
        client = remit.client("artifact")
        id_ = create(client, "Who patches the hypervisor?", ASKED)
        before = (detail(client, id_), queries(client, id_))

    with composed(tmp_path) as again:
        client = again.client("artifact")
        assert (detail(client, id_), queries(client, id_)) == before
        assert client.export_compliance_inquiry(complianceInquiryId=id_)["documentPresignedUrl"]
