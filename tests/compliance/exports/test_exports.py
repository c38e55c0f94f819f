import csv as reader
import json
import subprocess
import sys
from datetime import timedelta
from zipfile import ZipFile

import pytest
from evidence import KEY
from snapshots import ACCOUNT, AT, snapshot

from remit.compliance.checks.replay import replay
from remit.compliance.exports import Report, oscal
from remit.compliance.exports.bundling import _Gathered, bundle
from remit.compliance.exports.cells import csv
from remit.compliance.exports.html import html
from remit.compliance.exports.pages import pdf
from remit.compliance.exports.sarif import sarif
from remit.compliance.snapshots import Shelf
from remit.compliance.snapshots.files import write
from remit.compliance.status.laid_down import LaidDown
from remit.compliance.status.scope import Scope

MEMBER = "444455556666"
HOSTILE = "<script>alert(1)</script>"


def volumes(*encrypted, name="vol"):
    held = [{"VolumeId": f"{name}-{number}", "Encrypted": on} for number, on in enumerate(encrypted)]
    return {
        "ec2:DescribeVolumes": {"Volumes": held},
        "ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": True},
        "kms:ListKeys": "AccessDenied",
        "organizations:DescribeOrganization": {"Organization": {"MasterAccountId": ACCOUNT}},
    }


@pytest.fixture
def scope(tmp_path):
    shelf = Shelf(tmp_path / "snapshots")
    for taken in (snapshot(volumes(True)), snapshot(volumes(False, name=HOSTILE), account=MEMBER)):
        shelf.unfinished(taken.header.account)
        write(taken, shelf.place(taken.header))
    return Scope(shelf, AT + timedelta(hours=1), LaidDown())


@pytest.fixture
def report(scope):
    return Report.of(scope)


def test_the_same_snapshots_give_the_same_bytes(scope):
    one, two = Report.of(scope), Report.of(scope)

    for form in (html, pdf, csv, sarif, oscal.documents):
        assert form(one) == form(two)


def test_a_page_shows_every_cell_and_takes_nothing_for_markup(report):
    page = html(report)

    assert page.count('<th scope="row">SR-') == 2 * len(report.model.rows)
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_pages_to_print_are_a_pdf(report):
    assert pdf(report).startswith(b"%PDF-")


def test_a_table_has_a_line_for_each_cell(report):
    rows = list(reader.DictReader(csv(report).decode().splitlines()))

    assert len(rows) == 2 * len(report.model.halves)
    assert {row["status"] for row in rows if row["half"] == "SR-C1.c"} == {"UNKNOWN", "NOT_MET"}


def test_sarif_has_a_run_for_each_account_and_nothing_unknown_passes(report):
    log = sarif(report)

    assert [run["automationDetails"]["id"] for run in log["runs"]] == [f"remit/{ACCOUNT}/", f"remit/{MEMBER}/"]
    first, second = ({(one["ruleId"], one["kind"]) for one in run["results"]} for run in log["runs"])
    assert ("enc.kms.rotation", "review") in first
    assert ("enc.ebs.volumes", "fail") not in first
    assert ("enc.ebs.volumes", "fail") in second
    for run in log["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])


def test_ids_of_oscal_are_those_of_names_and_refer_to_what_is_there(report):
    documents = oscal.documents(report)

    assert list(documents) == [
        "catalog.json",
        "component-aws.json",
        "component-account.json",
        "ssp-provider.json",
        "assessment-results.json",
        f"ssp-{ACCOUNT}.json",
        f"ssp-{MEMBER}.json",
        "poam.json",
    ]
    for account in (ACCOUNT, MEMBER):
        assert oscal.broken_links(documents["ssp-provider.json"], documents[f"ssp-{account}.json"]) == []
    for result in documents["assessment-results.json"]["assessment-results"]["results"]:
        observed = {one["uuid"] for one in result["observations"]}
        related = {
            one["observation-uuid"] for finding in result["findings"] for one in finding.get("related-observations", [])
        }
        assert related <= observed
    items = documents["poam.json"]["plan-of-action-and-milestones"]["poam-items"]
    assert any("SR-C1.c" in item["title"] and MEMBER in item["title"] for item in items)


def test_a_bundle_verifies_and_judges_again_without_remit(scope, tmp_path):
    path = tmp_path / "bundle.zip"

    written = bundle(path, scope, KEY, {"report.html": html(Report.of(scope)).encode()})

    assert written.items == 6  # two indexes; what was answered about volumes twice, and what is the same in both
    again = tmp_path / "again.zip"
    bundle(again, scope, KEY, {"report.html": html(Report.of(scope)).encode()})
    assert again.read_bytes() == path.read_bytes()
    program = tmp_path / "verify.py"
    with ZipFile(path) as archive:
        program.write_bytes(archive.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, path, "--key", KEY.public.hex(), "--replay"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verified" in done.stdout


def test_replay_finds_a_verdict_that_was_made_better(scope):
    gathered = _Gathered(scope)
    pieces = dict(gathered.evidence())
    assert list(replay(pieces.__getitem__, gathered.cells)) == []
    altered = json.loads(json.dumps(gathered.cells))
    cell = next(one for one in altered if one["half"] == "SR-C1.c" and one["account"] == MEMBER)
    said = next(one for one in cell["evidence"] if one["id"] == "enc.ebs.volumes")
    said["verdict"] = "PASS"

    assert list(replay(pieces.__getitem__, altered)) == [
        f"SR-C1.c in {MEMBER}: enc.ebs.volumes said PASS (version 1, 1 of 1), is FAIL (version 1, 1 of 1)"
    ]
    del pieces[cell["facts"]]
    assert any("no evidence" in told for told in replay(pieces.__getitem__, altered))
