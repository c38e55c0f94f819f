"""Which services a report names as being in its scope: what stands in a list below such a heading, and nothing else."""

import gzip
import json
from importlib.resources import files

import pytest

from remit.compliance.collecting.scopes import services_in_scope

DATA = files("remit.directory.artifact") / "data"

HEAD = "Services in scope"


def page(*lines):
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("Amazon Simple Storage Service (Amazon S3)", "s3"),
        ("Amazon Simple Storage Service", "s3"),
        ("• Amazon S3", "s3"),
        ("12. AWS Lambda", "lambda"),
        ("AWS Key Management Service (KMS)*", "kms"),
        ("Amazon DynamoDB [3]", "dynamodb"),
        ("Elastic Load Balancing (ELB)", "elbv2"),
        ("Object storage s3 Stores objects in buckets.", "s3"),
        ("ec2 Runs virtual machines and virtual", "ec2"),
        ("Load balancing elasticloadbalancing Spreads connections", "elbv2"),
    ],
)
def test_a_line_of_a_list_or_table_names_a_service(line, service):
    assert services_in_scope([page(HEAD, line)]) == {service: 1}


@pytest.mark.parametrize(
    "line",
    [
        "Data that customers keep in Amazon S3 is encrypted.",
        "Amazon S3 is reviewed next year",
        "Amazon S3 Glacier",
        "S3-compatible storage",
        "the s3 Team answers",
        "Amazon Quantum Ledger Database",
        "s3",
        "",
    ],
)
def test_what_is_mentioned_otherwise_counts_for_nothing(line):
    assert services_in_scope([page(HEAD, line)]) == {}


@pytest.mark.parametrize(
    "heading",
    [
        "3.2 Services in Scope",
        "AWS services in scope of this report",
        "Service in scope Identifier What it does",
        "In-scope services",
        "Systems and services in scope:",
    ],
)
def test_a_heading_opens_the_list(heading):
    assert services_in_scope([page("Amazon S3", heading, "Amazon SQS")]) == {"sqs": 1}


@pytest.mark.parametrize(
    "heading",
    [
        "Services not in scope",
        "Services out of scope",
        "Services that are excluded from the scope",
        "Exclusions from scope",
        "Services outside the scope",
    ],
)
def test_a_heading_that_says_no_closes_it(heading):
    assert services_in_scope([page(HEAD, "Amazon S3", heading, "Amazon SQS")]) == {"s3": 1}
    assert services_in_scope([page(heading, "Amazon SQS")]) == {}


def test_a_list_goes_on_over_pages_as_long_as_it_is_one():
    first, second = page(HEAD, "Amazon S3"), page("Amazon SQS", "Amazon SNS", "Amazon EC2")

    assert services_in_scope([first, second]) == {"ec2": 2, "s3": 1, "sns": 2, "sqs": 2}
    # One line alone may be anything; the page after it is looked at again.
    assert services_in_scope([first, page("A sentence.", "Amazon SQS"), second]) == {
        "ec2": 3,
        "s3": 1,
        "sns": 3,
        "sqs": 3,
    }
    assert services_in_scope([first, page("No list at all."), second]) == {"s3": 1}
    assert services_in_scope([second]) == {}


def test_nothing_at_all_names_nothing():
    assert services_in_scope([]) == services_in_scope([""]) == {}


def test_the_samples_of_the_provider_name_what_they_cover():
    texts = json.loads(gzip.decompress((DATA / "page_texts.json.gz").read_bytes()))
    reports = json.loads((DATA / "catalog.json").read_text())["reports"]
    covering = {"SOC", "ISO", "PCI", "C5"}
    versions = {
        (report["name"], version["version"]): texts[version["sha256"]]
        for report in reports
        for version in report["versions"]
        if report["series"] in covering and report["companyName"] == "Remit Sample Cloud"
    }

    named = {which: services_in_scope(pages) for which, pages in versions.items()}

    assert all({"s3", "ec2", "iam", "kms"} <= set(one) for (name, _), one in named.items() if name.startswith("SOC"))
