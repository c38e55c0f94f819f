"""`remit compliance check` and `remit responsibility`, over snapshots that lie in a folder."""

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest
from snapshots import ACCOUNT, AT, snapshot

from remit.cli import main
from remit.compliance.snapshots import Shelf
from remit.compliance.snapshots.files import write

MEMBER = "444455556666"
DAY = timedelta(days=1)
IN = {"organizations:DescribeOrganization": {"Organization": {"MasterAccountId": ACCOUNT}}}
TREE = {
    "organizations:ListRoots": {"Roots": [{"Id": "r-1", "Name": "Root"}]},
    "organizations:ListAccountsForParent ParentId=r-1": {"Accounts": [{"Id": ACCOUNT, "Name": "Payer"}]},
    "organizations:ListOrganizationalUnitsForParent ParentId=r-1": {
        "OrganizationalUnits": [{"Id": "ou-1", "Name": "Prod"}]
    },
    "organizations:ListAccountsForParent ParentId=ou-1": {
        "Accounts": [{"Id": MEMBER, "Name": "Shop"}, {"Id": "7" * 12, "Name": "Unseen"}]
    },
    "organizations:ListOrganizationalUnitsForParent ParentId=ou-1": {"OrganizationalUnits": []},
}


def volumes(*encrypted):
    held = [{"VolumeId": f"vol-{number}", "Encrypted": on} for number, on in enumerate(encrypted)]
    return {"ec2:DescribeVolumes": {"Volumes": held}, "ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": True}}


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("REMIT_DATA", str(tmp_path / "data"))
    return Shelf(tmp_path / "data" / "snapshots")


def put(shelf, answers, **header):
    taken = snapshot(answers, **header)
    shelf.unfinished(taken.header.account)
    write(taken, shelf.place(taken.header))


def said(capfd, *arguments):
    capfd.readouterr()
    status = main(list(arguments))
    return status, capfd.readouterr().out


AT_TEXT = AT.isoformat()


def test_findings_are_told_and_a_failure_is_the_exit_status(shelf, capfd):
    put(shelf, volumes(True, False))

    status, out = said(capfd, "compliance", "check", "enc.ebs.*")

    assert status == 1
    assert f"FAIL    {ACCOUNT} enc.ebs.volumes (medium): Volumes are encrypted" in out
    assert f"FAIL    arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-1: is not encrypted" in out
    assert "volume/vol-0" not in out
    assert "volume/vol-0: is encrypted" in said(capfd, "compliance", "check", "enc.ebs.volumes", "--all")[1]


def test_nothing_that_fails_is_a_success(shelf, capfd):
    put(shelf, volumes(True))

    assert said(capfd, "compliance", "check", "enc.ebs.volumes")[0] == 0
    assert said(capfd, "compliance", "check", "enc.ebs.volumes", "--severity", "medium")[0] == 0
    assert said(capfd, "compliance", "check", "enc.ebs.volumes", "--severity", "critical")[0] == 1  # none is so severe


def test_programs_get_json_and_spreadsheets_get_csv_without_formulas(shelf, capfd):
    put(shelf, {"ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "v", "Encrypted": False}]}}, partition="=1+1")

    told = json.loads(said(capfd, "compliance", "check", "enc.ebs.volumes", "--json")[1])
    rows = list(csv.DictReader(said(capfd, "compliance", "check", "enc.ebs.volumes", "--csv")[1].splitlines()))

    assert told[0]["verdict"] == rows[0]["verdict"] == "FAIL"
    assert told[0]["subject"].startswith("arn:=1+1:ec2")
    assert rows[0]["account"] == ACCOUNT


@pytest.mark.usefixtures("shelf")
def test_a_check_says_everything_about_itself(capfd):
    out = said(capfd, "compliance", "checks", "enc.ebs.volumes")[1]

    assert out.startswith("enc.ebs.volumes, version 1, medium check: Volumes are encrypted")
    assert "ec2:DescribeVolumes" in out
    assert "Terraform:\n    encrypted = true" in out
    assert said(capfd, "compliance", "checks", "no.such")[0] == 1


def test_the_matrix_of_one_account_shows_both_halves(shelf, capfd):
    put(shelf, volumes(False))

    status, out = said(capfd, "responsibility", "matrix", "--at", AT_TEXT)

    assert status == 1
    assert "SR-C1  -               NOT_MET         Data is encrypted" in out
    assert "SR-A9  UNKNOWN         -               AWS trains its employees" in out
    assert "SR-C1.c  enc.ebs.volumes: arn:aws:ec2:eu-west-1" in out


def test_the_matrix_of_many_accounts_shows_the_worst_and_counts(shelf, capfd):
    put(shelf, volumes(True))
    put(shelf, volumes(False), account=MEMBER)

    out = said(capfd, "responsibility", "matrix", "--at", AT_TEXT)[1]

    assert "SR-C1  NOT_MET         Data is encrypted" in out
    assert "1 NOT_MET, 1 UNKNOWN" in out


def test_units_are_rolled_up_and_an_account_without_a_snapshot_is_unknown(shelf, capfd):
    put(shelf, IN | TREE)
    put(shelf, IN | volumes(False), account=MEMBER)

    out = said(capfd, "responsibility", "matrix", "--units", "--at", AT_TEXT)[1]

    assert "Root (r-1), 2 accounts, 1 without a snapshot" in out
    assert "  Prod (ou-1), 1 accounts, 1 without a snapshot" in out
    assert "SR-C1  NOT_MET" in out


def test_what_was_can_be_asked_again_and_compared(shelf, capfd):
    put(shelf, volumes(False), taken_at=AT - 10 * DAY)
    put(shelf, volumes(True))

    was = json.loads(said(capfd, "responsibility", "matrix", "--json", "--at", (AT - 9 * DAY).isoformat())[1])
    changed = json.loads(
        said(capfd, "responsibility", "diff", "--json", "--since", (AT - 9 * DAY).isoformat(), "--at", AT_TEXT)[1]
    )

    assert next(row["status"] for row in was[ACCOUNT] if row["id"] == "SR-C1") == "NOT_MET"
    assert ("SR-C1.c", "NOT_MET") in {(change["half"], change["was"]) for change in changed}
    assert said(capfd, "responsibility", "matrix", "--at", (AT - 11 * DAY).isoformat())[0] == 1


def test_a_cell_is_explained_with_its_evidence_and_how_to_mend_it(shelf, capfd):
    put(shelf, volumes(False))

    out = said(capfd, "responsibility", "explain", "SR-C1", "--at", AT_TEXT)[1]
    told = json.loads(said(capfd, "responsibility", "explain", "SR-C1.c", "--at", AT_TEXT, "--json")[1])

    assert f"SR-C1.c in {ACCOUNT}: NOT_MET" in out
    assert "FAIL    enc.ebs.volumes: 1 of 1 inspected" in out
    assert "answers: sha256" in out
    assert "aws ec2 create-snapshot --region eu-west-1" in out
    item = next(one for one in told[0]["evidence"] if one["id"] == "enc.ebs.volumes")
    assert len(item["answers"][0]) == 64
    assert said(capfd, "responsibility", "explain", "SR-X9")[0] == 1


def test_exceptions_are_read_from_what_is_laid_down(shelf, capfd, tmp_path):
    put(shelf, volumes(False))
    laid_down = tmp_path / "laid.yaml"
    laid_down.write_text(
        f"""\
exceptions:
  - half: SR-C1.c
    accounts: ["{ACCOUNT}"]
    reason: a migration
    asked_by: dev
    approver: boss
    approved_at: {(AT - DAY).isoformat()}
    expires_at: {(AT + DAY).isoformat()}
"""
    )

    def status(at):
        arguments = ("responsibility", "matrix", "--json", "--laid-down", str(laid_down), "--at", at.isoformat())
        rows = json.loads(said(capfd, *arguments)[1])[ACCOUNT]
        return next(row["status"] for row in rows if row["id"] == "SR-C1")

    assert status(AT) == "EXCEPTED"
    assert status(AT + DAY) == "NOT_MET"
    laid_down.write_text("exceptions:\n  - half: 1\n")
    assert main(["responsibility", "matrix", "--laid-down", str(laid_down)]) == 1
    assert "laid.yaml:" in capfd.readouterr().err


def test_watching_says_what_changes(shelf, capfd, monkeypatch):
    now = datetime.now(UTC)
    put(shelf, volumes(True), taken_at=now - 2 * DAY)
    monkeypatch.setattr("time.sleep", lambda _: put(shelf, volumes(False), taken_at=now - DAY))

    out = said(capfd, "responsibility", "watch", "--looks", "2", "--every", "1")[1]

    assert "watching 37 cells in " in out
    assert f"{ACCOUNT} SR-C1.c: UNKNOWN -> NOT_MET: enc.ebs.volumes" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("responsibility", "matrix", "--account", "9" * 12), f"no snapshot of account {'9' * 12}"),
        (("responsibility", "matrix", "--at", "yesterday"), "no time: `yesterday`"),
        (("compliance", "check", "no.such"), "no check is called no.such"),
    ],
)
def test_what_is_not_there_is_told(shelf, capfd, arguments, message):
    put(shelf, {})

    assert main(list(arguments)) == 1
    assert message in capfd.readouterr().err


@pytest.mark.usefixtures("shelf")
def test_without_a_snapshot_the_next_step_is_told(capfd):
    assert main(["responsibility", "matrix"]) == 1
    assert "take one with `remit compliance snapshot`" in capfd.readouterr().err


def test_an_altered_snapshot_is_refused(shelf, capfd):
    put(shelf, volumes(True))
    path = next(shelf.folder.rglob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b'"Encrypted":true', b'"Encrypted":fals'))

    assert main(["compliance", "check"]) == 1
    assert "is not what its hash says" in capfd.readouterr().err


def test_reports_are_written_in_the_form_of_their_name_and_nothing_is_replaced(shelf, capfd, tmp_path):
    put(shelf, volumes(False))
    for name, begin in (("a.html", b"<!DOCTYPE"), ("a.pdf", b"%PDF"), ("a.csv", b"account,"), ("a.sarif", b"{\n")):
        status, out = said(capfd, "compliance", "report", "-o", str(tmp_path / name), "--at", AT_TEXT)

        assert (status, out.startswith(str(tmp_path / name))) == (0, True)
        assert (tmp_path / name).read_bytes().startswith(begin)
    assert main(["compliance", "report", "-o", str(tmp_path / "a.html")]) == 1
    assert "is there already" in capfd.readouterr().err
    assert main(["compliance", "report", "-o", str(tmp_path / "a.html"), "--force"]) == 0
    assert main(["compliance", "report", "-o", str(tmp_path / "a.doc")]) == 1


def test_plans_in_a_folder_are_linked(shelf, capfd, tmp_path):
    put(shelf, volumes(True))
    folder = tmp_path / "oscal"
    assert said(capfd, "compliance", "report", "-o", str(folder), "--form", "oscal", "--at", AT_TEXT)[0] == 0
    provider, customer = folder / "ssp-provider.json", folder / f"ssp-{ACCOUNT}.json"

    assert said(capfd, "oscal", "link", str(provider), str(customer)) == (0, "0 links are broken\n")
    customer.write_text(customer.read_text().replace('"satisfied"', '"other"'))
    status, out = said(capfd, "oscal", "link", str(provider), str(customer))
    assert status == 1
    assert out.startswith("unmet")
    customer.write_text("[]")
    assert main(["oscal", "link", str(provider), str(customer)]) == 1


def test_a_bundle_is_made_and_verified(shelf, capfd, tmp_path):
    put(shelf, volumes(False))
    path = str(tmp_path / "bundle.zip")

    made = json.loads(said(capfd, "compliance", "evidence", "-o", path, "--at", AT_TEXT, "--json")[1])

    assert len(made["root"]) == 64
    assert said(capfd, "compliance", "verify", path)[0] == 0
    assert main(["compliance", "evidence", "-o", path]) == 1
    assert "is there already" in capfd.readouterr().err


def test_the_checklist_answers_what_it_can_and_asks_the_rest(shelf, capfd):
    put(shelf, volumes(False))

    told = json.loads(said(capfd, "compliance", "checklist", "--at", AT_TEXT, "--json")[1])
    out = said(capfd, "compliance", "checklist", "--part", "5", "--at", AT_TEXT)[1]

    assert len(told) == 120
    assert {one["verdict"] for one in told} >= {"FAIL", "UNKNOWN", "ASK"}
    assert "is not encrypted" in out


def test_a_document_says_how_the_account_that_is_named_is(shelf, capfd):
    put(shelf, volumes(False))

    without = said(capfd, "compliance", "library", "show", "P10")[1]
    out = said(capfd, "compliance", "library", "show", "P10", "--account", ACCOUNT, "--at", AT_TEXT)[1]

    assert "not evaluated: no snapshot" in without
    assert "not evaluated" not in out
    assert "NOT_MET" in out
    assert "sha256:" in out
    assert main(["compliance", "library", "show", "P10", "--account", "9" * 12]) == 1
